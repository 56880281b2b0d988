"""Whether a set of documents may become law: everything the compiler says, then what higher floors know of it.

Policy does not know the engine; claims register the run of the documents' examples here (`claims.panels`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from bureau.kernel.errors import BusinessError
from bureau.policy.rules import packs, templates
from bureau.policy.rules.documents import Row
from bureau.policy.rules.faults import Fault, PackError, Place
from bureau.policy.rules.rulebook import Rulebook

Check = Callable[[Rulebook], list[Fault]]

_checks: dict[str, Check] = {}


def register(name: str, check: Check) -> None:
    """Let `check` see every set that compiles; what it returns stands in the way like a fault of the compiler."""
    _checks[name] = check


def registered() -> tuple[str, ...]:
    """The names of what is asked beside the compiler."""
    return tuple(sorted(_checks))


@dataclass(frozen=True, slots=True)
class Report:
    """What was found; `rulebook` is None where the set does not compile."""

    faults: tuple[Fault, ...]
    warnings: tuple[Fault, ...] = ()
    assumed: tuple[Row, ...] = ()
    ending: tuple[Row, ...] = ()
    rulebook: Rulebook | None = None

    @property
    def is_clean(self) -> bool:
        return not self.faults


def report(city: str, files: Mapping[str, str], *, on: date) -> Report:
    """The findings for these files; `on` is the day from which the next 90 days' endings are counted."""
    try:
        rulebook = packs.load_bytes(packs.bundle(city, files))
    except PackError as error:
        return Report(error.faults)
    except BusinessError as error:
        return Report((Fault(error.code, Place(city, 1), error.message),))
    faults = [*_unsaid(rulebook), *(fault for _, check in sorted(_checks.items()) for fault in check(rulebook))]
    return Report(tuple(faults), rulebook.warnings, tuple(rulebook.assumed()), tuple(rulebook.ending(on)), rulebook)


def _unsaid(rulebook: Rulebook) -> Iterator[Fault]:
    """Clauses as they come from the template."""
    for document in rulebook.documents:
        for clause in document.clauses.values():
            if clause.says == templates.UNSAID:
                yield Fault("policy.unsaid", clause.place, f"条款“{clause.at}”还没有写明规定了什么。")
