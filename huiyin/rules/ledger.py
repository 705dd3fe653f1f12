"""The record of a case: entries, their canonical bytes, the hash chain, and the fold that turns entries into the present state."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import reduce
from typing import Any

from huiyin.rules import investigation
from huiyin.rules.workflow.vocabulary import Listing, Outcome, Stage, Tier

Data = Mapping[str, Any]
GENESIS = "0" * 64
DISPUTE_DAYS = 15  # natural days in which an echo may be disputed, counted from when it could be read
CALL_TRIES, CALL_DAYS = 3, 2  # three tries on two days count as reached
LONGEST_AGO = timedelta(days=731)  # whatever a phone says happened earlier was told by a clock that is wrong


def is_doubtful(claimed: datetime | None, at: datetime) -> bool:
    """Whether a fact cannot have happened when it says (时间存疑): after it was written, or over two years before."""
    return claimed is not None and not at - LONGEST_AGO <= claimed <= at


def when_it_happened(claimed: datetime | None, at: datetime) -> datetime:
    """When a thing took place: the claimed time of a fact, unless that is doubtful; else when it was written."""
    return at if claimed is None or is_doubtful(claimed, at) else claimed


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One act on a case, as kept.

    actor: "p<posting>" (a posting), "r<report>" (a resident by receipt) or "sys"; never a name.
    to: the stage entered, None when the stage did not change. data: codes, amounts, dates and references only.
    table: number of the workflow table in force when it was written.
    """

    case: int
    seq: int
    action: str
    actor: str
    role: str
    at: datetime
    claimed_at: datetime | None = None
    to: Stage | None = None
    tier: Tier = Tier.NONE
    data: Data = field(default_factory=dict)
    table: int
    prev: str
    hash: str = ""

    @property
    def posting(self) -> int | None:
        return int(self.actor[1:]) if self.actor[:1] == "p" else None

    @property
    def report(self) -> int | None:
        return int(self.actor[1:]) if self.actor[:1] == "r" else None

    @property
    def happened(self) -> datetime:
        """When the thing took place, as far as it can be believed."""
        return when_it_happened(self.claimed_at, self.at)


# ── bytes and hashes ─────────────────────────────────────────────────────────────────────────


def stamp(moment: datetime) -> str:
    """UTC with microseconds, always 27 characters. Raises ValueError for a naive datetime."""
    if moment.tzinfo is None:
        raise ValueError("a time in the ledger needs a time zone")
    return moment.astimezone(UTC).isoformat(timespec="microseconds")[:26] + "Z"


def canonical(value: Any) -> bytes:
    """The one encoding of a value: sorted keys, UTF-8, integers and strings only, no white space.

    SQLite's JSON text and PostgreSQL's jsonb read back to the same value and so to the same bytes. Raises TypeError for
    anything else (floats, booleans, None), because engines do not agree on them.
    """
    _only_plain(value)
    return _encoded(value)


_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _encoded(value: Any) -> bytes:
    """The bytes of a value that is known to be plain: what was written was checked, and what was forged does not match anyway."""
    return _ENCODER.encode(value).encode()


def _only_plain(value: Any) -> None:
    match value:
        case bool() | None | float():
            raise TypeError(f"the ledger keeps integers and strings only, not {value!r}")
        case str() | int():
            return
        case dict():
            for key, inner in value.items():
                if not isinstance(key, str):
                    raise TypeError("keys in the ledger are strings")
                _only_plain(inner)
        case list() | tuple():
            for inner in value:
                _only_plain(inner)
        case _:
            raise TypeError(f"the ledger keeps integers and strings only, not {type(value).__name__}")


def content(entry: Entry) -> dict[str, Any]:
    """What the hash of an entry covers."""
    return {
        "case": entry.case,
        "seq": entry.seq,
        "action": entry.action,
        "actor": entry.actor,
        "role": entry.role,
        "at": stamp(entry.at),
        "claimed_at": stamp(entry.claimed_at) if entry.claimed_at else "",
        "to": entry.to or "",
        "tier": entry.tier,
        "data": dict(entry.data),
        "table": entry.table,
        "prev": entry.prev,
    }


