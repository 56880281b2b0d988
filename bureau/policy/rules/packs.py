"""Packs in and out: a city's files as one blob with its hash, and a blob compiled to a rulebook, always identically."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from bureau.kernel.errors import BusinessError
from bureau.policy.rules import reading, source
from bureau.policy.rules.compiling import compile_packs, superseded
from bureau.policy.rules.faults import Fault, PackError
from bureau.policy.rules.rulebook import Rulebook
from bureau.policy.terms import City

PACKS = Path(__file__).parent.parent / "packs"
DRAFTS = "drafts"
_FORMAT = 1


def cities() -> list[str]:
    """The cities that have packs."""
    return [city.value for city in City if any((PACKS / city.value).glob("*.yaml"))]


def drafted_cities() -> list[str]:
    """The cities that have drafts beside their packs."""
    return [city for city in cities() if any((PACKS / city / DRAFTS).glob("*.yaml"))]


def pack_bytes(city: str, *, drafts: bool = False) -> bytes:
    """All pack files of a city as one blob: what a release stores and what is hashed.

    With `drafts`, the documents in `drafts/` too: the content of a draft release. No calculation sees it otherwise.
    """
    if city not in cities():
        raise BusinessError("policy.unknown_city", f"城市“{city}”还没有政策包，现在可用：{'、'.join(cities())}。")
    files = [*(PACKS / city).glob("*.yaml"), *((PACKS / city / DRAFTS).glob("*.yaml") if drafts else ())]
    return bundle(city, {path.name: path.read_text(encoding="utf-8") for path in files})


def bundle(city: str, files: Mapping[str, str]) -> bytes:
    """Pack files as one blob, the same bytes whatever the order they come in."""
    content = {"format": _FORMAT, "city": city, "files": sorted(files.items())}
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode("utf-8")


def load_city(city: str, *, drafts: bool = False) -> Rulebook:
    """The rulebook of the city's packs as they stand in the source tree; needs no database."""
    return load_bytes(pack_bytes(city, drafts=drafts))


def unbundle(blob: bytes) -> tuple[str, dict[str, str]]:
    """The city and the files of a blob, file name → text; `bundle` gives the same bytes again."""
    try:
        content = json.loads(blob)
        city, files = content["city"], dict(content["files"])
        if content["format"] != _FORMAT:
            raise ValueError(content["format"])
    except (ValueError, KeyError, TypeError):
        raise BusinessError("policy.not_a_release", "这不是政策包的发布内容。") from None
    return city, files


def load_bytes(blob: bytes) -> Rulebook:
    """The rulebook of a blob; raises `PackError` with every fault, file and line named."""
    city, files = unbundle(blob)
    packs, faults = [], list[Fault]()
    for name, text in files.items():
        try:
            packs.append(reading.parse(source.read(f"{city}/{name}", text)))
        except PackError as error:
            faults.extend(error.faults)
    if faults:
        raise PackError(faults)
    packs = superseded(packs)
    return Rulebook(city, blob, packs, compile_packs(packs))


def unfounded_quotes(rulebook: Rulebook, texts: Mapping[str, str]) -> list[str]:
    """Clauses whose `quote` does not stand in the uploaded text of their document (document id → text)."""
    missing = []
    for document in rulebook.documents:
        text = "".join(texts.get(document.id, "").split())
        for clause in document.clauses.values():
            if document.id in texts and clause.quote and "".join(clause.quote.split()) not in text:
                missing.append(f"{clause.place}：引文不在“{document.title}”的原文中。[policy.quote]")
    return missing
