"""One act on a case: locked, judged on the record as it is now, written, copied, and its consequences drawn, in one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError

from huiyin.adapters import keys, vault
from huiyin.records.models import Case, Replay
from huiyin.rules import ledger, texts
from huiyin.rules.deadlines import SHANGHAI
from huiyin.rules.roles import Posting, Standing, hats, hats_then
from huiyin.rules.workflow.acts import Act, Context, Refusal
from huiyin.rules.workflow.fields import FIELDS, Field, Kind
from huiyin.rules.workflow.guards.ending import still_counts_as_dispute
from huiyin.rules.workflow.judge import Refused, Unknown, Verdict, judge
from huiyin.rules.workflow.table import ACTIONS, Row, is_fact
from huiyin.rules.workflow.vocabulary import OPEN, Role, Stage
from huiyin.selectors import cases as seen
from huiyin.selectors import earlier, lists
from huiyin.selectors.people import Actor, actor_of
from huiyin.services import receipts
from huiyin.services.cases import effects, inquiry, notices, sealed
from huiyin.services.cases.record import Conflict, Missing, NotFound, append, claim_files, copy, keep_words, locked
from huiyin.services.writing import writing

MOST_YUAN = 1_000_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What was written. `late`: a fact that came after its stage (补录)."""

    number: str
    seq: int
    to: Stage | None = None
    late: bool = False
    repeated: bool = False


def act(
    *,
    actor: Actor,
    at: datetime,
    number: str,
    action: str,
    data: Mapping[str, Any] | None = None,
    seen: int | None = None,
    key: str = "",
    claimed_at: datetime | None = None,
) -> Done:
    """Do `action` on the case. `data` by field name of the table; photos are those uploaded under `key`.

    Raises NotFound or Unknown for who has nothing to do here, Missing for fields not given, texts.Bad for words that cannot be,
    Refused when a guard forbids it, Stale when the case went on meanwhile, Conflict for a key that came with another body.
    """
    given = dict(data or {})
    if actor.report is not None:
        given["report"] = actor.report  # a resident speaks for the report whose receipt they hold
    mark = receipts.key_hash(key, str(actor.person or actor.report or "sys")) if key else ""
    body = _body_hash(number, action, given) if key else ""
    for last in (False, True):
        try:
            with writing():
                return _repeated(mark, body) or _do(
                    actor, at, number, action, given, seen, receipts.key_hash(key) if key else "", mark, body, claimed_at
                )
        except IntegrityError:
            if last or not key:
                raise
    raise AssertionError("unreachable")


def _body_hash(number: str, action: str, given: Mapping[str, Any]) -> str:
    """Under a secret key, so that what was typed cannot be tried out against it."""
    parts = [number, action, *(f"{name}={given[name]}" for name in sorted(given))]
    return vault.keyed_hash(keys.derive("contact-index"), "\x00".join(parts))


def _repeated(mark: str, body: str) -> Done | None:
    if not mark:
        return None
    done = Replay.objects.select_related("case").filter(key_hash=mark).first()
    if done is None:
        return None
    if done.body_hash != body:
        raise Conflict
    return Done(number=done.case.number, seq=done.seq, repeated=True)


