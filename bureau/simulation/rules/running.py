"""Two laws over a snapshot, row group by row group in two threads; sums only, so the order of threads is no matter."""

from __future__ import annotations

import heapq
import io
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from bureau.kernel.errors import BusinessError
from bureau.policy.rules.rulebook import Rulebook
from bureau.simulation.rules import tallies
from bureau.simulation.rules.compiled import Functions
from bureau.simulation.rules.snapshots import Block, Snapshot
from claims.rules import batch
from claims.rules.facts import Encoder

Array: TypeAlias = NDArray[np.int64]

THREADS = 2
# Losers that a result names, those who lose most.
MOST_LOSERS = 500
# Upper edges of the classes of yearly change, in fen, the person's gain counted positive; the last class is open.
EDGES = (-1_000_000, -500_000, -100_000, -10_000, -1, 0, 10_000, 100_000, 500_000, 1_000_000)
CLASSES = len(EDGES) + 1


@dataclass(frozen=True, slots=True)
class Law:
    """A rulebook, and the year whose law it stands for; None: each claim by its own day."""

    rulebook: Rulebook
    year: int | None = None

    def day(self, text: str) -> date:
        """The day by which a claim finds its law."""
        day = date.fromisoformat(text)
        if self.year is None:
            return day
        return day.replace(year=self.year, day=28 if (day.month, day.day) == (2, 29) else day.day)


@dataclass(slots=True)
class Sums:
    """Everything that is added up; arrays over groups (profile × county), citations, classes of change."""

    counts: Array
    parts: tuple[Array, Array]
    clauses: tuple[Array, Array]
    classes: Array
    amounts: Array
    losers: list[tuple[int, int]]

    def add(self, other: Sums) -> None:
        """Take another part in."""
        self.counts += other.counts
        self.classes += other.classes
        self.amounts += other.amounts
        for mine, theirs in zip((*self.parts, *self.clauses), (*other.parts, *other.clauses), strict=True):
            mine += theirs
        self.losers = heapq.nsmallest(MOST_LOSERS, [*self.losers, *other.losers])

    def to_bytes(self) -> bytes:
        """As a step stores it."""
        out = io.BytesIO()
        losers = np.array(self.losers, dtype=np.int64).reshape(-1, 2)
        np.savez_compressed(
            out,
            counts=self.counts,
            parts=np.stack(self.parts),
            before=self.clauses[0],
            after=self.clauses[1],
            classes=self.classes,
            amounts=self.amounts,
            losers=losers,
        )
        return out.getvalue()

    @classmethod
    def from_bytes(cls, content: bytes) -> Sums:
        """What `to_bytes` gave."""
        with np.load(io.BytesIO(content), allow_pickle=False) as kept:
            losers = [(int(gain), int(person)) for gain, person in kept["losers"].tolist()]
            return cls(
                kept["counts"],
                (kept["parts"][0], kept["parts"][1]),
                (kept["before"], kept["after"]),
                kept["classes"],
                kept["amounts"],
                losers,
            )


