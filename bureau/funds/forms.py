"""Filters of the books' lists."""

from __future__ import annotations

from typing import Any

from django import forms

from bureau.funds.selectors import books
from bureau.funds.terms import EntryKind, PaymentStage
from bureau.kernel.terms import Fund

_ALL = ("", "全部")


class _BooksFilter(forms.Form):
    month = forms.ChoiceField(label="月份", required=False)
    fund = forms.ChoiceField(label="基金", required=False, choices=[_ALL, *Fund.choices()])

    def __init__(self, *args: Any, months: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["month"].choices = [_ALL, *((month, month) for month in months)]  # type: ignore[attr-defined]


class EntryFilter(_BooksFilter):
    """Filters of the entries."""

    kind = forms.ChoiceField(label="类别", required=False, choices=[_ALL, *EntryKind.choices()])
    account = forms.ChoiceField(label="科目", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["account"].choices = [_ALL, *books.account_names()]  # type: ignore[attr-defined]


class PaymentFilter(_BooksFilter):
    """Filters of the payment orders."""

    stage = forms.ChoiceField(label="状态", required=False, choices=[_ALL, *PaymentStage.choices()])


class MonthForm(forms.Form):
    """The month of a trial balance."""

    month = forms.ChoiceField(label="会计月份", required=False)

    def __init__(self, *args: Any, months: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["month"].choices = [(month, month) for month in months]  # type: ignore[attr-defined]
