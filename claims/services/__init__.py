"""The only writers of claims, adjudications and settlements."""
