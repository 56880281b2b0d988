"""The desks of policy."""
