"""The adjudicated claims of a period as a stream, for the snapshots of simulations: facts and amounts only."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TypeAlias

from django.db import connection

# person, year, sequence, profile, place, total, eligible; as `bureau.simulation.rules.snapshots.Row`.
Facts: TypeAlias = tuple[int, int, int, tuple[str, ...], tuple[str, ...], int, int]


def adjudicated(valid_from: date, valid_until: date) -> Iterator[Facts]:
    """By person, year and sequence; the sort is the database's, so memory here does not grow with the claims.

    Claims are computed again from the beginning of a year, so a period should begin with one.
    """
    with connection.cursor() as cursor, cursor.copy(_CLAIMS, [valid_from, valid_until]) as copy:
        copy.set_types(["int8", "int4", "int4", *["text"] * 12, "int8", "int8"])
        for row in copy.rows():
            yield (*row[:3], row[3:12], row[12:15], row[15], row[16])


_CLAIMS = """
    COPY (
        SELECT claim.person_id, claim.year::int4, claim.sequence,
               held.facts->>'scheme', held.facts->>'employment', held.facts->>'relief',
               CASE WHEN (held.facts->>'registered_poor')::boolean THEN 'yes' ELSE 'no' END,
               claim.care, held.facts->>'level', CASE WHEN claim.is_filed THEN 'yes' ELSE 'no' END, 'no',
               held.facts->>'chronic_count',
               claim.service_date::text, held.facts->>'insured_area', claim.care_area,
               claim.total, held.eligible
          FROM claims_claim claim
          JOIN claims_adjudication held ON held.claim_id = claim.id AND held.is_current
         WHERE claim.service_date >= %s AND claim.service_date < %s AND claim.stage <> 'canceled'
         ORDER BY claim.person_id, claim.year, claim.sequence
    ) TO STDOUT
"""