def digest(entry: Entry) -> str:
    """SHA-256 over the canonical entry with the hash of the one before: 64 hex characters."""
    return hashlib.sha256(_encoded(content(entry))).hexdigest()


def sealed(entry: Entry) -> Entry:
    """The entry with its hash. Raises TypeError for data that is not plain."""
    _only_plain(dict(entry.data))
    return replace(entry, hash=digest(entry))


def commitment(salt: bytes, content: bytes) -> str:
    """SHA-256(salt ‖ content) in hex. The salt (32 random bytes) lies beside the content and dies with it, so nothing can be guessed back."""
    return hashlib.sha256(salt + content).hexdigest()


@dataclass(frozen=True, slots=True)
class Break:
    """One thing wrong in a chain: which entry, and what."""

    seq: int
    what: str


def check_chain(entries: Iterable[Entry]) -> list[Break]:
    """Walk one case's entries in order of seq and name every break: a gap, a wrong `prev`, a wrong hash, time running back."""
    found: list[Break] = []
    prev, last_at, expected = GENESIS, None, 1
    for entry in entries:
        if entry.seq != expected:
            found.append(Break(entry.seq, f"expected entry {expected}, found {entry.seq}"))
        if entry.prev != prev:
            found.append(Break(entry.seq, "does not continue the entry before"))
        if digest(entry) != entry.hash:
            found.append(Break(entry.seq, "content does not match its hash"))
        if last_at is not None and entry.at < last_at:
            found.append(Break(entry.seq, "is dated before the entry it follows"))
        prev, last_at, expected = entry.hash, entry.at, entry.seq + 1
    return found


