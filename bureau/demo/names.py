"""Invented names, numbers and phones. An ID number passes its check digit, but its county is assigned to nobody."""

from __future__ import annotations

from datetime import date
from random import Random

from bureau.demo.seeds import Urn
from bureau.kernel.identity import id_check_character

# 5107 is Mianyang; 99 is no county there, so that no number here can be a living person's.
NOBODYS_COUNTY = "510799"

_SURNAMES = Urn(
    [(surname, 12) for surname in "王李张刘陈杨赵黄周吴"]
    + [(surname, 6) for surname in "徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"]
    + [
        (surname, 2)
        for surname in "苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段"
    ]
    + [(surname, 1) for surname in ("欧阳", "上官", "司马", "诸葛", "慕容")]
)
# (is male, is born before 1970) → characters of given names
_GIVEN = {
    (False, True): "秀桂英兰珍芳玉凤素淑华琼碧清群",
    (True, True): "国建德明志永福光忠贵成学文正长",
    (False, False): "婷雪静娟丽敏霞洁蕾颖琳欣怡倩梦莹薇佳晨诗",
    (True, False): "伟强军磊洋勇杰涛超斌浩鹏宇轩博俊峰凯哲睿",
}


def name(chance: Random, *, is_male: bool, born: date) -> str:
    """A surname with one or two characters, as the generation would."""
    given = _GIVEN[is_male, born.year < 1970]
    length = 1 if chance.randrange(4) == 0 else 2
    return _SURNAMES.draw(chance) + "".join(chance.choice(given) for _ in range(length))


def id_number(chance: Random, *, is_male: bool, born: date) -> str:
    """An ID number of nobody's county; the 17th digit is odd for men."""
    sequence = chance.randrange(500) * 2 + is_male
    first_17 = f"{NOBODYS_COUNTY}{born:%Y%m%d}{sequence:03d}"
    return first_17 + id_check_character(first_17)


def with_wrong_check(number: str) -> str:
    """The number with its last place miswritten, as clerks do."""
    return number[:17] + ("1" if number[17] != "1" else "2")


def phone(chance: Random) -> str:
    """Eleven digits that no operator gives out."""
    return f"100{chance.randrange(10**8):08d}"
