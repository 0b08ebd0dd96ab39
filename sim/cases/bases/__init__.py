"""What case files begin with: no case by itself, as it holds no state's values."""