# ── the folded state ─────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """One report on this case and how far its echo has come. `contact` holds channel codes, never addresses."""

    id: int
    at: datetime
    contact: tuple[str, ...] = ()
    withdrawn: bool = False
    available: datetime | None = None  # since when the latest echo could be read by this reporter
    tries: tuple[datetime, ...] = ()
    satisfied: bool | None = None  # about the latest echo


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    due: str
    basis: int
    counted: bool  # both officers stand behind it
    complied: str = ""  # "", "yes", "no"
    withdrawn: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    start: datetime
    until: str
    end: datetime | None = None

    @property
    def stood(self) -> tuple[datetime, datetime | None]:
        """From when to when clocks stood for it: at most through the day that was granted, however late it was found to be over."""
        over = datetime.fromisoformat(f"{self.until[:10]}T00:00:00+08:00") + timedelta(days=1)
        return self.start, None if self.end is None else min(self.end, max(self.start, over))


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    asked: datetime
    answered: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class State:
    """A case as its entries make it. Bodies, postings, persons and reports are ids; `*_at` are when it was last so."""

    case: int
    stage: Stage
    since: datetime
    opened: datetime
    seq: int
    at: datetime
    head: str
    entries: tuple[Entry, ...]
    tier: Tier = Tier.NONE
    outcome: Outcome | None = None

    item: str = ""
    listing: Listing | None = None
    version: int | None = None
    lead: int | None = None
    cooperating: frozenset[int] = frozenset()
    handler: int | None = None
    beside: frozenset[int] = frozenset()
    tasked: frozenset[int] = frozenset()
    recused: frozenset[int] = frozenset()
    place: int | None = None  # compound
    suggested: str = ""  # what the reporter took it for

    reports: Mapping[int, Given] = field(default_factory=dict)
    first_assigned: datetime | None = None
    last_assigned: datetime | None = None
    accepted: datetime | None = None
    attended: datetime | None = None  # first presence since the last assign
    resolved: datetime | None = None
    echoed: datetime | None = None
    echo_seq: int | None = None
    echo_writers: tuple[int, ...] = ()  # postings
    disputed: datetime | None = None
    disputes: int = 0
    turned_down: frozenset[int] = frozenset()  # reports whose reporter is not satisfied with the latest echo; each counts once
    upheld: bool = False
    declines: int = 0
    settle_needed: bool = False
    settled: bool = False
    own_mistake_items: frozenset[str] = frozenset()
    extensions: tuple[int, ...] = ()
    shortened: str = ""

    pending: Mapping[int, int] = field(default_factory=dict)  # entry → person who must countersign
    orders: Mapping[int, Order] = field(default_factory=dict)
    urges: Mapping[int, bool] = field(default_factory=dict)  # entry → answered
    helps: Mapping[int, int] = field(default_factory=dict)  # open request → body asked
    pauses: tuple[Pause, ...] = ()
    questions: tuple[Question, ...] = ()

    unapproved: Mapping[int, str] = field(default_factory=dict)  # entry → action that waits for the head's word
    rejected: frozenset[int] = frozenset()  # entries that the second officer or the head did not stand behind
    inquiry: investigation.Investigation = investigation.NOTHING

    @property
    def paused(self) -> Pause | None:
        return next((pause for pause in self.pauses if pause.end is None), None)

    @property
    def active(self) -> tuple[Given, ...]:
        """Reports that are still on the case, in the order they came."""
        return tuple(given for given in self.reports.values() if not given.withdrawn)

    @property
    def order_open(self) -> bool:
        """Neither complied with nor withdrawn, and no penalty has followed it."""
        open_ = [seq for seq, order in self.orders.items() if not order.withdrawn and order.complied != "yes"]
        return any(not any(made.seq > seq for made in self.punished) for seq in open_)

    def counts(self, seq: int | None) -> bool:
        """Whether an entry stands: nobody whose word it needs has still to give it, or refused it."""
        return bool(seq) and seq not in self.pending and seq not in self.unapproved and seq not in self.rejected

    @property
    def decisions(self) -> tuple[investigation.Decision, ...]:
        """Decisions that stand: everybody they need is behind them, and nobody annulled them; oldest first."""
        made = self.inquiry.decisions.values()
        return tuple(one for one in made if not one.annulled and self.counts(one.seq))

    @property
    def punished(self) -> tuple[investigation.Decision, ...]:
        """Those of them that punish."""
        return tuple(one for one in self.decisions if one.punishes)

    @property
    def returned(self) -> datetime | None:
        """When an answer was last turned down: by a dispute that brought the case back, or by `reopen`."""
        back = [entry.at for entry in self.entries if entry.action in {"dispute", "reopen"} and entry.to is not None]
        return back[-1] if back else None

    def did(self, *actions: str) -> tuple[Entry, ...]:
        return tuple(entry for entry in self.entries if entry.action in actions)

    def entry(self, seq: int) -> Entry | None:
        """The entry of that number; where some are left out (rules.sealing) it does not stand at its number."""
        if 1 <= seq <= len(self.entries) and self.entries[seq - 1].seq == seq:
            return self.entries[seq - 1]
        return next((entry for entry in self.entries if entry.seq == seq), None)


_FIELDS = frozenset(State.__dataclass_fields__)


def _after(state: State, **changes: Any) -> State:
    """dataclasses.replace for State, twenty times as fast: folding a million entries is one of the things done nightly."""
    if not changes.keys() <= _FIELDS:
        raise TypeError(f"a state has no {sorted(changes.keys() - _FIELDS)}")
    made = object.__new__(State)
    made.__dict__.update(state.__dict__)
    made.__dict__.update(changes)
    return made


def opening(first: Entry) -> State:
    """The state that the first entry (`report`, or `split` of another case) makes. Raises ValueError for any other action."""
    if first.action not in {"report", "split"}:
        raise ValueError(f"a case cannot begin with {first.action}")
    data = first.data
    state = State(
        case=first.case,
        stage=Stage.REPORTED,
        since=first.at,
        opened=_moment(data.get("reported")) or first.at,
        seq=first.seq,
        at=first.at,
        head=first.hash,
        entries=(first,),
        place=data.get("compound"),
        suggested=data.get("item", ""),
    )
    if first.action == "report":
        return _after(state, reports=_with_report(state, first))
    given = {row["id"]: _given(row, _moment(row["at"]) or first.at) for row in data.get("reports", ())}
    return _after(state, reports=given)


