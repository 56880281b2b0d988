"""Which passwords are taken, as the settings put the validators together."""

from __future__ import annotations

import secrets

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from bureau.organization.models import Staff
from tests.factories.people import areas

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def places() -> None:
    areas()


def codes_of(password: str) -> set[str]:
    try:
        validate_password(password, Staff(username="lin-zhixia", full_name="林知夏"))
    except ValidationError as error:
        return {str(one.code) for one in error.error_list}
    return set()


@pytest.mark.parametrize(
    "password",
    [
        "onlysmalllettersxyz",
        "ONLYLARGELETTERSXYZ",
        "!?!-.-~~+=##%%(())",
        "床前明月光疑是地上霜",
        "two words, and more of them",
        "🐼🐼🐼🐼 and a river",
        secrets.token_urlsafe(96),
    ],
)
def test_any_signs_and_any_length_are_taken(password: str) -> None:
    assert codes_of(password) == set()


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("short-one", "password_too_short"),
        ("4815162342", "password_entirely_numeric"),
        ("lin-zhixia-1", "password_too_similar"),
        ("1q2w3e4r5t", "password_too_common"),
        ("michelle2023", "password_too_common"),
        ("Yibao-2023!", "password_listed_words"),
        ("zonghe-guiyuan", "password_listed_words"),
        ("Mianyang-2023", "password_listed_words"),
        ("富乐街道2023001", "password_listed_words"),
        ("江油医保2023001", "password_listed_words"),
    ],
)
def test_what_is_guessed_first_is_refused(password: str, code: str) -> None:
    assert code in codes_of(password)
