"""What can be wrong with a pack: every fault names the file and the line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bureau.kernel.errors import BusinessError

SHOWN = 20


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where in the packs something stands."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file} 第 {self.line} 行"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong: a stable code, where it stands, and a Chinese sentence."""

    code: str
    place: Place
    message: str

    def __str__(self) -> str:
        return f"{self.place}：{self.message}[{self.code}]"


class PackError(BusinessError):
    """A set of packs that must not be used; `faults` holds all that was found."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        lines = [str(fault) for fault in self.faults[:SHOWN]]
        if len(self.faults) > SHOWN:
            lines.append(f"……另有 {len(self.faults) - SHOWN} 处")
        super().__init__(self.faults[0].code, "\n".join(lines))

    def __str__(self) -> str:
        return self.message


def fail(code: str, place: Place, message: str) -> PackError:
    """The error of one fault."""
    return PackError([Fault(code, place, message)])
