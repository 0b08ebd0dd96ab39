"""A paper kit for a class: sheets, deals, scores."""
