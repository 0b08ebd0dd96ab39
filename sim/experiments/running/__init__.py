"""Runs that cannot be lost: parts, the journal, summaries, verification."""
