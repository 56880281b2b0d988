"""Reads of areas, offices and staff: `scope` (which rows one may see), `staff` (who holds which duty), `areas`."""
