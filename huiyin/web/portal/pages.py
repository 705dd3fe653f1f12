"""The residents' other pages: home, a compound's board, who is in charge, the two lists, elder mode, language."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from huiyin.rules.deadlines import SHANGHAI
from huiyin.selectors import lists as known
from huiyin.selectors import places, portal
from huiyin.web.portal.common import resident_post

YEAR = 365 * 24 * 3600
#: Leads that differ from compound to compound.
LOCAL_LEADS = {"wuye": _("小区物业"), "zhenjie": _("乡镇、街道")}


def _today() -> date:
    return timezone.now().astimezone(SHANGHAI).date()


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """首页. `?compound=<id>` from its list leads to that compound's board."""
    wanted = request.GET.get("compound", "")
    chosen = places.compounds().get(int(wanted)) if wanted.isdecimal() and len(wanted) < 12 else None
    if chosen is not None:
        return redirect("portal:board", code=chosen.code)
    return render(request, "portal/home.html", {"echoes": portal.recent_echoes(timezone.now()), "communities": by_community()})


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
    answers, in_scope = [], True
    if text.strip():
        found = known.suggest(text, _today())
        in_scope = found.in_scope
        answers = [{**_lead(tree.items[one.code]), "words": one.words} for one in found.suggestions if one.code in tree.items]
    return render(request, "portal/who.html", {"text": text, "answers": answers, "in_scope": in_scope, "groups": _groups(tree)})


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
    return render(
        request,
        "portal/item.html",
        {
            **_lead(found),
            "bases": tree.bases.get(found.pk, ()),
            "today": _today(),
            "version": found.version,
        },
    )


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
    return render(request, "portal/lists.html", {"groups": groups, "versions": tree.versions, "q": wanted})


def _matches(item: Any, wanted: str) -> bool:
    return any(
        wanted.lower() in text.lower()
        for text in (item.name, item.plain, item.name_en, item.plain_en, *item.phrases, *item.keywords)
    )


def _back(request: HttpRequest) -> HttpResponse:
    wanted = request.POST.get("next", "/")
    return redirect(wanted if url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}) else "/")


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
