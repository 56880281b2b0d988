"""Reads of the person's file; other apps enter here."""
