"""Django fields that every app shares: money in fen shown as yuan, and the validity pair with its constraint.

Encrypted columns and their blind index stand in `bureau.fields.encrypted`.

Decimal appears only here, where yuan are read from a form or shown in one.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Func, Q

from bureau.kernel.errors import BusinessError
from bureau.kernel.money import format_yuan, parse_yuan


class YuanFormField(forms.CharField):
    """A text input that takes yuan with two decimals and gives fen."""

    def prepare_value(self, value: Any) -> Any:
        return format_yuan(value) if isinstance(value, int) else value

    def to_python(self, value: Any) -> int | None:  # type: ignore[override]
        text = super().to_python(value)
        if text is None or text in self.empty_values:
            return None
        try:
            return parse_yuan(text)
        except BusinessError as error:
            raise ValidationError(error.message, code=error.code) from error


class MoneyField(models.BigIntegerField):
    """Integer fen in a `bigint` column; forms read and show yuan."""

    description = "金额（分）"

    def formfield(self, **kwargs: Any) -> Any:
        # IntegerField would add min_value and max_value, which a text input does not take; and no max_length, for it
        # would be asked of the fen.
        return models.Field.formfield(self, **{"form_class": YuanFormField, **kwargs})


def as_yuan(fen: int) -> Decimal:
    """Fen as an exact Decimal of yuan, for spreadsheets that want numbers."""
    return Decimal(fen).scaleb(-2)


class _DateRange(Func):
    function = "daterange"
    output_field = DateRangeField()


def no_overlap(name: str, *same: str, condition: Q | None = None) -> ExclusionConstraint:
    """Refuse two rows that agree in the columns `same` and whose `[valid_from, valid_until)` overlap."""
    return ExclusionConstraint(
        name=name,
        expressions=[
            *((F(column), RangeOperators.EQUAL) for column in same),
            (_DateRange("valid_from", "valid_until", RangeBoundary()), RangeOperators.OVERLAPS),
        ],
        condition=condition,
    )


def ends_after_it_begins(name: str) -> models.CheckConstraint:
    """An empty or inverted validity is no validity."""
    return models.CheckConstraint(name=name, condition=Q(valid_until__isnull=True) | Q(valid_until__gt=F("valid_from")))


def valid_on(day: Any) -> Q:
    """The rows whose validity covers `day`."""
    return Q(valid_from__lte=day) & (Q(valid_until__isnull=True) | Q(valid_until__gt=day))
