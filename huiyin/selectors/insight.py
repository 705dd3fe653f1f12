"""721 as it was, for one case, an officer, a department, a compound or an item: what may be counted by whom, in at most six queries."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from huiyin.records.models import Case, Entry, Posting
from huiyin.rules import metrics, sealing
from huiyin.rules.deadlines import SHANGHAI
from huiyin.rules.intervals import Share
from huiyin.rules.ledger import when_it_happened
from huiyin.rules.metrics import Ended, Place, StepTime
from huiyin.rules.workflow.vocabulary import NOBODY_IN_CHARGE, Role, Stage, Tier
from huiyin.selectors import cases as seen
from huiyin.selectors import lists, places
from huiyin.selectors.people import Actor

DAYS = 365
#: The newest so many are counted; the page says when there are more.
MOST = 2000
ENDED = (Stage.RESOLVED, Stage.ECHOED, Stage.CLOSED)
#: The act that first brings a moment about.
MOMENTS: Mapping[str, str] = {
    "assign": "assigned", "accept": "accepted", "attend": "attended", "resolve": "resolved", "echo": "echoed",
}  # fmt: skip
#: Acts that are counted as what was really done; sums of money are in none of them.
ACTS = (
    "attend", "dissuade", "urge", "property_reply", "recheck", "help", "coordinate", "mediate", "order", "comply", "open_file", "inspect",
    "interview", "test", "preserve", "seize", "decide", "spot_penalty", "serve", "enforce", "court",
)  # fmt: skip
KINDS = ("case", "officer", "department", "compound", "item")


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """Of what is told; several together narrow each other, none means all that somebody may see. `officer` is a person."""

    case: str = ""
    officer: int | None = None
    department: int | None = None
    compound: int | None = None
    item: str = ""

    @property
    def empty(self) -> bool:
        return not (self.case or self.officer or self.department or self.compound or self.item)


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """`without_police`: cases of the police are left out, as for everybody but the police. `more`: older ones were not counted."""

    name: str
    many: int
    more: bool
    without_police: bool
    tiers: Mapping[Tier, Share]
    times: Sequence[StepTime]
    returned: Share
    acts: Sequence[tuple[str, int]]


def view(actor: Actor, at: datetime, subject: Subject) -> View | None:
    """The figures, over the cases of the last year that the actor may see; None where the subject is unknown or none of the actor's business."""
    name = _name(actor, at, subject)
    if name is None:
        return None
    whole = seen.knows_all(actor.bodies)
    found = list(_rows(actor, at, subject).order_by("-id").values_list(*_COLUMNS)[: MOST + 1])
    rows, acts = _read(found[:MOST], whole)
    return View(
        name=name,
        many=len(rows),
        more=len(found) > MOST,
        without_police=not whole,
        tiers=metrics.tiers(rows),
        times=metrics.step_times(rows),
        returned=metrics.returned(rows, _later(rows, at), at),
        acts=[(action, acts[action]) for action in ACTS if acts[action]],
    )


_COLUMNS = ("pk", "tier", "opened", "compound_id", "building", "item")


def _rows(actor: Actor, at: datetime, subject: Subject) -> QuerySet[Case]:
    """Ended cases in which somebody was in charge to the end; a single case as far as it has come."""
    rows = seen.visible_to(actor, at).filter(~seen.sealed_rows(actor))
    if subject.case:
        return rows.filter(number=subject.case)
    narrow = {"handler_id": subject.officer, "lead_id": subject.department, "compound_id": subject.compound, "item": subject.item}
    rows = rows.filter(**{name: value for name, value in narrow.items() if value})
    return rows.filter(stage__in=ENDED, opened__gte=at - timedelta(days=DAYS)).exclude(outcome__in=sorted(NOBODY_IN_CHARGE))


