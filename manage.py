#!/usr/bin/env python
"""The one command line; points at `bureau.settings.local` unless told otherwise."""

import os
import sys

from django.core.management import execute_from_command_line

from bureau import walls

# Only migrations speak as the database's owner (decision 20); everything else, as the application.
OWNER_COMMANDS = {"migrate"}


def main() -> None:
    """Run one command."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bureau.settings.local")
    if OWNER_COMMANDS.intersection(sys.argv[1:2]):
        os.environ["DATABASE_ROLE"] = "owner"
    with walls.through("manage.py:" + "".join(sys.argv[1:2])):
        execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
