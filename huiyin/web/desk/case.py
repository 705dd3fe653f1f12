"""One case: its page in three columns, and the forms of its acts."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from huiyin.rules import cautions, terms, texts
from huiyin.rules.cautions import Caution
from huiyin.rules.deadlines import SHANGHAI
from huiyin.rules.workflow import judge, procedure
from huiyin.rules.workflow.acts import Refusal
from huiyin.rules.workflow.fields import FIELDS
from huiyin.rules.workflow.judge import Option, Refused, Stale, Unknown
from huiyin.rules.workflow.table import ACTIONS, Row, label
from huiyin.rules.workflow.vocabulary import OUTCOME_LABELS, PAUSE_GROUNDS, SETTLE_GROUNDS, Role, Stage
from huiyin.selectors import cases as seen
from huiyin.selectors import desk, duplicates, evidence, governance, places
from huiyin.selectors.cases import Dossier
from huiyin.selectors.people import Actor
from huiyin.selectors.portal import item_name
from huiyin.services import cases, receipts
from huiyin.web import wording
from huiyin.web.desk import files, pages, photos, story
from huiyin.web.desk.pages import staff
from huiyin.web.forms import desk as forms
from huiyin.web.forms import layout
from huiyin.web.numbers import whole

KEY_BYTES = 16
#: Answers to something: while there is nothing to answer they are not worth a line among what cannot be done yet.
ANSWERS = frozenset(
    {
        "countersign", "approve", "help", "recall_help", "property_reply", "comply", "resume", "uphold", "lift", "unpublish", "hold_hearing",
    }
)  # fmt: skip
#: What can be done, by the rungs of 一劝、二督、三查, then what ends the matter, then what is about it.
GROUPS: tuple[tuple[str, Any, frozenset[str]], ...] = (
    (
        "persuade", gettext_lazy("劝"),
        frozenset({"ask_dissuade", "attend", "dissuade", "mediate", "coordinate", "recheck"}),
    ),
    (
        "urge", gettext_lazy("督"),
        frozenset({"urge", "property_reply", "request_help", "help", "recall_help", "order", "comply", "countersign"}),
    ),
    (
        "investigate", gettext_lazy("查"),
        frozenset(
            {
                "name_party", "propose", "approve", "open_file", "inspect", "interview", "test", "preserve", "advance_notice", "hear", "hold_hearing",
                "review", "deliberate", "decide", "spot_penalty", "serve", "seize", "lift", "demand", "announce", "enforce", "perform", "court",
                "close_file", "publish", "unpublish",
            }
        ),
    ),
    (
        "end", gettext_lazy("结"),
        frozenset({"resolve", "echo", "call", "close", "refuse", "transfer", "feedback", "dispute", "uphold", "reopen"}),
    ),
)  # fmt: skip
FEW_CHOICES = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """One of a case's five promises as the left column shows it."""

    label: str
    due: datetime
    left: int
    kept: datetime | None
    paused: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Something that could be done: its address, or why not and where what is missing is made."""

    action: str
    label: str
    sign: str
    url: str
    why: str = ""
    fix_url: str = ""
    fix_label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Choices of one rung; `shut` where they are folded away."""

    name: str
    able: Sequence[Choice]
    not_yet: Sequence[Choice]
    shut: bool


def opened(request: HttpRequest, number: str, *, files: bool = True, reports: bool = True) -> tuple[Dossier, Actor, datetime]:
    """The case with everything on it (but files or reports that a page does not show), for who may see it; a stranger gets 404."""
    actor, at = pages.actor(request), pages.now()
    case = desk.find(number, actor, at)
    if case is None:
        raise Http404
    return seen.load_for(case, actor, at, files=files, reports=reports), actor, at