def _do(
    actor: Actor,
    at: datetime,
    number: str,
    action: str,
    given: dict[str, Any],
    page: int | None,
    upload_key: str,
    mark: str,
    body: str,
    claimed_at: datetime | None,
) -> Done:
    if action not in ACTIONS:
        raise NotFound
    beside = str(given.get("survivor") or "") if action == "merge" else ""
    case = locked(number, follow=is_fact(action) or actor.report is not None, beside=beside)
    work = Work.begin(case, at)
    if (
        action == "dispute" and work.state.stage in OPEN and work.state.echoed is not None
    ):  # already back: kept, and counted if in time
        action, given = "supplement", {**given, "dispute": _still_counts(work, given, at)}
    asked = _asked(work, actor, at, action, claimed_at if is_fact(action) else None, page)
    work = replace(work, context=_with_chosen(work, given, asked))
    if action in earlier.ASKING:
        before = earlier.before(case, work.known_to(asked).state, _bodies(asked), given.get("party"))
        work = replace(work, context=replace(work.context, before=before))
    known = work.known_to(asked)
    if action == "merge":
        clean = _clean(_row(known, asked), given, at)
        after = effects.merge(work.case, asked, clean, judge_of(work), mark, body)
        return Done(number=clean["survivor"], seq=after.seq, to=Stage.CLOSED)
    row = _row(known, asked)
    clean = _clean(row, given, at)
    asked = replace(asked, data=_with_files(_judged(row, clean), upload_key))
    verdict = judge(known.state, asked, known.context)
    sealed.check(work.state, work.context, asked, clean)
    seq = work.state.seq + 1
    written = {**_plain(verdict.row, clean), **effects.more(action, work.state, asked, work.context, given)}
    if action == "name_party":
        written |= inquiry.name_party(
            case, seq, {FIELDS[name].key: clean[name] for name in clean if FIELDS[name].kind is Kind.SEALED}, clean
        )
    spoken = {FIELDS[name].key: clean[name] for name in clean if FIELDS[name].kind is Kind.WORDS and clean[name]}
    report = written.get("report") if asked.report is None else asked.report
    if spoken:
        written["words"] = keep_words(case, seq, spoken, report)
    by, role = _name(asked, actor), verdict.role if not actor.system else Role.SYS
    written |= claim_files(case, seq, upload_key, actor=by, role=role, report=asked.report)
    after = append(
        case,
        work.state,
        action=action,
        actor=by,
        role=role,
        at=at,
        data=written,
        to=verdict.to,
        tier=verdict.tier,
        claimed_at=claimed_at if is_fact(action) else None,
    )
    after = effects.after(case, work.state, after, asked, clean)
    copy(case, after, before=work.state, late=_late(case, verdict, asked), also=_touched(action))
    notices.tell(case, work.state, after, verdict, asked)
    if mark:
        Replay.objects.create(key_hash=mark, body_hash=body, case=case, seq=seq, at=at)
    return Done(number=case.number, seq=seq, to=verdict.to, late=verdict.late)


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """A locked case with its state and what guards need."""

    case: Case
    state: ledger.State
    context: Context

    @classmethod
    def begin(cls, case: Case, at: datetime) -> Work:
        day = at.astimezone(SHANGHAI).date()
        state = ledger.fold(seen.entries_of(case.pk))
        item, tree = lists.item_of(case, day)
        context, _ = seen.gather(case, state, item, tree, day, effects.files_by_entry(case))
        return cls(case=case, state=state, context=context)

    def known_to(self, asked: Act) -> Work:
        """The case as whoever acts may know it, on which the act is judged; the system knows everything."""
        if asked.posting is None and asked.report is None:
            return self
        state = seen.known_to(_bodies(asked), self.state, self.context)
        if state is self.state:
            return self
        there = {entry.seq for entry in state.entries}
        files = {seq: many for seq, many in self.context.files.items() if seq in there}
        return replace(self, state=state, context=replace(self.context, files=files))


def _bodies(asked: Act) -> frozenset[int]:
    return frozenset({asked.posting.body}) if asked.posting is not None and asked.posting.body is not None else frozenset()


def _still_counts(work: Work, given: Mapping[str, Any], at: datetime) -> str:
    said = Act(action="dispute", data={"report": int(given.get("report") or 0)}, at=at)
    return "yes" if still_counts_as_dispute(work.state, said, work.context) else "no"


def _asked(work: Work, actor: Actor, at: datetime, action: str, claimed: datetime | None, page: int | None) -> Act:
    """The act with the posting it is done under: role and posting are read anew, on the day the thing happened."""
    if actor.system or actor.report is not None:
        return Act(action=action, report=actor.report, hats=actor.roles, at=at, seen=None)
    if actor.person is None:
        raise NotFound
    blank = Act(action=action, at=at, claimed_at=claimed, seen=page)
    today = actor_of(actor.person, blank.happened)
    where = seen.standing(work.state, work.context)
    worn = [(posting, hats(posting, where)) for posting in today.postings]
    if claimed is not None and blank.happened < work.state.at:
        then = _standing_then(work, blank.happened)
        worn = [(posting, on | hats_then(posting, then)) for posting, on in worn]
    wanted = {role for row in ACTIONS[action] for role in row.by}
    for posting, on in worn:
        if on & wanted:
            return replace(blank, posting=posting, hats=on)
    if not any(on for _, on in worn):
        raise NotFound
    raise Unknown(Refusal(text="您在这一件上不能做这一步。"))


def _standing_then(work: Work, moment: datetime) -> Standing:
    """Who was in charge, helping and asked when a fact happened that is recorded only now."""
    was = ledger.as_it_was(work.state, moment)
    return seen.standing(was, replace(work.context, lead=work.context.bodies.get(was.lead or 0)))


def _row(work: Work, asked: Act) -> Row:
    """The row whose fields are asked for: the one that would be chosen with nothing filled in yet."""
    rows = [row for row in ACTIONS[asked.action] if row.by & asked.hats]
    here = [row for row in rows if work.state.stage in row.at] or rows
    if not here:
        raise Unknown(Refusal(text="您在这一件上不能做这一步。"))
    return next((row for row in here if row.when is None or row.when(work.state, asked, work.context)), here[0])


