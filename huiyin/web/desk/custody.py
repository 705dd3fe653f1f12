"""身份查阅: a custodian looks at who reported, with who asked and why; and a lost receipt is replaced at the station."""

from __future__ import annotations

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from huiyin.rules import codes, texts
from huiyin.rules.workflow.judge import Refused, Unknown
from huiyin.rules.workflow.vocabulary import Role
from huiyin.selectors import custody
from huiyin.services import cases
from huiyin.web import wording
from huiyin.web.desk import case, pages
from huiyin.web.desk.pages import staff
from huiyin.web.forms.desk import report_choices

CONTACTS = {"phone": gettext_lazy("有电话"), "email": gettext_lazy("有邮箱")}


class LookForm(forms.Form):
    """Who asked and why stands in the ledger; the reporter sees how often it happened."""

    number = forms.CharField(label=gettext_lazy("件号"), max_length=20)
    report = forms.TypedChoiceField(label=gettext_lazy("哪条反映"), coerce=int, empty_value=None)
    asked_by = forms.CharField(label=gettext_lazy("谁要看"), max_length=60, help_text=gettext_lazy("单位和职务，不写姓名"))
    why = forms.CharField(label=gettext_lazy("为什么要看"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


class ReissueForm(forms.Form):
    report = forms.TypedChoiceField(label=gettext_lazy("哪条反映"), coerce=int, empty_value=None)
    phone = forms.CharField(
        label=gettext_lazy("来人说的电话"),
        max_length=40,
        help_text=gettext_lazy("只核对，不显示登记的号码"),
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@staff(Role.CUS)
def identity(request: HttpRequest) -> HttpResponse:
    """First the case number, then one of its reports with the reasons; the answer shows the identity once."""
    number, choices = _asked(request.POST.get("number") or request.GET.get("n", ""))
    form = LookForm(request.POST if request.method == "POST" else None, initial={"number": number})
    form.fields["report"].choices = choices  # type: ignore[attr-defined]  # a choice field
    context = {"number": number, "choices": choices, "form": form, "looked": bool(request.GET.get("n"))}
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            found = cases.disclose(actor=pages.actor(request), at=pages.now(), **{**given, "number": number})
            return pages.page(request, "desk/identity.html", {**context, "identity": found, "looks": custody.looks()})
        except (cases.NotFound, Unknown):
            form.add_error("number", _("没有这一件。"))
        except Refused as refused:
            form.add_error(None, wording.refused(refused.refusal))
        except texts.Bad as bad:
            form.add_error(None, _(bad.template) % bad.values)
    status = 422 if form.errors else 200
    return pages.page(request, "desk/identity.html", {**context, "looks": custody.looks()}, status=status)


def _asked(raw: str) -> tuple[str, list[tuple[int, str]]]:
    try:
        number = codes.number(raw)
    except texts.Bad:
        return raw[:20], []
    rows = custody.reports_of(number)
    return number, [(row.pk, _named(n, row)) for n, row in enumerate(rows, 1)]


def _named(n: int, row: object) -> str:
    left = [str(CONTACTS[code]) for code in getattr(row, "contact", "").split(",") if code in CONTACTS]
    said = _("第 %(n)d 条，%(day)s") % {"n": n, "day": wording.day(row.at)}  # type: ignore[attr-defined]  # a report
    return wording.listed((said, wording.listed(left) or _("没留联系方式")), "，")


@require_http_methods(["GET", "HEAD", "POST"])
@staff(Role.COM)
def reissue(request: HttpRequest, number: str) -> HttpResponse:
    """A new code for who lost the receipt, when the number that the visitor says is the one that was left."""
    dossier, actor, at = case.opened(request, number)
    form = ReissueForm(request.POST or None)
    form.fields["report"].choices = report_choices(dossier)  # type: ignore[attr-defined]  # a choice field
    context = {"case": dossier.case, "form": form}
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            receipt = cases.reissue(actor=actor, at=at, number=number, report=given["report"], phone=given["phone"])
            shown = {"receipt": receipt, "grouped": codes.grouped(receipt.code), "again": True}
            return pages.page(request, "desk/call_done.html", shown)
        except (cases.NotFound, Unknown):
            raise Http404 from None
        except Refused as refused:
            form.add_error(None, wording.refused(refused.refusal))
        except texts.Bad as bad:
            form.add_error("phone", _(bad.template) % bad.values)
    return pages.page(request, "desk/reissue.html", context, status=422 if form.errors else 200)