@require_safe
@staff(*pages.CASEWORK)
def case(request: HttpRequest, number: str) -> HttpResponse:
    """The page of one case. What is on it depends on how much of the case the actor sees."""
    dossier, actor, at = opened(request, number)
    sight = seen.sight(dossier, actor)
    return pages.page(request, f"desk/case/{_page(sight)}.html", shown(dossier, actor, at, sight))


def _page(sight: str) -> str:
    return "task" if sight in {"task", "former"} else "page"


def shown(dossier: Dossier, actor: Actor, at: datetime, sight: str) -> dict[str, Any]:
    """Everything the page of a case says."""
    sealed = seen.sealed_from(dossier, actor)
    options = seen.options_for(dossier, actor, at)
    waited_for = procedure.next_actions(dossier.state, at.astimezone(SHANGHAI).date(), places.calendar())
    first = judge.first_thing(options, dossier.state, waited_for)
    rest = [one for one in options if one is not first and (one.refusal is None or one.row.action not in ANSWERS)]
    return {
        "dossier": dossier,
        "case": dossier.case,
        "state": dossier.state,
        "sight": sight,
        "title": title(dossier, sight),
        "steps": steps(dossier),
        "clocks": clocks(dossier, at) if sight in {"full", "bare"} or dossier.case.lead_id in actor.bodies else [],
        "lines": story.told(dossier, actor, sight),
        "sealed": _sealed(dossier) if sealed else "",
        "outcome": _(OUTCOME_LABELS[dossier.state.outcome]) if dossier.state.outcome and not sealed else "",
        "facts": about(dossier) if sight in {"full", "bare"} else {},
        "bases": bases(dossier, at.astimezone(SHANGHAI).date()) if sight == "full" else [],
        "first": _choice(dossier, first, actor, at) if first else None,
        "groups": _grouped(dossier, rest, first, actor, at),
        "inquiry": files.shown(dossier, actor, at, sight, (one.row.action for one in options if one.refusal is None)),
        "late": [_plain(dossier, row.action) for row in desk.late_facts(dossier, actor, at)],
        "released": released(dossier, actor) if sight == "task" else (),
        "may_document": sight == "full" and actor.has(Role.OFF, Role.HEAD, Role.REV, Role.COM, Role.CO),
        "may_reissue": actor.has(Role.COM) and sight == "full",
        "may_list_evidence": sight == "full" and bool(dossier.attachments) and evidence.sees_way(dossier, actor),
        "settled": settled_before(dossier) if sight == "full" and actor.has(Role.COM, Role.CO) else None,
        "may_be_told_before": sight == "full" and actor.has(*pages.INTAKE) and _may_be_told_before(dossier.case),
    }


def _sealed(dossier: Dossier) -> str:
    """What stands in place of tier and result where they are sealed; nothing is dealt with before the case is settled."""
    settled = dossier.state.stage in {Stage.RESOLVED, Stage.ECHOED, Stage.CLOSED}
    return _("公安机关已依法处理") if settled else _("公安机关依法办理中")


def _may_be_told_before(case: Any) -> bool:
    """Duplicates are looked for while the case is not yet in anybody's hands."""
    return case.compound_id is not None and case.stage in {Stage.REPORTED, Stage.ASSIGNED}


def settled_before(dossier: Dossier) -> dict[str, Any] | None:
    """Who took the same matter when departments last could not agree; shown while somebody has still to be found."""
    case = dossier.case
    if case.stage not in {Stage.REPORTED, Stage.ASSIGNED}:
        return None
    kept = governance.settled_like(case.item or case.suggested, case.pk)
    if kept is None:
        return None
    ground = dict(SETTLE_GROUNDS).get(kept.ground, "")
    return {"number": kept.case.number, "lead": kept.lead.name, "at": kept.at, "ground": _(ground), "document": kept.document}


def title(dossier: Dossier, sight: str) -> str:
    """The reporter's first words where they may be read, else the item."""
    kept = dossier.words.get(1, {}) if sight == "full" else {}
    words = next((row.text for key, row in kept.items() if key.partition("@")[0] == "words" and row.text), "")
    return words.split("\n")[0] if words else item_name(dossier.case) or _("还没有归项")


