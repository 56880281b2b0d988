"""Reads of designation and agreements; other apps enter here."""