def fold(entries: Iterable[Entry]) -> State:
    """All entries of one case, in order of seq, to its state. Raises ValueError when there is none."""
    first, *rest = entries
    return reduce(step, rest, opening(first))


def as_it_was(state: State, moment: datetime) -> State:
    """The case as it stood at a moment: what had been written by then, at least its first entry."""
    first, *rest = state.entries
    return fold([first, *(entry for entry in rest if entry.at <= moment)])


def step(state: State, entry: Entry) -> State:
    """The state after one more entry."""
    moved = _after(
        state,
        seq=entry.seq,
        at=entry.at,
        head=entry.hash,
        entries=(*state.entries, entry),
        tier=entry.tier if entry.tier.rank > state.tier.rank else state.tier,
    )
    if entry.to is not None:
        moved = _after(moved, stage=entry.to, since=entry.at)
        if entry.to is not Stage.HANDLING:
            moved = _running(moved, entry.at)  # a pause belongs to the handling and ends with it
        if entry.to is Stage.REPORTED:
            moved = _after(moved, lead=None, handler=None, beside=frozenset(), cooperating=frozenset(), accepted=None)
    effect = EFFECTS.get(entry.action)
    moved = effect(moved, entry) if effect else moved
    if entry.action not in investigation.STEPS:
        return moved
    return _after(moved, inquiry=investigation.after(moved.inquiry, entry))


def _running(state: State, at: datetime) -> State:
    """No pause stands any more."""
    if state.paused is None:
        return state
    return _after(state, pauses=tuple(pause if pause.end else replace(pause, end=at) for pause in state.pauses))


# ── what single acts change beyond the stage ─────────────────────────────────────────────────

Effect = Callable[[State, Entry], State]
EFFECTS: dict[str, Effect] = {}


def _effect(*names: str) -> Callable[[Effect], Effect]:
    def register(function: Effect) -> Effect:
        for name in names:
            if name in EFFECTS:
                raise ValueError(f"two effects for {name}")
            EFFECTS[name] = function
        return function

    return register


def _moment(text: Any) -> datetime | None:
    return datetime.fromisoformat(text.replace("Z", "+00:00")) if isinstance(text, str) and text else None


def _given(row: Data, at: datetime) -> Given:
    return Given(id=row["id"], at=at, contact=tuple(row.get("contact", ())))


def _with_report(state: State, entry: Entry) -> dict[int, Given]:
    row = {"id": entry.data["report"], "contact": entry.data.get("contact", ())}
    return {**state.reports, row["id"]: _given(row, entry.at)}


def _changed(state: State, report: int, **changes: Any) -> State:
    if report not in state.reports:
        return state
    return _after(state, reports={**state.reports, report: replace(state.reports[report], **changes)})


@_effect("join")
def _join(state: State, entry: Entry) -> State:
    return _after(state, reports=_with_report(state, entry))


@_effect("absorb")
def _absorb(state: State, entry: Entry) -> State:
    """The survivor's side of `merge`: the reports that come over."""
    came = {row["id"]: _given(row, _moment(row["at"]) or entry.at) for row in entry.data.get("reports", ())}
    return _after(state, reports={**state.reports, **came})


@_effect("merge")
def _merge(state: State, entry: Entry) -> State:
    return _after(state, outcome=Outcome.MERGED, reports={})


@_effect("split")
def _split(state: State, entry: Entry) -> State:
    left = set(entry.data.get("reports", ()))
    return _after(state, reports={key: given for key, given in state.reports.items() if key not in left})


@_effect("retract")
def _retract(state: State, entry: Entry) -> State:
    state = _changed(state, entry.data["report"], withdrawn=True)
    return _after(state, outcome=Outcome.WITHDRAWN, resolved=entry.at) if entry.to is Stage.RESOLVED else state


