"""Formats by language, found by Django."""
