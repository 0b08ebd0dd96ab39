"""What an experiment file asks for: points, samples, replications, claims."""
