"""The explanation of a stored adjudication, read back from its trace with the law it was computed by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bureau import walls
from bureau.policy.rules.layout import VERSION
from bureau.policy.selectors import rulesets
from claims.rules import recheck
from claims.rules.explanation import Reading
from claims.rules.person_year import steps_of
from claims.selectors import versions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bureau.kernel.trace import Step
    from claims.models import Adjudication


def steps(adjudication: Adjudication) -> list[Step]:
    """Step by step from the total to the personal burden, each with its place in the law."""
    return steps_of(rulesets.rulebook(adjudication.policy_sha256), _trace(adjudication))


def reading(adjudication: Adjudication) -> Reading:
    """The same as integers with their law: for who writes other words than the steps."""
    return Reading(rulesets.rulebook(adjudication.policy_sha256), _trace(adjudication)[1:])


def _trace(adjudication: Adjudication) -> Sequence[int]:
    """As stored; what an older engine wrote cannot be read, and is computed anew from the facts as they stood."""
    if adjudication.trace[0] == VERSION:
        stored: Sequence[int] = adjudication.trace
        return stored
    rulebook = rulesets.rulebook(adjudication.policy_sha256)
    with walls.as_system():
        return recheck.trace_anew(rulebook, versions.of_year_with(adjudication), adjudication.pk)
