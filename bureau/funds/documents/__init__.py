"""Files that leave the books."""
