"""Passwords that somebody who knows the bureau would try first (the list that ASVS 6.1.2 asks for)."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from bureau.organization.terms import AreaLevel, Duty, OfficeKind

if TYPE_CHECKING:
    from collections.abc import Iterable

# What the portal, its trade and its people are called; the names of areas are added by `services.passwords`.
WORDS: tuple[str, ...] = (
    "医疗保障", "医疗保险", "医保", "社保", "人社", "救助", "结算", "经办", "门户", "医院", "药店", "密码", "管理员",
    "yiliaobaozhang", "yiliao", "baozhang", "yibao", "yibaoju", "shebao", "renshe", "jiuzhu", "jiesuan", "jingban",
    "menhu", "yiyuan", "yaodian", "mima", "guanliyuan", "zonghe", "guiyuan", "chushen", "fushen", "zhongshen",
    "kuaiji", "chuna", "jihe", "lingdao", "zhengce", "shenji", "anquan", "xitong",
    "medical", "insurance", "bureau", "portal", "hospital", "clerk", "counter", "relief", "finance", "cashier",
    "leader", "audit", "security", "system", "trail", "admin", "password", "passwd", "welcome",
    *(duty.label for duty in Duty), *(kind.label for kind in OfficeKind), *(level.label for level in AreaLevel),
)  # fmt: skip
# So much must be left beside the listed words: what ASVS 6.2.1 takes for the shortest password of all.
SHORTEST_REST = 8
_LOOKALIKES = str.maketrans("0134578@$!", "oieastbasi")


def listed_words(password: str, words: Iterable[str] = ()) -> list[str]:
    """The listed words that a password rests upon: those in it, where too little else is; the longest first."""
    text = _bare(password)
    found = []
    for word in sorted({_bare(one) for one in (*WORDS, *words)}, key=lambda one: (-len(one), one)):
        if len(word) > 1 and word in text:
            found.append(word)
            # A gap, so that what stood on both sides does not grow together into another word.
            text = text.replace(word, " ")
    return found if found and len(text.replace(" ", "")) < SHORTEST_REST else []


def roots(password: str) -> set[str]:
    """What a password comes from: the word within digits and signs, with its letters put back, or its first half."""
    plain = unicodedata.normalize("NFKC", password).casefold()
    found = {plain, plain.strip("".join(sign for sign in plain if not sign.isalpha()))}
    found |= {text.translate(_LOOKALIKES) for text in found}
    found |= {text[: len(text) // 2] for text in found if text[: len(text) // 2] * 2 == text}
    return {text for text in found if len(text) > 2}


def _bare(text: str) -> str:
    """Letters and digits alone, small."""
    return "".join(sign for sign in unicodedata.normalize("NFKC", text).casefold() if sign.isalnum())
