"""Reads of the law in force; other apps enter here."""
