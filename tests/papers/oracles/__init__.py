"""Closed forms that nothing in `sim` uses: what the papers beside them say, as code to test against."""
