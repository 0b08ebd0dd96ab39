"""What a person gives us: how a parameter is described, and how we say what is wrong."""
