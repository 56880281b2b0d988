"""The only writers of policy releases."""
