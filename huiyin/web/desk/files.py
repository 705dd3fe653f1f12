"""案卷 on the page of a case: each file with its party, its lawful path, its decision and what is owed; measures; parties; terms that run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from huiyin.rules import cautions, terms
from huiyin.rules.cautions import Caution
from huiyin.rules.deadlines import SHANGHAI, Calendar
from huiyin.rules.documents.wording import in_capitals
from huiyin.rules.investigation import Decision, File, Measure
from huiyin.rules.workflow import procedure
from huiyin.rules.workflow.procedure import Mark
from huiyin.rules.workflow.table import label
from huiyin.rules.workflow.vocabulary import DECISIONS, MEASURES, PENALTIES, Role
from huiyin.selectors import cases as seen
from huiyin.selectors import places
from huiyin.selectors.cases import Dossier, police
from huiyin.selectors.parties import Named
from huiyin.selectors.people import Actor
from huiyin.web import wording

STEPS = {
    "open": gettext_lazy("立案"),
    "approve": gettext_lazy("批准"),
    "find": gettext_lazy("调查取证"),
    "tell": gettext_lazy("事先告知"),
    "hear": gettext_lazy("听取陈述申辩"),
    "hearing": gettext_lazy("听证"),
    "review": gettext_lazy("法制审核、集体讨论"),
    "decide": gettext_lazy("决定"),
    "serve": gettext_lazy("送达"),
    "perform": gettext_lazy("履行"),
    "enforce": gettext_lazy("催告、执行"),
    "close": gettext_lazy("结案"),
}
WAITS_FOR = {
    Role.HEAD: gettext_lazy("等负责人"),
    Role.REV: gettext_lazy("等法制审核员"),
    Role.RES: gettext_lazy("等当事人"),
    Role.OFF: gettext_lazy("等第二名执法人员"),
}
MARKS = {
    Mark.MAYBE: gettext_lazy("看情形"),
    Mark.SKIPPED: gettext_lazy("不需要"),
    Mark.ENDED: gettext_lazy("未同意"),
}
SIGNS = {
    Mark.DONE: "check",
    Mark.NOW: "s-handling",
    Mark.WAITS: "timer",
    Mark.AHEAD: "s-reported",
    Mark.MAYBE: "circle-help",
    Mark.SKIPPED: "minus",
    Mark.ENDED: "ban",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class StepShown:
    """One step: its name and shape, what is said beside it, the entry that made it, and the act by which the reader makes it good."""

    name: str
    mark: str
    sign: str
    said: str = ""
    seq: int = 0
    url: str = ""
    act: str = ""
    undo: str = ""  # where who wrote what waits may take it back


@dataclass(frozen=True, slots=True, kw_only=True)
class TermShown:
    """A date that the law sets: what for, until when, how long still."""

    name: str
    last: date
    left: str
    look: str = ""
    cites: str = ""
    cautions: Sequence[Caution] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionShown:
    """What was decided, in words and sums, and how far it is carried out."""

    seq: int
    title: str
    what: str
    capitals: str = ""
    on: datetime
    lines: Sequence[tuple[str, str]] = ()
    annulled: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FileShown:
    """One file, or one penalty on the spot (`seq` is the entry that began it)."""

    seq: int
    title: str
    on: datetime
    party: str
    about: Sequence[tuple[str, str]]
    steps: Sequence[StepShown]
    decision: DecisionShown | None
    over: bool

    @property
    def now(self) -> StepShown | None:
        """The step that counts now, for a line while the rest is folded."""
        return next((step for step in self.steps if step.mark in {Mark.NOW, Mark.WAITS}), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureShown:
    """Evidence or property that is held, until its last day."""

    seq: int
    name: str
    body: str
    until: date
    left: str
    look: str
    waits: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyShown:
    """A party as the reader may know it."""

    name: str
    kind: str
    seq: int
    detail: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """All of 三查 on one case."""

    files: Sequence[FileShown]
    measures: Sequence[MeasureShown]
    parties: Sequence[PartyShown]
    terms: Sequence[TermShown]
    name_url: str

    @property
    def open(self) -> FileShown | None:
        """The file that goes on, for a line on top of the page."""
        return next((file for file in self.files if not file.over), None)

    @property
    def any(self) -> bool:
        return bool(self.files or self.measures or self.parties)


@dataclass(frozen=True, slots=True)
class _Reader:
    """What the shown depends on beside the case: who looks, when, and what that person can do now."""

    dossier: Dossier
    actor: Actor
    at: datetime
    able: frozenset[str]

    @property
    def day(self) -> date:
        return self.at.astimezone(SHANGHAI).date()

    @property
    def calendar(self) -> Calendar:
        return places.calendar()


def shown(dossier: Dossier, actor: Actor, at: datetime, sight: str, able: Iterable[str]) -> Shown | None:
    """What the actor may see of 三查 on this case; None where that is nothing. `able`: acts that the actor can do now."""
    if sight != "full" or seen.sealed_from(dossier, actor):
        return None
    reader = _Reader(dossier, actor, at, frozenset(able))
    held = dossier.state.inquiry
    knows = seen.sees_parties(dossier, actor)
    files = [_file(reader, file, knows) for file in held.files.values() if _open_to(reader, file.body)]
    spots = [
        _spot(reader, made, knows) for made in held.decisions.values() if made.kind == "spot" and _open_to(reader, made.body)
    ]
    return Shown(
        files=sorted([*files, *spots], key=lambda one: (one.over, -one.seq)),
        measures=[_measure(reader, one) for one in held.standing_measures if _open_to(reader, one.body)],
        parties=[_party(party) for party in dossier.parties.values()] if knows else [],
        terms=_terms(reader),
        name_url=_url(reader, "name_party"),
    )


def _open_to(reader: _Reader, body: int) -> bool:
    """What the police do in another's case is the police's own (治安管理处罚法 136)."""
    return body not in police() or body in reader.actor.bodies


def _url(reader: _Reader, action: str, of: int = 0) -> str:
    """The form of an act, where the reader can do it now."""
    if action not in reader.able:
        return ""
    return reverse("desk:act", args=[reader.dossier.case.number, action]) + (f"?of={reader.dossier.number(of)}" if of else "")


# ── files ────────────────────────────────────────────────────────────────────────────────────


def _file(reader: _Reader, file: File, knows: bool) -> FileShown:
    state, bodies = reader.dossier.state, places.bodies()
    made = state.inquiry.decisions.get(file.decision or 0)
    basis = reader.dossier.context.bases.get(file.basis)
    about = [
        (_("依据"), basis.label if basis else ""),
        (_("行为发生在"), wording.day(date.fromisoformat(file.offence), reader.at)),
        (_("执法人员"), wording.listed(_name(reader, person) for person in sorted(file.officers))),
    ]
    steps = procedure.path_of(state, file, reader.day, reader.calendar)
    return FileShown(
        seq=reader.dossier.number(file.seq),
        title=bodies[file.body].short_name if file.body in bodies else "",
        on=file.opened,
        party=_party_name(reader, file.party, knows),
        about=[(name, value) for name, value in about if value],
        steps=[_step(reader, step, made, file.body) for step in steps],
        decision=_decision(reader, made) if made else None,
        over=not file.open or file.seq in state.rejected,
    )


def _spot(reader: _Reader, made: Decision, knows: bool) -> FileShown:
    bodies = places.bodies()
    basis = reader.dossier.context.bases.get(made.basis)
    steps = procedure.path_of_spot(reader.dossier.state, made, reader.day, reader.calendar)
    return FileShown(
        seq=reader.dossier.number(made.seq),
        title=wording.listed((bodies[made.body].short_name if made.body in bodies else "", _(label("spot_penalty"))), " "),
        on=made.at,
        party=_party_name(reader, made.party, knows),
        about=[(_("依据"), basis.label)] if basis else [],
        steps=[_step(reader, step, made, made.body) for step in steps],
        decision=_decision(reader, made),
        over=not any(step.mark in {Mark.NOW, Mark.WAITS} for step in steps),
    )


def _name(reader: _Reader, person: int) -> str:
    return next((view.name for view in reader.dossier.postings.values() if view.person == person), "")


def _party_name(reader: _Reader, party: int | None, knows: bool) -> str:
    if not knows or party is None:
        return ""
    named = reader.dossier.parties.get(party)
    return (named.name or _("（已遮蔽）")) if named else ""


def _step(reader: _Reader, step: procedure.Step, made: Decision | None, body: int) -> StepShown:
    """`body`: whose the file or decision is; the steps of another body's are not the reader's to do, but for what others are asked for."""
    open_acts = _acts_of(step) if step.mark not in _QUIET else ()
    own = body in reader.actor.bodies
    able = next((action for action in open_acts if action in reader.able and (own or action in _ALSO_FOR_OTHERS)), "")
    of = step.seq if able in {"approve", "countersign"} else made.seq if made and able in _OF_A_DECISION else 0
    return StepShown(
        name=str(STEPS[step.code]),
        mark=step.mark,
        sign=SIGNS[step.mark],
        said=_said(reader, step),
        seq=reader.dossier.number(step.seq),
        url=_url(reader, able, of) if able else "",
        act=_(label(able)) if able else "",
        undo=_undo(reader, step),
    )


def _undo(reader: _Reader, step: procedure.Step) -> str:
    """A record that waits for somebody's word can be withdrawn by who wrote it."""
    entry = reader.dossier.state.entry(step.seq)
    waits = step.mark is Mark.WAITS and entry is not None and not reader.dossier.state.counts(step.seq)
    if not waits or entry is None or reader.dossier.context.person(entry) != reader.actor.person:
        return ""
    return f"{_url(reader, 'correct')}?of={reader.dossier.number(step.seq)}&fact=withdrawn" if "correct" in reader.able else ""


