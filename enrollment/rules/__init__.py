"""Pure decisions about coverage."""
