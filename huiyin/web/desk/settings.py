"""设置: places, people and the work calendar. An administrator keeps them; a coordinator or custodian is the second person."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from huiyin.rules import geo, texts
from huiyin.rules.deadlines import SHANGHAI
from huiyin.rules.workflow.vocabulary import CAN_LEAD, ROLE_LABELS, BodyKind, Role
from huiyin.selectors import desk, directory, setup
from huiyin.selectors import places as known
from huiyin.services import geography
from huiyin.services import people as services
from huiyin.services.people import Forbidden
from huiyin.web.desk import handed, pages
from huiyin.web.desk.pages import staff
from huiyin.web.forms import settings as forms
from huiyin.web.numbers import whole

YEARS = range(2000, 2100)  # of the calendar
#: What a county may still lack, and where that is mended.
LACKS: dict[str, tuple[str, str]] = {
    "county": (gettext_noop("“本县”还没填"), "desk:county"),
    "bodies": (gettext_noop("清单里写了、系统里没有的单位"), "desk:bodies"),
    "officers": (gettext_noop("牵头的部门还没有执法人员和负责人"), "desk:people"),
    "hearing": (gettext_noop("还没有登记听证线的部门（没有登记，超过当场处罚限额的罚款都要告知听证）"), "desk:bodies"),
    "clerks": (gettext_noop("没有工作人员的社区：那里的反映没人派"), "desk:people"),
    "contacts": (gettext_noop("没有公示联络责任人的社区"), "desk:places"),
    "supervisors": (gettext_noop("没有公示执法监督员的社区"), "desk:places"),
    "compounds": (gettext_noop("还没有小区"), "desk:import"),
    "places": (gettext_noop("没有坐标的小区"), "desk:county_map"),
    "calendar": (gettext_noop("没有录入节假日的年份：期限只按周末算"), "desk:calendar"),
    "firms": (gettext_noop("没有物业合同的小区（真的没有物业就不用管）"), "desk:places"),
}

Saved = Callable[[Mapping[str, Any]], str]


@require_safe
@staff(Role.ADMIN, *pages.SECOND_PERSON)
def index(request: HttpRequest) -> HttpResponse:
    """What can be set, and what waits for a second person."""
    admin = pages.actor(request).has(Role.ADMIN)
    waiting = sum(row.decided_at is None for row in directory.requests())
    lacks = setup.lacking(pages.now().astimezone(SHANGHAI).date()) if admin else []
    told = [
        {
            "said": _(LACKS[one.kind][0]),
            "many": one.many,
            "names": _("、").join(_(name) if one.kind == "county" else name for name in one.names),
            "more": one.many > len(one.names) > 0,
            "url": reverse(LACKS[one.kind][1]),
            "ours": one.kind == "county",
        }
        for one in lacks
    ]
    context = {
        "waiting": waiting,
        "admin": admin,
        "co": pages.actor(request).has(Role.CO),
        "lacks": told,
        "begun": not admin or setup.is_begun(),
    }
    return pages.page(request, "desk/settings/index.html", context)


def _edit(request: HttpRequest, form: Any, save: Saved, context: Mapping[str, Any], template: str = "form") -> HttpResponse:
    """One form of the settings: shown, checked, saved by `save`, which answers where to go."""
    if request.method == "POST" and form.is_valid():
        try:
            return pages.done(request, save(form.cleaned_data), _("已保存"))
        except Forbidden as why:
            form.add_error(None, _(str(why)))
        except IntegrityError:
            form.add_error(None, _("有重复的名称或代码，请改一改。"))
    status = 422 if form.errors else 200
    return pages.page(request, f"desk/settings/{template}.html", {**context, "form": form}, status=status)


def _values(row: Any, form: type[Any]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in form.base_fields if hasattr(row, name)} if row is not None else {}


def _there(row: Any) -> Any:
    if row is None:
        raise Http404
    return row


# ── places ───────────────────────────────────────────────────────────────────────────────────


@require_http_methods(["GET", "HEAD", "POST"])
@staff(Role.ADMIN)
def county(request: HttpRequest) -> HttpResponse:
    """The county's own name and numbers, who oversees, and whose sign-in asks for a second factor."""
    row = known.county()
    coordinators = directory.posted_to(Role.CO, pages.now().astimezone(SHANGHAI).date())
    form = forms.CountyForm(request.POST or None, initial=_values(row, forms.CountyForm), coordinators=coordinators)

    def save(given: Mapping[str, Any]) -> str:
        geography.save_county(actor=pages.actor(request), at=pages.now(), data=given)
        return reverse("desk:county")

    return _edit(request, form, save, {"title": _("本县"), "back": reverse("desk:settings")})


