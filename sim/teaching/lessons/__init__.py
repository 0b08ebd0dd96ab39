"""The questions and interactive figures of each lesson, by the names that its notebook uses."""
