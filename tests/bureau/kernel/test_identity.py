"""Identifiers: the vectors of the standards, the repairs, the masks. All people are invented."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bureau.kernel import identity
from bureau.kernel.errors import BusinessError
from bureau.kernel.identity import DisabilityKind, Gender, Repair

TODAY = date(2023, 5, 31)
VALID = [
    "11010519491231002X",
    "440524188001010014",
    "330122198803051239",
    "330127195507120461",
    "330182200102280078",
    "220102197601013335",
    "330326199009094582",
    "510704196310050216",
]


@st.composite
def id_numbers(draw: st.DrawFn) -> str:
    region = draw(st.sampled_from(["510704", "330122", "110105", "830000", "650102"]))
    born = draw(st.dates(date(1900, 1, 1), TODAY))
    first_17 = f"{region}{born:%Y%m%d}{draw(st.integers(0, 999)):03d}"
    return first_17 + identity.id_check_character(first_17)


def refusal(number: str) -> str:
    with pytest.raises(BusinessError) as caught:
        identity.check_id(number, today=TODAY)
    return caught.value.code


@pytest.mark.parametrize("number", VALID)
def test_accepts_the_published_numbers(number: str) -> None:
    assert identity.check_id(number, today=TODAY) == number


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("", "identity.missing"),
        ("51070419721216149", "identity.length"),
        ("3301221988030512399", "identity.length"),
        ("33012219880305123x", "identity.characters"),
        ("３３0122198803051239", "identity.characters"),
        ("330122198803051238", "identity.checksum"),
        # Both pass the check digit: 30 February, and a day after today.
        ("330122198802301237", "identity.birthdate"),
        ("510704202306010013", "identity.birthdate"),
        ("000704196310050217", "identity.region"),
    ],
)
def test_says_what_is_wrong_with_a_number(number: str, code: str) -> None:
    if len(number) == 18 and code in ("identity.birthdate", "identity.region"):
        number = number[:17] + identity.id_check_character(number[:17])
    assert refusal(number) == code


@given(id_numbers(), st.integers(0, 17), st.sampled_from("0123456789X"))
def test_any_single_wrong_character_is_detected(number: str, place: int, sign: str) -> None:
    wrong = number[:place] + sign + number[place + 1 :]
    if wrong == number:
        identity.check_id(number, today=TODAY)
    else:
        assert refusal(wrong) in ("identity.checksum", "identity.characters")


@given(id_numbers(), st.integers(0, 15))
def test_any_two_swapped_neighbors_are_detected(number: str, place: int) -> None:
    wrong = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    if wrong != number:
        assert refusal(wrong) == "identity.checksum"


def test_an_old_number_grows_to_18() -> None:
    assert identity.from_15("330122880305123") == "330122198803051239"
    read = identity.read_id("330122880305123", today=TODAY)
    assert (read.value, read.repairs) == ("330122198803051239", (Repair.FROM_15,))


@given(id_numbers().filter(lambda number: number[6:8] == "19"))
def test_every_old_number_grows_to_the_one_that_it_came_from(number: str) -> None:
    assert identity.from_15(number[:6] + number[8:17]) == number


def test_an_old_number_with_an_impossible_birthday_is_refused() -> None:
    with pytest.raises(BusinessError, match="出生日期不存在"):
        identity.read_id("330122880230123", today=TODAY)


@pytest.mark.parametrize(
    ("text", "repairs"),
    [
        ("５１０７０４１９８３０９２３４８５０", [Repair.FULL_WIDTH]),
        (" 510704 198309234850\u200b", [Repair.ZERO_WIDTH, Repair.SPACES]),
        ("510704\u00a0198309234850\u3000", [Repair.SPACES]),
        ("'510704198309234850", [Repair.APOSTROPHE]),
        ("\ufeff510704198309234850\n", [Repair.ZERO_WIDTH, Repair.SPACES]),
        ("510704198309234850", []),
    ],
)
def test_repairs_what_offices_type(text: str, repairs: list[Repair]) -> None:
    assert identity.repair_id(text) == identity.Repaired("510704198309234850", tuple(repairs))


@pytest.mark.parametrize("last", ["x", "ｘ", "Ｘ", "х", "Х", "×"])
def test_every_kind_of_final_x_becomes_the_right_one(last: str) -> None:
    assert identity.repair_id(f"11010519491231002{last}") == identity.Repaired("11010519491231002X", (Repair.LETTER_X,))


@given(st.text(max_size=30))
def test_repairing_twice_is_repairing_once(text: str) -> None:
    once = identity.repair_id(text).value
    assert identity.repair_id(once) == identity.Repaired(once)
    name = identity.repair_name(text).value
    assert identity.repair_name(name) == identity.Repaired(name)


def test_knows_birthday_gender_and_age() -> None:
    number = "330182200102280078"
    assert identity.birth_date(number) == date(2001, 2, 28)
    assert identity.gender(number) is Gender.MALE
    assert identity.gender("11010519491231002X") is Gender.FEMALE
    assert [identity.age_on(number, date(2023, 2, day)) for day in (27, 28)] == [21, 22]


def test_who_was_born_on_a_leap_day_grows_older_in_march() -> None:
    number = "510704200002290010"
    assert identity.age_on(number, date(2023, 2, 28)) == 22
    assert identity.age_on(number, date(2023, 3, 1)) == 23
    assert identity.age_on(number, date(2024, 2, 29)) == 24


def test_takes_a_disability_certificate_apart() -> None:
    certificate = identity.read_certificate("33012219880305123942", today=TODAY)
    assert certificate == identity.Certificate("330122198803051239", DisabilityKind.PHYSICAL, 2)
    assert identity.repair_id("11010519491231002x41").value == "11010519491231002X41"
    assert identity.read_certificate("33012219880305123945", today=TODAY) is None
    assert identity.read_certificate("330122198803051239", today=TODAY) is None
    with pytest.raises(BusinessError, match="校验位"):
        identity.read_certificate("33012219880305123842", today=TODAY)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("杨\u3000勇", "杨勇"),
        (" 张 三 丰 ", "张三丰"),
        ("艾力•买买提", "艾力·买买提"),
        ("艾力 ・ 买买提", "艾力·买买提"),
        ("艾力.买买提", "艾力·买买提"),
        ("徐\u200b翀", "徐翀"),
        ("徐𬱖", "徐𬱖"),
        ("John  Smith", "John Smith"),
    ],
)
def test_names_lose_stray_spaces_and_keep_one_kind_of_dot(text: str, name: str) -> None:
    repaired = identity.repair_name(text)
    assert repaired.value == name
    assert bool(repaired.repairs) == (text != name)


@pytest.mark.parametrize(
    "code",
    ["91350100M000100Y43", "11330300MB1685697R", "123301224700123451", "91330300MA2ABCDE01", "12510704MB12345679"],
)
def test_accepts_credit_codes_and_detects_every_wrong_character(code: str) -> None:
    assert identity.check_credit_code(code) == code
    for place in range(18):
        for sign in "0123456789ABCDEFGHJKLMNPQRTUWXYIOSVZ":
            if sign != code[place]:
                with pytest.raises(BusinessError, match=r"identity\.credit_code"):
                    identity.check_credit_code(code[:place] + sign + code[place + 1 :])


def test_institution_codes_are_h_or_p_with_11_digits() -> None:
    assert identity.check_institution_code("H44020300006") == "H44020300006"
    assert identity.check_institution_code("P51070400012") == "P51070400012"
    for wrong in ("D51070400012", "H5107040001", "H510704000123", "h51070400012", "H００0704000１2", "H00070400012"):
        with pytest.raises(BusinessError, match="机构编码应为"):
            identity.check_institution_code(wrong)


def test_masks_show_what_staff_may_see() -> None:
    assert identity.mask_id("33012219880305123X") == "330***********123X"
    assert identity.mask_id("330122880305123") == "330********5123"
    assert [identity.mask_name(name) for name in ("张三", "欧阳修文", "欧阳", "王", "艾力·买买提", "")] == [
        "张*",
        "欧阳**",
        "欧*",
        "王",
        "艾*****",
        "",
    ]
    assert identity.mask_phone("13812341234") == "138****1234"
    assert identity.mask_phone("0816-2345678") == "********5678"
    assert identity.mask_account("6228480402564890018") == "***************0018"


@given(st.text("0123456789X", max_size=40))
def test_a_mask_never_leaks_more_than_seven_characters(text: str) -> None:
    for mask in (identity.mask_id, identity.mask_phone, identity.mask_account):
        masked = mask(text)
        assert len(masked) == len(text)
        assert sum(sign != "*" for sign in masked) <= 7
        assert not text or len(text) > 7 or set(masked) == {"*"}


def test_an_age_never_falls(number: str = "510704196310050216") -> None:
    ages = [identity.age_on(number, date(2023, 1, 1) + timedelta(days=day)) for day in range(400)]
    assert ages == sorted(ages)
    assert (ages[0], ages[-1]) == (59, 60)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("核对51070419760824187x的登记", "核对510***********187x的登记"),
        ("电话 13912345678。", "电话 139****5678。"),
        ("旧证 510704760824187", "旧证 510********4187"),
        ("卡 6222021234567890123", "卡 622************0123"),
        ("付款单 FK-202305-H13900000001-employee_pool", "付款单 FK-202305-H13900000001-employee_pool"),
        ("单据 2023999900001234 指纹 fd0f589da104", "单据 2023999900001234 指纹 fd0f589da104"),
    ],
)
def test_numbers_of_people_within_a_sentence_are_masked_and_others_left(typed: str, kept: str) -> None:
    assert identity.mask_within(typed) == kept
