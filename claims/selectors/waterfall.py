"""The explanation of a stored adjudication, read back from its trace with the law it was computed by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bureau import walls
from bureau.policy.rules.layout import VERSION
from bureau.policy.selectors import rulesets
from claims.rules import recheck
from claims.rules.person_year import steps_of
from claims.selectors import versions

if TYPE_CHECKING:
    from bureau.kernel.trace import Step
    from claims.models import Adjudication


def steps(adjudication: Adjudication) -> list[Step]:
    """Step by step from the total to the personal burden, each with its place in the law.

    The trace of an older engine cannot be read: then the person-year is computed anew, from the facts as they stood.
    """
    rulebook = rulesets.rulebook(adjudication.policy_sha256)
    if adjudication.trace[0] == VERSION:
        return steps_of(rulebook, adjudication.trace)
    with walls.as_system():
        return recheck.steps_anew(rulebook, versions.of_year_with(adjudication), adjudication.pk)
