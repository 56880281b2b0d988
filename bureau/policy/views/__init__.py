"""Desks of the law: the browser of what it says, drafts, and the second person's releases."""
