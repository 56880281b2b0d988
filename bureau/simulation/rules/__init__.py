"""Snapshots, scenarios and their results, computed: pure."""
