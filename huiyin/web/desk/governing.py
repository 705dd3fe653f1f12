"""The lists governed: versions, drafts, items and clauses, publication, differences, laws, designations, settlements, service boards."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import Any

import segno
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from huiyin.rules import lists as rules
from huiyin.rules.deadlines import SHANGHAI
from huiyin.rules.workflow.vocabulary import SETTLE_GROUNDS, Role
from huiyin.selectors import governance, places, portal
from huiyin.selectors import lists as known
from huiyin.services import lists as services
from huiyin.services.people import Forbidden
from huiyin.web import changes as differing
from huiyin.web import wording
from huiyin.web.desk import editing, pages
from huiyin.web.desk.editing import Edit
from huiyin.web.desk.pages import staff
from huiyin.web.forms import governing as forms
from huiyin.web.numbers import whole

STATES = {"draft": "草稿", "review": "送审中", "published": "已发布", "dropped": "作废"}
LISTINGS = {"enforcement": "执法清单", "service": "服务清单"}
#: Who assigns, takes or gives away cases, or answers for those who do, reads what was settled.
SETTLED = (Role.COM, Role.OFF, Role.HEAD, Role.CO, Role.LEADER)


def _today() -> date:
    return pages.now().astimezone(SHANGHAI).date()


def _there(row: Any) -> Any:
    if row is None:
        raise Http404
    return row


def _is_coordinator(request: HttpRequest) -> bool:
    return pages.actor(request).has(Role.CO)


# ── versions ─────────────────────────────────────────────────────────────────────────────────


@require_safe
@staff()
def versions(request: HttpRequest) -> HttpResponse:
    """All versions of both lists."""
    today = _today()
    rows = [(row, _(LISTINGS[row.listing]), _state(row, today)) for row in governance.versions()]
    return pages.page(request, "desk/lists/versions.html", {"rows": rows, "edits": _is_coordinator(request)})


def _title(row: Any) -> str:
    return f"{_(LISTINGS[row.listing])} {_('第 %(n)s 版') % {'n': row.number}}"


def _state(row: Any, today: date) -> str:
    if row.state != "published":
        return _(STATES[row.state])
    if row.in_force_from > today:
        return _("已发布，还没到施行的日子")
    return _("已被新版代替") if row.in_force_to and row.in_force_to < today else _("施行中")


@require_POST
@staff(Role.CO)
def new_draft(request: HttpRequest) -> HttpResponse:
    """A draft from a version, or an empty one."""
    listing, raw = request.POST.get("listing", ""), request.POST.get("based_on", "")
    if listing not in LISTINGS:
        raise Http404
    base = whole(raw)
    try:
        made = services.new_draft(actor=pages.actor(request), at=pages.now(), listing=listing, based_on=base)
    except services.NotThere:
        raise Http404 from None
    return pages.done(request, reverse("desk:version", args=[made]), _("草稿建好了"))


@require_safe
@staff()
def version(request: HttpRequest, pk: int) -> HttpResponse:
    """One version: its items, what is wrong with it, and what can be done with it."""
    return _version_page(request, _there(governance.version(pk)))


def _version_page(
    request: HttpRequest, row: Any, publish_form: Any = None, day: date | None = None, status: int = 200
) -> HttpResponse:
    """`day`: for which the version is checked; without one today."""
    today = _today()
    checked = max(day or today, today)
    found = governance.problems_of(row.pk, checked) if row.state in {"draft", "review"} else []
    by_item: dict[str, list[rules.Problem]] = {}
    for problem in found:
        by_item.setdefault(problem.item, []).append(problem)
    groups: dict[str, list[Any]] = {}
    names = dict(forms.leads())
    for item in governance.items(row.pk):
        lead = names.get(item.lead, item.lead)
        said = _said(by_item.pop(item.code, []))
        stopping, telling = [one for one in said if one[0].stops], [one for one in said if not one[0].stops]
        groups.setdefault(item.category_name, []).append((item, lead, stopping, telling))
    running = known.in_force(today).versions.get(row.listing)
    context = {
        "row": row,
        "title": _title(row),
        "state": _state(row, today),
        "groups": list(groups.items()),
        "general": _said([problem for rest in by_item.values() for problem in rest]),
        "stops": sum(problem.stops for problem in found),
        "tells": sum(not problem.stops for problem in found),
        "edits": _is_coordinator(request) and row.state == "draft",
        "decides": _is_coordinator(request),
        "copies": _is_coordinator(request) and row.state in {"published", "dropped"},
        "running": running if running is not None and running.pk != row.pk else None,
        "checked": checked,
        "today": today,
        "publish_form": publish_form or forms.PublishForm(initial={"day": today + timedelta(days=1)}),
    }
    return pages.page(request, "desk/lists/version.html", context, status=status)


#: Where on an item's page a field is that its form has in several parts.
ANCHORS = {"clauses": "bases", "measures": "measures", "tests": "tests", "cooperating": "bodies"}


def _said(found: list[rules.Problem]) -> list[tuple[rules.Problem, str, str]]:
    """(problem, in words, the place of its field on the item's page)."""
    return [
        (
            problem,
            _(problem.text) % problem.params if problem.params else _(problem.text),
            ANCHORS.get(problem.where, f"id_{problem.where}") if problem.where else "",
        )
        for problem in found
    ]


@require_POST
@staff(Role.CO)
def version_act(request: HttpRequest, pk: int) -> HttpResponse:
    """送审, 收回, 作废: `do` is review, back or drop. Before a version is dropped it is asked once whether that is meant."""
    acts: dict[str, tuple[Callable[..., None], str]] = {
        "review": (services.send_to_review, _("已送审")),
        "back": (services.take_back, _("已收回，可以再改")),
        "drop": (services.drop_draft, _("已作废")),
    }
    act = acts.get(request.POST.get("do", ""))
    if act is None:
        raise Http404
    if request.POST["do"] == "drop" and "sure" not in request.POST:
        row = _there(governance.version(pk))
        many = len(governance.items(pk))
        return pages.page(request, "desk/lists/drop.html", {"row": row, "title": _title(row), "many": many})
    do, said = act
    return editing.done(request, reverse("desk:version", args=[pk]), said, lambda **who: do(**who, version=pk))


@require_POST
@staff(Role.CO)
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    """In force from a day on; what is missing is named item by item."""
    row, form = _there(governance.version(pk)), forms.PublishForm(request.POST)
    if not form.is_valid():
        return _version_page(request, row, form, status=422)
    try:
        services.publish(actor=pages.actor(request), at=pages.now(), version=pk, day=form.cleaned_data["day"])
    except services.NotReady as why:
        form.add_error(None, _("从这一天起施行的话，还有 %(n)s 处要改，写在下面每一项里。") % {"n": len(why.problems)})
        return _version_page(request, row, form, form.cleaned_data["day"], status=422)
    except ValueError as why:
        form.add_error("day", _(str(why)))
        return _version_page(request, row, form, status=422)
    except services.NotThere:
        raise Http404 from None
    return pages.done(request, reverse("desk:version", args=[pk]), _("已发布，涉及的部门和各联络站都收到了通知"))


@require_safe
@staff()
def changes(request: HttpRequest, pk: int) -> HttpResponse:
    """What a version changes, against the one in force or the one before it."""
    row = _there(governance.version(pk))
    other = whole(request.GET.get("against"))
    against = _there(governance.version(other)) if other is not None else _before(row)
    if against is not None and against.listing != row.listing:
        raise Http404
    found = governance.differences(pk, against.pk if against else None)
    others = [one for one in governance.published(row.listing) if one.pk != pk]
    context = {"row": row, "against": against, "others": others, "rows": differing.told(found), "title": _title(row)}
    return pages.page(request, "desk/lists/changes.html", context)


def _before(row: Any) -> Any:
    """What a reader compares with: for a draft the version in force, for a published one the one before it."""
    older = [
        one for one in governance.published(row.listing) if row.in_force_from is None or one.in_force_from < row.in_force_from
    ]
    return older[0] if older else None


# ── items and clauses ────────────────────────────────────────────────────────────────────────


@require_http_methods(["GET", "HEAD", "POST"])
@staff()
def item(request: HttpRequest, pk: int, item: int) -> HttpResponse:
    """An item with its clauses: whole to read for everybody, of a draft to edit for the coordinator."""
    edits = _is_coordinator(request)
    if request.method == "POST" and not edits:
        raise Http404
    version = _there(governance.version(pk))
    row = _there(governance.item(pk, item))
    if edits and (version.state == "draft" or request.method == "POST"):
        return _item_page(request, version, row)
    said, words = differing.whole(governance.matter(row), governance.called())
    context = {
        "version": version,
        "title": _title(version),
        "state": _state(version, _today()),
        "row": row,
        "fields": said,
        "words": words,
        "bases": _clauses(row),
        "edits": edits,
    }
    return pages.page(request, "desk/lists/item_read.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff(Role.CO)
def new_item(request: HttpRequest, pk: int) -> HttpResponse:
    return _item_page(request, _there(governance.version(pk)), None)


def _item_page(request: HttpRequest, version: Any, row: Any) -> HttpResponse:
    editable = version.state == "draft"

    def save(form: Any, **who: Any) -> tuple[str, str]:
        made = services.save_item(**who, version=version.pk, item=row.pk if row else None, data=form.data_for_service())
        return reverse("desk:item", args=[version.pk, made]), _("已保存")

    def more(form: Any, row: Any) -> dict[str, Any]:
        for field in form.fields.values() if not editable else ():
            field.disabled = True
        return {
            "version": version,
            "title": _title(version),
            "bases": _clauses(row) if row else [],
            "editable": editable,
            "figures": governance.own_figures(row.code, pages.now()) if row else None,
        }

    edit = Edit(
        template="desk/lists/item.html",
        form=partial(forms.ItemForm, version.listing, measures=row.measures if row else None),
        values=forms.item_values,
        save=save,
        mark=governance.mark,
        again=lambda: governance.item(version.pk, row.pk),
        more=more,
        blank={"urgency": "常", "dispatch_working_hours": 4},
        bad="code",
        gone=GONE,
    )
    return editing.page(request, row, edit)


GONE = "这一项刚被别人从草稿里去掉了，没有保存。您填的都还在下面，可以抄下来，另加一项。"


def _clauses(row: Any) -> list[dict[str, Any]]:
    """The clauses of an item with what is worth knowing about each, in words."""
    today, ends = _today(), known.law_ends()
    told = []
    for basis in governance.bases(row.pk):
        clause = governance.clause(basis, ends)
        told.append(
            {
                "row": basis,
                "kind": forms.KIND_LABELS.get(basis.kind, basis.kind),
                "places": wording.listed(str(label) for code, label in forms.PLACES if code in basis.places),
                "fine": rules.fines_in_words(basis.fine),
                "clause": clause,
                "ended": clause.valid_to is not None and clause.valid_to <= today,
                "first": wording.listed(_(rules.FIRST_LABELS.get(one, one)) for one in clause.requires_first),
            }
        )
    return told


@require_POST
@staff(Role.CO)
def remove_item(request: HttpRequest, pk: int, item: int) -> HttpResponse:
    seen = request.POST.get("seen", "")
    url = reverse("desk:version", args=[pk])
    return editing.done(request, url, _("已去掉"), lambda **who: services.remove_item(**who, version=pk, item=item, seen=seen))


@require_http_methods(["GET", "HEAD", "POST"])
@staff(Role.CO)
def basis(request: HttpRequest, pk: int, item: int, basis: int) -> HttpResponse:
    """A clause under an item of a draft."""
    owner = _there(governance.item(pk, item))
    return _basis_page(request, pk, owner, _there(governance.basis(owner.pk, basis)))


@require_http_methods(["GET", "HEAD", "POST"])
@staff(Role.CO)
def new_basis(request: HttpRequest, pk: int, item: int) -> HttpResponse:
    return _basis_page(request, pk, _there(governance.item(pk, item)), None)


def _basis_page(request: HttpRequest, pk: int, owner: Any, row: Any) -> HttpResponse:
    back = reverse("desk:item", args=[pk, owner.pk])

    def save(form: Any, **who: Any) -> tuple[str, str]:
        data = _checked(form, row)
        services.save_basis(**who, version=pk, item=owner.pk, basis=row.pk if row else None, data=data)
        return back, _("已保存，引文和原文一致") if data["verified"] == "statute_text" else _("已保存；引文还没有和原文核对过")

    context = {"back": back, "owner": owner, "version": pk, "editable": owner.version.state == "draft"}
    edit = Edit(
        template="desk/lists/basis.html",
        form=forms.BasisForm,
        values=forms.basis_values,
        save=save,
        mark=governance.mark,
        again=lambda: governance.basis(owner.pk, row.pk),
        more=lambda _form, _row: context,
        gone=GONE,
    )
    return editing.page(request, row, edit)


def _checked(form: forms.BasisForm, row: Any) -> dict[str, Any]:
    """A wording counts as checked only after it stood literally in the statute's text, now or before: the form refuses what does not."""
    data = form.data_for_service()
    same = row is not None and all(getattr(row, name) == data[name] for name in ("quote", "article", "law_code"))
    checked = bool(form.cleaned_data["statute"]) or (same and row.verified == "statute_text")
    return {**data, "verified": "statute_text" if checked else "secondary"}


@require_POST
@staff(Role.CO)
def remove_basis(request: HttpRequest, pk: int, item: int, basis: int) -> HttpResponse:
    seen = request.POST.get("seen", "")
    url = reverse("desk:item", args=[pk, item])
    return editing.done(
        request, url, _("已去掉"), lambda **who: services.remove_basis(**who, version=pk, item=item, basis=basis, seen=seen)
    )


# ── laws, designations, settlements, boards ──────────────────────────────────────────────────


@require_safe
@staff()
def to_do(request: HttpRequest) -> HttpResponse:
    """Clauses that end, and clauses that need a designation."""
    context = {"rows": governance.to_do(_today()), "today": _today(), "edits": _is_coordinator(request)}
    return pages.page(request, "desk/lists/todo.html", context)


@require_safe
@staff()
def laws(request: HttpRequest) -> HttpResponse:
    """The register of laws, and whom the county designated. `?clause=` chooses the clause to designate for."""
    return _laws_page(request, forms.DesignationForm(initial={"clause": request.GET.get("clause", "")}))


def _laws_page(request: HttpRequest, form: Any) -> HttpResponse:
    today = _today()
    names = {law.code: law.name for law in governance.laws()}
    made = [
        (row, names.get(row.law_code, row.law_code), row.ends is None or row.ends >= today) for row in governance.designations()
    ]
    context = {
        "rows": governance.laws(),
        "designations": made,
        "form": form,
        "today": today,
        "edits": _is_coordinator(request),
    }
    return pages.page(request, "desk/lists/laws.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@staff()
def law(request: HttpRequest, pk: int) -> HttpResponse:
    """When a law no longer applies and by what it is replaced, and every item in force that rests on it. The coordinator enters it."""
    edits = _is_coordinator(request)
    if request.method == "POST" and not edits:
        raise Http404
    row = _there(governance.law(pk))
    form = forms.LawForm(request.POST or None, initial={"valid_to": row.valid_to, "successor": row.successor})
    if request.method == "POST" and form.is_valid():
        try:
            services.save_law(actor=pages.actor(request), at=pages.now(), law=pk, **form.cleaned_data)
            return pages.done(request, reverse("desk:law", args=[pk]), _("已保存；用到它的事项都列在这里"))
        except ValueError as why:
            form.add_error("valid_to", _(str(why)))
    context = {"row": row, "form": form, "cited": governance.citing(row, _today()), "today": _today(), "edits": edits}
    return pages.page(request, "desk/lists/law.html", context, status=422 if form.errors else 200)


@require_POST
@staff(Role.CO)
def designate(request: HttpRequest) -> HttpResponse:
    form = forms.DesignationForm(request.POST)
    if form.is_valid():
        try:
            services.designate(actor=pages.actor(request), at=pages.now(), **form.data_for_service())
            return pages.done(request, reverse("desk:laws"), _("已登记"))
        except ValueError as why:
            form.add_error("starts", _(str(why)))
    return _laws_page(request, form)


@require_http_methods(["GET", "HEAD", "POST"])
@staff(Role.CO)
def designation(request: HttpRequest, pk: int) -> HttpResponse:
    """The last day of a designation."""
    row = _there(governance.designation(pk))
    form = forms.EndForm(request.POST or None, initial={"last_day": row.ends or _today()})
    if request.method == "POST" and form.is_valid():
        try:
            services.end_designation(
                actor=pages.actor(request), at=pages.now(), designation=pk, last_day=form.cleaned_data["last_day"]
            )
            return pages.done(request, reverse("desk:laws"), _("已保存"))
        except ValueError as why:
            form.add_error("last_day", _(str(why)))
    title = _("%(name)s：指定到哪天为止") % {"name": row.body.name}
    context = {"title": title, "form": form, "back": reverse("desk:laws")}
    return pages.page(request, "desk/settings/form.html", context, status=422 if form.errors else 200)


@require_safe
@staff(*SETTLED)
def settlements(request: HttpRequest) -> HttpResponse:
    """What was settled, and what of it the list does not say yet."""
    items, grounds, found = known.in_force(_today()).items, dict(SETTLE_GROUNDS), governance.settlements()
    seen = governance.in_sight(pages.actor(request), pages.now(), found)
    rows = []
    for kept in found:
        now = items.get(kept.item)
        differs = now is not None and now.lead != kept.lead.code
        rows.append((kept, now.name if now else "", _(grounds.get(kept.ground, "")), differs, kept.case_id in seen))
    return pages.page(request, "desk/lists/settlements.html", {"rows": rows, "edits": _is_coordinator(request)})


@require_POST
@staff(Role.CO)
def take_up(request: HttpRequest, pk: int) -> HttpResponse:
    """写进下一版: the lead that was settled stands in the draft."""
    try:
        version, item = services.take_up(actor=pages.actor(request), at=pages.now(), settlement=pk)
    except services.NotThere:
        raise Http404 from None
    return pages.done(request, reverse("desk:item", args=[version, item]), _("已写进草稿，发布以后才生效"))


@require_http_methods(["GET", "HEAD", "POST"])
@staff(Role.COM, Role.CO)
def boards(request: HttpRequest) -> HttpResponse:
    """Service boards that were printed before the lists in force; ticked when they are renewed."""
    actor, at = pages.actor(request), pages.now()
    mine = None if actor.has(Role.CO) else sorted(governance.grounds(actor))
    if request.method == "POST":
        ticked = [pk for raw in request.POST.getlist("compound") if (pk := whole(raw)) is not None]
        try:
            many = services.boards_renewed(actor=actor, at=at, compounds=ticked)
        except Forbidden as why:
            return pages.done(request, reverse("desk:boards"), _(str(why)))
        return pages.done(request, reverse("desk:boards"), _("已登记 %(n)s 处") % {"n": many})
    return pages.page(request, "desk/lists/boards.html", {"rows": governance.stale_boards(at, mine)})


@require_safe
@staff(Role.COM, Role.CO)
def board(request: HttpRequest, pk: int) -> HttpResponse:
    """Both lists on paper for the service board of one compound, with the QR that leads to its page."""
    compound = places.compounds().get(pk)
    if compound is None or not (_is_coordinator(request) or compound.community in governance.grounds(pages.actor(request))):
        raise Http404
    found = _there(portal.board(compound.code, pages.now()))
    here = places.place(pk, compound.community, _today())
    tree = known.in_force(_today())
    listings = [
        (_(name), tree.versions[code], _on_paper(tree.of(code), here)) for code, name in LISTINGS.items() if code in tree.versions
    ]
    address = f"{settings.HUIYIN_SITE_URL}{reverse('portal:board', args=[compound.code])}"
    drawn = segno.make(address, error="m", micro=False).svg_inline(border=0, svgclass="qr", lineclass=None, omitsize=True)
    return pages.page(
        request, "desk/lists/board.html", {"board": found, "listings": listings, "qr": str(drawn), "today": _today()}
    )


def _on_paper(items: list[Any], here: Any) -> dict[str, list[tuple[str, str, str]]]:
    """(item, who leads here, telephone) by category."""
    groups: dict[str, list[tuple[str, str, str]]] = {}
    for item in items:
        body = places.bodies().get(places.lead_body(item.lead, here) or 0)
        name = body.short_name or body.name if body else governance.called().get(item.lead, item.lead)
        groups.setdefault(item.category_name, []).append((item.name, name, body.phone if body else ""))
    return groups
