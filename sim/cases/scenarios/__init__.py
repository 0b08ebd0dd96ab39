"""The scenario files that come with the package."""
