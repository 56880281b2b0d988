"""Identifiers that carry their own check: GB 11643 resident IDs, GB 32100 credit codes, disability certificates,
institution codes; the repairs that foreign files need, and the masks under which staff see them (decision 25)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from operator import mul

from bureau.kernel.errors import BusinessError
from bureau.kernel.terms import Term

_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECK = "10X98765432"
_ID_18 = re.compile(r"[0-9]{17}[0-9X]")
_ID_15 = re.compile(r"[0-9]{15}")
_CERTIFICATE = re.compile(r"([0-9]{17}[0-9X])([1-7])([1-4])")

_CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CREDIT_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))
_CREDIT_CODE = re.compile(rf"[{_CREDIT_ALPHABET}]{{2}}[0-9]{{6}}[{_CREDIT_ALPHABET}]{{10}}")
_INSTITUTION_CODE = re.compile(r"[HP][0-9]{11}")

# Provinces of GB/T 2260; 81-83 are the residence permits of Hong Kong, Macao and Taiwan. Abolished counties stay
# in the numbers of the people born there, so nothing finer is checked.
_PROVINCES = frozenset(
    f"{first}{second}"
    for first, seconds in enumerate(("12345", "123", "1234567", "123456", "01234", "12345", "1", "123"), 1)
    for second in seconds
)

_FULL_WIDTH = {ord("０") + digit: str(digit) for digit in range(10)}
_ZERO_WIDTH = re.compile(
    "[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufe00-\ufe0f\ufeff]"
)
_SPACES = re.compile(r"\s+")
_APOSTROPHES = "'’‘＇`´"
# What people type for a final X: lower case, full width, Cyrillic, Greek, the multiplication sign.
_X_LIKE = "xｘＸХхΧχ×"
_DOTS = str.maketrans(dict.fromkeys("•・‧∙⋅․●｡•", "·"))
_IDEOGRAPH = "\u3400-\u9fff\uf900-\ufaff\ue000-\uf8ff\U00020000-\U0003ffff"
_PLAIN_NAME = re.compile(rf"[{_IDEOGRAPH}]+")
_SPACE_BY_IDEOGRAPH = re.compile(rf"(?<=[{_IDEOGRAPH}·])\s+|\s+(?=[{_IDEOGRAPH}·])")
_STOP_IN_NAME = re.compile(rf"(?<=[{_IDEOGRAPH}])[.．](?=[{_IDEOGRAPH}])")

_SHORTEST_NUMBER = 11
# A birth date tells an ID from a long claim number, 62 a bank card, and no code of ours begins with a bare digit.
_DAY = "(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])"
_NUMBER_WITHIN = re.compile(
    rf"(?<![0-9A-Za-z])(?:[0-9]{{6}}(?:18|19|20)[0-9]{{2}}{_DAY}[0-9]{{3}}[0-9Xx](?:[0-9]{{2}})?|[0-9]{{8}}{_DAY}[0-9]{{3}}"
    r"|62[0-9]{14,17}|1[3-9][0-9]{9})(?![0-9A-Za-z])"
)

_COMPOUND_SURNAMES = frozenset(
    re.findall(
        "..",
        "欧阳司马上官诸葛东方皇甫尉迟公孙慕容令狐宇文长孙司徒司空夏侯轩辕端木"
        "百里南宫申屠独孤西门呼延闻人澹台钟离淳于单于赫连濮阳太史仲孙万俟拓跋",
    )
)


class Gender(Term):
    """性别，取自身份证号第 17 位。"""

    MALE = "male", "男"
    FEMALE = "female", "女"


class Repair(Term):
    """对原文做过的修补，逐项告知经办人。"""

    SPACES = "spaces", "去除空格"
    ZERO_WIDTH = "zero_width", "去除不可见字符"
    APOSTROPHE = "apostrophe", "去除前导撇号"
    FULL_WIDTH = "full_width", "全角数字改为半角"
    LETTER_X = "letter_x", "末位字母改为大写 X"
    MIDDLE_DOT = "middle_dot", "统一间隔号"
    FROM_15 = "from_15", "15 位号码升为 18 位"


class DisabilityKind(Term):
    """残疾类别，残疾人证第 19 位。"""

    VISUAL = "1", "视力"
    HEARING = "2", "听力"
    SPEECH = "3", "言语"
    PHYSICAL = "4", "肢体"
    INTELLECTUAL = "5", "智力"
    MENTAL = "6", "精神"
    MULTIPLE = "7", "多重"


@dataclass(frozen=True, slots=True)
class Repaired:
    """A cleaned value and what was done to it."""

    value: str
    repairs: tuple[Repair, ...] = ()


@dataclass(frozen=True, slots=True)
class Certificate:
    """A 20-digit 残疾人证号, taken apart; level 1 is the most severe."""

    id_number: str
    kind: DisabilityKind
    level: int


# Resident ID


def id_check_character(first_17: str) -> str:
    """The 18th character for the 17 before it."""
    if len(first_17) != len(_ID_WEIGHTS):
        raise ValueError("the check character is that of 17 digits")
    return _ID_CHECK[sum(map(mul, _ID_WEIGHTS, map(int, first_17))) % 11]


def repair_id(text: str) -> Repaired:
    """Remove what never belongs to an ID; nothing is guessed and no digit changes its value."""
    if _ID_18.fullmatch(text):
        return Repaired(text)
    repairs: list[Repair] = []
    value = _ZERO_WIDTH.sub("", text)
    if value != text:
        repairs.append(Repair.ZERO_WIDTH)
    value, before = _SPACES.sub("", value), value
    if value != before:
        repairs.append(Repair.SPACES)
    value, before = value.lstrip(_APOSTROPHES), value
    if value != before:
        repairs.append(Repair.APOSTROPHE)
    value, before = value.translate(_FULL_WIDTH), value
    if value != before:
        repairs.append(Repair.FULL_WIDTH)
    # Only where an X can stand: the 18th place, also of a certificate.
    if len(value) in (18, 20) and value[17] in _X_LIKE:
        value = f"{value[:17]}X{value[18:]}"
        repairs.append(Repair.LETTER_X)
    return Repaired(value, tuple(repairs))


def check_id(number: str, *, today: date) -> str:
    """Give back an 18-character ID that passes GB 11643, or raise `identity.missing|length|characters|checksum|…`.

    The checksum is examined before the birth date: a mistyped digit is called what it is.
    """
    if not number:
        raise BusinessError("identity.missing", "没有身份证号，请补填。")
    if len(number) != 18:
        raise BusinessError("identity.length", f"身份证号是 {len(number)} 位，应为 18 位。")
    if _ID_18.fullmatch(number) is None:
        raise BusinessError("identity.characters", "身份证号含有数字和末位 X 以外的字符，请核对。")
    if id_check_character(number[:17]) != number[17]:
        raise BusinessError("identity.checksum", "身份证号的校验位不对，至少有一位写错，请核对证件。")
    try:
        born = birth_date(number)
    except ValueError:
        raise BusinessError("identity.birthdate", "身份证号中的出生日期不存在，请核对证件。") from None
    if born > today:
        raise BusinessError("identity.birthdate", f"身份证号中的出生日期 {born} 晚于 {today}，请核对证件。")
    if not _is_plausible_region(number[:6]):
        raise BusinessError("identity.region", "身份证号的前两位不是任何省份的代码，请核对证件。")
    return number


def from_15(number: str) -> str:
    """The 18-character form of a first-generation ID; its holders were all born in the 20th century."""
    if _ID_15.fullmatch(number) is None:
        raise BusinessError("identity.length", "不是 15 位数字的旧身份证号。")
    first_17 = f"{number[:6]}19{number[6:]}"
    return first_17 + id_check_character(first_17)


def read_id(text: str, *, today: date) -> Repaired:
    """An ID as it stands in a foreign file: repaired, raised from 15 to 18, checked."""
    repaired = repair_id(text)
    if _ID_15.fullmatch(repaired.value):
        return Repaired(check_id(from_15(repaired.value), today=today), (*repaired.repairs, Repair.FROM_15))
    check_id(repaired.value, today=today)
    return repaired


def read_certificate(number: str, *, today: date) -> Certificate | None:
    """A (repaired) 残疾人证号 taken apart; None if it has not the shape of one; a wrong ID inside it raises."""
    match = _CERTIFICATE.fullmatch(number)
    if match is None:
        return None
    return Certificate(check_id(match[1], today=today), DisabilityKind(match[2]), int(match[3]))


def birth_date(number: str) -> date:
    """Of an 18-character ID; `ValueError` where the day does not exist."""
    return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))


def gender(number: str) -> Gender:
    return Gender.MALE if int(number[16]) % 2 else Gender.FEMALE


def age_on(number: str, day: date) -> int:
    """Full years on a day; who was born on 29 February grows older on 1 March in common years."""
    born = birth_date(number)
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def _is_plausible_region(region: str) -> bool:
    # 9 opens the identity cards of foreign permanent residents, whose next two digits are the province.
    return region[:2] in _PROVINCES or (region[0] == "9" and region[1:3] in _PROVINCES)


# Names


def repair_name(text: str) -> Repaired:
    """A name as people are called: no stray spaces (Latin names keep one between words), one middle dot."""
    if _PLAIN_NAME.fullmatch(text):
        return Repaired(text)
    repairs: list[Repair] = []
    value = _ZERO_WIDTH.sub("", text)
    if value != text:
        repairs.append(Repair.ZERO_WIDTH)
    value, before = _SPACES.sub(" ", _SPACE_BY_IDEOGRAPH.sub("", value)).strip(), value
    if value != before:
        repairs.append(Repair.SPACES)
    value, before = _STOP_IN_NAME.sub("·", value.translate(_DOTS)), value
    if value != before:
        # A variant dot may have shielded spaces beside it.
        value = _SPACE_BY_IDEOGRAPH.sub("", value)
        repairs.append(Repair.MIDDLE_DOT)
    return Repaired(value, tuple(repairs))


# Organizations


def check_credit_code(code: str) -> str:
    """Give back an 18-character 统一社会信用代码 that passes GB 32100, or raise `identity.credit_code`."""
    if _CREDIT_CODE.fullmatch(code) is None:
        raise BusinessError(
            "identity.credit_code",
            "统一社会信用代码应为 18 位数字或大写字母（不含 I、O、S、V、Z），第 3 至 8 位为区划数字。",
        )
    total = sum(weight * _CREDIT_ALPHABET.index(sign) for weight, sign in zip(_CREDIT_WEIGHTS, code, strict=False))
    if _CREDIT_ALPHABET[-total % 31] != code[17]:
        raise BusinessError("identity.credit_code", "统一社会信用代码的校验位不对，请核对证照。")
    return code


def check_institution_code(code: str) -> str:
    """Give back an H (hospital) or P (pharmacy) + 6 region + 5 sequence code, or raise `identity.institution_code`."""
    if _INSTITUTION_CODE.fullmatch(code) is None or code[1:3] not in _PROVINCES:
        raise BusinessError(
            "identity.institution_code", "机构编码应为 H（医疗机构）或 P（零售药店）加 6 位区划、5 位序号。"
        )
    return code


# Masks


def mask_id(number: str) -> str:
    """First 3 and last 4: 330***********123X. What is shorter than an old ID is not shown at all."""
    if len(number) < 15:
        return "*" * len(number)
    return f"{number[:3]}{'*' * (len(number) - 7)}{number[-4:]}"


def mask_name(name: str) -> str:
    """The surname stays: 张*, 欧阳**."""
    shown = 2 if len(name) > 2 and name[:2] in _COMPOUND_SURNAMES else 1
    return name[:shown] + "*" * (len(name) - shown)


def mask_phone(phone: str) -> str:
    """138****1234; of anything but a mobile number the last 4 at most."""
    if len(phone) == 11 and phone.isascii() and phone.isdigit():
        return f"{phone[:3]}****{phone[-4:]}"
    return _last_4(phone)


def mask_within(text: str) -> str:
    """A sentence or a cell in which whatever looks like an ID, a mobile number or an account is masked."""
    if len(text) < _SHORTEST_NUMBER:
        return text
    return _NUMBER_WITHIN.sub(lambda found: mask_phone(found[0]) if len(found[0]) == 11 else mask_id(found[0]), text)


def mask_account(account: str) -> str:
    """A bank account by its last 4 digits."""
    return _last_4(account)


def _last_4(text: str) -> str:
    return "*" * (len(text) - 4) + text[-4:] if len(text) >= 8 else "*" * len(text)
