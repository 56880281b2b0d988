"""The collector of cycles rests inside, and works again afterwards, also after a fault."""

from __future__ import annotations

import gc

import pytest

from bureau.kernel.bulk import collector_resting


def test_the_collector_rests_and_works_again_after_a_fault() -> None:
    with pytest.raises(ZeroDivisionError), collector_resting():
        assert not gc.isenabled()
        _ = 1 / 0
    assert gc.isenabled()


def test_the_inner_of_two_leaves_it_resting() -> None:
    with collector_resting():
        with collector_resting():
            pass
        assert not gc.isenabled()
    assert gc.isenabled()
