"""What a posting amounts to on one case: the hats it wears there. 'OFF' and 'HEAD' count only in the lead or a cooperating body."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from huiyin.rules.workflow.vocabulary import BodyKind, Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """A department, office, firm or partner, as far as rules care."""

    id: int
    kind: BodyKind
    code: str = ""
    name: str = ""
    may_enforce: bool = False
    has_head: bool = False
    hearing_person: int | None = None  # 较大数额罚款 in yuan, by the department's own rule (行政处罚法 63); None: not on record
    hearing_firm: int | None = None

    def hearing_line(self, party: str) -> int | None:
        """From how many yuan on a hearing is offered to a `person` or a `firm`."""
        return self.hearing_firm if party == "firm" else self.hearing_person


@dataclass(frozen=True, slots=True, kw_only=True)
class Posting:
    """One person in one role at one place, for a time. Dates are inclusive; `ends` None means without end."""

    id: int
    person: int
    role: Role
    body: int | None = None
    community: int | None = None
    starts: date
    ends: date | None = None
    badge_expires: date | None = None
    name: str = ""

    def holds(self, day: date) -> bool:
        return self.starts <= day and (self.ends is None or day <= self.ends)

    def badge_valid(self, day: date) -> bool:
        """A badge is good through its last day (行政处罚法 42)."""
        return self.badge_expires is not None and day <= self.badge_expires


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a case lies and which bodies belong to that place on the day."""

    community: int | None = None
    compound: int | None = None
    office: int | None = None
    township: int | None = None
    firm: int | None = None
    highrise: bool | None = None  # whether the compound has high-rise buildings (it may have others too); None: not known
    city: bool | None = None  # 设立的市 or a county; None: not known

    @property
    def traits(self) -> frozenset[str]:
        """What a clause's range is compared with. What is not known counts as both, so that nobody is refused for want of a record."""
        town = {"city", "county_town"} if self.city is None else {"city" if self.city else "county_town"}
        tall = {"other_than_highrise"} if self.highrise is False else {"highrise", "other_than_highrise"}
        return frozenset(town | tall)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What decides the hats: who is in charge, who helps, who was asked, and where."""

    place: Place = field(default_factory=Place)
    lead: Body | None = None
    cooperating: frozenset[int] = frozenset()
    tasked: frozenset[int] = frozenset()  # bodies that were urged, or asked to help or to dissuade
    author: int | None = None  # person
    overseer: int | None = None  # the Justice Bureau's body
    deputy: int | None = None  # person who oversees what the Justice Bureau itself handles


def hats(posting: Posting, standing: Standing) -> frozenset[Role]:
    """The roles `posting` may act in on this case; empty for a stranger. Says nothing about dates: the caller picks valid postings."""
    worn: set[Role] = set()
    leads = standing.lead is not None and posting.body == standing.lead.id
    match posting.role:
        case Role.OFF | Role.HEAD:
            if leads or posting.body in standing.cooperating:
                worn.add(posting.role)
            if leads:
                worn.add(Role.LEAD)
                if posting.role is Role.HEAD:
                    worn.add(Role.LEADHEAD)
        case Role.REV:
            if leads or posting.body in standing.cooperating:
                worn.add(Role.REV)
        case Role.COM:
            leads = leads or _office_leads(posting, standing)
            if _own_ground(posting, standing.place):
                worn.add(Role.COM)
            if leads:
                worn |= {Role.COM, Role.LEAD}
        case Role.PRO:
            if leads:
                worn |= {Role.PRO, Role.LEAD}
            elif posting.body is not None and posting.body in standing.tasked:
                worn.add(Role.PRO)
        case Role.SUP:
            if posting.community is not None and posting.community == standing.place.community:
                worn.add(Role.SUP)
        case Role.CO:
            worn |= _oversight(posting, standing)
        case Role.CUS:
            worn.add(Role.CUS)
        case _:
            pass
    if standing.author is not None and posting.person == standing.author and posting.role in {Role.OFF, Role.HEAD}:
        worn.add(Role.AUTHOR)
    return frozenset(worn)


def hats_then(posting: Posting, standing: Standing) -> frozenset[Role]:
    """The roles worn when a fact happened, `standing` being the one of that time. They let it be kept, and being in charge then moves
    nothing now."""
    return hats(posting, standing) - {Role.LEAD, Role.LEADHEAD, Role.STANDIN}


def _own_ground(posting: Posting, place: Place) -> bool:
    if posting.community is not None:
        return posting.community == place.community
    return posting.body is not None and posting.body in {place.office, place.township}


def _office_leads(posting: Posting, standing: Standing) -> bool:
    """A clerk posted to a community speaks for that community's office."""
    lead, place = standing.lead, standing.place
    return lead is not None and posting.community is not None and posting.community == place.community and lead.id == place.office


def _oversight(posting: Posting, standing: Standing) -> set[Role]:
    """Nobody oversees what their own body handles: there the county's named deputy is the coordinator."""
    own = standing.lead is not None and standing.overseer is not None and standing.lead.id == standing.overseer
    if own != (posting.person == standing.deputy):
        return set()
    worn = {Role.CO}
    if standing.lead is not None and not standing.lead.has_head:
        worn.add(Role.STANDIN)
    return worn
