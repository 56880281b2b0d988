"""The only writers of statuses and rosters."""
