"""The tallies compiled by numba, the same source; never in the web process. The kernel compiles itself."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from bureau.kernel.errors import BusinessError
from bureau.simulation.rules import tallies
from claims.rules import compiled

Function = Callable[..., None]


class Functions(NamedTuple):
    """What runs over a block: the kernel (None: plain), and the two tallies."""

    kernel: compiled.RunYears | None
    parts: Function
    changes: Function


def _plain(function: Function) -> Function:
    """The function on lists of Python integers, many times quicker than on arrays; it adds to its last two."""

    def run(*arrays: Any) -> None:
        values = [array.tolist() for array in arrays]
        function(*values)
        arrays[-2][:], arrays[-1][:] = values[-2:]

    return run


PLAIN = Functions(None, _plain(tallies.tally_parts), _plain(tallies.tally_changes))


@cache
def functions(folder: Path | None) -> Functions:
    """All three compiled, the machine code kept under `folder`; the plain ones where numba is absent."""
    try:
        kernel = compiled.run_years(folder)
    except BusinessError:
        return PLAIN
    return Functions(kernel, _compile(tallies.tally_parts, 10, folder), _compile(tallies.tally_changes, 7, folder))


def fingerprint() -> str:
    """Of the sources on which amounts and tallies depend: kept with each result."""
    digest = hashlib.sha256(compiled.fingerprint("").encode())
    digest.update(Path(str(tallies.__file__)).read_bytes())
    return digest.hexdigest()[:16]


def _compile(function: Function, arrays: int, folder: Path | None) -> Function:
    import numba

    settings: Any = numba.config
    kept = None if folder is None else folder / f"{fingerprint()}-{numba.__version__}"
    former, settings.CACHE_DIR = settings.CACHE_DIR, "" if kept is None else str(kept)
    try:
        signature = f"void({', '.join(['int64[::1]'] * arrays)})"
        compiled_function: Function = numba.njit(signature, nogil=True, cache=kept is not None)(function)
    finally:
        settings.CACHE_DIR = former
    return compiled_function
