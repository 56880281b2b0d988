"""Reads of statuses and rosters; other apps enter here."""