class Plan:
    """The facts of a snapshot looked up in both laws, once."""

    def __init__(self, path: Path, before: Law, after: Law) -> None:
        self.path = path
        self.laws = (before, after)
        snapshot = Snapshot(path)
        self.groups = snapshot.groups
        self.profiles, self.places = snapshot.profiles, snapshot.places
        self.counties = sorted({place[1] for place in self.places})
        self._looked_up = tuple(_look_up(law, self.profiles, self.places) for law in self.laws)
        self._county = np.array([self.counties.index(place[1]) for place in self.places], dtype=np.int64)
        scheme = [0 if profile[0] == "employee" else 1 for profile in self.profiles]
        self._schemes = np.repeat(np.array(scheme, dtype=np.int64), len(self.counties))
        self._tables = tuple(
            (law.rulebook.benefits.ravel(), law.rulebook.benefits_cited.ravel(), law.rulebook.protections_cited.ravel())
            for law in self.laws
        )

    def nothing(self) -> Sums:
        """Sums of no claims."""
        groups = len(self.profiles) * len(self.counties)

        def zeros(size: int) -> Array:
            return np.zeros(size, dtype=np.int64)

        before, after = (zeros(2 * tallies.PARTS * (len(law.rulebook.citations) + 1)) for law in self.laws)
        return Sums(
            zeros(groups * tallies.COUNTS),
            (zeros(groups * tallies.PARTS), zeros(groups * tallies.PARTS)),
            (before, after),
            zeros(CLASSES),
            zeros(CLASSES),
            [],
        )

    def run(self, numbers: Iterable[int], functions: Functions) -> Sums:
        """These row groups, in two threads where the machine code lets them run side by side."""
        wanted = list(numbers)
        shares = [wanted[at::THREADS] for at in range(THREADS)] if functions.kernel else [wanted]
        with ThreadPoolExecutor(len(shares)) as pool:
            whole = self.nothing()
            for sums in pool.map(lambda share: self._run(share, functions), shares):
                whole.add(sums)
        return whole

    def _run(self, numbers: Sequence[int], functions: Functions) -> Sums:
        sums, snapshot = self.nothing(), Snapshot(self.path)
        for number in numbers:
            self._take(snapshot.block(number), sums, functions)
        return sums

    def _take(self, block: Block, sums: Sums, functions: Functions) -> None:
        groups = block.profile * len(self.counties) + self._county[block.place]
        outcomes = []
        for law, (who, where), tables, parts, clauses in zip(
            self.laws, self._looked_up, self._tables, sums.parts, sums.clauses, strict=True
        ):
            claims = np.empty((len(groups), 4), dtype=np.int64)
            claims[:, :2] = who[block.profile] + where[block.place]
            claims[:, 2], claims[:, 3] = block.total, block.eligible
            results, trace = batch.settle(law.rulebook, block.starts, claims, compiled=functions.kernel, tracing=True)
            functions.parts(
                groups, self._schemes, claims.ravel(), results.ravel(), trace.ravel(), *tables, parts, clauses
            )
            outcomes.append(results.ravel())
        gains = np.zeros(len(block.starts) - 1, dtype=np.int64)
        functions.changes(block.starts, groups, claims.ravel(), *outcomes, sums.counts, gains)
        at = np.searchsorted(EDGES, gains, side="left")
        np.add.at(sums.classes, at, 1)
        np.add.at(sums.amounts, at, gains)
        losing = np.flatnonzero(gains < 0)
        if len(losing):
            pairs = zip(gains[losing].tolist(), block.person[block.starts[losing]].tolist(), strict=True)
            sums.losers = heapq.nsmallest(MOST_LOSERS, [*sums.losers, *pairs])


def _look_up(law: Law, profiles: Sequence[tuple[str, ...]], places: Sequence[tuple[str, ...]]) -> tuple[Array, Array]:
    """Both table rows of each profile and of each place under a law."""
    encoder = Encoder(law.rulebook)
    try:
        who = [
            encoder.standing(
                profile[0],
                profile[1],
                profile[2],
                profile[4],
                profile[5],
                registered_poor=profile[3] == "yes",
                filing=profile[6] == "yes",
                signed=profile[7] == "yes",
                chronic_count=int(profile[8]),
            )
            for profile in profiles
        ]
        where = [encoder.place(law.day(place[0]), place[1], place[2]) for place in places]
    except KeyError as error:
        message = f"快照中的费用不在所选政策的生效日或统筹区内（{error}），请换一段快照，或指定按哪一年的政策。"
        raise BusinessError("simulation.not_this_law", message) from None
    return (
        np.array(who, dtype=np.int64).reshape(-1, 2),
        np.array(where, dtype=np.int64).reshape(-1, 2),
    )
