"""Real areas (GB/T 2260, towns with nine digits): Mianyang with its counties, the towns of three of them, and the
cities to which its people go for treatment."""

from __future__ import annotations

from typing import NamedTuple

from bureau.organization.terms import AreaLevel

CITY = "510700"
YOUXIAN = "510704"
JIANGYOU = "510781"


class AreaRow(NamedTuple):
    """One area; `parent` is the code of the area above it."""

    code: str
    name: str
    level: AreaLevel
    parent: str | None


_COUNTIES = {
    "510703": "涪城区",
    "510704": "游仙区",
    "510705": "安州区",
    "510722": "三台县",
    "510723": "盐亭县",
    "510725": "梓潼县",
    "510726": "北川羌族自治县",
    "510727": "平武县",
    "510781": "江油市",
}
_TOWNS = {
    "510703001": "城厢街道",
    "510703006": "普明街道",
    "510703013": "塘汛街道",
    "510703103": "青义镇",
    "510704001": "涪江街道",
    "510704003": "富乐街道",
    "510704004": "游仙街道",
    "510704102": "新桥镇",
    "510704104": "魏城镇",
    "510704105": "沉抗镇",
    "510704106": "忠兴镇",
    "510704121": "小枧镇",
    "510704122": "信义镇",
    "510704123": "仙鹤镇",
    "510704124": "盐泉镇",
    "510781006": "中坝街道",
    "510781104": "青莲镇",
    "510781107": "武都镇",
    "510781116": "厚坝镇",
}
_OUTSIDE = {
    "510100": "成都市",
    "510600": "德阳市",
    "510800": "广元市",
    "500100": "重庆市",
    "440100": "广州市",
    "310100": "上海市",
}

AREAS = (
    AreaRow(CITY, "绵阳市", AreaLevel.CITY, None),
    *(AreaRow(code, name, AreaLevel.COUNTY, CITY) for code, name in _COUNTIES.items()),
    *(AreaRow(code, name, AreaLevel.TOWN, code[:6]) for code, name in _TOWNS.items()),
    *(AreaRow(code, name, AreaLevel.OUTSIDE, None) for code, name in _OUTSIDE.items()),
)

NAMES = {area.code: area.name for area in AREAS}


def towns(county: str) -> list[str]:
    """Codes of a county's towns; the county itself where none is listed."""
    return [code for code in _TOWNS if code.startswith(county)] or [county]


def town_code(name: str, county: str) -> str:
    """The code of a town by its name, or the county's where the name is none of ours."""
    return next((code for code in towns(county) if NAMES[code] == name), county)