def steps(dossier: Dossier) -> list[tuple[str, datetime | None, str]]:
    """The five stages with the day each was last reached."""
    state = dossier.state
    reached: dict[Stage, datetime] = {Stage.REPORTED: state.opened}
    for entry in state.entries:
        if entry.to is not None:
            reached[entry.to] = entry.at
    order = [Stage.REPORTED, Stage.ASSIGNED, Stage.HANDLING, Stage.RESOLVED, Stage.ECHOED]
    at = 4 if state.stage is Stage.CLOSED else order.index(state.stage)
    rows: list[tuple[str, datetime | None, str]] = []
    for n, stage in enumerate(order):
        mark = "now" if n == at and state.stage is not Stage.CLOSED else "did" if n <= at and stage in reached else ""
        rows.append((stage.value, reached.get(stage) if mark else None, mark))
    return rows


def clocks(dossier: Dossier, at: datetime) -> list[Clock]:
    """Due times that were ever set, with when they were kept."""
    case, state, calendar = dossier.case, dossier.state, places.calendar()
    pause = state.paused
    why = _("中止到 %(day)s") % {"day": pause.until} if pause else ""
    rows = (
        # what came back to be assigned waits for it anew, whenever it was first assigned
        (_("派单"), case.due_dispatch, state.first_assigned if state.stage is not Stage.REPORTED else None),
        (_("签收"), case.due_signoff, state.accepted),
        (_("到场"), case.due_onsite, state.attended),
        (
            _("办结"),
            case.due_resolution,
            state.resolved if state.stage not in {Stage.REPORTED, Stage.ASSIGNED, Stage.HANDLING} else None,
        ),
        (_("回音"), case.due_echo, state.echoed if state.stage in {Stage.ECHOED, Stage.CLOSED} else None),
        (_("不处理可诉"), terms.may_be_sued_from(state), state.resolved),
    )
    unpaused = {_("派单"), _("不处理可诉")}  # a statute waits for no pause
    return [
        Clock(
            label=name,
            due=due,
            left=calendar.workdays_between(kept or at, due),
            kept=kept,
            paused=why if name not in unpaused else "",
        )
        for name, due, kept in rows
        if due is not None
    ]


def about(dossier: Dossier) -> dict[str, Any]:
    """People and place beside the case: who is in charge, who helps, the firm, the supervisor."""
    state, context, bodies = dossier.state, dossier.context, places.bodies()
    community = places.communities().get(dossier.case.community_id or 0)
    names = {view.person: view.name for view in dossier.postings.values()}
    firm = bodies.get(context.place.firm or 0)
    return {
        "households": len(state.active),
        "cooperating": [bodies[pk].name for pk in sorted(state.cooperating) if pk in bodies],
        "handler": names.get(state.handler or 0, ""),
        "beside": [names[pk] for pk in state.beside if pk in names],
        "firm": firm,
        "supervisor": community.supervisor.name if community and community.supervisor else "",
        "station": community,
        "pause_ground": dict(PAUSE_GROUNDS),
        "lookers": sum(report.looks for report in dossier.reports.values()),
    }


def bases(dossier: Dossier, day: date) -> Sequence[tuple[str, bool, str, bool]]:
    """(clause, in force today, where it applies, whether that is here) of the case's item."""
    here = dossier.context.place
    return [(basis.label, basis.in_force(day), basis.applies, basis.applies_at(here)) for basis in dossier.context.bases.values()]


def released(dossier: Dossier, actor: Actor) -> Sequence[Any]:
    """The photos that a clerk or the lead gave to the firm, and the firm's own."""
    return [
        photo
        for seq, kept in dossier.attachments.items()
        for photo in kept
        if photo.state != "masked" and (photo.released or photos.own_entry(dossier, seq, actor))
    ]


