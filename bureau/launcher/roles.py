"""Two roles, one database (decision 20): the owner migrates, the application reads and writes rows and nothing more.

Extensions and default privileges go into template1, so that test databases have them too.
"""

from __future__ import annotations

import psycopg
from psycopg import sql

from bureau.launcher.places import APPLICATION_ROLE, DATABASE, OWNER_ROLE, Places

ROLES = {OWNER_ROLE: "LOGIN CREATEDB", APPLICATION_ROLE: "LOGIN"}
# The owner may SET ROLE to the application, which lets a test or an operator see with its eyes.
TEMPLATE = f"""
    CREATE EXTENSION IF NOT EXISTS btree_gist;
    CREATE EXTENSION IF NOT EXISTS pg_trgm;
    GRANT {APPLICATION_ROLE} TO {OWNER_ROLE};
    ALTER DEFAULT PRIVILEGES FOR ROLE {OWNER_ROLE} GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {APPLICATION_ROLE};
    ALTER DEFAULT PRIVILEGES FOR ROLE {OWNER_ROLE} GRANT USAGE ON SEQUENCES TO {APPLICATION_ROLE};
"""


def connect(places: Places, database: str) -> psycopg.Connection:
    """A connection of the cluster's superuser, which only the launcher uses."""
    return psycopg.connect(
        host=str(places.sockets), port=5432, user="postgres", dbname=database, autocommit=True, connect_timeout=5
    )


def prepare(places: Places) -> None:
    """Make what is missing; the database comes last, so its presence proves the rest."""
    with connect(places, "postgres") as connection:
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
            return
        for role, abilities in ROLES.items():
            if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone():
                connection.execute(sql.SQL("CREATE ROLE {} " + abilities).format(sql.Identifier(role)))
    with connect(places, "template1") as connection:
        connection.execute(TEMPLATE)
    with connect(places, "postgres") as connection:
        connection.execute(
            sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(DATABASE), sql.Identifier(OWNER_ROLE))
        )
