"""The only writers of designation and agreements."""
