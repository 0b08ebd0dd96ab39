"""What a person is given: files written whole, and never over a file that is not ours."""
