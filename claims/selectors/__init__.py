"""Reads of claims and settlements; other apps enter here."""
