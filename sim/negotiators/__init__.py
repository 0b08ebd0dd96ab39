"""The two sides of the table: what they look at, their rules, and the agents who decide by them."""
