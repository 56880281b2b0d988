"""The desks of relief."""
