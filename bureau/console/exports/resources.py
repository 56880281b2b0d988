"""The one base of what may leave: declared columns over the rows of a list that the person is looking at.

Columns are django-import-export's fields; its import half and its pages are not used, and the base refuses them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar, NoReturn

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from import_export import fields, resources

if TYPE_CHECKING:
    from bureau.console.exports.cells import Cell
    from bureau.organization.terms import Duty

CHUNK = 2_000


class Text(fields.Field):
    """A column of texts; `of` is a path (`institution__name`) or a function of the row."""

    def __init__(self, title: str, of: str | Callable[[Any], Any]) -> None:
        super().__init__(attribute=of if isinstance(of, str) else None, column_name=title, readonly=True)
        self.of = of

    def export(self, instance: Any, **_: Any) -> Cell:
        value = self.of(instance) if callable(self.of) else self.get_value(instance)
        return None if value is None else self.cell(value)

    def cell(self, value: Any) -> Cell:
        return str(value)


class Money(Text):
    """Fen, which leave as yuan."""

    def cell(self, value: int) -> Cell:
        return Decimal(value).scaleb(-2)


class Count(Text):
    """How many."""

    def cell(self, value: int) -> Cell:
        return int(value)


class Day(Text):
    """A day."""

    def cell(self, value: date) -> Cell:
        return value


class Moment(Text):
    """A time of our clocks, to the minute."""

    def cell(self, value: Any) -> Cell:
        return f"{timezone.localtime(value):%Y-%m-%d %H:%M}"


@dataclass(frozen=True, slots=True)
class Listed:
    """The rows of a list as it is looked at, and its filters in words."""

    rows: QuerySet[Any]
    filters: Sequence[str] = ()


class ListResource(resources.Resource):
    """Declare columns, `name` (in the address), `title`, `duties` (those of the list) and `list_url`; say `listed`."""

    name: ClassVar[str] = ""
    title: str = ""
    duties: ClassVar[tuple[Duty, ...]] = ()
    list_url: ClassVar[str] = ""

    def listed(self, request: HttpRequest) -> Listed:
        """The rows of the same list, by the same selector, for the same person."""
        raise NotImplementedError

    def back_url(self, request: HttpRequest) -> str:
        """The list itself, as it was looked at."""
        return f"{reverse(self.list_url)}?{request.GET.urlencode()}".rstrip("?")

    def header(self) -> list[str]:
        return [column.column_name for column in self.fields.values()]

    def cells(self, rows: QuerySet[Any]) -> Iterator[list[Cell]]:
        """Row by row, a constant number of queries for each chunk."""
        columns = list(self.fields.values())
        for row in rows.iterator(chunk_size=CHUNK):
            yield [column.export(row) for column in columns]

    def import_data(self, *_: Any, **__: Any) -> NoReturn:
        """Nothing comes in this way: files that come in are batches, judged row by row."""
        raise NotImplementedError

    import_row = import_data


_known: dict[str, type[ListResource]] = {}


def register(resource: type[ListResource]) -> type[ListResource]:
    """Make a list one that may leave; called in an app's room `resources`."""
    if resource.name in _known:
        raise ValueError(f"two exports are named {resource.name}")
    _known[resource.name] = resource
    return resource


def known() -> dict[str, type[ListResource]]:
    """Every export by its name."""
    return dict(_known)
