"""Plays made-up stories through the services, act by act in the order of time, so that every made-up case has an honest ledger."""

from __future__ import annotations

import io
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from PIL import Image, ImageDraw

from huiyin.records.models import Body, Compound, Party, Person
from huiyin.rules.deadlines import SHANGHAI
from huiyin.rules.workflow.fields import FIELDS, Kind
from huiyin.rules.workflow.judge import Refused
from huiyin.selectors import lists, places
from huiyin.selectors.cases import entries_of
from huiyin.selectors.people import SYSTEM, Actor, actor_of, resident
from huiyin.services import cases
from huiyin.services.cases import Receipt
from huiyin.sim.county import MadeUpCounty
from huiyin.sim.stories import Act, Step, Story, body_for, chronicle, person_for, told

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A receipt that somebody of a story holds. `by`: res, res2 … or the handle of the staff member who took the report down."""

    story: str
    by: str
    receipt: Receipt


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """Every receipt that was given, and where a story had to stop early: (story, action, why)."""

    receipts: tuple[Held, ...]
    stopped: tuple[tuple[str, str, str], ...]


def play(
    stories: Iterable[Story],
    county: MadeUpCounty,
    *,
    now: datetime,
    progress: Progress = lambda done, of: None,
    deliver: Callable[[datetime], object] = lambda at: None,
) -> Played:
    """Tell all stories as if they had happened up to `now`; the county and lists in force since must be there already.

    deliver: called after every act with its time, so that messages go out when they are written and not after the story.

    An act that the workflow refuses ends its story there and is told in the answer: where a clock stands before a law came into force,
    nothing can be ordered under it. Anything else that goes wrong is raised, with a note that names the story and the act.
    """
    stage = _Stage(county)
    steps = chronicle(stories, now=now, is_workday=places.calendar().is_workday)
    stopped: dict[str, tuple[str, str, str]] = {}
    for done, step in enumerate(steps, start=1):
        if step.story.key not in stopped and (why := _taken(stage, step)):
            stopped[step.story.key] = (step.story.key, step.act.action if step.act else "report", why)
        deliver(step.moment)
        progress(done, len(steps))
    return Played(receipts=tuple(stage.receipts), stopped=tuple(stopped.values()))


def _taken(stage: _Stage, step: Step) -> str:
    """Empty when the step was taken, else why the workflow refused it."""
    try:
        stage.take(step)
    except Refused as refused:
        return str(refused)
    except Exception as trouble:
        trouble.add_note(f"story {step.story.key}: {step.act.action if step.act else 'report'} at {step.moment:%Y-%m-%d %H:%M}")
        raise
    return ""


@dataclass
class _Stage:
    """What has been played so far, and the keys of everything that stories speak of by name."""

    county: MadeUpCounty
    receipts: list[Held] = field(default_factory=list)
    _held: dict[tuple[str, str], Receipt] = field(default_factory=dict)
    _photos: int = 0

    def __post_init__(self) -> None:
        self._people = dict(Person.objects.values_list("username", "pk"))
        self._bodies = dict(Body.objects.values_list("code", "pk"))
        self._compounds = dict(Compound.objects.values_list("code", "pk"))

    def take(self, step: Step) -> None:
        story, told_act, at = step.story, step.act, step.moment
        if told_act is None:
            self._report(story, at)
        elif told_act.action == "join":
            self._join(story, told_act, at)
        elif told_act.action == "disclose":
            given = self._data(story, told_act, at)
            cases.disclose(actor=self._actor(story, told_act.by, at), at=at, number=self._number(story), **given)
        else:
            self._act(story, told_act, at)

    # ── the three kinds of steps ─────────────────────────────────────────────────────────────

    def _report(self, story: Story, at: datetime) -> None:
        key = self._key(story.photos, None, at)
        receipt = cases.open_case(
            actor=None if story.by == "res" else self._actor(story, story.by, at),
            at=at,
            key=key,
            channel=story.channel,
            words=story.words,
            item=story.item if story.picked else "",
            compound=self._compounds[story.compound] if story.compound else None,
            place_words=story.place_words,
            building=story.building,
            name=story.teller.name,
            phone=story.teller.phone,
            email=story.teller.email,
            suggested=_suggested(story.words, at) if story.by == "res" else None,
        )
        self._keep(story, "res", story.by, receipt)

    def _join(self, story: Story, told_act: Act, at: datetime) -> None:
        teller = told_act.teller
        assert teller is not None
        receipt = cases.join(
            actor=None,
            at=at,
            key=self._key(told_act.fields.get("files", 0), None, at),
            number=self._number(story),
            words=told_act.fields["words"],
            building=told_act.fields.get("building", ""),
            channel=told_act.fields["channel"],
            name=teller.name,
            phone=teller.phone,
            email=teller.email,
        )
        self._keep(story, told_act.by, told_act.by, receipt)

    def _act(self, story: Story, told_act: Act, at: datetime) -> None:
        actor = self._actor(story, told_act.by, at)
        photos = told_act.fields.get("files", 0)
        cases.act(
            actor=actor,
            at=at,
            number=self._number(story),
            action=told_act.action,
            data=self._data(story, told_act, at),
            key=self._key(photos, actor, at) if photos else "",
            claimed_at=at - timedelta(hours=told_act.late) if told_act.late else None,
        )

    # ── words to keys ────────────────────────────────────────────────────────────────────────

    def _keep(self, story: Story, handle: str, by: str, receipt: Receipt) -> None:
        self._held[story.key, handle] = receipt
        self.receipts.append(Held(story=story.key, by=by, receipt=receipt))

    def _number(self, story: Story) -> str:
        return self._held[story.key, "res"].number

    def _actor(self, story: Story, handle: str, at: datetime) -> Actor:
        if handle == "sys":
            return SYSTEM
        if (story.key, handle) in self._held:
            return resident(self._held[story.key, handle].report)
        return actor_of(self._people[person_for(self.county, story, handle, _day(at))], at)

    def _data(self, story: Story, told_act: Act, at: datetime) -> dict[str, Any]:
        given = {name: self._value(story, name, value, at) for name, value in told_act.fields.items() if name != "files"}
        if told_act.by.startswith("res"):
            given.pop("report", None)
        return given

    def _value(self, story: Story, name: str, value: Any, at: datetime) -> Any:
        day = _day(at)
        match FIELDS[name].kind:
            case Kind.WORDS | Kind.TEXT:
                return told(self.county, story, value, day)
            case Kind.DATE:
                return day + timedelta(days=value)
            case Kind.BODY | Kind.FIRM:
                return self._body(story, value, day)
            case Kind.BODIES:
                return [self._body(story, code, day) for code in value]
            case Kind.PERSON | Kind.OFFICER:
                return self._person(story, value, day)
            case Kind.PERSONS:
                return [self._person(story, handle, day) for handle in value]
            case Kind.REPORT:
                return self._held[story.key, value].report
            case Kind.REPORTS:
                return [self._held[story.key, handle].report for handle in value]
            case Kind.CASE:
                return self._held[value, "res"].number
            case Kind.ENTRY:
                return self._entry(story, value)
            case Kind.BASIS:
                return self._basis(story, value, day)
            case Kind.COMPOUND:
                return self._compounds[value]
            case Kind.PARTY:
                return max(Party.objects.filter(case=self._held[story.key, "res"].case).values_list("pk", flat=True))
            case Kind.MOMENT:
                return at - timedelta(hours=value)
            case Kind.BASES:
                return [self._basis(story, clause, day) for clause in value]
            case _:
                return value

    def _body(self, story: Story, code: str, day: date) -> int:
        return self._bodies[body_for(self.county, story, code, day)]

    def _person(self, story: Story, handle: str, day: date) -> int:
        return self._people[person_for(self.county, story, handle, day)]

    def _entry(self, story: Story, action: str) -> int:
        """The latest entry of the story's case with that action."""
        case = self._held[story.key, "res"].case
        return max(entry.seq for entry in entries_of(case) if entry.action == action)

    def _basis(self, story: Story, clause: tuple[str, str], day: date) -> int:
        tree = lists.in_force(day)
        rows = tree.bases[tree.items[story.item].pk]
        return next(row.pk for row in rows if (row.law_code, row.article) == clause)

    # ── photos ───────────────────────────────────────────────────────────────────────────────

    def _key(self, photos: int, actor: Actor | None, at: datetime) -> str:
        """A key for one submission, with so many photos uploaded under it."""
        key = secrets.token_urlsafe(24)
        for slot in range(photos):
            self._photos += 1
            cases.upload(actor=actor, at=at, key=key, slot=str(slot), stream=io.BytesIO(_picture(self._photos)))
        return key


