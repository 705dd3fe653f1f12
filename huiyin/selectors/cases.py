"""What may be seen of cases: one definition of visibility, and a case with all that hangs on it, read in seven queries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from django.db.models import OuterRef, Q, QuerySet

from huiyin.records.models import Attachment, Case, ListItem, Posting, Report, Sight, Words
from huiyin.records.models import Entry as EntryRow
from huiyin.rules import ledger, sealing
from huiyin.rules.deadlines import SHANGHAI
from huiyin.rules.roles import Posting as RulePosting
from huiyin.rules.roles import Standing, hats
from huiyin.rules.workflow.acts import Act, Context
from huiyin.rules.workflow.judge import Option, options
from huiyin.rules.workflow.vocabulary import POLICE, Role, Stage, Tier
from huiyin.selectors import lists, parties, people, places
from huiyin.selectors.lists import ListTree
from huiyin.selectors.parties import Named
from huiyin.selectors.people import Actor, PostingView

#: What others are told of the police's part.
SEALED = sealing.SENTENCE


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
            return [Q(lead_id=body, filed=True), filed(body) & Q(pk__in=Sight.objects.filter(body=body or 0).values("case"))]
        case Role.COM if community is not None:
            return [Q(community_id=community)]
        case Role.COM:
            mine = [row.pk for row in places.communities().values() if body in {row.office_id, row.township_id}]
            return [Q(community__in=mine), Q(lead_id=body)]
        case Role.SUP:
            return [Q(community_id=community)]
        case _:
            return []


def filed(body: int | None) -> Q:
    """Cases of others that a reviewer of a helping body sees: with a file. Of a case of the police it is not told whether there is one, and
    of the police's file in another's case nothing stands in the row: those are seen, file or not."""
    if body in police():
        return Q()
    return Q(filed=True) | Q(police=True) | Q(lead__in=sorted(police()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """A case, its folded state and everything beside the ledger. Keys of `words` and `attachments` are entries' seq.

    What `load_for` makes for others than the police holds nothing that is sealed: `told` are entries that say one sentence instead,
    `steps` what oversight sees happen (rules.sealing).
    """

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
    told: frozenset[int] = frozenset()
    steps: tuple[ledger.Entry, ...] = ()

    def number(self, seq: int) -> int:
        """What an entry is called on pages: its place among those that may be read, so that no gap tells of a sealed one. 0 for none."""
        return next((n for n, entry in enumerate(self.state.entries, 1) if entry.seq == seq), 0)

    def numbered(self, number: int | None) -> int | None:
        """The entry that a page called by `number`; None where there is none."""
        entries = self.state.entries
        return entries[number - 1].seq if number is not None and 1 <= number <= len(entries) else None

    def text(self, seq: int, key: str) -> str:
        kept = self.words.get(seq, {}).get(key)
        return kept.text if kept else ""

    def who(self, entry: ledger.Entry) -> PostingView | None:
        return self.postings.get(entry.posting or 0)


def load_for(case: Case, actor: Actor | None, at: datetime, *, files: bool = True, reports: bool = True) -> Dossier:
    """The case as the actor may know it; nobody is a resident or a stranger. What pages show comes from here. Queries as `load`."""
    whole = load(case, at, files=files, reports=reports)
    if actor is not None and knows_all(actor.bodies, actor.system):
        return whole
    known = _others_know(whole.state, whole.context)
    if known is None:
        return whole
    seen = {entry.seq for entry in known.entries}
    readable = seen - known.told - known.wordless
    kept = {seq: rows for seq, rows in whole.attachments.items() if seq in readable}
    oversees = actor is not None and actor.has(Role.CO, Role.SUP)
    return replace(
        whole,
        state=ledger.fold(known.entries),
        context=replace(whole.context, files={seq: many for seq, many in whole.context.files.items() if seq in readable}),
        words={seq: rows for seq, rows in whole.words.items() if seq in readable},
        attachments=kept,
        parties={pk: party for pk, party in whole.parties.items() if party.seq in seen},
        told=known.told,
        steps=known.steps if oversees else (),
    )


def load(case: Case, at: datetime, *, files: bool = True, reports: bool = True) -> Dossier:
    """The whole case, sealed records too: for what is done, never for what is shown (see `load_for`). Six queries beside the one that
    found `case` (which should come with `with_places`); fewer for a page that shows no files or no reports."""
    day = at.astimezone(SHANGHAI).date()
    state = ledger.fold(entries_of(case.pk))
    words = _words(case.pk, state)
    attachments: dict[int, list[Attachment]] = {}
    for kept in Attachment.objects.filter(Q(case=case)).exclude(seq=None).order_by("pk") if files else ():
        attachments.setdefault(kept.seq or 0, []).append(kept)
    came = {row.pk: row for row in Report.objects.filter(case=case).order_by("pk")} if reports else {}
    item, tree = lists.item_of(case, day)
    context, views = gather(case, state, item, tree, day, {seq: len(kept) for seq, kept in attachments.items()})
    registered = {
        row.pk: views[row.by_posting_id].person
        for row in came.values()
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
        reports=came,
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
    officers: dict[int, list[RulePosting]] = {}
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
    """Who is in charge, who helps, who was asked. A body whose file is open goes on with it, whoever has the case now."""
    county = places.county()
    first = state.entries[0]
    filing = {file.body for file in state.inquiry.open_files if file.body != state.lead}
    return Standing(
        place=context.place,
        lead=context.lead,
        cooperating=state.cooperating | filing,
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
    """Whether an actor sees who the parties are: officers, heads and reviewers of the lead and cooperating bodies, and the coordinator.
    Parties whom the police named are in no dossier but theirs."""
    where = standing(dossier.state, dossier.context)
    worn = {hat for posting in actor.postings for hat in hats(posting, where)}
    return bool(worn & {Role.OFF, Role.HEAD, Role.REV, Role.CO})


# ── what is sealed (治安管理处罚法 136) ──────────────────────────────────────────────────────────


def police() -> frozenset[int]:
    """The police's bodies."""
    return frozenset(pk for pk, body in places.bodies().items() if body.code == POLICE)


