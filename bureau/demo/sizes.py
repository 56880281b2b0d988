"""How large the city is: size 1 is a year of Youxian as published (YX-25, YX-26), `small` is for a first look."""

from __future__ import annotations

from typing import NamedTuple

from bureau.kernel.errors import BusinessError

# Person-times of 2022: YX-25 for employees, YX-26 for residents.
_EMPLOYEE_VISITS = 310_900
_RESIDENT_VISITS = 598_200
# Not published: heads behind those visits, at some three and two visits a year.
_EMPLOYEES = 98_000
_RESIDENTS = 330_000


class Size(NamedTuple):
    """Heads, and bills a month."""

    employees: int
    residents: int
    employee_bills: int
    resident_bills: int


SMALL = Size(employees=620, residents=1_180, employee_bills=440, resident_bills=720)


def size_of(scale: str) -> Size:
    """`small`, or a share of Youxian's year such as 1 or 0.05."""
    if scale == "small":
        return SMALL
    whole, _, decimals = scale.partition(".")
    if not (whole.isdigit() and (decimals.isdigit() or not decimals) and len(decimals) <= 4):
        raise BusinessError("demo.scale", f"规模“{scale}”读不出，请写 small 或 0.001 至 10 之间的数。")
    share = int(whole) * 10_000 + int(decimals.ljust(4, "0"))
    if not 10 <= share <= 100_000:
        raise BusinessError("demo.scale", f"规模 {scale} 超出范围，请写 small 或 0.001 至 10 之间的数。")
    return Size(
        employees=_EMPLOYEES * share // 10_000,
        residents=_RESIDENTS * share // 10_000,
        employee_bills=_EMPLOYEE_VISITS * share // 120_000,
        resident_bills=_RESIDENT_VISITS * share // 120_000,
    )
