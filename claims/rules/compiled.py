"""The kernel compiled by numba: the same source, its helpers compiled first. Never imported by the web process.

The machine code is kept on disk under a name that follows from the sources: it survives restarts and is never stale.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from types import FunctionType
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from bureau.kernel import money
from bureau.kernel.errors import BusinessError
from bureau.policy.rules import layout
from claims.rules import kernel

Array: TypeAlias = NDArray[np.int64]
RunYears: TypeAlias = Callable[[Array, Array, Array, Array, Array, Array, Array], None]

_COMPILED: dict[Path | None, RunYears] = {}


def run_years(cache: Path | None) -> RunYears:
    """`kernel.run_years` compiled, its machine code kept under `cache`; `claim.no_compiler` where numba is absent."""
    if cache not in _COMPILED:
        _COMPILED[cache] = _compile(cache)
    return _COMPILED[cache]


def fingerprint(versions: str) -> str:
    """What the machine code depends on and numba does not look at: every source with a constant or helper in it."""
    digest = hashlib.sha256(versions.encode())
    for module in (kernel, layout, money, sys.modules[__name__]):
        digest.update(Path(str(module.__file__)).read_bytes())
    return digest.hexdigest()[:16]


def _compile(cache: Path | None) -> RunYears:
    try:
        import numba
    except ImportError:
        raise BusinessError("claim.no_compiler", "没有安装 numba，不能编译计算。") from None
    versions = f"{sys.version} numba {numba.__version__} numpy {np.__version__}"
    folder = None if cache is None else cache / fingerprint(versions)
    if folder is not None and not _writable(folder):
        folder = None
    # Calls between compiled functions count references of every array; written into one another they do not.
    jit = numba.njit(inline="always")
    round_half_up = jit(money.round_half_up)
    scale = jit(_with(kernel.scale, {"round_half_up": round_half_up}))
    year = jit(_with(kernel.run_year, {"round_half_up": round_half_up, "scale": scale}))
    years = _with(kernel.run_years, {"run_year": year})
    settings: Any = numba.config
    former, settings.CACHE_DIR = settings.CACHE_DIR, "" if folder is None else str(folder)
    try:
        compiled: RunYears = numba.njit(_SIGNATURE, nogil=True, cache=folder is not None)(years)
    finally:
        settings.CACHE_DIR = former
    return compiled


# Seven one-dimensional, contiguous int64 arrays: compiled (or read from disk) at once, not at the first call.
_SIGNATURE = f"void({', '.join(['int64[::1]'] * 7)})"


def _with(function: Callable[..., Any], helpers: Mapping[str, object]) -> Callable[..., Any]:
    """The same function, its calls of plain helpers led to compiled ones."""
    if not isinstance(function, FunctionType):
        raise TypeError(function)
    return FunctionType(function.__code__, {**function.__globals__, **helpers}, function.__name__)


def _writable(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / ".probe"
        probe.touch()
        probe.unlink(missing_ok=True)
    except OSError:
        return False
    return True