_QUIET = frozenset({Mark.DONE, Mark.SKIPPED, Mark.AHEAD, Mark.ENDED})
_ALSO_FOR_OTHERS = frozenset({"announce", "approve", "countersign", "enforce", "review"})
_OF_A_DECISION = frozenset({"serve", "perform", "demand", "announce", "enforce", "court"})


def _acts_of(step: procedure.Step) -> tuple[str, ...]:
    if step.action:
        return (step.action, *(action for action in procedure.ACTS[step.code] if action != step.action))
    return procedure.ACTS[step.code] if step.mark is not Mark.MAYBE or step.code == "review" else ()


def _said(reader: _Reader, step: procedure.Step) -> str:
    """For whom, and until when."""
    if step.mark is Mark.DONE:
        entry = reader.dossier.state.entry(step.seq)
        return wording.day(entry.happened.astimezone(SHANGHAI).date(), reader.at) if entry else ""
    if step.mark is Mark.WAITS:
        whom = str(WAITS_FOR[step.whose]) if step.whose else ""
        if step.whose is Role.OFF and (person := reader.dossier.state.pending.get(step.seq)):
            whom = _("等%(name)s会签") % {"name": _name(reader, person)}
        return wording.listed((whom, _until(reader, step.by)), "，")
    if step.mark is Mark.MAYBE and step.by and step.by >= reader.day:
        return _("可以要求到 %(day)s") % {"day": wording.day(step.by, reader.at)}
    if step.mark is Mark.NOW:
        return _("现在")
    return str(MARKS.get(step.mark, ""))


