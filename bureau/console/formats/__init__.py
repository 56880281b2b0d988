"""How dates are written in tables: 2023-05-04; sentences write 2023年5月4日 themselves."""