def _read(found: Sequence[tuple[int, str, datetime, int | None, str, str]], whole: bool) -> tuple[list[Ended], Counter[str]]:
    """The moments of these cases, what came first counting, and how often each act was done: the police's for the police alone. Two queries."""
    moments: dict[int, dict[str, datetime]] = {row[0]: {"opened": row[2]} for row in found}
    persuaded: dict[int, datetime] = {}
    acts: Counter[str] = Counter()
    hidden = set() if whole else {f"p{pk}" for pk in seen.police_postings()}
    rows = Entry.objects.filter(case__in=list(moments), action__in={*MOMENTS, *ACTS}).order_by("case_id", "seq")
    for case, action, actor, at, claimed in rows.values_list("case_id", "action", "actor", "at", "claimed_at"):
        if actor in hidden and action in sealing.HIDDEN:
            continue
        acts[action] += 1
        happened = when_it_happened(claimed, at)
        if action == "dissuade":
            persuaded.setdefault(case, happened)
        elif action in MOMENTS:
            moments[case].setdefault(MOMENTS[action], happened)
    ended = _ended(found, persuaded, moments)
    return ended, acts


def _ended(
    found: Sequence[tuple[int, str, datetime, int | None, str, str]],
    persuaded: Mapping[int, datetime],
    moments: Mapping[int, Mapping[str, datetime]],
) -> list[Ended]:
    return [
        Ended(
            case=pk,
            tier=Tier(tier),
            place=(compound, building, item) if compound is not None and item else None,
            persuaded=persuaded.get(pk),
            moments=moments[pk],
        )
        for pk, tier, _, compound, building, item in found
    ]


def _later(rows: Sequence[Ended], at: datetime) -> dict[Place, list[tuple[int, datetime]]]:
    """Cases at the places where somebody was persuaded, whoever has them: only that there was one is asked. One query."""
    there = {row.place for row in rows if row.place is not None and row.tier is Tier.PERSUADED}
    if not there:
        return {}
    opened = at - timedelta(days=DAYS)
    near = Case.objects.filter(compound__in={one[0] for one in there}, item__in={one[2] for one in there}, opened__gte=opened)
    found: dict[Place, list[tuple[int, datetime]]] = {}
    for pk, compound, building, item, when in near.values_list("pk", "compound_id", "building", "item", "opened"):
        if compound is not None and (compound, building, item) in there:
            found.setdefault((compound, building, item), []).append((pk, when))
    return found


# ── who may ask about what ───────────────────────────────────────────────────────────────────


def _name(actor: Actor, at: datetime, subject: Subject) -> str | None:
    """What the subject is called, nothing where it is all that may be seen, None for what is not there or not theirs: an officer is told of
    to themselves, their head and the coordinator; a leader sees no persons."""
    if subject.empty:
        return ""
    said = [_one(actor, at, subject, kind) for kind in KINDS if getattr(subject, kind)]
    return " · ".join(said_ for said_ in said if said_) if said and all(said) else None


def _one(actor: Actor, at: datetime, subject: Subject, kind: str) -> str:
    match kind:
        case "case":
            there = seen.visible_to(actor, at).filter(~seen.sealed_rows(actor), number=subject.case).exists()
            return subject.case if there else ""
        case "officer":
            return _officer(actor, subject.officer or 0)
        case "department":
            body = places.bodies().get(subject.department or 0)
            return body.name if body is not None else ""
        case "compound":
            compound = places.compounds().get(subject.compound or 0)
            return compound.name if compound is not None else ""
    item = lists.find(subject.item, at.astimezone(SHANGHAI).date())
    return f"{item.code} {item.name}" if item is not None else ""


def _officer(actor: Actor, person: int) -> str:
    if person == actor.person:
        return actor.name
    headed = [posting.body for posting in actor.postings if posting.role is Role.HEAD and posting.body]
    theirs = Q(body__in=headed) if not actor.has(Role.CO) else Q()
    posted = Posting.objects.filter(theirs, person=person, role__in=[Role.OFF, Role.HEAD])
    return posted.values_list("person__name", flat=True).first() or ""