def knows_all(bodies: Iterable[int], system: bool = False) -> bool:
    """Whether somebody of these bodies knows what the police's records hold."""
    return system or bool(police() & set(bodies))


def _others_know(state: ledger.State, context: Context) -> sealing.Known | None:
    """The entries as others may know them; None where nothing is sealed."""
    mine = police()
    known = sealing.as_others_know(state.entries, lambda entry: context.body(entry) in mine)
    return known if known.told or known.wordless or len(known.entries) < len(state.entries) else None


def known_to(bodies: Iterable[int], state: ledger.State, context: Context) -> ledger.State:
    """The state on which an act of somebody of these bodies is judged: a refusal must not tell that the police have a file."""
    known = None if knows_all(bodies) else _others_know(state, context)
    return ledger.fold(known.entries) if known else state


def known_to_the_lead(state: ledger.State, by_police: frozenset[int] | None = None) -> ledger.State:
    """The state that the row of a case copies: as the body in charge may know it, so that no list tells what the police did in another
    department's case. At most one query, none unless the police were asked in; by_police: their postings, where the caller has them."""
    mine = police()
    if state.lead in mine or not any(entry.action in sealing.HIDDEN | sealing.TOLD for entry in state.entries):
        return state
    if by_police is None:
        if not mine & _ever_named(state):
            return state
        written = {entry.posting for entry in state.entries if entry.posting is not None}
        by_police = frozenset(Posting.objects.filter(pk__in=written, body__in=mine).values_list("pk", flat=True))
    known = sealing.as_others_know(state.entries, lambda entry: entry.posting in by_police)
    return ledger.fold(known.entries) if len(known.entries) < len(state.entries) or known.told else state


def police_ever_in(state: ledger.State) -> bool:
    """Whether the police were ever in charge of a case, helped or were asked, whatever they did."""
    return bool(police() & _ever_named(state))


def _ever_named(state: ledger.State) -> set[int]:
    """Every body that was in charge of a case, helped or was asked."""
    found: set[int] = set()
    for entry in state.entries:
        one = (entry.data.get(name) for name in ("lead", "body", "from"))
        found |= {*(body for body in one if isinstance(body, int)), *entry.data.get("cooperating", ())}
    return found


def police_postings() -> frozenset[int]:
    """Every posting to the police, present and past. One query."""
    return frozenset(Posting.objects.filter(body__in=police()).values_list("pk", flat=True))


def sealed_rows(actor: Actor, prefix: str = "") -> Q:
    """Cases whose tier and result the actor may not know: those of the police, unless one is of the police. `prefix`: the way to the case."""
    mine = Q(**{f"{prefix}police": True}) | Q(**{f"{prefix}lead__in": sorted(police())})
    return Q(pk__in=[]) if knows_all(actor.bodies, actor.system) else mine


def sealed_row(case: Case, actor: Actor | None) -> bool:
    """The same of one case; asks nothing."""
    mine = case.police or case.lead_id in police()
    return mine and not (actor is not None and knows_all(actor.bodies, actor.system))


def sealed_from(dossier: Dossier, actor: Actor | None) -> bool:
    """Whether a police-led result and tier are hidden: from everybody but the police's own."""
    return sealed_row(dossier.case, actor)
