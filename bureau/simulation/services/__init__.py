"""The only writers of simulation."""
