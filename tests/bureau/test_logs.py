"""No line of a log holds a number of a person, wherever it came from."""

from __future__ import annotations

import io
import logging
import logging.config

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction

from bureau.logs import Scrubbing
from tests.factories.people import a_clerk, a_person, an_id_number

ID, OLD_ID, PHONE, ACCOUNT = "51070419900101001X", "510704900101001", "13812345678", "6222021234567890123"


@pytest.fixture
def written() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def log(written: io.StringIO) -> logging.Logger:
    handler = logging.StreamHandler(written)
    handler.setFormatter(Scrubbing("{levelname} {message}", style="{"))
    logger = logging.Logger("test", logging.INFO)
    logger.addHandler(handler)
    return logger


@pytest.mark.parametrize("number", [ID, ID.lower(), OLD_ID, PHONE, ACCOUNT])
def test_hides_numbers_of_people(log: logging.Logger, written: io.StringIO, number: str) -> None:
    log.warning("Not Found: /people/%s/", number)
    log.warning("查无%s。", number)
    assert number not in written.getvalue()
    assert written.getvalue().count("[已隐去]") == 2


def test_leaves_days_sums_and_short_numbers(log: logging.Logger, written: io.StringIO) -> None:
    log.info("2023-05-31 12:00:00 batch 12345678, 1234567890 rows, 0123456789abcdef")
    assert written.getvalue() == "INFO 2023-05-31 12:00:00 batch 12345678, 1234567890 rows, 0123456789abcdef\n"


def test_a_line_break_forges_no_second_line(log: logging.Logger, written: io.StringIO) -> None:
    log.warning("Not Found: /%s", "x\nERROR all is lost\r\x1b[2J")
    assert written.getvalue().count("\n") == 1
    assert "\x1b" not in written.getvalue()


def test_a_line_tells_the_moment_with_its_zone() -> None:
    plain = settings.LOGGING["formatters"]["plain"]
    record = logging.makeLogRecord({"msg": "hello", "created": 1685577600.25, "levelname": "INFO", "name": "bureau"})

    line = Scrubbing(plain["format"], style=plain["style"]).format(record)

    assert line == "2023-06-01T00:00:00.250+00:00 INFO bureau hello"


@pytest.mark.django_db
def test_hides_what_the_database_says_of_a_double_person(log: logging.Logger, written: io.StringIO) -> None:
    number = an_id_number()
    a_person(id_number=number)
    clerk = a_clerk()
    person = a_person(by=clerk)
    person.id_number = number
    try:
        with transaction.atomic():
            person.save()
    except IntegrityError:
        log.exception("failed")

    assert "IntegrityError" in written.getvalue()
    assert number not in written.getvalue()


def test_every_handler_of_the_settings_hides_them() -> None:
    handlers = settings.LOGGING["handlers"].values()
    assert {handler["formatter"] for handler in handlers} == {"plain"}
    assert settings.LOGGING["formatters"]["plain"]["()"] == "bureau.logs.Scrubbing"
