"""The questions and interactive figures of each lesson, and what asks, marks and plays them."""
