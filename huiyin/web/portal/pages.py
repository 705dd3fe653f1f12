"""The residents' other pages: home, a compound's board, who is in charge, the two lists, elder mode, language."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from huiyin.rules import lists as rules
from huiyin.rules.deadlines import SHANGHAI
from huiyin.rules.workflow.vocabulary import PENALTIES
from huiyin.selectors import elsewhere, governance, places, portal
from huiyin.selectors import lists as known
from huiyin.web import changes as differing
from huiyin.web import wording
from huiyin.web.forms.governing import PLACES
from huiyin.web.numbers import whole
from huiyin.web.portal.common import resident_post

YEAR = 365 * 24 * 3600
SHOWN_VERSIONS = 6
#: Leads that differ from compound to compound.
LOCAL_LEADS = {"wuye": _("小区物业"), "zhenjie": _("乡镇、街道")}


def _today() -> date:
    return timezone.now().astimezone(SHANGHAI).date()


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """首页. `?compound=<id>` from its list leads to that compound's board."""
    chosen = places.compounds().get(whole(request.GET.get("compound")) or 0)
    if chosen is not None:
        return redirect("portal:board", code=chosen.code)
    return render(
        request,
        "portal/home.html",
        {"echoes": portal.recent_echoes(timezone.now()), "communities": by_community(), "published": portal.anything_published()},
    )


@require_GET
def board(request: HttpRequest, code: str) -> HttpResponse:
    """本小区服务栏, where a board's QR leads."""
    found = portal.board(code, timezone.now())
    if found is None:
        raise Http404
    return render(request, "portal/board.html", {"board": found})


@require_GET
def compounds(request: HttpRequest) -> JsonResponse:
    """For the search field: every compound by name, community, aliases and address; `?map` for the map: its outline and point."""
    rows = (
        portal.outlines()
        if "map" in request.GET
        else [
            {
                "id": row.id,
                "name": row.name,
                "community": row.community_name,
                "aliases": list(row.aliases),
                "address": row.address,
            }
            for row in places.compounds().values()
            if row.active
        ]
    )
    response = JsonResponse(rows, safe=False)
    response.headers["Cache-Control"] = "public, max-age=300"
    return response


def by_community() -> dict[str, list[Any]]:
    """The compounds in use under their communities, as a list to choose from shows them."""
    groups: dict[str, list[Any]] = {}
    for row in sorted(places.compounds().values(), key=lambda one: (one.community_name, one.name)):
        if row.active:
            groups.setdefault(row.community_name, []).append(row)
    return groups


def _lead(item: Any) -> dict[str, Any]:
    body = places.bodies().get(places.lead_body(item.lead, places.place(None, None, _today())) or 0)
    names = {found.code: found.short_name or found.name for found in places.bodies().values()} | LOCAL_LEADS
    lead = body.short_name or body.name if body else LOCAL_LEADS.get(item.lead, "")
    return {"item": item, "body": body, "lead": lead, "beside": [names[code] for code in item.cooperating if code in names]}


@resident_post
@require_http_methods(["GET", "POST"])
def who(request: HttpRequest) -> HttpResponse:
    """这事谁管: free text, posted so that it stands in no address, or browsing."""
    text = request.POST.get("text", "")[:2000]
    tree = known.in_force(_today())
    answers, in_scope, guesses = [], True, []
    if text.strip():
        found = known.suggest(text, _today())
        in_scope, guesses = found.in_scope, elsewhere.guesses(found)
        answers = [{**_lead(tree.items[one.code]), "words": one.words} for one in found.suggestions if one.code in tree.items]
    return render(
        request,
        "portal/who.html",
        {"text": text, "answers": answers, "in_scope": in_scope, "guesses": guesses, "groups": _groups(tree)},
    )


def _groups(tree: known.ListTree) -> list[dict[str, Any]]:
    groups: dict[tuple[str, str], list[Any]] = {}
    for listing in ("enforcement", "service"):
        for item in tree.of(listing):
            groups.setdefault((item.category_name, item.category_name_en), []).append(_lead(item))
    return [{"name": name, "name_en": name_en, "rows": rows} for (name, name_en), rows in groups.items()]


@require_GET
def item(request: HttpRequest, code: str) -> HttpResponse:
    """One item: who leads and helps, phone, base, usual time, and what to do now."""
    tree = known.in_force(_today())
    found = tree.items.get(code)
    if found is None:
        raise Http404
    punishable = found.version.listing != "enforcement" or _may_be_punished(tree, found)
    return render(
        request,
        "portal/item.html",
        {
            **_lead(found),
            "today": _today(),
            "version": found.version,
            "punishable": punishable,
            "clauses": [_clause(basis) for basis in tree.bases.get(found.pk, ())],
            "allows": _allows(found, punishable),
        },
    )


