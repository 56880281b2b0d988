"""Reads of the books; other apps enter here."""