@require_safe
@staff(Role.ADMIN)
def places(request: HttpRequest) -> HttpResponse:
    return pages.page(request, "desk/settings/places.html", {"rows": directory.communities()})


@require_http_methods(["GET", "HEAD", "POST"])
@staff(Role.ADMIN)
def community(request: HttpRequest, pk: int) -> HttpResponse:
    """A community's station, and its compounds below."""
    row = _there(directory.community(pk))
    today = pages.now().astimezone(SHANGHAI).date()
    named = {
        "supervisors": directory.posted_at(pk, Role.SUP, today),
        "contacts": directory.posted_at(pk, Role.COM, today),
    }
    form = forms.CommunityForm(request.POST or None, initial=_values(row, forms.CommunityForm), **named)

    def save(given: Mapping[str, Any]) -> str:
        geography.save_community(actor=pages.actor(request), at=pages.now(), community=pk, data=given)
        return reverse("desk:community", args=[pk])

    context = {"title": row.name, "row": row, "compounds": directory.compounds_of(pk)}
    return _edit(request, form, save, context, "community")


@require_http_methods(["GET", "HEAD", "POST"])
@staff(Role.ADMIN)
def new_community(request: HttpRequest) -> HttpResponse:
    def save(given: Mapping[str, Any]) -> str:
        pk = geography.save_community(actor=pages.actor(request), at=pages.now(), community=None, data=given)
        return reverse("desk:community", args=[pk])

    return _edit(request, forms.CommunityForm(request.POST or None), save, {"title": _("加社区"), "back": reverse("desk:places")})


@require_http_methods(["GET", "HEAD", "POST"])
@staff(Role.ADMIN)
def compound(request: HttpRequest, pk: int) -> HttpResponse:
    """A compound, and its contracts below."""
    row = _there(directory.compound(pk))
    corners = "\n".join(f"{lon},{lat}" for lon, lat in row.outline)
    first = {**_values(row, forms.CompoundForm), "aliases": "、".join(row.aliases), "outline": corners, "datum": geo.CGCS2000}
    form = forms.CompoundForm(request.POST or None, initial=first)

    def save(given: Mapping[str, Any]) -> str:
        actor, at = pages.actor(request), pages.now()
        geography.save_compound(actor=actor, at=at, compound=pk, community=row.community_id, data=given)
        return reverse("desk:compound", args=[pk])

    context = {"title": row.name, "row": row, "contracts": directory.contracts_of(pk), "contract_form": forms.ContractForm()}
    return _edit(request, form, save, context, "compound")


@require_http_methods(["GET", "HEAD", "POST"])
@staff(Role.ADMIN)
def new_compound(request: HttpRequest, pk: int) -> HttpResponse:
    row = _there(directory.community(pk))

    def save(given: Mapping[str, Any]) -> str:
        made = geography.save_compound(actor=pages.actor(request), at=pages.now(), compound=None, community=pk, data=given)
        return reverse("desk:compound", args=[made])

    context = {"title": _("%(name)s：加小区") % {"name": row.name}, "back": reverse("desk:community", args=[pk])}
    return _edit(request, forms.CompoundForm(request.POST or None), save, context)