def _day(at: datetime) -> date:
    return at.astimezone(SHANGHAI).date()


def _picture(number: int) -> bytes:
    """A made-up photo: houses under a sky, different for every number, plainly not of any place."""
    wide, high = 640, 480
    sky = (150 + number * 37 % 90, 180 + number * 23 % 60, 205 + number * 11 % 45)
    image = Image.new("RGB", (wide, high), sky)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 360, wide, high), fill=(96, 120 + number * 13 % 50, 88))
    for house in range(4):
        left, top = 30 + house * 155, 120 + (number * 53 + house * 71) % 150
        draw.rectangle((left, top, left + 115, 380), fill=(205 - house * 18, 190 - number * 7 % 60, 170))
        for row in range(top + 16, 350, 40):
            for column in (left + 18, left + 68):
                draw.rectangle((column, row, column + 26, row + 22), fill=(84, 100, 116))
    draw.text((16, 16), f"DEMO {number}", fill=(30, 40, 50), font_size=34)
    kept = io.BytesIO()
    image.save(kept, "JPEG", quality=70)
    return kept.getvalue()


def _suggested(words: str, at: datetime) -> dict[str, Any] | None:
    """What the page would have shown while this was typed."""
    if not words:
        return None
    found = lists.suggest(words, at.astimezone(SHANGHAI).date())
    first, second, third = [*(one.code for one in found.suggestions), "", "", ""][:3]
    score = round(found.score * 1000)
    return {"index": found.index, "first": first, "second": second, "third": third, "score": score, "in_scope": found.in_scope}
