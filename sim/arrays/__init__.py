"""The axes of every array, addressed random numbers, and logit choice: what all rules stand on."""
