"""Many worlds made ready: parameters as arrays, the electorate, politics, the batch, and its solution."""
