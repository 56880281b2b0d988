"""Pure decisions of the books."""
