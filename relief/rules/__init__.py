"""Decisions of relief: pure, on plain values."""
