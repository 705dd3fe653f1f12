"""Whatever people do in whatever order, the promises hold: random walks over the table, each step judged, sealed and folded."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from huiyin.rules import ledger
from huiyin.rules.ledger import State
from huiyin.rules.workflow.fields import FIELDS, Field, Kind
from huiyin.rules.workflow.guards.ending import closing_time
from huiyin.rules.workflow.judge import Refused
from huiyin.rules.workflow.table import ACTIONS, Row
from huiyin.rules.workflow.vocabulary import NOBODY_IN_CHARGE, OPEN, Outcome, Stage
from tests.rules.workflow.story import (
    ADMINISTRATOR,
    BASES,
    BODIES,
    CLERK,
    CLOCK,
    COORDINATOR,
    DEPUTY,
    FIREMAN,
    GARDENER,
    GARDENERS_HEAD,
    HEAD,
    ITEMS,
    JUSTICE_OFFICER,
    LEADER,
    MANAGER,
    MS_WU,
    NEIGHBOURS,
    OFFICER,
    OLD_SOFA,
    POULTRY,
    SECOND_CLERK,
    SECOND_FIREMAN,
    SECOND_OFFICER,
    STAIRWELL,
    STRANGER,
    SUPERVISOR,
    Resident,
    Story,
    Who,
)

CREW = (
    CLERK, SECOND_CLERK, OFFICER, SECOND_OFFICER, HEAD, FIREMAN, SECOND_FIREMAN, GARDENER, GARDENERS_HEAD, JUSTICE_OFFICER, MANAGER,
    COORDINATOR, DEPUTY, SUPERVISOR,
)  # fmt: skip
PERSONS = tuple(posting.person for posting in CREW)
MOVES = (
    "assign",
    "accept",
    "attend",
    "dissuade",
    "recheck",
    "order",
    "countersign",
    "comply",
    "resolve",
    "echo",
    "call",
    "close",
)

#: What takes another case or another person's report with it has rules of its own.
TWO_SIDED = {"report", "join", "absorb", "merge", "split"}


class Walk(RuleBasedStateMachine):
    """One case and everybody around it."""

    @initialize(
        item=st.sampled_from([POULTRY, STAIRWELL, NEIGHBOURS, OLD_SOFA]),
        contact=st.sampled_from([(), ("phone",), ("email",)]),
        start=st.sampled_from(["reported", "assigned", "handled", "persuaded", "ordered", "echoed"]),
    )
    def begin(self, item: Any, contact: tuple[str, ...], start: str) -> None:
        """A case as far as `start` tells, with a neighbour on it."""
        story = Story(POULTRY if start in {"persuaded", "ordered", "echoed"} else item, contact=contact)
        self.residents = [MS_WU, story.joined(2)]
        match start:
            case "assigned":
                story.assigned()
            case "handled":
                story.handled()
            case "persuaded":
                story.handled().persuaded()
            case "ordered":
                story.handled().ordered()
            case "echoed":
                story.echoed()
        self.story, self.rank = story, 0
        self.stepped = ledger.opening(story.entries[0])
        self._went_on()

    @rule(hours=st.sampled_from([0.1, 1, 5, 24, 24 * 16]))
    def time_passes(self, hours: float) -> None:
        self.story.later(hours=hours)

    @precondition(lambda self: len(self.residents) < 3 and self.story.stage in OPEN)
    @rule()
    def a_neighbour_joins(self) -> None:
        self.residents.append(self.story.joined(len(self.residents) + 1))
        self._went_on()

    @rule(data=st.data(), again=st.booleans())
    def the_case_goes_on(self, data: st.DataObject, again: bool) -> None:
        """Somebody does what the page offers them, mostly as the form came."""
        steps = [(who, action) for who, action in self._offered() if action in MOVES]
        if steps:
            action = data.draw(st.sampled_from(sorted({action for _, action in steps})), label="action")
            who = data.draw(st.sampled_from([who for who, able in steps if able == action]), label="who")
            self.story.later(hours=1)
            self._try(data, who, action, most=0)
            if again:
                self.the_case_goes_on(data, again=False)

    @rule(data=st.data())
    def somebody_does_what_the_page_offers(self, data: st.DataObject) -> None:
        steps = self._offered()
        if steps:
            who, action = data.draw(st.sampled_from(steps), label="step")
            self._try(data, who, action, most=1)

    def _offered(self) -> list[tuple[Who, str]]:
        return [
            (who, action)
            for who in (*CREW, *self.residents)
            for action, option in self.story.options(who).items()
            if option.refusal is None and action not in TWO_SIDED
        ]

    @rule(data=st.data(), action=st.sampled_from(sorted(set(ACTIONS) - TWO_SIDED)))
    def somebody_tries_something(self, data: st.DataObject, action: str) -> None:
        self._try(data, data.draw(st.sampled_from([*CREW, *self.residents, STRANGER, ADMINISTRATOR, LEADER])), action)

    @rule()
    def the_clock_does_its_round(self) -> None:
        state = self.story.state
        for given in state.active:
            if state.stage is Stage.ECHOED and "email" in given.contact and given.available is None:
                self._do(CLOCK, "deliver", report=given.id, of=state.echo_seq)
        self._do(CLOCK, "close")
        self._do(CLOCK, "resume")

    @precondition(lambda self: self.story.stage in OPEN and len(self.story.state.active) > 1 and len(self.story.entries) % 3 == 2)
    @rule()
    def the_clerk_splits_a_report_off(self) -> None:
        moved = self.story.state.active[-1].id
        other = self.story.split(moved)
        assert other.stage is Stage.REPORTED
        self.residents = [resident for resident in self.residents if resident.report != moved]
        self._went_on()

    @precondition(lambda self: self.story.stage in OPEN and len(self.story.entries) % 20 == 19)
    @rule()
    def the_clerk_merges_it_away(self) -> None:
        other = Story(at=self.story.at)
        with suppress(Refused):
            self.story.merge_into(other)
        if self.story.stage is not Stage.CLOSED:
            return
        assert {given.id for given in other.state.active} >= {given.id for given in self.stepped.active}
        self._went_on()

    # ── steps ────────────────────────────────────────────────────────────────────────────────

    def _try(self, data: st.DataObject, who: Who, action: str, *, most: int = 3) -> None:
        rows = ACTIONS[action]
        names = dict.fromkeys(name for row in rows for name in (*row.needs, *row.may) if FIELDS[name].kind is not Kind.FILES)
        some = data.draw(st.sets(st.sampled_from(sorted(names)), max_size=most)) if names else set()
        given = {name: data.draw(self._values(FIELDS[name]), label=name) for name in sorted(some)}
        if "item" in given:
            given.setdefault("lead", ITEMS[given["item"]].lead_body)
        past = timedelta(hours=data.draw(st.sampled_from([0, 0, 0, 3, 30])))
        files = data.draw(st.sampled_from([0, 1])) if any("files" in row.may for row in rows) else 0
        self._do(who, action, files=files, claimed=self.story.at - past if past else None, **given)

    def _values(self, field: Field) -> st.SearchStrategy[Any]:
        today = self.story.at.date()
        match field.kind:
            case Kind.WORDS | Kind.TEXT:
                return st.just("一句话")
            case Kind.CODE:
                return st.sampled_from([code for code, _ in field.choices])
            case Kind.DATE:
                return st.sampled_from([(today + timedelta(days=days)).isoformat() for days in (-1, 0, 1, 20, 40)])
            case Kind.DAYS:
                return st.integers(1, 6)
            case Kind.ITEM:
                return st.sampled_from(sorted(ITEMS))
            case Kind.BODY | Kind.FIRM:
                return st.sampled_from(sorted(BODIES))
            case Kind.BODIES:
                return st.lists(st.sampled_from(sorted(BODIES)), max_size=2, unique=True)
            case Kind.PERSON | Kind.OFFICER:
                return st.sampled_from(PERSONS)
            case Kind.PERSONS:
                return st.lists(st.sampled_from(PERSONS), max_size=2, unique=True)
            case Kind.ENTRY:
                return st.integers(1, len(self.story.entries) + 1)
            case Kind.REPORT:
                return st.integers(1, 4)
            case Kind.CODES:
                return st.lists(st.sampled_from([code for code, _ in field.choices]), min_size=1, max_size=2, unique=True)
            case Kind.MONEY:
                return st.sampled_from([0, 100, 200, 201, 3000, 50_000])
            case Kind.MOMENT:
                hours = st.sampled_from([-30, -3, 0, 3])
                return hours.map(lambda many: (self.story.at + timedelta(hours=many)).isoformat(timespec="seconds"))
            case Kind.PARTY:
                return st.integers(0, 2)
            case Kind.BASES:
                return st.lists(st.sampled_from(sorted(BASES)), max_size=2, unique=True)
            case Kind.SEALED:
                return st.just("某人")
            case Kind.BASIS:
                return st.sampled_from(sorted(BASES))
            case _:
                return st.just(5)

    def _do(self, who: Who, action: str, /, **given: Any) -> None:
        if isinstance(who, Resident):
            given.pop("report", None)
        with suppress(Refused):
            self.story.do(who, action, **given)
        self._went_on()

    def _went_on(self) -> None:
        for entry in self.story.entries[self.stepped.seq :]:
            before, self.stepped = self.stepped, ledger.step(self.stepped, entry)
            assert self.stepped.seq == before.seq + 1
            assert self.stepped.at >= before.at
            assert self.stepped.since >= before.since

    # ── what always holds ────────────────────────────────────────────────────────────────────

    @invariant()
    def the_fold_is_the_sum_of_its_steps(self) -> None:
        assert self.story.state == self.stepped

    @invariant()
    def the_chain_is_whole(self) -> None:
        assert ledger.check_chain(self.story.entries) == []

    @invariant()
    def somebody_is_in_charge(self) -> None:
        """遇事有人管"""
        state = self.stepped
        if state.stage is Stage.ASSIGNED:
            assert state.item and state.lead is not None
        if state.stage is Stage.HANDLING:
            assert state.item and state.lead is not None and state.handler is not None
        if state.stage in {Stage.RESOLVED, Stage.ECHOED, Stage.CLOSED}:
            assert state.outcome is not None
            assert state.outcome in NOBODY_IN_CHARGE or (state.item and state.lead is not None and state.handler is not None)
        if state.stage is Stage.REPORTED:
            assert state.lead is None and state.handler is None
        assert state.handler is None or state.handler not in state.recused

    @invariant()
    def nothing_is_filed_without_an_echo(self) -> None:
        """事事有回音"""
        state = self.stepped
        if state.stage is not Stage.CLOSED or state.outcome is Outcome.MERGED:
            return
        stages = [(entry.action, entry.to) for entry in state.entries if entry.to is not None]
        assert stages[-2] == ("echo", Stage.ECHOED) and stages[-1] == ("close", Stage.CLOSED)
        assert all(given.satisfied or given.available for given in state.active)

    @invariant()
    def the_overseer_can_always_move_it(self) -> None:
        """件件有落实"""
        state = self.stepped
        if state.outcome is Outcome.MERGED:
            return
        options = [*self.story.options(COORDINATOR).values(), *self.story.options(DEPUTY).values()]
        assert any(option.refusal is None and option.row.to is not None for option in options)

    @invariant()
    def one_row_at_most_holds(self) -> None:
        context = self.story.context({}, None)
        for who in (*CREW, MS_WU, CLOCK):
            asked = self.story.asked(who, "", context)
            for action, rows in ACTIONS.items():
                fits = [row for row in rows if row.by & asked.hats and self._holds(row, asked, context)]
                assert len(fits) <= 1, f"{action} has two rows for {who}"

    def _holds(self, row: Row, asked: Any, context: Any) -> bool:
        return self.stepped.stage in row.at and (row.when is None or row.when(self.stepped, asked, context))

    @invariant()
    def what_hangs_together_hangs_together(self) -> None:
        state = self.stepped
        assert state.tier.rank >= self.rank
        self.rank = state.tier.rank
        assert state.paused is None or state.stage is Stage.HANDLING
        assert all(not state.counts(seq) and not (seq in state.orders and state.orders[seq].counted) for seq in state.pending)
        assert all(file.approved is None or not file.refused for file in state.inquiry.files.values())
        assert all(made.party is None or made.party in state.inquiry.parties for made in state.punished)
        assert state.lead not in state.cooperating
        assert closing_time(state) is None or state.stage is Stage.ECHOED
        assert not state.settle_needed or state.stage is Stage.REPORTED or state.outcome is Outcome.REFUSED or _gone(state)
        assert (state.outcome is Outcome.MERGED) <= (state.stage is Stage.CLOSED)

    @invariant()
    def strangers_see_nothing_to_do(self) -> None:
        for who in (STRANGER, ADMINISTRATOR, LEADER):
            assert self.story.options(who) == {}


def _gone(state: State) -> bool:
    """The matter left without being settled: taken back, transferred, merged."""
    return state.outcome in NOBODY_IN_CHARGE


Walk.TestCase.settings = settings(
    max_examples=40, stateful_step_count=35, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)
TestWhateverPeopleDoThePromisesHold = Walk.TestCase