@_effect("ask")
def _ask(state: State, entry: Entry) -> State:
    return _after(state, questions=(*state.questions, Question(asked=entry.at)))


@_effect("supplement")
def _supplement(state: State, entry: Entry) -> State:
    questions = tuple(replace(asked, answered=entry.at) if asked.answered is None else asked for asked in state.questions)
    state = _after(state, questions=questions)
    if entry.data.get("dispute") != "yes":
        return state
    report = entry.data.get("report", 0)
    again = report in state.turned_down
    return _after(state, disputes=state.disputes + (not again), turned_down=state.turned_down | {report})


def _in_charge(state: State, entry: Entry) -> State:
    data = entry.data
    return _after(
        state,
        item=data.get("item", state.item),
        listing=Listing(data["listing"]) if "listing" in data else state.listing,
        version=data.get("version", state.version),
        lead=data["lead"],
        cooperating=frozenset(data.get("cooperating", ())) - {data["lead"]},
        handler=None,
        beside=frozenset(),
        accepted=None,
        attended=None,
        shortened=data.get("shorter", state.shortened),
        first_assigned=state.first_assigned or entry.at,
        last_assigned=entry.at,
        outcome=None,
    )


@_effect("assign", "reassign")
def _assign(state: State, entry: Entry) -> State:
    return _in_charge(state, entry)


@_effect("settle")
def _settle(state: State, entry: Entry) -> State:
    return _after(_in_charge(state, entry), settled=True, settle_needed=False)


@_effect("reclassify")
def _reclassify(state: State, entry: Entry) -> State:
    if entry.to is Stage.ASSIGNED:
        return _in_charge(state, entry)
    data = entry.data
    return _after(state, item=data["item"], listing=Listing(data["listing"]), version=data["version"])


@_effect("refuse")
def _refuse(state: State, entry: Entry) -> State:
    return _after(state, outcome=Outcome.REFUSED, resolved=entry.at)


@_effect("accept")
def _accept(state: State, entry: Entry) -> State:
    return _after(state, accepted=entry.at, handler=state.handler or entry.data["person"])


@_effect("entrust")
def _entrust(state: State, entry: Entry) -> State:
    return _after(state, handler=entry.data["person"], beside=frozenset(entry.data.get("beside", ())) - {entry.data["person"]})


@_effect("decline")
def _decline(state: State, entry: Entry) -> State:
    """Counts a giving away. 认错项 is not counted unless the same item returns; the list's own lead or the second decline calls for `settle`."""
    again = state.item in state.own_mistake_items
    counted = entry.data["reason"] != "own_mistake" or again
    declines = state.declines + counted
    by_list = counted and entry.data.get("listed") == "yes"
    mistakes = state.own_mistake_items | ({state.item} if entry.data["reason"] == "own_mistake" else frozenset())
    return _after(
        state, declines=declines, own_mistake_items=mistakes, settle_needed=state.settle_needed or by_list or declines >= 2
    )


@_effect("attend", "dissuade")
def _attend(state: State, entry: Entry) -> State:
    """Being there: an officer, clerk or firm came; the first such act since the last assign keeps the presence clock."""
    if state.attended is None and entry.data.get("present", "yes") == "yes":
        state = _after(state, attended=max(entry.happened, state.last_assigned or entry.happened))
    if entry.to is Stage.HANDLING:
        state = _after(state, accepted=state.accepted or entry.at, handler=state.handler or entry.data.get("person"))
    return state


@_effect("ask_dissuade")
def _ask_dissuade(state: State, entry: Entry) -> State:
    return _after(state, tasked=state.tasked | {entry.data["body"]})


@_effect("urge")
def _urge(state: State, entry: Entry) -> State:
    body = entry.data["body"]
    return _after(state, tasked=state.tasked | {body}, urges={**state.urges, entry.seq: False})


