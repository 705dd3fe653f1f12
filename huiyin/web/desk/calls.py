"""来电登记 while on the phone, and 回访: whom to call with an echo, whose number is shown once for that call."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from huiyin.rules import codes, texts
from huiyin.rules.deadlines import SHANGHAI
from huiyin.rules.workflow.judge import Refused, Unknown
from huiyin.selectors import deliveries, desk, duplicates, elsewhere
from huiyin.selectors import lists as catalogue
from huiyin.selectors import places as known
from huiyin.services import cases
from huiyin.services.cases import Receipt
from huiyin.web import wording
from huiyin.web.desk import case, pages
from huiyin.web.desk.pages import staff
from huiyin.web.forms import calls as forms
from huiyin.web.forms import desk as acts
from huiyin.web.forms import layout
from huiyin.web.numbers import whole

SUGGESTED = 2


@require_http_methods(["GET", "HEAD", "POST"])
@staff(*pages.INTAKE)
def register(request: HttpRequest) -> HttpResponse:
    """One screen for one call. After saving it shows number and code, once, to be read out or printed."""
    at = pages.now()
    if request.method == "POST":
        return _save(request, at)
    kept = pages.held(request)
    form = forms.CallForm(initial=kept or {"compound": request.GET.get("compound")})
    return _page(request, form, kept.get("key") or secrets.token_urlsafe(24), at)


def _save(request: HttpRequest, at: datetime) -> HttpResponse:
    form = forms.CallForm(request.POST)
    key = request.POST.get("key", "")
    if not form.is_valid():
        return _page(request, form, key, at, status=422)
    try:
        receipt = _kept(request, form, key, at)
    except texts.Bad as bad:
        form.add_error(forms.FIELD_OF.get(bad.code), _(bad.template) % bad.values)
        return _page(request, form, key, at, status=422)
    except cases.Conflict:
        form.add_error(None, _("这一份已经存过了，内容和这次不一样。请从新的一页登记。"))
        return _page(request, form, key, at, status=409)
    except cases.NotFound:
        form.add_error(None, _("要并入的那一件刚刚有变化，请再看看右边。"))
        return _page(request, form, key, at, status=409)
    except Unknown as refused:
        form.add_error(None, wording.refused(refused.refusal))
        return _page(request, form, key, at, status=409)
    return _told(request, form, receipt)


def _kept(request: HttpRequest, form: forms.CallForm, key: str, at: datetime) -> Receipt:
    given = form.cleaned_data
    person = {"name": given["name"], "phone": given["phone"] if given["reply"] != "none" else "", "building": given["building"]}
    joined = request.POST.get("join", "")
    if joined:
        return cases.join(
            actor=pages.actor(request), at=at, key=key, number=joined, words=given["words"], channel=given["channel"], **person
        )
    return cases.open_case(
        actor=pages.actor(request),
        at=at,
        key=key,
        channel=given["channel"],
        words=given["words"],
        item=given["item"] or "",
        compound=given["compound"],
        place_words=given["place_words"],
        occurred_at=given["occurred_at"],
        **person,
    )


def _told(request: HttpRequest, form: forms.CallForm, receipt: Receipt) -> HttpResponse:
    """Shown as the answer itself: the code stands in no address and cannot be asked for again."""
    context = {
        "receipt": receipt,
        "grouped": codes.grouped(receipt.code),
        "left_phone": bool(form.cleaned_data["phone"]) and form.cleaned_data["reply"] != "none",
        "hours": _dispatch_hours(form.cleaned_data["item"]),
    }
    return pages.page(request, "desk/call_done.html", context)


def _dispatch_hours(code: str) -> int:
    item = catalogue.find(code, pages.now().astimezone(SHANGHAI).date()) if code else None
    return int(item.dispatch_working_hours) or 1 if item else 4


def _page(request: HttpRequest, form: forms.CallForm, key: str, at: datetime, status: int = 200) -> HttpResponse:
    words = str(form["words"].value() or "")
    context = {
        "form": form,
        "key": key,
        "options": suggested(words, at),
        "guesses": turned_away(words, at),
        **_alike(request, form["compound"].value(), words, str(form["building"].value() or ""), at),
    }
    return pages.page(request, "desk/call.html", context, status=status)


def _alike(request: HttpRequest, raw: Any, words: str, building: str, at: datetime) -> dict[str, Any]:
    """What the caller may mean in this compound, and the compound's card."""
    compound, words = acts_id(raw), words.strip()
    items = desk.suggest(words, at.astimezone(SHANGHAI).date()) if len(words) >= desk.SHORTEST else []
    found = (
        duplicates.of_message(pages.actor(request), at, compound=compound, text=words, items=items, building=building)
        if compound
        else []
    )
    return {"alike": found, "place": place_card(compound, at)}


