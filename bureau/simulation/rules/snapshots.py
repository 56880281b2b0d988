"""The columnar snapshot of a period's claims: one Parquet file, sorted by person-year and sequence.

Two dictionaries stand in its metadata: *profiles* (what a claim's standing depends on, `PROFILE`) and *places* (day and
areas, `PLACE`). A claim carries their numbers, so that a law is looked up once per profile and place, not per claim.
A row group never cuts a person-year. No name and no ID number is in it, only the file's own number of the person.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from bureau.kernel.errors import BusinessError

Array: TypeAlias = NDArray[np.int64]

PROFILE = (
    "scheme",
    "employment",
    "relief",
    "registered_poor",
    "care",
    "level",
    "filing",
    "signed",
    "chronic_count",
)
PLACE = ("service_date", "insured_area", "care_area")
# Claims of a row group, at least: what one thread holds in memory at once.
GROUP = 65_536
_FORMAT = b"1"
_SCHEMA = pa.schema(
    [
        ("person", pa.int64()),
        ("year", pa.int16()),
        ("sequence", pa.int32()),
        ("profile", pa.int32()),
        ("place", pa.int32()),
        ("total", pa.int64()),
        ("eligible", pa.int64()),
    ]
)


class Row(NamedTuple):
    """A claim for the snapshot: facts as texts (flags `yes`, `no`), money in fen."""

    person: int
    year: int
    sequence: int
    profile: tuple[str, ...]
    place: tuple[str, ...]
    total: int
    eligible: int


class Block(NamedTuple):
    """The claims of a row group; `starts` holds where each person-year begins, and the end."""

    starts: Array
    person: Array
    profile: Array
    place: Array
    total: Array
    eligible: Array


@dataclass(frozen=True, slots=True)
class Written:
    """What a finished file holds; `sha256` is of the content, the same on every machine and for every key."""

    claims: int
    persons: int
    person_years: int
    sha256: str


class _Numbers(dict[tuple[str, ...], int]):
    def __missing__(self, key: tuple[str, ...]) -> int:
        number = self[key] = len(self)
        return number


def write(path: Path, rows: Iterable[Row], *, repeat: int = 1) -> Written:
    """Rows in the order of person, year and sequence as a file; memory does not grow with them.

    With `repeat` the same claims stand in it that many times, as other people: for measuring only.
    """
    profiles, places = _Numbers(), _Numbers()
    digest = hashlib.sha256()
    claims = persons = years = 0
    most = 0
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    with pq.ParquetWriter(part, _SCHEMA, compression="zstd", write_statistics=False) as writer:
        for columns in _groups(rows, profiles, places):
            count = len(columns[0])
            changes = _changes(columns[0], columns[1])
            digest.update(changes.astype("<i8").tobytes())
            for column in columns[1:]:
                digest.update(column.astype("<i8").tobytes())
            claims, years = claims + count, years + len(changes)
            persons += len(np.unique(columns[0]))
            most = max(most, int(columns[0][-1]))
            writer.write_table(_table(columns), row_group_size=count)
        facts = json.dumps([list(profiles), list(places)], ensure_ascii=False, separators=(",", ":")).encode()
        digest.update(facts)
        writer.add_key_value_metadata({"format": _FORMAT, "facts": facts})
    if repeat > 1:
        _repeat(part, path.with_suffix(".more"), repeat, most, facts)
        digest.update(f"×{repeat}".encode())
    part.chmod(0o600)
    part.replace(path)
    return Written(claims * repeat, persons * repeat, years * repeat, digest.hexdigest())


def _repeat(path: Path, other: Path, repeat: int, most: int, facts: bytes) -> None:
    source = pq.ParquetFile(path)
    with pq.ParquetWriter(other, _SCHEMA, compression="zstd", write_statistics=False) as writer:
        for turn in range(repeat):
            for number in range(source.num_row_groups):
                table = source.read_row_group(number, use_threads=False)
                people = table["person"].to_numpy() + turn * (most + 1)
                writer.write_table(table.set_column(0, "person", pa.array(people)), row_group_size=len(table))
        writer.add_key_value_metadata({"format": _FORMAT, "facts": facts})
    source.close()
    other.replace(path)


def _groups(rows: Iterable[Row], profiles: _Numbers, places: _Numbers) -> Iterator[list[Array]]:
    """The columns of each row group, cut between people."""
    kept: list[tuple[int, ...]] = []
    for row in rows:
        if len(kept) >= GROUP and row.person != kept[-1][0]:
            yield _columns(kept)
            kept = []
        facts = (profiles[row.profile], places[row.place])
        kept.append((row.person, row.year, row.sequence, *facts, row.total, row.eligible))
    if kept:
        yield _columns(kept)


def _columns(rows: list[tuple[int, ...]]) -> list[Array]:
    return list(np.array(rows, dtype=np.int64).T)


def _table(columns: list[Array]) -> Any:
    arrays = [pa.array(column).cast(field.type) for column, field in zip(columns, _SCHEMA, strict=True)]
    return pa.Table.from_arrays(arrays, schema=_SCHEMA)


def _changes(person: Array, year: Array) -> Array:
    """Where a person-year begins."""
    begins = np.ones(len(person), dtype=bool)
    begins[1:] = (person[1:] != person[:-1]) | (year[1:] != year[:-1])
    return np.flatnonzero(begins).astype(np.int64)


class Snapshot:
    """A file opened for reading; each thread opens its own."""

    def __init__(self, path: Path) -> None:
        try:
            self._file = pq.ParquetFile(path)
        except (OSError, pa.ArrowInvalid):
            raise BusinessError("simulation.snapshot_gone", "快照文件不在或读不出，请重新生成快照。") from None
        metadata = self._file.metadata.metadata or {}
        if metadata.get(b"format") != _FORMAT:
            raise BusinessError("simulation.snapshot_format", "快照由另一版程序生成，请重新生成快照。")
        profiles, places = json.loads(metadata[b"facts"])
        self.profiles: list[tuple[str, ...]] = [tuple(profile) for profile in profiles]
        self.places: list[tuple[str, ...]] = [tuple(place) for place in places]
        self.groups: int = self._file.num_row_groups

    def block(self, number: int) -> Block:
        """The claims of one row group."""
        table = self._file.read_row_group(number, use_threads=False)
        person, year, profile, place, total, eligible = (
            table[name].to_numpy().astype(np.int64, copy=False)
            for name in ("person", "year", "profile", "place", "total", "eligible")
        )
        starts = np.append(_changes(person, year), len(person)).astype(np.int64)
        return Block(starts, person, profile, place, total, eligible)
