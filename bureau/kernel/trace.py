"""The explanation of an amount, step by step: what it was computed from, and the place in the law that says so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bureau.kernel.money import format_yuan


@dataclass(frozen=True, slots=True)
class Source:
    """One parameter (`role` value) or one change of it (`role` change): its value, the document, the place in it."""

    parameter: str
    value: str
    document: str
    document_title: str
    at: str
    says: str
    valid_from: str
    assumed: bool
    role: str = "value"

    def to_json(self) -> dict[str, Any]:
        """The keys of the explanation file."""
        return {
            "parameter": self.parameter,
            "value": self.value,
            "document": self.document,
            "at": self.at,
            "valid_from": self.valid_from,
            "assumed": self.assumed,
        }


@dataclass(frozen=True, slots=True)
class Step:
    """One line of an explanation; amounts in fen. The first source gives the value, the others change or bound it."""

    step: str
    title: str
    formula: str
    base: int
    amount: int
    sources: tuple[Source, ...] = ()

    @property
    def source(self) -> Source | None:
        """The parameter that this step applies."""
        return self.sources[0] if self.sources else None

    @property
    def assumed(self) -> bool:
        """Whether any number in this step is assumed (假定值)."""
        return any(source.assumed for source in self.sources)

    def to_json(self) -> dict[str, Any]:
        """The step as written to an explanation file (yuan with two decimals)."""
        first = self.source
        applied = (
            first.to_json()
            if first
            else {"parameter": None, "value": None, "document": None, "at": None, "valid_from": None, "assumed": False}
        )
        written = {
            "step": self.step,
            "base": format_yuan(self.base),
            "amount": format_yuan(self.amount),
            **applied,
            "title": self.title,
            "formula": self.formula,
        }
        if len(self.sources) > 1:
            written["further"] = [{"role": source.role, **source.to_json()} for source in self.sources[1:]]
        return written

    def packed(self) -> list[Any]:
        """The step as a compact JSON-able list, for storage; `Step.unpacked` gives it back."""
        return [
            self.step,
            self.title,
            self.formula,
            self.base,
            self.amount,
            [
                [s.parameter, s.value, s.document, s.document_title, s.at, s.says, s.valid_from, s.assumed, s.role]
                for s in self.sources
            ],
        ]

    @classmethod
    def unpacked(cls, row: list[Any]) -> Step:
        """The step that `packed` wrote."""
        step, title, formula, base, amount, sources = row
        return cls(step, title, formula, base, amount, tuple(Source(*source) for source in sources))