def acts_id(raw: Any) -> int | None:
    return whole(str(raw or ""))


def suggested(text: str, at: datetime) -> list[dict[str, Any]]:
    """The likeliest items for what was said, with who would lead and how fast; picked by F5 and F6."""
    day = at.astimezone(SHANGHAI).date()
    if len(text.strip()) < desk.SHORTEST:
        return []
    names = {body.code: body.name for body in known.bodies().values()} | {"zhenjie": _("乡镇街道"), "wuye": _("物业")}
    rows = []
    for n, code in enumerate(desk.suggest(text, day)[:SUGGESTED]):
        item = catalogue.in_force(day).items[code]
        rows.append({"code": code, "item": item, "key": f"F{5 + n}", "lead": names.get(item.lead, item.lead)})
    return rows


def turned_away(text: str, at: datetime) -> list[Any]:
    """Where to send a caller whose matter is on neither list."""
    if len(text.strip()) < desk.SHORTEST:
        return []
    found = catalogue.suggest(text, at.astimezone(SHANGHAI).date())
    return [] if found.in_scope else elsewhere.guesses(found)


def place_card(compound: int | None, at: datetime) -> dict[str, Any]:
    """What a clerk wants to know of a compound while on the phone."""
    place = known.compounds().get(compound or 0)
    if place is None:
        return {}
    community = known.communities()[place.community]
    firm = known.bodies().get(known.firm_of(place.id, at.astimezone(SHANGHAI).date()) or 0)
    return {"id": place.id, "name": place.name, "address": place.address, "community": community, "firm": firm}


@require_POST
@staff(*pages.INTAKE)
def suggest(request: HttpRequest) -> HttpResponse:
    """Items for what was typed so far, as a fragment."""
    text, at = request.POST.get("text", ""), pages.now()
    return pages.page(request, "desk/call_options.html", {"options": suggested(text, at), "guesses": turned_away(text, at)})


@require_POST
@staff(*pages.INTAKE)
def alike(request: HttpRequest) -> HttpResponse:
    """Open cases of the chosen compound, those that sound like what was typed first, and its card, as a fragment. Posted, so that words
    stand in no address."""
    typed = request.POST
    found = _alike(request, typed.get("compound"), typed.get("words", ""), typed.get("building", ""), pages.now())
    return pages.page(request, "desk/call_alike.html", found)


# ── 回访 ─────────────────────────────────────────────────────────────────────────────────────


@require_safe
@staff(*pages.INTAKE)
def callbacks(request: HttpRequest) -> HttpResponse:
    """Who is to be called with an echo, oldest first; no number is shown here."""
    rows = deliveries.calls(pages.actor(request), pages.now())
    return pages.page(request, "desk/callbacks.html", {"rows": rows})


@require_POST
@staff(*pages.INTAKE)
def reveal(request: HttpRequest, number: str, report: int) -> HttpResponse:
    """The number of one reporter for one call, shown once, beside the echo to be read and the form of what was said."""
    dossier, actor, at = case.opened(request, number)
    try:
        phone = cases.reveal_for_call(actor=actor, at=at, number=number, report=report)
    except (cases.NotFound, Unknown):
        raise Http404 from None
    except Refused as refused:
        return pages.page(
            request,
            "desk/case/not_now.html",
            {"case": dossier.case, "why": wording.refused(refused.refusal), "typed": []},
            status=409,
        )
    dossier, actor, at = case.opened(request, number)
    option = desk.row_for(dossier, actor, "call", at)
    if option is None:
        raise Http404
    form = acts.for_row(option.row, dossier, actor, at, initial={"report": report})
    echo = dossier.state.echo_seq
    context = {
        "case": dossier.case,
        "title": case.title(dossier, "full"),
        "phone": phone,
        "reply": dossier.text(echo, "reply") if echo else "",
        "form": form,
        "fields": [laid for part in layout.laid_out(form) for laid in part.fields if laid.bound.name != "report"],
        "report": report,
        "key": secrets.token_hex(case.KEY_BYTES),
        "seen": len(dossier.state.entries),
        "action": reverse("desk:act", args=[number, "call"]),
    }
    return pages.page(request, "desk/reveal.html", context)
