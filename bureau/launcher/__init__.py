"""Starts the two services that a developer's machine or a demo needs, PostgreSQL and Valkey, from installed packages.

Pure Python without Django, so that it works before any setting is read. Production brings its own servers by address.
"""