def _grouped(dossier: Dossier, options: Sequence[Option], first: Option | None, actor: Actor, at: datetime) -> list[Group]:
    """What else can be done, by rung. A few stand open; of many only the rung at which the case is."""
    found = []
    known = frozenset().union(*(actions for _name, _label, actions in GROUPS))
    able = sum(one.refusal is None for one in options)
    here = _rung(dossier, first)
    for name, said, actions in (*GROUPS, ("around", gettext_lazy("其他"), None)):
        mine = [one for one in options if (one.row.action in actions if actions is not None else one.row.action not in known)]
        if mine:
            found.append(
                Group(
                    name=str(said),
                    able=[_choice(dossier, one, actor, at) for one in mine if one.refusal is None],
                    not_yet=[_choice(dossier, one, actor, at) for one in mine if one.refusal is not None],
                    shut=able > FEW_CHOICES and name != here,
                )
            )
    return found


def _rung(dossier: Dossier, first: Option | None) -> str:
    """Where the next thing to do stands; else where the case is."""
    if first is not None:
        return next((name for name, _label, actions in GROUPS if first.row.action in actions), "around")
    if dossier.state.stage is not Stage.HANDLING:
        return "end"
    return "investigate" if dossier.state.inquiry.open_files else "persuade"


def _plain(dossier: Dossier, action: str) -> Choice:
    return Choice(
        action=action,
        label=_(label(action)),
        sign=story.SIGNS.get(action, "pen-line"),
        url=reverse("desk:act", args=[dossier.case.number, action]),
    )


def _choice(dossier: Dossier, option: Option, actor: Actor, at: datetime) -> Choice:
    row, refusal = option.row, option.refusal
    return Choice(
        action=row.action,
        label=_(row.label),
        sign=story.SIGNS.get(row.action, "pen-line"),
        url=reverse("desk:act", args=[dossier.case.number, row.action]),
        **(_refused(dossier, refusal, actor, row.action, at) if refusal else {}),
    )


def _refused(dossier: Dossier, refusal: Refusal, actor: Actor, then: str, at: datetime) -> dict[str, str]:
    """Why not, and where what is missing is made by this person, who then comes back to `then`; no way to where somebody else has to go."""
    text = wording.refused(refusal)
    if not refusal.fix or refusal.fix == then or not desk.can_now(dossier, actor, refusal.fix, at):
        return {"why": text}
    preset = {"of": "1", "fact": "compound"} if refusal.fix == "correct" else {}
    return {
        "why": text,
        "fix_url": f"{reverse('desk:act', args=[dossier.case.number, refusal.fix])}?{urlencode({**preset, 'then': then})}",
        "fix_label": _("去做“%(act)s”") % {"act": _(label(refusal.fix))},
    }


@require_safe
@staff(*pages.CASEWORK)
def earlier(request: HttpRequest, number: str) -> HttpResponse:
    """Earlier cases at the same place, as a fragment that the page fetches after it is drawn."""
    actor, at = pages.actor(request), pages.now()
    case = desk.find(number, actor, at)
    if case is None:
        raise Http404
    return pages.page(request, "desk/case/earlier.html", {"lines": desk.earlier(case, actor, at), "case": case})


@require_safe
@staff(*pages.INTAKE)
def alike(request: HttpRequest, number: str) -> HttpResponse:
    """Likely duplicates of a case: a fragment for the page of the case, a page of its own where there are no scripts."""
    actor, at = pages.actor(request), pages.now()
    case = desk.find(number, actor, at)
    if case is None:
        raise Http404
    found = duplicates.of_case(case, actor, at) if _may_be_told_before(case) else []
    template = "alike" if request.headers.get("HX-Request") else "alike_page"
    return pages.page(request, f"desk/case/{template}.html", {"alike": found, "case": case})


# ── acts ─────────────────────────────────────────────────────────────────────────────────────


