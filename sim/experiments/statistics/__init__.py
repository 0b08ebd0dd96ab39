"""Worlds to rates, means, medians and paired differences, with intervals."""
