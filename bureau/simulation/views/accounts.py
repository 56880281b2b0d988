"""个人账户加门诊统筹限额 by the law in force (YX-60)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from bureau.console import access
from bureau.policy.selectors import laws
from bureau.simulation.forms import AccountForm
from bureau.simulation.rules import accounts
from bureau.simulation.views import entrance


@access.desk(*entrance.READERS)
def effect(request: HttpRequest) -> HttpResponse:
    """What an employee in service may use in a year before and after pooling, by a base and a former rate."""
    initial = AccountForm.assumed()
    form = AccountForm({**initial, **request.GET.dict()})
    context = {"title": "账户加限额", "form": form}
    if form.is_valid():
        law = laws.law_of(laws.chosen(laws.readable(with_drafts=False), ""))
        base, former_rate = form.cleaned_data["base"], form.cleaned_data["former_rate"]
        context["effect"] = accounts.effect(law, timezone.localdate(), base, former_rate)
    return render(request, "simulation/account.html", context)
