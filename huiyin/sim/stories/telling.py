"""How a made-up case is told: who said what where and when, which acts followed, and who of the made-up county they fall to.

A story is data. Its acts carry the names of the workflow table and the names of its fields; references are told in words:
persons as handles ("off1", "com1@…"), bodies by code, dates as days from the act, earlier entries by their action, photos by their number.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, timezone
from typing import Any

from huiyin.sim.county import MadeUpBody, MadeUpCounty

LOCAL = timezone(timedelta(hours=8))
IsWorkday = Callable[[date], bool]

_PAUSE = timedelta(minutes=4)  # between two acts of a case, at least
_EDGE = timedelta(minutes=2)  # nothing is told that is younger than this
_MORNING, _NOON, _AFTERNOON, _EVENING = time(8, 35), time(12, 0), time(14, 35), time(17, 25)

#: What happens outside and at any hour; everything else that staff do is done at a desk, in office hours.
OUTSIDE = frozenset(
    {
        "attend",
        "dissuade",
        "recheck",
        "comply",
        "help",
        "mediate",
        "property_reply",
        "inspect",
        "interview",
        "spot_penalty",
        "serve",
        "enforce",
    }
)

_HANDLE = re.compile(r"(res|off|head|rev|com|town|pro|sup|co|deputy|cus|sys)([1-9]?)(?:@([a-z-]+))?")
_COUNTY_ROLES = {"co": "co", "cus": "cus"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Teller:
    """A resident who reports: at most a form of address, a mobile number of the invented range, an address of the invented host."""

    name: str = ""
    phone: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One act of a story.

    by: a handle. after: hours since the first report. late: hours between the happening and its recording (facts only).
    fields: by the workflow table's names of fields. teller: whoever joins.
    """

    action: str
    by: str
    after: float
    fields: Mapping[str, Any] = field(default_factory=dict)
    late: float = 0.0
    teller: Teller | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """A made-up case. `item` and `lead` are the lists' codes, empty where nobody has told it to an item yet.

    Reported `days` before now at `clock` (Shanghai) or, where that is empty, `hours` before now. `compound` is a code, empty where
    the place is not known and `place_words` say what was said. picked: the reporter took the suggested item. photos: how many came.
    """

    key: str
    compound: str
    building: str
    place_words: str
    item: str
    lead: str
    words: str
    channel: str
    by: str
    teller: Teller
    picked: bool
    photos: int
    days: int
    clock: str
    hours: float
    acts: tuple[Act, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """What happens at a moment: the report itself (`act` None) or an act of the story."""

    moment: datetime
    story: Story
    act: Act | None


# ── telling ──────────────────────────────────────────────────────────────────────────────────


def act(action: str, by: str, after: float, *, late: float = 0.0, **fields: Any) -> Act:
    return Act(action=action, by=by, after=after, late=late, fields=fields)


class Storybook:
    """Collects stories under their keys and gives every resident who leaves a number or an address one of their own."""

    def __init__(self, first_phone: int) -> None:
        self.stories: dict[str, Story] = {}
        self._next = first_phone

    def teller(self, contact: str, name: str = "") -> Teller:
        """contact: phone, email, or empty for somebody who leaves none."""
        number, self._next = self._next, self._next + 1
        return Teller(
            name=name,
            phone=f"1990000{number:04d}" if contact == "phone" else "",
            email=f"jumin{number}@anhe.example" if contact == "email" else "",
        )

    def join(
        self, by: str, after: float, words: str, *, contact: str = "phone", channel: str = "qr", name: str = "", **fields: Any
    ) -> Act:
        """A neighbour who has met the same thing. `by` is res2, res3 … in the order of joining."""
        fields = {"words": words, "channel": channel, **fields}
        return Act(action="join", by=by, after=after, fields=fields, teller=self.teller(contact, name))

    def tell(
        self,
        key: str,
        compound: str,
        item: str,
        lead: str,
        words: str,
        *acts: Act,
        building: str = "",
        place_words: str = "",
        channel: str = "web",
        by: str = "res",
        contact: str = "phone",
        name: str = "",
        picked: bool = False,
        photos: int = 0,
        days: int = 0,
        clock: str = "",
        hours: float = 0.0,
    ) -> None:
        if key in self.stories:
            raise ValueError(f"two stories called {key}")
        self.stories[key] = Story(
            key=key,
            compound=compound,
            building=building,
            place_words=place_words,
            item=item,
            lead=lead,
            words=words,
            channel=channel,
            by=by,
            teller=self.teller(contact, name),
            picked=picked,
            photos=photos,
            days=days,
            clock=clock,
            hours=hours,
            acts=tuple(sorted(acts, key=lambda told: told.after)),
        )


# ── when ─────────────────────────────────────────────────────────────────────────────────────


def chronicle(stories: Iterable[Story], *, now: datetime, is_workday: IsWorkday) -> list[Step]:
    """Every report and act of the stories in the order of time, each before `now`. Desk acts fall into office hours of workdays."""
    steps = [
        Step(moment, story, told)
        for story in stories
        for moment, told in zip(moments(story, now=now, is_workday=is_workday), (None, *story.acts), strict=True)
    ]
    return sorted(steps, key=lambda step: step.moment)


def moments(story: Story, *, now: datetime, is_workday: IsWorkday) -> list[datetime]:
    """When the report came and when each act was done, strictly in order and before `now`. Raises ValueError for a naive `now`."""
    if now.tzinfo is None:
        raise ValueError("a story is told from a moment with a time zone")
    now = now.astimezone(LOCAL)
    start = _start(story, now)
    found = [start]
    for told in story.acts:
        moment = start + timedelta(hours=told.after)
        if _at_a_desk(told):
            moment = _office(moment, is_workday)
        found.append(max(moment, found[-1] + _PAUSE))
    return _pressed(found, now - _EDGE)


def _start(story: Story, now: datetime) -> datetime:
    if not story.clock:
        return now - timedelta(hours=story.hours)
    return datetime.combine(now.date() - timedelta(days=story.days), time.fromisoformat(story.clock), tzinfo=LOCAL)


def _at_a_desk(told: Act) -> bool:
    return told.action not in OUTSIDE and not told.by.startswith(("res", "sys"))


def _office(moment: datetime, is_workday: IsWorkday) -> datetime:
    """The moment itself in office hours, else early in the next spell of them; some minutes apart, as offices begin."""
    delay = timedelta(minutes=moment.minute % 40)
    if not is_workday(moment.date()) or moment.time() > _EVENING:
        day = moment.date() + timedelta(days=1)
        while not is_workday(day):
            day += timedelta(days=1)
        return datetime.combine(day, _MORNING, tzinfo=LOCAL) + delay
    if moment.time() < _MORNING:
        return datetime.combine(moment.date(), _MORNING, tzinfo=LOCAL) + delay
    if _NOON < moment.time() < _AFTERNOON:
        return datetime.combine(moment.date(), _AFTERNOON, tzinfo=LOCAL) + delay
    return moment


def _pressed(found: Sequence[datetime], limit: datetime) -> list[datetime]:
    """What would lie beyond the limit, moved evenly between the last moment before it and the limit."""
    kept = [moment for moment in found if moment < limit]
    beyond = len(found) - len(kept)
    last = kept[-1] if kept else limit - timedelta(hours=1)
    return kept + [last + (limit - last) * (step + 1) / (beyond + 1) for step in range(beyond)]


# ── who and where ────────────────────────────────────────────────────────────────────────────


def person_for(county: MadeUpCounty, story: Story, handle: str, day: date) -> str:
    """The user name behind a handle that day.

    off1, head: of the body that leads the story, or of the one behind @. com1, sup: of the compound's community. town: of its
    township. pro: of its firm. co1, co2, deputy, cus: of the county. Raises KeyError for a resident, the clock, or nobody posted.
    """
    found = _HANDLE.fullmatch(handle)
    if found is None or found[1] in {"res", "sys"}:
        raise KeyError(handle)
    role, place = found[1], int(found[2] or 1) - 1
    if role == "deputy":
        return county.deputy
    posted = _posted(county, story, role, found[3] or "", day)
    if place >= len(posted):
        raise KeyError(handle)
    return posted[place]


def _posted(county: MadeUpCounty, story: Story, role: str, body: str, day: date) -> list[str]:
    match role:
        case "off" | "head" | "rev":
            rows = county.posted(role, day, body=body or body_for(county, story, story.lead, day))
        case "com" | "sup":
            rows = county.posted(role, day, community=county.compound(story.compound).community)
        case "town":
            rows = county.posted("com", day, body=county.community_of(story.compound).township)
        case "pro":
            rows = county.posted("pro", day, body=body or county.firm_of(story.compound, day) or "none")
        case _:
            rows = tuple(row for row in county.posted(_COUNTY_ROLES[role], day) if row.person != county.deputy)
    return [row.person for row in rows]


def body_for(county: MadeUpCounty, story: Story, code: str, day: date) -> str:
    """The body that a list's code means at the story's place that day: wuye the firm under contract, else the community's office;
    zhenjie the community's office; any other code itself."""
    if code == "wuye":
        return county.firm_of(story.compound, day) or county.community_of(story.compound).office
    if code == "zhenjie":
        return county.community_of(story.compound).office
    return code


def told(county: MadeUpCounty, story: Story, text: str, day: date) -> str:
    """Words with {lead}, {firm} and {station} put in: a name and the telephone to reach it by."""
    if "{" not in text:
        return text
    bodies = {body.code: body for body in county.bodies}
    community = county.community_of(story.compound)
    return text.format(
        lead=_reach(bodies[body_for(county, story, story.lead or "zhenjie", day)]),
        firm=_reach(bodies[body_for(county, story, "wuye", day)]),
        station=f"{community.name}联络站 {community.station_phone}",
    )


def _reach(body: MadeUpBody) -> str:
    return f"{body.name if body.kind == 'department' else body.short_name} {body.phone}"
