"""What a mechanism is: one thing that a document can settle, its unit, and where its value goes."""

from __future__ import annotations

from dataclasses import dataclass

from bureau.policy.terms import Unit

# Values for the kernel stand in the tables of benefits and of protections; those of the city are read by name.
BENEFIT, PROTECTION, CITY = "benefit", "protection", "city"


@dataclass(frozen=True, slots=True)
class Mechanism:
    """One thing that a document can settle: its unit, its table and column, and what `none` means there."""

    key: str
    title: str
    unit: Unit
    table: str
    column: int
    none: int | None = None
    default: int | None = None
    words: tuple[str, ...] = ()

    @property
    def required(self) -> bool:
        """Whether every covered cell must have a value: there is no neutral default."""
        return self.default is None
