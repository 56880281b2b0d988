"""A row's area: it stays, and where a row points at another that has one, the two agree or it says here why not."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import connection, models

from bureau.fields.history import Event

pytestmark = pytest.mark.django_db

# A row that may rightly lie elsewhere than what it points at.
ELSEWHERE = {
    "claims.Claim.institution": "patients come from everywhere, also from other counties",
    "claims.Claim.person": "the person moved after the care: the claim stays where he was insured",
    "claims.Claim.batch": "an institution hands in the claims of all its patients",
    "claims.Claim.settlement_run": "the month is the whole city's",
    "claims.PersonYear.person": "the person moved: his year stays where it was",
    "claims.Adjudication.claim": "insured elsewhere than the file of the person says",
    "claims.Settlement.run": "the month is the whole city's",
    "claims.Settlement.institution": "what lies outside the city stands in the city's books",
    "claims.Adjustment.claim": "of the version's area, which may not be the claim's",
    "claims.Adjustment.adjudication": "one county's version, settled with the institution of another",
    "claims.Adjustment.institution": "patients come from everywhere",
    "claims.Adjustment.settlement_run": "the month is the whole city's",
    "claims.AdjustmentUse.settlement": "the patient's county and the institution's differ",
    "enrollment.Enrollment.person": "people are insured elsewhere than they live",
    "enrollment.ChronicRecognition.person": "the person moved: the recognition stays where it was made",
    "relief.ReliefStatus.person": "a county recognizes people whose file lies in another",
    "relief.ReliefStatus.begun_by": "of the same list, which is checked when it is applied",
    "relief.ReliefStatus.ended_by": "of the same list, which is checked when it is applied",
    "relief.RosterEntry.person": "a county lists people whose file lies in another",
    "claims.Discrepancy.adjudication": "opened by one statement with the area of the version",
    "policy.Release.base": "releases are the city's",
    "simulation.Simulation.scenario": "simulations are the city's",
    "simulation.Simulation.snapshot": "simulations are the city's",
    "funds.Entry.reverses": "a reversal mirrors its entry, area and all",
}
# Tables with an area that does not stay by a trigger of their own.
MOVABLE = {
    "organization.Staff": "is transferred by a service",
    "organization.Office": "is not behind the wall",
    "organization.InstitutionKey": "is not behind the wall",
    "trail.ImportBatch": "keeps all it came with (batch_keeps_its_content)",
    "organization.InstitutionCall": "is append-only",
    "trail.ActionLog": "is append-only",
    "trail.ReadRecord": "is append-only",
}


def owning(model: type[models.Model]) -> str | None:
    columns = {field.column for field in model._meta.concrete_fields}
    return next((name for name in ("area_id", "area_code") if name in columns), None)


# What rows were stands where they were.
ENCLOSED = [model for model in apps.get_models() if owning(model) and not issubclass(model, Event)]


def composite_keys() -> set[tuple[str, str]]:
    """Table and referring column of every foreign key that carries the area along."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT key.conrelid::regclass::text, attribute.attname
              FROM pg_constraint key
              JOIN pg_attribute attribute
                ON attribute.attrelid = key.conrelid AND attribute.attnum = ANY (key.conkey)
             WHERE key.contype = 'f' AND cardinality(key.conkey) = 2
            """
        )
        return set(cursor.fetchall())


def test_a_child_is_in_the_area_of_its_parent_or_says_why_not() -> None:
    composite = composite_keys()
    loose = {
        f"{model._meta.label}.{field.name}"
        for model in ENCLOSED
        for field in model._meta.concrete_fields
        if field.related_model in ENCLOSED
        and field.related_model._meta.app_label != "organization"
        and (model._meta.db_table, field.column) not in composite
    }
    assert loose == set(ELSEWHERE)


def test_an_area_stays() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'area_stays' AND tgenabled = 'A'")
        kept = {table for (table,) in cursor.fetchall()}
    assert {model._meta.label for model in ENCLOSED if model._meta.db_table not in kept} == set(MOVABLE)