def _until(reader: _Reader, last: date | None) -> str:
    return _("到 %(day)s") % {"day": wording.day(last, reader.at)} if last else ""


# ── decisions ────────────────────────────────────────────────────────────────────────────────


def _decision(reader: _Reader, made: Decision) -> DecisionShown:
    title = _(label("spot_penalty")) if made.kind == "spot" else _(dict(DECISIONS).get(made.kind, made.kind))
    kinds = dict(PENALTIES)
    what = wording.listed(_yuan_of(made, kind, _(kinds.get(kind, kind))) for kind in made.penalties)
    return DecisionShown(
        seq=reader.dossier.number(made.seq),
        title=title,
        what=what,
        capitals=in_capitals(made.amount) if made.amount and not wording.english() else "",
        on=made.at,
        lines=_carried_out(reader, made),
        annulled=made.annulled,
    )


def _yuan_of(made: Decision, kind: str, name: str) -> str:
    return f"{name} {_yuan(made.amount)}" if kind == "fine" and made.amount else name


def _yuan(sum_: int) -> str:
    return _("%(sum)s 元") % {"sum": f"{sum_:,}"}


def _carried_out(reader: _Reader, made: Decision) -> list[tuple[str, str]]:
    """Served, demanded, announced, paid, and what is added by the day."""
    found: list[tuple[str, str]] = []
    if made.removal:
        found.append((_("限期拆除"), _until(reader, date.fromisoformat(made.removal))))
    served = wording.day(date.fromisoformat(made.served), reader.at) if made.served else _("还没有送达")
    found.append((_("送达"), served))
    if made.demands:
        _seq, _told, until = made.demands[-1]
        times = ngettext("%(n)d 次", "%(n)d 次", len(made.demands)) % {"n": len(made.demands)}
        found.append((_("催告"), wording.listed((times, _until(reader, date.fromisoformat(until))), "，")))
    if made.amount:
        found += _money(reader, made)
    if made.court:
        found.append((_("申请法院执行"), wording.day(made.court.astimezone(SHANGHAI).date(), reader.at)))
    if made.published:
        found.append((_("公示"), _("已公示")))
    return found


