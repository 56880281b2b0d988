"""Decisions about staff: which duties go together, which passwords are too easy."""