def _may_be_punished(tree: known.ListTree, found: Any) -> bool:
    return rules.may_be_punished((governance.clause(basis, {}) for basis in tree.bases.get(found.pk, ())), _today())


def _clause(basis: Any) -> dict[str, Any]:
    """A clause with what comes first in words, and whether it has ended or has not begun."""
    today = _today()
    return {
        "row": basis,
        "first": wording.listed(gettext(rules.FIRST_LABELS.get(one, one)) for one in basis.requires_first),
        "places": [label for code, label in PLACES if code in basis.places],
        "ended": basis.valid_to is not None and basis.valid_to <= today,
        "begins": basis.valid_from if basis.valid_from is not None and basis.valid_from > today else None,
    }


#: What a measure is called for residents, in the order of its weight.
ALLOWS = {
    "order": _("责令"),
    "warning": _("警告"),
    "fine_person_yuan": _("对个人罚款"),
    "fine_person_note": _("对个人罚款"),
    "fine_firm_yuan": _("对单位罚款"),
    "fine_firm_note": _("对单位罚款"),
    "detention": _("拘留"),
    "coercion": _("强制"),
    "other": _("其他"),
}


def _allows(found: Any, punishable: bool) -> list[tuple[Any, str]]:
    """What the law allows, in words: a range of yuan as a range; without a liability clause in force no more than an order."""
    return [
        (label, "–".join(f"{end:,}" for end in value) + " 元" if isinstance(value, list) else value)
        for name, label in ALLOWS.items()
        if (value := found.measures.get(name)) and (punishable or name == "order")
    ]


@require_GET
def lists(request: HttpRequest) -> HttpResponse:
    """两张清单: readable, printable, searchable."""
    tree = known.in_force(_today())
    wanted = request.GET.get("q", "").strip()[:40]
    groups = _groups(tree)
    if wanted:
        for group in groups:
            group["rows"] = [row for row in group["rows"] if _matches(row["item"], wanted)]
        groups = [group for group in groups if group["rows"]]
    context = {"groups": groups, "versions": tree.versions, "announced": governance.announced(_today()), "q": wanted}
    return render(request, "portal/lists.html", context)


@require_GET
def list_changes(request: HttpRequest) -> HttpResponse:
    """What changed from version to version, newest first: for whoever wants to know since when something is so."""
    told = []
    for listing, name in (("enforcement", _("执法清单")), ("service", _("服务清单"))):
        shown = governance.published(listing)[:SHOWN_VERSIONS]
        for newer, older in zip(shown, [*shown[1:], None], strict=True):
            if older is not None or len(shown) < SHOWN_VERSIONS:
                found = governance.differences(newer.pk, older.pk) if older else []
                told.append((name, newer, older, differing.for_everybody(found)))
    told.sort(key=lambda row: str(row[1].in_force_from), reverse=True)
    return render(
        request, "portal/list_changes.html", {"rows": told, "today": _today(), "listed": known.in_force(_today()).items}
    )


@require_GET
def decisions(request: HttpRequest) -> HttpResponse:
    """Penalties that were made public, without persons; those taken down say since when and why. `?page=` from 1."""
    page = whole(request.GET.get("page")) or 1
    rows, more = portal.published_decisions(page)
    names = {code: gettext(name) for code, name in PENALTIES}
    shown = [(row, wording.listed([names.get(code, code) for code in row.penalties])) for row in rows]
    return render(request, "portal/decisions.html", {"rows": shown, "page": page, "more": more})


def _matches(item: Any, wanted: str) -> bool:
    return any(
        wanted.lower() in text.lower()
        for text in (item.name, item.plain, item.name_en, item.plain_en, *item.phrases, *item.keywords)
    )


def _back(request: HttpRequest) -> HttpResponse:
    wanted = request.POST.get("next", "/")
    ours = wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()})
    return HttpResponseRedirect(wanted if ours else "/")


@resident_post
@require_POST
def care(request: HttpRequest) -> HttpResponse:
    """关怀版: larger type and fewer things, kept in a cookie."""
    response = _back(request)
    on = request.POST.get("care") == "1"
    response.set_cookie("care", "1" if on else "0", max_age=YEAR, samesite="Lax", secure=request.is_secure(), httponly=True)
    return response


@resident_post
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """中文 or English, kept in a cookie."""
    response = _back(request)
    wanted = request.POST.get("language", "")
    if translation.check_for_language(wanted) and wanted in dict(settings.LANGUAGES):
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, wanted, max_age=YEAR, samesite="Lax", secure=request.is_secure())
    return response


@require_GET
def service_worker(request: HttpRequest) -> HttpResponse:
    """The service worker, at the root so that it may serve all pages; never cached."""
    found = finders.find("huiyin/sw.js")
    with open(str(found), "rb") if found else staticfiles_storage.open("huiyin/sw.js") as file:
        source = file.read()
    return HttpResponse(source, content_type="text/javascript", headers={"Cache-Control": "no-cache"})
