"""What may be seen of cases: one definition of visibility, and a case with all that hangs on it, read in seven queries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from django.db.models import OuterRef, Q, QuerySet

from huiyin.records.models import Attachment, Case, ListItem, Report, Sight, Words
from huiyin.records.models import Entry as EntryRow
from huiyin.rules import ledger
from huiyin.rules.deadlines import SHANGHAI
from huiyin.rules.roles import Posting, Standing, hats
from huiyin.rules.workflow.guards import Act, Context
from huiyin.rules.workflow.judge import Option, options
from huiyin.rules.workflow.vocabulary import Role, Stage, Tier
from huiyin.selectors import lists, parties, people, places
from huiyin.selectors.lists import ListTree
from huiyin.selectors.parties import Named
from huiyin.selectors.people import Actor, PostingView

POLICE = "gongan"
SEALED = "公安机关已依法处理"
#: Acts of a police-led case whose content is told to the police alone (治安管理处罚法 136).
SEALED_ACTS = frozenset(
    {
        "resolve", "name_party", "propose", "approve", "open_file", "close_file", "inspect", "interview", "test", "preserve",
        "advance_notice", "hear", "hold_hearing", "review", "deliberate", "decide", "spot_penalty", "serve", "seize", "lift", "demand",
        "announce", "enforce", "perform", "court", "publish", "unpublish", "document",
    }
)  # fmt: skip


def visible_to(actor: Actor | None, at: datetime) -> QuerySet[Case]:
    """The cases an actor may see at all. How much of each is `sight`. A stranger gets none."""
    if actor is None:
        return Case.objects.none()
    if actor.report is not None:
        return Case.objects.filter(reports=actor.report)
    if actor.system or actor.has(Role.CO, Role.LEADER):
        return Case.objects.all()
    seen = Q(pk__in=[])
    for way in ways(actor):
        seen |= way
    return Case.objects.filter(seen)


def ways(actor: Actor) -> list[Q]:
    """Each way by which staff come to see cases, on its own: a list that is cut to its newest reads each by its own index."""
    posted = dict.fromkeys((posting.role, posting.body, posting.community) for posting in actor.postings)
    found = [way for role, body, community in posted for way in _seen_as(role, body, community)]
    if actor.has(Role.OFF, Role.HEAD, Role.PRO):
        found.append(Q(pk__in=Report.objects.filter(by_posting__person=actor.person or 0).values("case")))
    return found


def _seen_as(role: Role, body: int | None, community: int | None) -> list[Q]:
    match role:
        case Role.OFF | Role.HEAD:
            return [Q(lead_id=body), Q(pk__in=Sight.objects.filter(body=body or 0).values("case"))]
        case Role.PRO:
            # A firm that the list merely names as a helper has nothing to do here until somebody asks it.
            asked = Sight.objects.filter(body=body or 0).exclude(kind="cooperating")
            return [Q(lead_id=body), Q(pk__in=asked.values("case"))]
        case Role.REV:
            return [Q(lead_id=body, filed=True), Q(filed=True, pk__in=Sight.objects.filter(body=body or 0).values("case"))]
        case Role.COM if community is not None:
            return [Q(community_id=community)]
        case Role.COM:
            mine = [row.pk for row in places.communities().values() if body in {row.office_id, row.township_id}]
            return [Q(community__in=mine), Q(lead_id=body)]
        case Role.SUP:
            return [Q(community_id=community)]
        case _:
            return []


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """A case, its folded state and everything beside the ledger. Keys of `words` and `attachments` are entries' seq."""

    case: Case
    state: ledger.State
    context: Context
    item: ListItem | None
    tree: ListTree | None
    words: Mapping[int, Mapping[str, Words]] = field(default_factory=dict)
    attachments: Mapping[int, tuple[Attachment, ...]] = field(default_factory=dict)
    reports: Mapping[int, Report] = field(default_factory=dict)
    postings: Mapping[int, PostingView] = field(default_factory=dict)
    parties: Mapping[int, Named] = field(default_factory=dict)

    def text(self, seq: int, key: str) -> str:
        kept = self.words.get(seq, {}).get(key)
        return kept.text if kept else ""

    def who(self, entry: ledger.Entry) -> PostingView | None:
        return self.postings.get(entry.posting or 0)


def load(case: Case, at: datetime) -> Dossier:
    """Six queries beside the one that found `case` (which should come with `with_places`)."""
    day = at.astimezone(SHANGHAI).date()
    state = ledger.fold(entries_of(case.pk))
    words = _words(case.pk, state)
    attachments: dict[int, list[Attachment]] = {}
    for kept in Attachment.objects.filter(Q(case=case)).exclude(seq=None).order_by("pk"):
        attachments.setdefault(kept.seq or 0, []).append(kept)
    reports = {row.pk: row for row in Report.objects.filter(case=case).order_by("pk")}
    item, tree = lists.item_of(case, day)
    context, views = gather(case, state, item, tree, day, {seq: len(kept) for seq, kept in attachments.items()})
    registered = {
        row.pk: views[row.by_posting_id].person
        for row in reports.values()
        if row.by_posting_id is not None and row.by_posting_id in views
    }
    return Dossier(
        case=case,
        state=state,
        context=replace(context, registered_by=registered),
        item=item,
        tree=tree,
        words=words,
        attachments={seq: tuple(kept) for seq, kept in attachments.items()},
        reports=reports,
        postings=views,
        parties=parties.of(case) if state.inquiry.parties else {},
    )