@require_POST
@staff(Role.ADMIN)
def contract(request: HttpRequest, pk: int) -> HttpResponse:
    """Another firm from a day on, or none."""
    row = _there(directory.compound(pk))
    form = forms.ContractForm(request.POST)

    def save(given: Mapping[str, Any]) -> str:
        actor, at = pages.actor(request), pages.now()
        geography.change_contract(actor=actor, at=at, compound=pk, firm=given["firm"], starts=given["starts"])
        return reverse("desk:compound", args=[pk])

    context = {"title": _("%(name)s：换物业") % {"name": row.name}, "back": reverse("desk:compound", args=[pk])}
    return _edit(request, form, save, context)


# ── bodies and people ────────────────────────────────────────────────────────────────────────


@require_safe
@staff(Role.ADMIN)
def bodies(request: HttpRequest) -> HttpResponse:
    return pages.page(request, "desk/settings/bodies.html", {"rows": directory.bodies(), "kinds": dict(forms.BODY_KINDS)})


@require_http_methods(["GET", "HEAD", "POST"])
@staff(Role.ADMIN)
def body(request: HttpRequest, pk: int) -> HttpResponse:
    row = _there(directory.body(pk))
    form = forms.BodyForm(request.POST or None, initial=_values(row, forms.BodyForm))
    leads = BodyKind(row.kind) in CAN_LEAD - {BodyKind.PROPERTY}
    context = {"title": row.name, "back": reverse("desk:bodies"), "department": pk if leads and row.active else None}
    return _edit(request, form, _body_saver(request, pk), context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff(Role.ADMIN)
def new_body(request: HttpRequest) -> HttpResponse:
    form = forms.BodyForm(request.POST or None)
    return _edit(request, form, _body_saver(request, None), {"title": _("加单位"), "back": reverse("desk:bodies")})


def _body_saver(request: HttpRequest, pk: int | None) -> Saved:
    def save(given: Mapping[str, Any]) -> str:
        services.save_body(actor=pages.actor(request), at=pages.now(), body=pk, data=given)
        return reverse("desk:bodies")

    return save


@require_safe
@staff(Role.ADMIN)
def people(request: HttpRequest) -> HttpResponse:
    q = texts.visible(request.GET.get("q", "")).strip()[:40]
    page = whole(request.GET.get("page")) or 1
    found, more = directory.people(q, max(1, min(page, desk.LAST_PAGE)))
    today = pages.now().astimezone(SHANGHAI).date()
    rows = [(one, [_posting(held) for held in one.postings.all() if held.ends is None or held.ends >= today]) for one in found]
    context = {"rows": rows, "q": q, "number": page, "more": more}
    return pages.page(request, "desk/settings/people.html", context)


def _posting(row: Any) -> str:
    where = row.body.short_name if row.body else row.community.name if row.community else ""
    return " ".join(filter(None, (where, _(ROLE_LABELS[Role(row.role)]))))


@require_http_methods(["GET", "HEAD", "POST"])
@staff(Role.ADMIN)
def new_person(request: HttpRequest) -> HttpResponse:
    """Somebody new; the page of theirs that follows shows the temporary password, also after a second click on the button."""
    form = forms.PersonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            pk, temporary = services.save_person(actor=pages.actor(request), at=pages.now(), person=None, data=form.cleaned_data)
        except IntegrityError:
            made = directory.just_made(form.cleaned_data, pages.now())
            if made is not None:  # a second click: the first one's answer is on that page
                return pages.done(request, reverse("desk:person", args=[made]))
            form.add_error("username", _("这个登录名已经有人用了。"))
        else:
            handed.keep(request, pk, temporary, pages.now())
            return pages.done(request, reverse("desk:person", args=[pk]))
    context = {"title": _("加人"), "back": reverse("desk:people"), "form": form}
    return pages.page(request, "desk/settings/form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@staff(Role.ADMIN)
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody's particulars, postings, password and second factor."""
    _there(directory.person(pk))
    if request.method != "POST":
        return _person_page(request, pk)
    form = forms.PersonForm(request.POST)
    if form.is_valid():
        try:
            services.save_person(actor=pages.actor(request), at=pages.now(), person=pk, data=form.cleaned_data)
            return pages.done(request, reverse("desk:person", args=[pk]), _("已保存"))
        except Forbidden as why:
            form.add_error(None, _(str(why)))
        except IntegrityError:
            form.add_error("username", _("这个登录名已经有人用了。"))
    return _person_page(request, pk, form=form)


def _person_page(request: HttpRequest, pk: int, form: Any = None, posting_form: Any = None, temporary: str = "") -> HttpResponse:
    row = _there(directory.person(pk))
    today = pages.now().astimezone(SHANGHAI).date()
    postings = [
        (held, _posting(held), held.ends is None or held.ends >= today, held.role in {Role.OFF, Role.HEAD})
        for held in directory.postings_of(pk)
    ]
    context = {
        "row": row,
        "form": form or forms.PersonForm(initial=_values(row, forms.PersonForm)),
        "posting_form": posting_form or forms.PostingForm(initial={"starts": today}),
        "why_form": forms.WhyForm(),
        "postings": postings,
        "today": today,
        "temporary": temporary
        or next((one.word for one in handed.kept(request, pages.now()) if one.username == row.username), ""),
    }
    wrong = any(one is not None and one.errors for one in (form, posting_form))
    return pages.page(request, "desk/settings/person.html", context, status=422 if wrong else 200)


@require_POST
@staff(Role.ADMIN)
def give_posting(request: HttpRequest, pk: int) -> HttpResponse:
    """Posts somebody, or asks for it where a second person must agree."""
    _there(directory.person(pk))
    form = forms.PostingForm(request.POST)
    if not form.is_valid():
        return _person_page(request, pk, posting_form=form)
    data, actor = dict(form.cleaned_data), pages.actor(request)
    why = data.pop("why")
    if services.needs_second(actor, pk, data["role"]) and not why:
        form.add_error("why", _("这个岗位要第二个人同意，请写为什么。"))
        return _person_page(request, pk, posting_form=form)
    result = services.give_posting(actor=actor, at=pages.now(), person=pk, data=data, why=why)
    said = _("已任命") if result == "posted" else _("已提出，等协调监督或身份保管员同意")
    return pages.done(request, reverse("desk:person", args=[pk]), said)


@require_POST
@staff(Role.ADMIN)
def password(request: HttpRequest, pk: int) -> HttpResponse:
    """A temporary password, shown on the person's page until it was changed or half an hour is over."""
    _there(directory.person(pk))
    try:
        temporary = services.new_password(actor=pages.actor(request), at=pages.now(), person=pk)
    except Forbidden as why:
        return pages.done(request, reverse("desk:person", args=[pk]), _(str(why)))
    handed.keep(request, pk, temporary, pages.now())
    return _person_page(request, pk, temporary=temporary)


@require_POST
@staff(Role.ADMIN)
def factor(request: HttpRequest, pk: int) -> HttpResponse:
    """A lost second factor is taken away, for protected roles only with a second person."""
    _there(directory.person(pk))
    form = forms.WhyForm(request.POST)
    why = form.cleaned_data["why"] if form.is_valid() else ""
    if not why:
        return pages.done(request, reverse("desk:person", args=[pk]), _("请写为什么。"))
    result = services.ask_factor_reset(actor=pages.actor(request), at=pages.now(), person=pk, why=why)
    said = _("已取消第二重验证，下次登录时重新设置") if result == "reset" else _("已提出，等协调监督或身份保管员同意")
    return pages.done(request, reverse("desk:person", args=[pk]), said)


@require_http_methods(["GET", "HEAD", "POST"])
@staff(Role.ADMIN)
def posting(request: HttpRequest, pk: int) -> HttpResponse:
    """Ends a posting or enters a badge."""
    row = _there(directory.posting(pk))
    ends = request.method == "POST" and "last_day" in request.POST
    badge = request.method == "POST" and "number" in request.POST
    end_form = forms.EndForm(
        request.POST if ends else None, initial={"last_day": row.ends or pages.now().astimezone(SHANGHAI).date()}
    )
    badge_form = forms.BadgeForm(request.POST if badge else None, initial={"number": row.badge_no, "expires": row.badge_expires})
    actor, at, back = pages.actor(request), pages.now(), reverse("desk:person", args=[row.person_id])
    try:
        if ends and end_form.is_valid():
            services.end_posting(actor=actor, at=at, posting=pk, last_day=end_form.cleaned_data["last_day"])
            return pages.done(request, back, _("已保存"))
        if badge and badge_form.is_valid():
            given = badge_form.cleaned_data
            services.set_badge(actor=actor, at=at, posting=pk, number=given["number"], expires=given["expires"])
            return pages.done(request, back, _("已保存"))
    except Forbidden as why:
        end_form.add_error(None, _(str(why)))
    officer = row.role in {Role.OFF, Role.HEAD}
    context = {
        "row": row,
        "label": _posting(row),
        "end_form": end_form,
        "badge_form": badge_form,
        "officer": officer,
        "back": back,
    }
    return pages.page(request, "desk/settings/posting.html", context, status=422 if end_form.errors or badge_form.errors else 200)


@require_safe
@staff(Role.ADMIN, *pages.SECOND_PERSON)
def requests(request: HttpRequest) -> HttpResponse:
    """What needs or had a second person; who asked and who decides both see all of it."""
    who = pages.actor(request)
    rows = [
        (row, _posting(row) if row.kind == "posting" else _("取消第二重验证"), _decides(who, row)) for row in directory.requests()
    ]
    alone = [
        (row, _posting(row) if row.kind == "posting" else _(ALONE[row.kind]), _looks(who, row)) for row in directory.sole_acts()
    ]
    context = {
        "rows": rows,
        "alone": alone,
        "unseen": [row.pk for row, _label, looks in alone if looks],
        "handed": handed.kept(request, pages.now()),
    }
    return pages.page(request, "desk/settings/requests.html", context)


#: What an administrator did alone, beside posting somebody.
ALONE = {"password": gettext_noop("给了临时密码"), "factor_reset": gettext_noop("取消第二重验证")}


def _looks(who: Any, row: Any) -> bool:
    return row.seen_at is None and who.has(*pages.SECOND_PERSON) and who.person not in {row.by_id, row.person_id}


@require_POST
@staff(*pages.SECOND_PERSON)
def looked(request: HttpRequest) -> HttpResponse:
    """看过了: a second person has seen what was done alone, as far as the page showed it."""
    acts = [act for raw in request.POST.getlist("act") if (act := whole(raw)) is not None]
    services.looked(actor=pages.actor(request), at=pages.now(), acts=acts)
    return pages.done(request, reverse("desk:requests"), _("已记下：您看过了"))


def _decides(who: Any, row: Any) -> bool:
    return row.decided_at is None and who.has(*pages.SECOND_PERSON) and who.person not in {row.asked_by_id, row.person_id}


@require_POST
@staff(*pages.SECOND_PERSON)
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    about, url = _there(directory.request(pk)).person_id, reverse("desk:requests")
    try:
        approved = request.POST.get("approved") == "yes"
        temporary = services.decide(actor=pages.actor(request), at=pages.now(), request=pk, approved=approved)
    except Forbidden as why:
        return pages.done(request, url, _(str(why)))
    if temporary:
        handed.keep(request, about, temporary, pages.now())
    return pages.done(request, url, _("已决定"))


# ── the calendar ─────────────────────────────────────────────────────────────────────────────


@require_http_methods(["GET", "HEAD", "POST"])
@staff(Role.ADMIN)
def calendar(request: HttpRequest) -> HttpResponse:
    """Days that differ from plain Monday to Friday. A change counts the terms of open cases anew."""
    raw = request.GET.get("year", "")
    year = int(raw) if raw.isdecimal() and len(raw) == 4 and int(raw) in YEARS else pages.now().astimezone(SHANGHAI).year
    form = forms.DayForm(request.POST or None)

    def save(given: Mapping[str, Any]) -> str:
        messages.info(request, _("没办结的件，期限会在几分钟内按新日历重新算好。"))
        geography.set_day(actor=pages.actor(request), at=pages.now(), **given)
        return f"{reverse('desk:calendar')}?year={given['day'].year}"

    context = {"rows": directory.workdays(year), "year": year, "years": directory.years()}
    return _edit(request, form, save, context, "calendar")
