"""A transition table as data: which stage may become which, by what verb, with what duty (architecture §2.3)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from bureau.kernel.errors import BusinessError
from bureau.kernel.terms import Term

S = TypeVar("S", bound=Term)


@dataclass(frozen=True)
class Transition(Generic[S]):
    """One way on: the verb is code ("confirm"), the label stands on the button ("复核通过")."""

    source: S
    target: S
    verb: str
    label: str
    duty: str = ""


class StageTable(Generic[S]):
    """The ways through a vocabulary of stages; refuses to exist with a stage that nobody can leave or reach."""

    def __init__(self, transitions: Sequence[Transition[S]], *, start: S, terminal: Collection[S]) -> None:
        self.transitions = tuple(transitions)
        self.start = start
        self.terminal = frozenset(terminal)
        self._ways: dict[S, dict[str, Transition[S]]] = {stage: {} for stage in type(start)}
        for way in self.transitions:
            if way.verb in self._ways[way.source]:
                raise ValueError(f"{way.source.value}: the verb {way.verb} leads two ways")
            self._ways[way.source][way.verb] = way
        self._check()

    def allowed(self, stage: S) -> tuple[Transition[S], ...]:
        """The ways on from a stage, in the order of the table; none where it is terminal."""
        return tuple(self._ways[stage].values())

    def transition(self, stage: S, verb: str) -> Transition[S]:
        """The way that a verb takes from a stage, or `stage.not_allowed` with what is possible instead."""
        way = self._ways[stage].get(verb)
        if way is None:
            wanted = next((other.label for other in self.transitions if other.verb == verb), verb)
            possible = "、".join(other.label for other in self.allowed(stage))
            advice = f"现在可以：{possible}。" if possible else "它已办结，不再变动。"
            raise BusinessError("stage.not_allowed", f"“{stage.label}”状态下不能{wanted}；{advice}")
        return way

    def next(self, stage: S, verb: str) -> S:
        """The stage that a verb leads to."""
        return self.transition(stage, verb).target

    def is_terminal(self, stage: S) -> bool:
        return stage in self.terminal

    def _check(self) -> None:
        reached = {self.start}
        frontier = [self.start]
        while frontier:
            targets = {way.target for way in self.allowed(frontier.pop())} - reached
            reached |= targets
            frontier.extend(targets)
        for stage, ways in self._ways.items():
            if stage in self.terminal and ways:
                raise ValueError(f"{stage.value} is terminal and can be left")
            if stage not in self.terminal and not ways:
                raise ValueError(f"{stage.value} can neither be left nor is it terminal")
            if stage not in reached:
                raise ValueError(f"{stage.value} is never reached from {self.start.value}")
