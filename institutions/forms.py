"""What is asked for on the pages of institutions."""

from __future__ import annotations

from django import forms


class ReasonForm(forms.Form):
    """Why a whole account is wanted."""

    reason = forms.CharField(
        label="原因",
        min_length=4,
        max_length=200,
        error_messages={
            "required": "请写明查看完整账号的原因，例如所办业务与单号。",
            "min_length": "原因太短，请写明所办业务与单号。",
        },
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
