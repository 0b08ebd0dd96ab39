"""What `bargain new` begins a case with: every value with a comment, and invented."""
