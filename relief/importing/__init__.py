"""Foreign files into clean rows."""
