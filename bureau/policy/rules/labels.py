"""The vocabulary file: each label of a pack with its Chinese name and its national codes, checked against the terms."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bureau.kernel.terms import Care, Employment, Level, ReliefCategory, Scheme, Term
from bureau.policy.rules import source
from bureau.policy.rules.city_rules import CITY_RULES
from bureau.policy.rules.faults import Fault, Place
from bureau.policy.rules.source import Node
from bureau.policy.rules.vocabulary import DIMENSIONS, MECHANISMS
from bureau.policy.terms import Dimension, Relation

FILE = Path(__file__).parent.parent / "vocabulary.yaml"
_SECTIONS = ("dimensions", "families", "words")
# Names that a term gives too: the file must say the same.
_TERMS: Mapping[str, type[Term]] = {
    "scheme": Scheme,
    "employment": Employment,
    "care": Care,
    "level": Level,
    "relation": Relation,
    "relief": ReliefCategory,
}


@dataclass(frozen=True, slots=True)
class Label:
    """One label: its Chinese name, its codes in the national dictionary, and local extensions of them."""

    code: str
    name: str
    codes: tuple[str, ...]
    local: tuple[str, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Labels:
    """One dimension: its title, the national dictionary (empty where there is none), its labels."""

    title: str
    national: str
    labels: Mapping[str, Label]
    place: Place


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The whole file."""

    dimensions: Mapping[str, Labels]
    families: Mapping[str, str]
    words: Mapping[str, str]
    place: Place


@cache
def vocabulary() -> Vocabulary:
    """The vocabulary of the house."""
    return read(FILE.name, FILE.read_text(encoding="utf-8"))


def read(file: str, text: str) -> Vocabulary:
    """A vocabulary from its text; raises `PackError` with file and line for what is not written right."""
    root = source.read(file, text)
    sections = root.mapping(*_SECTIONS)
    for section in _SECTIONS:
        root.child(section)
    return Vocabulary(
        dimensions={key: _labels(node) for key, node in sections["dimensions"].mapping().items()},
        families={key: node.scalar() for key, node in sections["families"].mapping().items()},
        words={key: node.scalar() for key, node in sections["words"].mapping().items()},
        place=root.place,
    )


def _labels(node: Node) -> Labels:
    entries = node.mapping("title", "national", "labels")
    national = entries["national"].scalar() if "national" in entries else ""
    labels = {code: _label(code, entry) for code, entry in node.child("labels").mapping().items()}
    return Labels(node.child("title").scalar(), national, labels, node.place)


def _label(code: str, node: Node) -> Label:
    entries = node.mapping("name", "codes", "local")
    codes, local = (entries[key].words() if key in entries else () for key in ("codes", "local"))
    return Label(code, node.child("name").scalar(), codes, local, node.place)


def mismatches(known: Vocabulary) -> Iterator[Fault]:
    """Where the file and the closed sets in code do not say the same."""
    titles = {dimension.value: dimension.label for dimension in Dimension if dimension is not Dimension.POOL}
    yield from _differ("维度", set(known.dimensions), set(titles), known.place)
    for key in titles.keys() & known.dimensions.keys():
        yield from _dimension(key, titles[key], known.dimensions[key])
    families = {name.partition(".")[0] for name in MECHANISMS} - _whole_titles()
    yield from _differ("参数类别", set(known.families), families, known.place)
    words = {word for mechanism in CITY_RULES.values() for word in mechanism.words}
    yield from _differ("固定词语", set(known.words), words, known.place)


def _whole_titles() -> set[str]:
    """First parts of names whose mechanism's title says everything already."""
    return {name.partition(".")[0] for name in CITY_RULES} | {"pooled", "major_illness", "relief"}


def _dimension(key: str, title: str, found: Labels) -> Iterator[Fault]:
    if found.title != title:
        message = f"维度“{key}”在这里叫“{found.title}”，在 terms 里叫“{title}”。"
        yield Fault("policy.vocabulary", found.place, message)
    yield from _differ(f"维度“{key}”的取值", set(found.labels), set(DIMENSIONS[key][1]), found.place)
    term = _TERMS.get(key)
    for label in found.labels.values():
        if term is not None and term.label_of(label.code) not in (label.name, label.code):
            message = f"“{key}={label.code}”在这里叫“{label.name}”，在 terms 里叫“{term.label_of(label.code)}”。"
            yield Fault("policy.vocabulary", label.place, message)
        if (label.codes or label.local) and not found.national:
            yield Fault(
                "policy.vocabulary", label.place, f"“{key}={label.code}”有编码，但没有写明国家字典（national）。"
            )


def _differ(what: str, written: set[str], meant: set[str], place: Place) -> Iterator[Fault]:
    if missing := "、".join(sorted(meant - written)):
        yield Fault("policy.vocabulary", place, f"{what}缺少：{missing}。")
    if unknown := "、".join(sorted(written - meant)):
        yield Fault("policy.vocabulary", place, f"{what}不认识：{unknown}。")
