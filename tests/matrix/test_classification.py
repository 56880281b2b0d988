"""Every address has a line in `access.yaml`, every line an address; every column has a canary, or a reason for none."""

from __future__ import annotations

from django.contrib import admin

from bureau.organization.terms import Duty
from tests.matrix import city as cities
from tests.matrix import doors
from tests.matrix.city import City


def test_every_address_has_a_line_and_every_line_an_address() -> None:
    named, lines = doors.names(), set(doors.lines())

    assert named - lines == set(), "new addresses: write into access.yaml who may open them, and what they reach"
    assert lines - named == set(), "lines of access.yaml without an address"


def test_the_file_speaks_of_duties_that_exist() -> None:
    known = {str(duty) for duty in Duty}
    for name, rule in doors.lines().items():
        assert rule.get | rule.post <= known, name
        assert rule.reach in ("area", "city", "none"), name


def test_every_address_is_asked_with_a_record_where_it_names_one(city: City) -> None:
    asked = doors.doors(city)

    assert {door.name.partition(" ")[0] for door in asked} == set(doors.lines())
    with_records = {door.name for door in asked if door.place}
    assert {door.place for door in asked if door.name == "enrollment:person"} == set(cities.PLACES)
    assert len(with_records) >= 60
    assert len(asked) >= 200


def test_every_table_of_the_admin_has_a_record_of_both_counties(city: City) -> None:
    for model in admin.site._registry:
        if cities.place_path(model) is not None:
            for place in "YJ":
                assert (model._meta.label, place) in city.keys, f"{model._meta.label} has no row of {place}"


def test_every_free_text_and_amount_has_a_canary_in_both_counties(city: City) -> None:
    bare = {
        f"{model._meta.label}.{column.name}"
        for model in cities.tables()
        if cities.place_path(model) is not None
        for column in cities.free_text(model)
        if not {"Y", "J"} <= city.planted.get(f"{model._meta.label}.{column.name}", set())
    }
    assert bare == set()
    words = set(city.words.values())
    assert words == set(cities.PLACES), "each place has numbers of its own"