@require_http_methods(["GET", "HEAD", "POST"])
@staff(*pages.CASEWORK)
def act(request: HttpRequest, number: str, action: str) -> HttpResponse:
    """The form of one act, and doing it."""
    dossier, actor, at = opened(request, number)
    option = desk.row_for(dossier, actor, action, at)
    if option is None:
        return _not_now(request, dossier, actor, action)
    if request.method == "POST":
        return _do(request, dossier, actor, option, at)
    kept = pages.held(request)
    form = forms.for_row(option.row, dossier, actor, at, initial={**request.GET.dict(), **kept})
    refused = _refused(dossier, option.refusal, actor, action, at) if option.refusal else {}
    return _form(request, dossier, option, form, refused, 409 if refused else 200, kept)


def _not_now(request: HttpRequest, dossier: Dossier, actor: Actor, action: str) -> HttpResponse:
    """An act that is none here: unknown to strangers, out of date for who clicked a button of an older page."""
    if action not in ACTIONS or (request.method != "POST" and not desk.wears(dossier, actor, action)):
        raise Http404
    said = _("这一步现在不能做了：此件刚由他人处理，或者已经办过。请先看看最新情况。")
    url = reverse("desk:case", args=[dossier.case.number])
    if pages.wants_json(request):
        return JsonResponse({"errors": {"__all__": [said]}, "url": url}, status=409)
    typed = [(name, value) for name, value in request.POST.items() if name in FIELDS and value]
    return pages.page(request, "desk/case/not_now.html", {"case": dossier.case, "why": said, "typed": typed}, status=409)


def _do(request: HttpRequest, dossier: Dossier, actor: Actor, option: Option, at: datetime) -> HttpResponse:
    form = forms.for_row(option.row, dossier, actor, at, data=request.POST)
    key = request.POST.get("key", "")
    try:
        missing = photos.take_all(request, actor, at, key)
    except texts.Bad as bad:
        form.add_error(None, _(bad.template) % bad.values)
        return _answer(request, dossier, option, form, {}, 422)
    if missing:
        return JsonResponse({"errors": {}, "code": "photos", "missing": sorted(missing)}, status=409)
    if not form.is_valid():
        return _answer(request, dossier, option, form, {}, 422)
    try:
        done = cases.act(
            actor=actor,
            at=at,
            number=dossier.case.number,
            action=option.row.action,
            data=form.given,
            seen=dossier.numbered(whole(request.POST.get("seen"))),
            key=key if len(key) >= receipts.KEY_CHARACTERS else "",
            claimed_at=form.claimed,
        )
    except (cases.NotFound, Unknown):
        if form.claimed is None:
            raise Http404 from None
        # The act is open to this person today: what stands in the way is the day they gave.
        form.add_error("happened", _("按这个时间，您那天还不能做这一步。请看看日期；别人做的事，可以写在备注里。"))
        return _answer(request, dossier, option, form, {}, 422)
    except cases.Missing as gap:
        for name in gap.fields:
            form.add_error(name if name in form.fields else None, _("这里还要填。"))
        return _answer(request, dossier, option, form, {}, 422)
    except texts.Bad as bad:
        form.add_error(None, _(bad.template) % bad.values)
        return _answer(request, dossier, option, form, {}, 422)
    except cases.Conflict:
        return _sent(request, dossier)
    except Stale:
        return _answer(
            request, dossier, option, form, {"why": _("此件刚由他人处理，请先看看最新情况。您填的内容还在。"), "stale": "1"}, 409
        )
    except Refused as refused:
        why = _refused(dossier, refused.refusal, actor, option.row.action, at)
        if "fix_url" in why:
            pages.hold(request)  # what was typed is there again when what was missing has been made
        return _answer(request, dossier, option, form, why, 409)
    if whole(request.POST.get("photos_missing")):
        messages.warning(request, _("照片暂时存不下，文字已交。"))
    said = _("已经记下：%(act)s") % {"act": _(option.row.label)} + (_("（补录）") if done.late else "")
    return pages.done(request, _back(request, done.number), said)