def _money(reader: _Reader, made: Decision) -> list[tuple[str, str]]:
    """What was paid, what is left, and 加处罚款 of today (行政处罚法 72): a reckoning, whether it is imposed is decided."""
    found = [(_("已缴"), _yuan(made.paid))]
    if made.annulled or procedure.is_performed(made):
        return found
    left, added = terms.owed(reader.dossier.state, made, reader.calendar, reader.day)
    if left:
        found.append((_("还欠"), _yuan(left)))
    if added:
        found.append((_("加处罚款算到今天"), _yuan(added)))
    return found


# ── measures, parties, terms ─────────────────────────────────────────────────────────────────


def _measure(reader: _Reader, one: Measure) -> MeasureShown:
    state, bodies = reader.dossier.state, places.bodies()
    names = {**dict(MEASURES), "preserve": label("preserve")}
    last = date.fromisoformat(one.until) if one.kind == "preserve" else terms.seized_until(state, one)
    waits = _("待会签") if one.seq in state.pending else _("待审批") if one.seq in state.unapproved else ""
    left, look = _left(last, reader.day)
    return MeasureShown(
        seq=reader.dossier.number(one.seq),
        name=_(names.get(one.kind, one.kind)),
        body=bodies[one.body].short_name if one.body in bodies else "",
        until=last,
        left=left,
        look=look,
        waits=waits,
        url=_url(reader, "lift", one.seq) if one.body in reader.actor.bodies else "",
    )


def _left(last: date, today: date) -> tuple[str, str]:
    """还剩 3 天, with the look of a deadline: amber in its last three days, red when it is over."""
    days = (last - today).days
    if days < 0:
        return ngettext("超期 %(n)d 天", "超期 %(n)d 天", -days) % {"n": -days}, "late"
    if days == 0:
        return _("今天到期"), "soon"
    return ngettext("还剩 %(n)d 天", "还剩 %(n)d 天", days) % {"n": days}, "soon" if days <= SOON_DAYS else ""


SOON_DAYS = 3


DETAILS: Mapping[str, Any] = {
    "id_no": gettext_lazy("证件或代码"),
    "address": gettext_lazy("地址"),
    "phone": gettext_lazy("电话"),
    "birth": gettext_lazy("出生日期"),
    "agent": gettext_lazy("法定代表人或负责人"),
}


def _party(party: Named) -> PartyShown:
    detail = [(str(name), party.detail[key]) for key, name in DETAILS.items() if party.detail.get(key)]
    return PartyShown(name=party.name or _("（已遮蔽）"), kind=_(party.kind_name), seq=party.seq, detail=detail)


def _terms(reader: _Reader) -> list[TermShown]:
    """What still runs, or was not kept, the nearest first; terms of measures stand with the measures."""
    context, state = reader.dossier.context, reader.dossier.state
    laws = {basis.law_code for basis in context.bases.values()}
    found = []
    for term in terms.terms_of(state, context.bases, reader.calendar):
        if term.code in {"preserve", "seizure"} or not (term.running(reader.at) or (term.late(reader.at) and term.kept is None)):
            continue
        entry = state.entry(term.of)
        body = context.body(entry) if entry else None
        if body in context.bodies and not _open_to(reader, body or 0):
            continue
        left, look = _left(term.last, reader.day)
        said = cautions.of_term(term.code, laws, police=body in police())
        found.append(
            TermShown(
                name=_(term.label), last=term.last, left=left, look=look if term.binds else "", cites=term.cites, cautions=said
            )
        )
    return found