def _with_chosen(work: Work, given: Mapping[str, Any], asked: Act) -> Context:
    """Context with the item that the act names, the second officer's postings, and the survivor."""
    context = work.context
    code = given.get("item")
    if code:
        item = lists.find(str(code), asked.day)
        if item is None:
            raise Refused(Refusal(text="今天的清单里没有这一项，请重新选。"))
        context = replace(context, chosen=lists.rule_item(item, context.place))
    named = given.get("second")
    if named and named not in context.officers:
        held = tuple(
            posting for posting in actor_of(int(named), asked.happened).postings if posting.role in {Role.OFF, Role.HEAD}
        )
        context = replace(context, officers={**context.officers, int(named): held})
    return context


def judge_of(work: Work) -> effects.Judge:
    def decide(asked: Act, survivor: ledger.State) -> Verdict:
        known = work.known_to(asked)
        return judge(known.state, asked, replace(known.context, survivor=survivor))

    return decide


# ── fields ───────────────────────────────────────────────────────────────────────────────────


def _clean(row: Row, given: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    """Values of the row's fields, cleaned and typed. Raises Missing and texts.Bad."""
    clean: dict[str, Any] = {}
    for name in (*row.needs, *row.may):
        field = FIELDS[name]
        if field.kind is Kind.FILES:
            continue
        value = _value(field, given.get(name))
        if value is not None:
            clean[name] = value
    missing = [name for name in row.needs if name not in clean and FIELDS[name].kind is not Kind.FILES]
    if missing:
        raise Missing(missing)
    return clean


def _value(field: Field, raw: Any) -> Any:
    if raw is None or raw == "" or raw == []:
        return None
    match field.kind:
        case Kind.WORDS:
            return texts.clean_words(str(raw), field.limit).text if str(raw).strip() else None
        case Kind.TEXT:
            return texts.single_line(str(raw), field.limit) if str(raw).strip() else None
        case Kind.CODE:
            if raw not in dict(field.choices):
                raise Missing([field.name])
            return str(raw)
        case Kind.DATE:
            return raw if isinstance(raw, date) else date.fromisoformat(str(raw))
        case Kind.SEALED:
            return texts.single_line(str(raw), field.limit) if str(raw).strip() else None
        case Kind.CODES:
            known = dict(field.choices)
            if any(one not in known for one in raw):
                raise Missing([field.name])
            return [code for code in known if code in set(raw)]
        case Kind.MONEY:
            if not 0 <= int(raw) <= MOST_YUAN:
                raise Missing([field.name])
            return int(raw)
        case Kind.MOMENT:
            moment = raw if isinstance(raw, datetime) else datetime.fromisoformat(str(raw))
            return (moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)).astimezone(SHANGHAI)
        case Kind.DAYS:
            if not 1 <= int(raw) <= 365:
                raise Missing([field.name])
            return int(raw)
        case Kind.ITEM | Kind.CASE:
            return str(raw)
        case Kind.BODIES | Kind.BASES | Kind.PERSONS | Kind.REPORTS | Kind.PHOTOS:
            return sorted({int(one) for one in raw})
        case _:
            return int(raw)


def _plain(row: Row, clean: Mapping[str, Any]) -> dict[str, Any]:
    """What of the cleaned values stands in the entry: everything but words, as integers and strings."""
    kept: dict[str, Any] = {}
    for name, value in clean.items():
        field = FIELDS[name]
        if field.kind in {Kind.WORDS, Kind.SEALED}:
            continue
        kept[field.key] = _written(value)
    return kept


def _written(value: Any) -> Any:
    """Moments and days as text: a moment to the second, in Beijing's time."""
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    return value.isoformat() if isinstance(value, date) else value


def _judged(row: Row, clean: Mapping[str, Any]) -> dict[str, Any]:
    """What guards see: the entry's data with words under their field names."""
    return {**_plain(row, clean), **{name: value for name, value in clean.items() if FIELDS[name].kind is Kind.WORDS}}


def _with_files(data: dict[str, Any], upload_key: str) -> dict[str, Any]:
    waiting = effects.files_waiting(upload_key)
    return {**data, "files": waiting} if waiting else data


def _name(asked: Act, actor: Actor) -> str:
    if actor.system:
        return "sys"
    return f"r{asked.report}" if asked.report is not None else f"p{_posting(asked).id}"


def _posting(asked: Act) -> Posting:
    assert asked.posting is not None
    return asked.posting


def _touched(action: str) -> tuple[str, ...]:
    """Fields of the case row that an effect sets beside the copied state."""
    return {"correct": ("compound", "community"), "mask": ("building", "lon", "lat"), "expire": ("building", "lon", "lat")}.get(
        action, ()
    )


def _late(case: Case, verdict: Verdict, asked: Act) -> bool:
    """A late fact marks the case until somebody in charge decides something; what is sealed from the lead does not."""
    if verdict.late and sealed.told_to_the_lead(case, asked):
        return True
    return case.late_facts and not verdict.row.fresh