@_effect("property_reply")
def _property_reply(state: State, entry: Entry) -> State:
    return _after(state, urges={**state.urges, entry.data["of"]: True})


@_effect("request_help")
def _request_help(state: State, entry: Entry) -> State:
    body = entry.data["body"]
    return _after(
        state,
        helps={**state.helps, entry.seq: body},
        tasked=state.tasked | {body},
        cooperating=state.cooperating | {body} - {state.lead or 0},
    )


@_effect("help", "recall_help")
def _help(state: State, entry: Entry) -> State:
    return _after(state, helps={seq: body for seq, body in state.helps.items() if seq != entry.data["of"]})


@_effect("extend")
def _extend(state: State, entry: Entry) -> State:
    return _after(state, extensions=(*state.extensions, entry.data["days"]))


@_effect("pause")
def _pause(state: State, entry: Entry) -> State:
    return _after(state, pauses=(*state.pauses, Pause(start=entry.at, until=entry.data["until"])))


@_effect("resume")
def _resume(state: State, entry: Entry) -> State:
    return _running(state, entry.at)


@_effect("order")
def _order(state: State, entry: Entry) -> State:
    waits = entry.data.get("paper") != "yes"
    order = Order(due=entry.data["due"], basis=entry.data["basis"], counted=not waits)
    state = _after(state, orders={**state.orders, entry.seq: order})
    return _after(state, pending={**state.pending, entry.seq: entry.data["second"]}) if waits else state


@_effect("countersign")
def _countersign(state: State, entry: Entry) -> State:
    of, yes = entry.data["of"], entry.data["yes"] == "yes"
    state = _after(state, pending={seq: person for seq, person in state.pending.items() if seq != of})
    if not yes:
        state = _after(state, rejected=state.rejected | {of})
    if of in state.orders:
        order = replace(state.orders[of], counted=yes, withdrawn=not yes)
        state = _after(state, orders={**state.orders, of: order})
    return state


@_effect("inspect", "interview", "preserve", "seize", "enforce", "spot_penalty", "open_file")
def _by_two(state: State, entry: Entry) -> State:
    """Done by two officers: waits for the second, unless signed on paper or lawfully done by one; some wait for the head as well."""
    data = entry.data
    if data.get("second") and data.get("paper") != "yes":
        state = _after(state, pending={**state.pending, entry.seq: data["second"]})
    if entry.action == "open_file" or (
        entry.action in {"seize", "enforce"} and data.get("urgent") == "yes" and not data.get("proposal")
    ):
        state = _after(state, unapproved={**state.unapproved, entry.seq: entry.action})
    return state


@_effect("propose", "close_file")
def _put_to_the_head(state: State, entry: Entry) -> State:
    return _after(state, unapproved={**state.unapproved, entry.seq: entry.action})


@_effect("approve")
def _approve(state: State, entry: Entry) -> State:
    of = entry.data["of"]
    state = _after(state, unapproved={seq: action for seq, action in state.unapproved.items() if seq != of})
    return state if entry.data["yes"] == "yes" else _after(state, rejected=state.rejected | {of})


@_effect("comply")
def _comply(state: State, entry: Entry) -> State:
    """What was seen last counts, in the order of happening: an older look that is recorded later does not undo a newer one."""
    of = entry.data["of"]
    newer = any(seen.data["of"] == of and seen.happened > entry.happened for seen in state.did("comply"))
    if of not in state.orders or newer:
        return state
    return _after(state, orders={**state.orders, of: replace(state.orders[of], complied=entry.data["corrected"])})


@_effect("recuse")
def _recuse(state: State, entry: Entry) -> State:
    out, heir = entry.data["who"], entry.data["person"]
    return _after(
        state,
        recused=state.recused | {out},
        handler=heir if state.handler == out else state.handler,
        beside=state.beside - {out},
        pending={seq: heir if person == out and _not_done_yet(state, seq) else person for seq, person in state.pending.items()},
    )


