"""YAML → database → YAML: the same bytes, the same digest."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from bureau.organization.terms import Duty
from bureau.policy.models import Release
from bureau.policy.rules import packs
from tests.factories import month, people, policy

pytestmark = pytest.mark.django_db


def bundled(city: str, folder: Path) -> bytes:
    return packs.bundle(city, {path.name: path.read_bytes().decode("utf-8") for path in folder.iterdir()})


@pytest.mark.parametrize("city", packs.cities())
def test_a_citys_packs_come_out_as_they_went_in(city: str, tmp_path: Path) -> None:
    release = policy.a_release(city)
    call_command("dump_policy", "--city", city, "--out", str(tmp_path / "out"))

    originals = sorted((packs.PACKS / city).glob("*.yaml"))
    written = sorted((tmp_path / "out").iterdir())
    assert [path.name for path in written] == [path.name for path in originals]
    assert [path.read_bytes() for path in written] == [path.read_bytes() for path in originals]
    assert hashlib.sha256(bundled(city, tmp_path / "out")).hexdigest() == release.sha256


def test_a_draft_that_was_edited_comes_out_and_goes_in_again(tmp_path: Path) -> None:
    month.the_law()
    draft = policy.a_raised_ratio()
    call_command("dump_policy", "--release", "2", "--out", str(tmp_path))
    assert (tmp_path / policy.RAISED_FILE).read_text(encoding="utf-8") == policy.RAISED
    assert packs.load_bytes(bundled("mianyang", tmp_path)).sha256 == draft.sha256


def test_files_of_another_dump_are_not_mixed_in(tmp_path: Path) -> None:
    month.the_law()
    (tmp_path / "old.yaml").write_text("x")
    with pytest.raises(CommandError, match=r"policy\.dump_target"):
        call_command("dump_policy", "--out", str(tmp_path))
    with pytest.raises(CommandError, match=r"policy\.release_unknown"):
        call_command("dump_policy", "--release", "7", "--out", str(tmp_path / "x"))


def test_the_drafts_beside_the_packs_become_a_draft_release() -> None:
    people.a_clerk("one", Duty.POLICY, area_code=month.CITY)
    call_command("load_policy", "changchun", "--drafts", "--by", "one")
    draft = Release.objects.get()
    assert (draft.city, draft.stage) == ("changchun", "draft")
    assert draft.sha256 == packs.load_city("changchun", drafts=True).sha256
    for wrong in (["--by", "one"], ["--by", "one", "--check", "two", "--drafts"]):
        with pytest.raises(CommandError, match=r"policy\.usage"):
            call_command("load_policy", "changchun", *wrong)
