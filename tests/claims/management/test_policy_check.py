"""The two commands about packs, without a database."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command


def test_the_packs_of_the_house_are_sound() -> None:
    out = StringIO()
    call_command("policy_check", stdout=out)

    said = out.getvalue()
    assert all(f"{city}：" in said for city in ("mianyang", "wenzhou", "hangzhou", "changchun"))
    assert "changchun 草案：1 个文件，尚未发布，计算不理会。" in said


def test_a_city_without_packs_is_refused() -> None:
    errors = StringIO()
    with pytest.raises(CommandError, match="chengdu"):
        call_command("policy_check", "chengdu", stderr=errors)

    assert "[policy.unknown_city]" in errors.getvalue()


def test_assumed_values_are_listed_with_their_place() -> None:
    out = StringIO()
    call_command("policy_assumed", "mianyang", stdout=out)
    lines = out.getvalue().splitlines()

    assert any("settlement.quality_deposit_rate\t5%" in line for line in lines)
    assert all(line.startswith("mianyang\t") for line in lines)
    assert not any("mianyang-outpatient-2023" in line for line in lines)
