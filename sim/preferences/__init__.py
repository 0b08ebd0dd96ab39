"""What packages are worth, to whom: utilities, what leaders make of them, ballots and bylaws."""
