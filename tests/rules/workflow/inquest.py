"""Tells the investigation of a case step by step: each step done as the law wants it unless a test says otherwise."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from huiyin.rules.workflow.judge import Refused
from tests.rules.workflow.story import (
    BEIJING,
    CHIEF,
    CITY,
    CONSTABLE,
    FIRE,
    FIREMAN,
    GARDENER,
    GARDENERS_HEAD,
    HEAD,
    OFFICER,
    PARKS,
    PARKS_REVIEWER,
    POLICE,
    POLICE_REVIEWER,
    REVIEWER,
    SECOND_CONSTABLE,
    SECOND_FIREMAN,
    SECOND_GARDENER,
    SECOND_OFFICER,
    Posting,
    Story,
)

#: First officer, second officer, head, reviewer of each body.
TEAMS = {
    CITY: (OFFICER, SECOND_OFFICER, HEAD, REVIEWER),
    PARKS: (GARDENER, SECOND_GARDENER, GARDENERS_HEAD, PARKS_REVIEWER),
    POLICE: (CONSTABLE, SECOND_CONSTABLE, CHIEF, POLICE_REVIEWER),
    FIRE: (FIREMAN, SECOND_FIREMAN, HEAD, REVIEWER),
}


class Inquest(Story):
    """A case whose lead investigates. Every helper answers the seq of what it wrote."""

    @property
    def body(self) -> int:
        return self.item.lead_body or 0

    @property
    def today(self) -> date:
        return self.at.astimezone(BEIJING).date()

    def crew(self) -> tuple[Posting, Posting]:
        first, second, *_ = TEAMS[self.body]
        return first, second

    def wrote(self, who: Posting, action: str, /, **given: Any) -> int:
        self.do(who, action, **given)
        return self.last

    def signed(self, action: str, /, *, by: Posting | None = None, second: Posting | None = None, **given: Any) -> int:
        """An act of two officers, signed by the second in their own sign-in."""
        first, other = by or self.crew()[0], second or self.crew()[1]
        seq = self.wrote(first, action, second=other.person, **given)
        self.do(other, "countersign", of=seq, yes="yes")
        return seq

    def named(self, kind: str = "person") -> int:
        """A party; its id."""
        self.do(self.crew()[0], "name_party", party_kind=kind)
        return max(self.state.inquiry.parties)

    def filed(
        self, *, basis: int, party: int | None = None, kind: str = "person", offence_on: date | None = None, **given: Any
    ) -> int:
        party = party or self.named(kind)
        seq = self.signed(
            "open_file", filing="yes", basis=basis, party=party, offence_on=(offence_on or self.today).isoformat(), **given
        )
        return self.approved(seq)

    def approved(self, of: int, *, by: Posting | None = None, yes: str = "yes") -> int:
        self.do(by or TEAMS[self.body][2], "approve", of=of, yes=yes, **({} if yes == "yes" else {"why": "不同意"}))
        return of

    def proposed(self, what: str, *, by: Posting | None = None, head: Posting | None = None, **given: Any) -> int:
        return self.approved(self.wrote(by or self.crew()[0], "propose", proposed=what, **given), by=head)

    def inspected(self, **given: Any) -> int:
        return self.signed("inspect", **given)

    def told(self, *, basis: int, due: date | None = None, hearing: bool = False, **given: Any) -> int:
        """A notice of a fine of 100 unless said; answered by tomorrow."""
        return self.wrote(
            self.crew()[0], "advance_notice", basis=basis, due=(due or self.today + timedelta(days=1)).isoformat(),
            hearing_told="yes" if hearing else "no", **{"penalties": ["fine"], "amount": 100, **given},
        )  # fmt: skip

    def heard(self, **given: Any) -> int:
        return self.wrote(self.crew()[0], "hear", **{"heard": "stated", "asks_hearing": "no", **given})

    def decided(self, *, basis: int, **given: Any) -> int:
        data = {"decision": "penalty", "penalties": ["fine"], "amount": 100, "circumstances": ["none"], **given}
        if data["decision"] != "penalty":
            data = {name: value for name, value in data.items() if name not in {"penalties", "amount"}}
        return self.wrote(TEAMS[self.body][2], "decide", basis=basis, **data)

    def served(self, of: int, on: date | None = None, **given: Any) -> int:
        self.do(
            self.crew()[0],
            "serve",
            **{"of": of, "way": "direct", "receiver": "party", "served_on": (on or self.today).isoformat(), **given},
        )
        return of

    def ready(self, *, basis: int, filed: dict[str, Any] | None = None, **given: Any) -> Inquest:
        """Filed, inspected, told and heard: the head may decide on what was announced."""
        self.filed(basis=basis, **(filed or {}))
        self.inspected()
        self.told(basis=basis, **given)
        self.heard()
        return self

    def punished(self, *, basis: int, **given: Any) -> int:
        """Up to a decision that reached the party today."""
        hearing = given.pop("hearing", False)
        self.ready(basis=basis, hearing=hearing, **given)
        if hearing:
            self.later(days=9)
        return self.served(self.decided(basis=basis, **given))

    def on(self, moment: str) -> Inquest:
        """Goes on at a moment in Beijing, such as 2026-10-09 10:00; never back."""
        to = datetime.fromisoformat(moment).replace(tzinfo=BEIJING)
        assert to >= self.at, "a case does not go back"
        self.at = to
        return self

    def refusal(self, who: Posting, action: str, /, **given: Any) -> Refused | None:
        """Why it would be refused, None if not; nothing is written."""
        kept = list(self.entries), dict(self.files), self._folded
        try:
            self.do(who, action, **given)
        except Refused as refused:
            return refused
        finally:
            self.entries, self.files, self._folded = kept
        return None


def begun(item: Any, at: str = "2026-09-07 09:00", **given: Any) -> Inquest:
    """A case taken on by its lead."""
    story = Inquest(item, at=datetime.fromisoformat(at).replace(tzinfo=BEIJING), **given)
    story.handled()
    return story


def stops(story: Inquest, who: Posting, action: str, /, rule: str, word: str, **given: Any) -> None:
    """The act is refused, for this rule, in words that hold `word`; nothing is written."""
    refused = story.refusal(who, action, **given)
    assert refused is not None, f"{action} was let pass"
    assert (refused.refusal.rule, word in str(refused)) == (rule, True), f"{refused.refusal.rule} {refused}"


def lets(story: Inquest, who: Posting, action: str, /, **given: Any) -> None:
    """The act would be written; nothing is."""
    refused = story.refusal(who, action, **given)
    assert refused is None, str(refused)