def _not_done_yet(state: State, seq: int) -> bool:
    """An order or a file can be signed by whoever takes over; what was done by two on the spot only by who was there."""
    written = state.entry(seq)
    return written is not None and written.action in {"order", "open_file"}


@_effect("transfer")
def _transfer(state: State, entry: Entry) -> State:
    return _after(state, outcome=Outcome.TRANSFERRED, resolved=entry.at)


@_effect("resolve")
def _resolve(state: State, entry: Entry) -> State:
    return _after(state, outcome=Outcome(entry.data["result"]), resolved=entry.at)


@_effect("echo")
def _echo(state: State, entry: Entry) -> State:
    """A new echo: what was said about an older one no longer counts; who has no contact can read it at once."""
    reports = {
        key: given if given.withdrawn else replace(given, satisfied=None, tries=(), available=None if given.contact else entry.at)
        for key, given in state.reports.items()
    }
    writers = (*state.echo_writers, entry.posting) if entry.posting else state.echo_writers
    return _after(state, echoed=entry.at, echo_seq=entry.seq, echo_writers=writers, reports=reports, turned_down=frozenset())


@_effect("deliver")
def _deliver(state: State, entry: Entry) -> State:
    """After a failed delivery too the reply is there to be read at the tracking page, so the 15 days begin."""
    given = state.reports.get(entry.data["report"])
    if given is None or given.available or entry.data.get("of") != state.echo_seq or state.stage is not Stage.ECHOED:
        return state
    return _changed(state, given.id, available=entry.at)


@_effect("call")
def _call(state: State, entry: Entry) -> State:
    """Calls count for the latest echo from when it was written on, also those recorded later."""
    given = state.reports.get(entry.data["report"])
    if given is None or state.echoed is None or given.available or entry.happened < state.echoed:
        return state
    tries = (*given.tries, entry.happened)
    days = {(moment.astimezone(UTC) + timedelta(hours=8)).date() for moment in tries}
    reached = entry.data["reached"] == "yes" or (len(tries) >= CALL_TRIES and len(days) >= CALL_DAYS)
    return _changed(state, given.id, tries=tries, available=entry.at if reached else None)


@_effect("feedback")
def _feedback(state: State, entry: Entry) -> State:
    return _changed(state, entry.data["report"], satisfied=entry.data["satisfied"] == "yes")


@_effect("dispute")
def _dispute(state: State, entry: Entry) -> State:
    report = entry.data["report"]
    state = _changed(state, report, satisfied=False)
    return _after(
        state,
        disputes=state.disputes + 1,
        turned_down=state.turned_down | {report},
        disputed=entry.at,
        outcome=None if entry.to else state.outcome,
    )


@_effect("uphold")
def _uphold(state: State, entry: Entry) -> State:
    return _after(state, upheld=True)


@_effect("reopen")
def _reopen(state: State, entry: Entry) -> State:
    return _after(state, outcome=None, disputed=entry.at if state.echoed else state.disputed)


@_effect("correct")
def _correct(state: State, entry: Entry) -> State:
    """The right fact stands in place of the wrong one; the wrong one stays to be read."""
    data = entry.data
    if "compound" in data:
        state = _after(state, place=data["compound"])
    if data.get("fact") == "withdrawn" and data["of"] not in state.orders:
        state = _after(
            state,
            rejected=state.rejected | {data["of"]},
            pending={seq: who for seq, who in state.pending.items() if seq != data["of"]},
            unapproved={seq: act for seq, act in state.unapproved.items() if seq != data["of"]},
        )
    if data.get("fact") == "withdrawn" and data["of"] in state.orders:
        orders = {**state.orders, data["of"]: replace(state.orders[data["of"]], withdrawn=True)}
        state = _after(state, orders=orders, pending={seq: who for seq, who in state.pending.items() if seq != data["of"]})
    if data.get("fact") == "found" and (wrong := state.entry(data["of"])) is not None:
        right = replace(wrong, data={**wrong.data, "state": data["state"]})
        state = _after(state, entries=tuple(right if kept.seq == right.seq else kept for kept in state.entries))
    return state