def _back(request: HttpRequest, number: str) -> str:
    """To the act for whose sake this one was done, else to the case."""
    then = request.POST.get("then", "")
    return reverse("desk:act", args=[number, then]) if then in ACTIONS else reverse("desk:case", args=[number])


def _sent(request: HttpRequest, dossier: Dossier) -> HttpResponse:
    said = _("这一份已经交过了，内容和这次不一样。")
    url = reverse("desk:case", args=[dossier.case.number])
    if pages.wants_json(request):
        return JsonResponse({"errors": {"__all__": [said]}, "code": "sent", "url": url}, status=409)
    return pages.page(request, "desk/case/not_now.html", {"case": dossier.case, "why": said, "typed": []}, status=409)


def _answer(
    request: HttpRequest, dossier: Dossier, option: Option, form: forms.ActForm, refused: Mapping[str, str], status: int
) -> HttpResponse:
    if pages.wants_json(request):
        errors = {name: [str(text) for text in texts_] for name, texts_ in form.errors.items()}
        if refused:
            errors = {"__all__": [refused["why"]]}
        return JsonResponse({"errors": errors}, status=status)
    return _form(request, dossier, option, form, refused, status)


def _form(
    request: HttpRequest,
    dossier: Dossier,
    option: Option,
    form: forms.ActForm,
    refused: Mapping[str, str],
    status: int,
    kept: Mapping[str, Any] | None = None,
) -> HttpResponse:
    """The form, with what was typed; `seen` is the case as it is now, so that a second try counts as having looked."""
    actor = pages.actor(request)
    sight = seen.sight(dossier, actor)
    lines = story.told(dossier, actor, sight)
    context = {
        "case": dossier.case,
        "state": dossier.state,
        "title": title(dossier, sight),
        "row": option.row,
        "label": _(option.row.label),
        "form": form,
        "fields": layout.laid_out(form),
        "takes_files": forms.takes_files(option.row),
        "upload_field": photos.FIELD,
        "refused": refused,
        "kept": bool(kept),
        "key": request.POST.get("key") or (kept or {}).get("key") or secrets.token_hex(KEY_BYTES),
        "seen": len(dossier.state.entries),
        "then": _then(request),
        "name_party": _name_party(dossier, actor, option.row),
        "lines": lines[:4],
        "waiting": {photo.pk for kept in dossier.attachments.values() for photo in kept if photo.state == "received"},
        "video_mb": settings.HUIYIN_VIDEO_MB,
        "second": option.row.action == "order",
        "cautions": _cautions(dossier, actor, option.row.action),
    }
    return pages.page(request, "desk/case/act.html", context, status=status)


def _cautions(dossier: Dossier, actor: Actor, action: str) -> list[Caution]:
    """What is not checked, and which readings are unproven, of this act on this item."""
    laws = {basis.law_code for basis in dossier.context.bases.values()}
    return cautions.of_act(action, laws, police=bool(actor.bodies & seen.police()))


def _then(request: HttpRequest) -> str:
    then = request.POST.get("then") or request.GET.get("then", "")
    return then if then in ACTIONS else ""


def _name_party(dossier: Dossier, actor: Actor, row: Row) -> str:
    """Where the party of an act is named, for one that asks for it."""
    if "party" not in (*row.needs, *row.may) or not desk.wears(dossier, actor, "name_party"):
        return ""
    return f"{reverse('desk:act', args=[dossier.case.number, 'name_party'])}?{urlencode({'then': row.action})}"


@require_safe
def csrf(request: HttpRequest) -> HttpResponse:
    """A fresh token and who is signed in, for a draft that is about to be sent; 401 when nobody is."""
    if not request.user.is_authenticated:
        return JsonResponse({"error": _("请先登录"), "person": None}, status=401)
    return JsonResponse({"token": get_token(request), "person": request.user.pk})
