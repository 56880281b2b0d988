"""The inhabitants: births as in an inland county, coverage with its changes, recognized chronic diseases."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from bureau.demo import names
from bureau.demo.areas import JIANGYOU, YOUXIAN, towns
from bureau.demo.seeds import Urn, stream
from bureau.demo.sizes import Size
from bureau.kernel.terms import Employment, Scheme

BEGINNING = date(2023, 1, 1)

# National codes of 门诊慢特病 (M + 5 digits).
HYPERTENSION = "M03900"
DIABETES = "M01600"
CANCER = "M00503"
HEMODIALYSIS = "M07803"
TRANSPLANT = "M08300"
DISEASES = {
    HYPERTENSION: "高血压",
    DIABETES: "糖尿病",
    "M04600": "冠心病",
    "M05300": "慢性阻塞性肺疾病",
    "M05400": "支气管哮喘",
    "M04803": "脑血管病后遗症",
    "M06900": "类风湿关节炎",
    "M02300": "帕金森病",
    "M00201": "慢性乙型肝炎",
    "M07800": "慢性肾功能不全（非透析）",
    CANCER: "恶性肿瘤放化疗",
    HEMODIALYSIS: "血液透析",
    TRANSPLANT: "器官移植抗排异治疗",
}
_COMMON_DISEASES = Urn(
    [
        (HYPERTENSION, 30),
        (DIABETES, 22),
        ("M04600", 12),
        ("M05300", 12),
        ("M05400", 4),
        ("M04803", 8),
        ("M06900", 5),
        ("M02300", 2),
        ("M00201", 5),
        ("M07800", 3),
    ]
)

_COUNTIES = Urn([(YOUXIAN, 82), ("510703", 7), (JIANGYOU, 6), ("510722", 3), ("510705", 2)])
# (from age, to age), weight
_RESIDENT_AGES = Urn([((0, 6), 7), ((7, 17), 16), ((18, 39), 18), ((40, 59), 30), ((60, 74), 20), ((75, 92), 9)])
_WORKING_AGES = Urn([((22, 34), 38), ((35, 49), 40), ((50, 58), 22)])
_RETIRED_AGES = Urn([((51, 59), 20), ((60, 74), 58), ((75, 90), 22)])


@dataclass(frozen=True, slots=True)
class Stretch:
    """One stretch of coverage, half-open."""

    scheme: Scheme
    employment: str
    valid_from: date
    valid_until: date | None = None


@dataclass(frozen=True, slots=True)
class Recognition:
    """One recognized chronic disease."""

    disease_code: str
    valid_from: date


@dataclass(frozen=True, slots=True)
class Inhabitant:
    """One invented person; `has_two_diseases` stands for the public-health register (YX-20)."""

    id_number: str
    name: str
    is_male: bool
    born: date
    phone: str
    county: str
    town: str
    stretches: tuple[Stretch, ...]
    recognitions: tuple[Recognition, ...] = ()
    has_two_diseases: bool = False
    is_poor: bool = False
    is_on_roster: bool = False

    @property
    def age(self) -> int:
        """Full years at the beginning of 2023."""
        return BEGINNING.year - self.born.year - ((self.born.month, self.born.day) > (1, 1))

    def covered_throughout(self, first: date, last: date) -> Stretch | None:
        """The stretch that holds from `first` to `last`, both included."""
        for stretch in self.stretches:
            if stretch.valid_from <= first and (stretch.valid_until is None or stretch.valid_until > last):
                return stretch
        return None

    def recognized_on(self, day: date) -> set[str]:
        """Codes of the diseases recognized on the day."""
        return {recognition.disease_code for recognition in self.recognitions if recognition.valid_from <= day}


def inhabitants(seed: int, size: Size) -> list[Inhabitant]:
    """Everybody but the people of the rosters, plus a few with a file and no coverage."""
    drawn: list[Inhabitant] = []
    taken: set[str] = set()
    for kind, count in (("employees", size.employees), ("residents", size.residents), ("uninsured", 8)):
        chance = stream(seed, "people", kind)
        drawn.extend(_distinct(chance, kind, count, taken))
    return drawn


def _distinct(chance: Random, kind: str, count: int, taken: set[str]) -> Iterator[Inhabitant]:
    while count:
        person = _person(chance, kind)
        if person.id_number not in taken:
            taken.add(person.id_number)
            count -= 1
            yield person


def _person(chance: Random, kind: str) -> Inhabitant:
    is_retired = kind == "employees" and chance.randrange(100) < 34
    working = _RETIRED_AGES if is_retired else _WORKING_AGES
    youngest, oldest = (working if kind == "employees" else _RESIDENT_AGES).draw(chance)
    born = BEGINNING - timedelta(days=chance.randint(youngest * 366, oldest * 365 + 364))
    is_male = chance.randrange(2) == 0
    county = _COUNTIES.draw(chance)
    person = Inhabitant(
        id_number=names.id_number(chance, is_male=is_male, born=born),
        name=names.name(chance, is_male=is_male, born=born),
        is_male=is_male,
        born=born,
        phone=names.phone(chance),
        county=county,
        town=chance.choice(towns(county)),
        stretches=_stretches(chance, kind, is_retired=is_retired),
        is_poor=kind == "residents" and chance.randrange(100) < 3,
    )
    return _with_illness(chance, person)


def _stretches(chance: Random, kind: str, *, is_retired: bool) -> tuple[Stretch, ...]:
    if kind == "uninsured":
        return ()
    since = date(chance.randint(2015, 2022), 1, 1)
    turn = date(2023, chance.randint(2, 5), 1)
    luck = chance.randrange(100)
    if kind == "residents":
        return (Stretch(Scheme.RESIDENT, "", since, turn if luck < 1 else None),)
    working, retired = str(Employment.IN_SERVICE), str(Employment.RETIRED)
    if is_retired and luck < 8:
        return (Stretch(Scheme.EMPLOYEE, working, since, turn), Stretch(Scheme.EMPLOYEE, retired, turn))
    if is_retired:
        return (Stretch(Scheme.EMPLOYEE, retired, since),)
    if luck < 2:
        return (Stretch(Scheme.EMPLOYEE, working, turn),)
    return (Stretch(Scheme.EMPLOYEE, working, since, turn if luck < 4 else None),)


def _with_illness(chance: Random, person: Inhabitant) -> Inhabitant:
    likely = 2 if person.age < 40 else 14 if person.age < 60 else 34
    codes: list[str] = []
    if chance.randrange(100) < likely:
        codes.append(_COMMON_DISEASES.draw(chance))
        if chance.randrange(100) < 35:
            codes.append(_COMMON_DISEASES.draw(chance))
    if chance.randrange(1_000) < 12:
        codes.append(CANCER if chance.randrange(10) < 8 else TRANSPLANT)
    if chance.randrange(1_000) < 5:
        codes.append(HEMODIALYSIS)
    recognitions = tuple(Recognition(code, _recognized(chance)) for code in dict.fromkeys(codes))
    has_two = person.age >= 35 and chance.randrange(100) < 22
    return replace(person, recognitions=recognitions, has_two_diseases=has_two)


def _recognized(chance: Random) -> date:
    if chance.randrange(100) < 15:
        return date(2023, chance.randint(1, 5), chance.randint(1, 28))
    return date(chance.randint(2018, 2022), chance.randint(1, 12), chance.randint(1, 28))
