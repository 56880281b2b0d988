"""What is left of each yearly amount."""

from __future__ import annotations

from bureau.policy.rules.packs import load_city
from claims.rules.balances import balances
from tests.claims.rules.people import claim


def test_a_worker_sees_what_is_left_of_the_outpatient_year() -> None:
    """YX-69: 300 at a tertiary, then 1,000 at a secondary hospital: 650 paid, 1,350 left."""
    visit = {"care": "outpatient", "scheme": "employee", "employment": "in_service"}
    year = [claim(1, 300, level="tertiary", **visit), claim(2, 1_000, level="secondary", **visit)]
    found = {item.name: item for item in balances(load_city("mianyang"), year, claim(3, 0, **visit))}

    assert (found["outpatient_deductible"].used, found["outpatient_deductible"].left) == (20_000, 0)
    assert (found["outpatient_limit"].used, found["outpatient_limit"].left) == (65_000, 135_000)
    assert (found["pooled"].used, found["pooled"].left) == (65_000, 39_935_000)
    assert "chronic_limit" not in found
    assert "relief" not in found


def test_a_destitute_person_has_no_caps_of_major_illness_and_relief() -> None:
    person = claim(2, 0, relief="destitute", chronic_count=2)
    found = {item.name: item for item in balances(load_city("mianyang"), [claim(1, 3_100, relief="destitute")], person)}

    assert found["chronic_limit"].left == 150_000
    assert found["relief"].used == 40_000
    assert found["relief"].left is None
    assert found["major"].limit is None
    assert found["major_deductible"].limit == 750_000
