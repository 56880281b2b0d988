"""The only writers of the person's file."""
