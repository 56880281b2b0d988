"""The only writers of areas, offices, staff and duties."""