def with_places(cases: QuerySet[Case], at: datetime | None = None) -> QuerySet[Case]:
    """Cases with where they lie and, given a moment, the firm under contract there that day, so that `load` need not ask."""
    rows = cases.select_related("compound", "community", "lead", "handler", "survivor")
    if at is None:
        return rows
    return rows.annotate(firm_then=places.firm_there(OuterRef("compound"), at.astimezone(SHANGHAI).date()))


def entries_of(case: int) -> Iterable[ledger.Entry]:
    return [entry_of(row) for row in EntryRow.objects.filter(case_id=case).order_by("seq")]


def entry_of(row: EntryRow) -> ledger.Entry:
    return ledger.Entry(
        case=row.case_id,
        seq=row.seq,
        action=row.action,
        actor=row.actor,
        role=row.role,
        at=row.at,
        claimed_at=row.claimed_at,
        to=Stage(row.to) if row.to else None,
        tier=Tier(row.tier),
        data=row.data,
        table=row.table,
        prev=row.prev,
        hash=row.hash,
    )


def _words(case: int, state: ledger.State) -> dict[int, dict[str, Words]]:
    """Words of this case's own entries, and those that came with reports from elsewhere (kept under their report's first entry here)."""
    kept: dict[int, dict[str, Words]] = {}
    for row in Words.objects.filter(Q(case_id=case) | Q(report_id__in=list(state.reports))).order_by("pk"):
        key = row.field if row.case_id == case else f"{row.field}@{row.report_id}"
        seq = row.seq if row.case_id == case else 1
        kept.setdefault(seq, {})[key] = row
    return kept


def gather(
    case: Case, state: ledger.State, item: ListItem | None, tree: ListTree | None, day: date, files: Mapping[int, int]
) -> tuple[Context, Mapping[int, PostingView]]:
    """What guards need, from at most two queries (postings; the firm under contract)."""
    asked = "firm_then" in case.__dict__
    place = places.place(case.compound_id, case.community_id, day, case.__dict__.get("firm_then"), firm_known=asked)
    named = {entry.posting for entry in state.entries if entry.posting is not None}
    views = people.around(named, state.lead, state.cooperating, case.community_id, day)
    officers: dict[int, list[Posting]] = {}
    for view in views.values():
        if view.role in {Role.OFF, Role.HEAD} and view.rule.holds(day):
            officers.setdefault(view.person, []).append(view.rule)
    bodies = dict(places.rule_bodies())
    lead = bodies.get(state.lead or 0)
    if lead is not None:
        has_head = any(view.role == Role.HEAD and view.body == lead.id and view.rule.holds(day) for view in views.values())
        lead = bodies[lead.id] = replace(lead, has_head=has_head)
    context = Context(
        place=place,
        lead=lead,
        item=lists.rule_item(item, place) if item else None,
        bodies=bodies,
        postings={pk: view.rule for pk, view in views.items()},
        officers={person: tuple(held) for person, held in officers.items()},
        bases=lists.rule_bases(item, tree) if item and tree else {},
        files=files,
        due_resolution=case.due_resolution,
        calendar=places.calendar(),
    )
    return context, views


def standing(state: ledger.State, context: Context) -> Standing:
    county = places.county()
    first = state.entries[0]
    return Standing(
        place=context.place,
        lead=context.lead,
        cooperating=state.cooperating,
        tasked=state.tasked,
        author=context.person(first),
        overseer=county.overseer_id if county else None,
        deputy=county.deputy_id if county else None,
    )


def options_for(dossier: Dossier, actor: Actor, at: datetime) -> list[Option]:
    """Everything this actor could do on the case now, over all their postings, each action once (possible before refused)."""
    best: dict[str, Option] = {}
    where = standing(dossier.state, dossier.context)
    for posting in actor.postings:
        act = Act(action="", posting=posting, hats=hats(posting, where), at=at, seen=dossier.state.seq)
        for option in options(dossier.state, act, dossier.context):
            kept = best.get(option.row.action)
            if kept is None or (kept.refusal is not None and option.refusal is None):
                best[option.row.action] = option
    return list(best.values())


def sight(dossier: Dossier, actor: Actor) -> str:
    """How much of a case an actor sees: `full`; `task` (a firm that does not lead, or leads: never the reporter's words); `former` (own
    acts only); `bare` (a leader: no words, no persons)."""
    where = standing(dossier.state, dossier.context)
    worn = {hat for posting in actor.postings for hat in hats(posting, where)}
    if worn & {Role.CO, Role.COM, Role.OFF, Role.HEAD, Role.SUP, Role.REV} or actor.has(Role.CO):
        return "full"
    if actor.has(Role.PRO):
        return "task"
    if actor.has(Role.LEADER):
        return "bare"
    return "former"


def sees_parties(dossier: Dossier, actor: Actor) -> bool:
    """Whether an actor sees who the parties are: officers, heads and reviewers of the lead and cooperating bodies, and the coordinator;
    of a police-led case the police alone."""
    if sealed_from(dossier, actor):
        return False
    where = standing(dossier.state, dossier.context)
    worn = {hat for posting in actor.postings for hat in hats(posting, where)}
    return bool(worn & {Role.OFF, Role.HEAD, Role.REV, Role.CO})


def sealed_from(dossier: Dossier, actor: Actor | None) -> bool:
    """Whether a police-led result and tier are hidden: from everybody but the police's own (治安管理处罚法 136)."""
    lead = dossier.context.lead
    police = dossier.case.police or (lead is not None and lead.code == POLICE)
    return police and not (actor is not None and lead is not None and lead.id in actor.bodies)
