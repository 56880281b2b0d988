"""Reads of simulation."""
