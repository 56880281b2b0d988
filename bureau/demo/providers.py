"""Invented institutions in real areas: what they may do, since when, and where their money goes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bureau.demo.areas import NAMES, YOUXIAN, towns
from bureau.demo.seeds import stream
from bureau.kernel.errors import BusinessError
from bureau.kernel.identity import check_credit_code
from bureau.kernel.terms import Level
from institutions.terms import Capability

AGREED = date(2022, 1, 1)

_CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_EVERYTHING = (
    Capability.OUTPATIENT_POOLING,
    Capability.CHRONIC,
    Capability.DIALYSIS,
    Capability.INPATIENT,
    Capability.MATERNITY,
)
_WARD = (Capability.OUTPATIENT_POOLING, Capability.CHRONIC, Capability.INPATIENT)
_WARD_AND_BIRTHS = (*_WARD, Capability.MATERNITY)
_PRACTICE = (Capability.OUTPATIENT_POOLING,)
_DUAL_CHANNEL = (Capability.OUTPATIENT_POOLING, Capability.CHRONIC)


@dataclass(frozen=True, slots=True)
class Provider:
    """One institution; an outside one has no agreement with us (decision 14)."""

    code: str
    name: str
    level: Level
    area: str
    capabilities: tuple[Capability, ...]
    credit_code: str
    bank_name: str
    bank_account: str
    is_outside: bool = False
    agreed_from: date = AGREED
    agreed_until: date | None = None
    suspended_because: str = ""

    @property
    def county(self) -> str:
        return self.area[:6]

    def has_agreement_throughout(self, first: date, last: date) -> bool:
        """Whether its claims of the whole period are payable; outside the pool no agreement is asked for."""
        if self.is_outside:
            return True
        return self.agreed_from <= first and (self.agreed_until is None or self.agreed_until > last)


@dataclass(frozen=True, slots=True)
class _Sign:
    """What is written above the door."""

    area: str
    name: str
    level: Level
    capabilities: tuple[Capability, ...]


_TOWN_HOSPITALS = tuple(
    _Sign(
        town,
        f"{NAMES[town]}春晖卫生院" if NAMES[town].endswith("镇") else f"{NAMES[town]}春晖社区卫生服务中心",
        Level.PRIMARY,
        _WARD,
    )
    for town in towns(YOUXIAN)
)
_SIGNS = (
    _Sign("510704003", "青杏湾医院", Level.TERTIARY, _EVERYTHING),
    _Sign("510704001", "芙蓉溪综合医院", Level.SECONDARY, _EVERYTHING),
    _Sign("510704104", "白鹭医院", Level.SECONDARY, _WARD_AND_BIRTHS),
    *_TOWN_HOSPITALS,
    _Sign("510704001", "杏林南巷诊所", Level.PRIMARY, _PRACTICE),
    _Sign("510704003", "清和口腔门诊部", Level.PRIMARY, _PRACTICE),
    _Sign("510704121", "云樟康复医院", Level.PRIMARY, _WARD),
    _Sign("510703001", "越王台医院", Level.TERTIARY, _EVERYTHING),
    _Sign("510703006", "西蜀示范医院", Level.TERTIARY, _EVERYTHING),
    _Sign("510703013", "塘汛春晖社区卫生服务中心", Level.PRIMARY, _WARD),
    _Sign("510781006", "匡山医院", Level.SECONDARY, _EVERYTHING),
    _Sign("510781107", "武都春晖卫生院", Level.PRIMARY, _WARD),
    _Sign("510722", "梓江医院", Level.SECONDARY, _WARD_AND_BIRTHS),
    _Sign("510705", "花荄河医院", Level.SECONDARY, _WARD_AND_BIRTHS),
    _Sign("510704001", "青杏大药房涪江店", Level.PHARMACY, _DUAL_CHANNEL),
    _Sign("510704003", "青杏大药房富乐店", Level.PHARMACY, _DUAL_CHANNEL),
    _Sign("510704004", "安和药房游仙店", Level.PHARMACY, _DUAL_CHANNEL),
    _Sign("510704121", "安和药房小枧店", Level.PHARMACY, _PRACTICE),
    _Sign("510704104", "安和药房魏城店", Level.PHARMACY, _PRACTICE),
    _Sign("510704102", "新桥惠民药房", Level.PHARMACY, _PRACTICE),
    _Sign("510703001", "青杏大药房城厢店", Level.PHARMACY, _DUAL_CHANNEL),
    _Sign("510781006", "中坝惠民药房", Level.PHARMACY, _PRACTICE),
)
_OUTSIDE_SIGNS = (
    _Sign("510100", "锦水示范医院（成都）", Level.TERTIARY, _EVERYTHING),
    _Sign("510100", "浣花示范医院（成都）", Level.SECONDARY, _EVERYTHING),
    _Sign("510800", "嘉陵示范医院（广元）", Level.SECONDARY, _EVERYTHING),
    _Sign("500100", "南山示范医院（重庆）", Level.TERTIARY, _EVERYTHING),
    _Sign("440100", "珠江示范医院（广州）", Level.TERTIARY, _EVERYTHING),
)
# Two whose agreements do not cover all months: one signs late, one is suspended in April.
_NEWCOMER = "新桥惠民药房"
_SUSPENDED = "清和口腔门诊部"


def providers(seed: int) -> list[Provider]:
    """All institutions, the outside ones last."""
    chance = stream(seed, "providers")
    found: list[Provider] = []
    for number, sign in enumerate((*_SIGNS, *_OUTSIDE_SIGNS), start=1):
        region = sign.area[:6]
        letter = "P" if sign.level is Level.PHARMACY else "H"
        organization = f"MA{chance.randrange(10**7):07d}"
        found.append(
            Provider(
                # Sequences from 90001 on are given out to nobody.
                code=f"{letter}{region}{90_000 + number:05d}",
                name=sign.name,
                level=sign.level,
                area=sign.area,
                capabilities=sign.capabilities,
                credit_code=_credit_code(f"{'91' if letter == 'P' else '52'}{region}{organization}"),
                bank_name=f"示范银行{NAMES[region].removesuffix('市')}支行",
                bank_account=f"9{chance.randrange(10**18):018d}",
                is_outside=sign in _OUTSIDE_SIGNS,
                agreed_from=date(2023, 3, 1) if sign.name == _NEWCOMER else AGREED,
                agreed_until=date(2023, 4, 16) if sign.name == _SUSPENDED else None,
                suspended_because="未按规定上传处方，责令整改" if sign.name == _SUSPENDED else "",
            )
        )
    return found


def _credit_code(first_17: str) -> str:
    for sign in _CREDIT_ALPHABET:
        try:
            return check_credit_code(first_17 + sign)
        except BusinessError:
            continue
    raise ValueError(first_17)
