"""What a guard is asked and answers: the act, what is known around it, and the refusal in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from huiyin.rules.deadlines import Calendar
from huiyin.rules.ledger import Entry, State, when_it_happened
from huiyin.rules.roles import Body, Place, Posting
from huiyin.rules.workflow.vocabulary import POLICING, Listing, Role

LOCAL_TIME = ZoneInfo("Asia/Shanghai")
PLAIN = Calendar.build()
#: Laws whose fines the police impose by the procedure of 治安管理处罚法 (141 of it): directly about public safety and order.
POLICE_PROCEDURE = frozenset({POLICING, "yanhua"})
#: What a place tells about where clauses apply.
TRAITS = frozenset({"city", "county_town", "highrise", "other_than_highrise"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """An item of a list in force, as far as rules care."""

    code: str
    listing: Listing
    version: int
    lead: str  # the list's code for who leads
    lead_body: int | None = None  # that lead at this place
    safety_baseline: bool = False
    police: bool = False
    close_workdays: int = 10
    measures: Mapping[str, Any] = field(default_factory=dict)  # what the list says of fines, see rules/lists.RANGES


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """One clause with its validity. `places` are the traits of a place where it applies, empty everywhere; `applies` says it in words."""

    id: int
    item: str
    label: str
    kind: str
    valid_from: date | None
    valid_to: date | None
    applies: str = ""
    places: frozenset[str] = frozenset()
    law_code: str = ""
    quote: str = ""
    requires_first: frozenset[str] = frozenset()  # order, warning, dissuade: any of them, which must have been in vain
    unless: str = ""  # the circumstance in which the clause asks for none of them
    fine: Mapping[str, Any] = field(default_factory=dict)  # {person: [low, high], firm: [low, high]} in yuan
    designated: tuple[
        tuple[int, date, date | None], ...
    ] = ()  # bodies that the county designated for it, with first and last day

    @property
    def policing(self) -> bool:
        """A clause of 治安管理处罚法: its own limits, terms and seal."""
        return self.law_code == POLICING

    @property
    def police_procedure(self) -> bool:
        """A clause that the police carry out by the procedure of 治安管理处罚法 (141)."""
        return self.law_code in POLICE_PROCEDURE

    def designated_on(self, day: date) -> int | None:
        """The body that the county had designated for the clause that day, as far as that is on record."""
        return next((body for body, first, last in self.designated if first <= day and (last is None or day <= last)), None)

    def applies_at(self, place: Place) -> bool:
        """Whether it applies there, as far as a place tells; zones and hours that no place knows are for the officer to judge."""
        return not self.places or bool(self.places & place.traits) or bool(self.places - TRAITS)

    def in_force(self, day: date) -> bool:
        """A law is in force through the day before `valid_to`: on that day its successor applies (法典 1242)."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day < self.valid_to)


@dataclass(frozen=True, slots=True, kw_only=True)
class Prior:
    """An act of another case against the same party (`same` party) or, the party unknown, at the same place and item (`same` place).

    kind: dissuade, order, warning, fine or penalty (another one). `day`: when it was done; an order's `until` is its term, or the later day
    on which it was seen to be complied with; `refused`: it was seen that nothing had changed. `offence`: the day of the act punished.
    """

    kind: str
    same: str
    case: str
    item: str
    day: date
    until: date | None = None
    refused: bool = False
    offence: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What guards need beside the case itself; gathered by services, so that rules read no database.

    postings: every posting named by an entry or by the act. officers: those who may be named as second officer now.
    """

    place: Place = field(default_factory=Place)
    lead: Body | None = None
    item: Item | None = None
    chosen: Item | None = None  # the item an act names
    bodies: Mapping[int, Body] = field(default_factory=dict)
    postings: Mapping[int, Posting] = field(default_factory=dict)
    officers: Mapping[int, tuple[Posting, ...]] = field(default_factory=dict)  # person → their OFF/HEAD postings
    bases: Mapping[int, Basis] = field(default_factory=dict)
    files: Mapping[int, int] = field(default_factory=dict)  # entry → number of photos
    due_resolution: datetime | None = None
    survivor: State | None = None
    registered_by: Mapping[int, int] = field(default_factory=dict)  # report → person who typed it in
    before: tuple[Prior, ...] = ()  # from other cases; gathered only for acts that ask for it
    calendar: Calendar = PLAIN

    def person(self, entry: Entry) -> int | None:
        posting = self.postings.get(entry.posting or 0)
        return posting.person if posting else None

    def role(self, entry: Entry) -> str:
        posting = self.postings.get(entry.posting or 0)
        return posting.role if posting else entry.role

    def body(self, entry: Entry) -> int | None:
        posting = self.postings.get(entry.posting or 0)
        return posting.body if posting else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """What somebody wants to do: the action, the cleaned data, who, when. `data` is empty while only asking what is possible."""

    action: str
    data: Mapping[str, Any] = field(default_factory=dict)
    posting: Posting | None = None
    report: int | None = None
    hats: frozenset[Role] = frozenset()
    at: datetime
    claimed_at: datetime | None = None
    seen: int | None = None

    @property
    def happened(self) -> datetime:
        return when_it_happened(self.claimed_at, self.at)

    @property
    def day(self) -> date:
        return self.happened.astimezone(LOCAL_TIME).date()

    @property
    def person(self) -> int | None:
        return self.posting.person if self.posting else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why not. `text` is a template with %(name)s places filled from `params`, several words meaning any of them; `fix` names the action
    that makes the missing record."""

    text: str
    params: Mapping[str, Any] = field(default_factory=dict)
    rule: str = ""
    fix: str = ""

    def __str__(self) -> str:
        given = {name: "或".join(value) if isinstance(value, tuple) else value for name, value in self.params.items()}
        return self.text % given if given else self.text


Guard = Callable[[State, Act, Context], Refusal | None]
GUARDS: dict[str, str] = {}  # name → the supervision rule it keeps
KEPT: dict[str, Guard] = {}


def because(text: str, *, rule: str = "", fix: str = "", **params: Any) -> Refusal:
    """A refusal: `text` with %(name)s places for `params`, the rule it keeps, the act that makes good."""
    return Refusal(text=text, params=params, rule=rule, fix=fix)


def guard(rule: str = "") -> Callable[[Guard], Guard]:
    """Registers a guard under its name, with the supervision rule it keeps."""

    def register(function: Guard) -> Guard:
        name = function.__name__
        if name in GUARDS:
            raise ValueError(f"two guards called {name}")
        GUARDS[name] = rule
        KEPT[name] = function
        return function

    return register
