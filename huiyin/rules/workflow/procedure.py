"""The lawful path of a file as steps, folded from what 三查 left on the case: what is done, what comes now, for whom it waits, what is not
needed. It judges nothing (guards do) and is read by pages and by what a person should think of first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from huiyin.rules import terms
from huiyin.rules.deadlines import Calendar
from huiyin.rules.investigation import Decision, File
from huiyin.rules.ledger import State
from huiyin.rules.workflow.vocabulary import Role


class Mark(StrEnum):
    """How far a step is. MAYBE: only where the circumstances ask for it. ENDED: somebody said no, and the path goes no further."""

    DONE = "done"
    NOW = "now"
    WAITS = "waits"
    AHEAD = "ahead"
    MAYBE = "maybe"
    SKIPPED = "skipped"
    ENDED = "ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of a path. seq: the entry that made it, or that waits. whose: for whom it waits; RES is the party. action: what makes it.
    by: the last day of the term it waits for, where there is one."""

    code: str
    mark: Mark
    seq: int = 0
    whose: Role | None = None
    action: str = ""
    by: date | None = None


#: What makes each step good, the likeliest act first.
ACTS: Mapping[str, tuple[str, ...]] = {
    "open": ("open_file",),
    "approve": ("approve",),
    "find": ("inspect", "interview", "test"),
    "tell": ("advance_notice",),
    "hear": ("hear",),
    "hearing": ("hold_hearing",),
    "review": ("review", "deliberate"),
    "decide": ("decide",),
    "serve": ("serve",),
    "perform": ("perform",),
    "enforce": ("demand", "enforce", "court"),
    "close": ("close_file",),
}
_WHOSE = {"approve": Role.HEAD, "review": Role.REV, "decide": Role.HEAD, "perform": Role.RES}


def path_of(state: State, file: File, today: date, calendar: Calendar) -> list[Step]:
    """The steps of a file from 立案 to 结案, in order; one that was not opened or not approved ends there."""
    if file.seq in state.rejected or file.refused:
        return list(_not_opened(state, file))
    made = state.inquiry.decisions.get(file.decision or 0)
    steps = [_opened(state, file), _approved(state, file), _found(state, file)]
    steps += [_told(file, made), _heard(state, file, made), _hearing(state, file, made, calendar), _reviewed(state, file, made)]
    if made is None and file.closed is not None:
        steps = [step if step.mark is Mark.DONE else _step(step.code, Mark.SKIPPED) for step in steps]
        return [*steps, *(_step(code, Mark.SKIPPED) for code in ("decide", "serve", "perform", "enforce")), _closed(state, file)]
    steps += [_decided(state, file, made), *_after_it(state, made, today, calendar), _closed(state, file)]
    return _with_the_next(steps)


def path_of_spot(state: State, made: Decision, today: date, calendar: Calendar) -> list[Step]:
    """The steps of a penalty on the spot: it is handed over there and then (行政处罚法 52)."""
    waits = made.seq in state.pending
    first = _step("decide", Mark.WAITS if waits else Mark.DONE, made.seq, whose=Role.OFF if waits else None)
    if made.seq in state.rejected:
        return [_step("decide", Mark.ENDED, made.seq)]
    return _with_the_next([first, *_after_it(state, made, today, calendar)])


def next_actions(state: State, today: date, calendar: Calendar) -> frozenset[str]:
    """What the files and decisions of the case wait for now, as names of acts."""
    found: set[str] = set()
    for file in state.inquiry.files.values():
        if file.open:
            found |= {step.action for step in path_of(state, file, today, calendar) if step.mark in {Mark.NOW, Mark.WAITS}}
    for made in state.inquiry.decisions.values():
        if made.kind == "spot" and not made.annulled:
            found |= {step.action for step in path_of_spot(state, made, today, calendar) if step.mark in {Mark.NOW, Mark.WAITS}}
    return frozenset(found - {""})


def may_be_reviewed(steps: list[Step]) -> bool:
    """Whether a legal reviewer has something to look at: the party was heard, no review passed it, and nothing was decided."""
    mark = {step.code: step.mark for step in steps}
    return mark.get("hear") is Mark.DONE and mark.get("decide") in {Mark.WAITS, Mark.AHEAD} and mark["review"] is not Mark.DONE


def _step(
    code: str, mark: Mark, seq: int | None = 0, *, whose: Role | None = None, action: str = "", by: date | None = None
) -> Step:
    return Step(code=code, mark=mark, seq=seq or 0, whose=whose, action=action, by=by)


def _with_the_next(steps: list[Step]) -> list[Step]:
    """The first step that is ahead is the one to take now, unless something before it waits."""
    if any(step.mark in {Mark.WAITS, Mark.NOW} for step in steps):
        return steps
    for n, step in enumerate(steps):
        if step.mark is Mark.AHEAD:
            mark = Mark.WAITS if step.whose else Mark.NOW
            action = step.action or ACTS[step.code][0]
            return [*steps[:n], _step(step.code, mark, step.seq, whose=step.whose, action=action, by=step.by), *steps[n + 1 :]]
    return steps


def _not_opened(state: State, file: File) -> Iterator[Step]:
    yield _step("open", Mark.DONE, file.seq)
    if file.seq in state.pending:
        yield _step("approve", Mark.AHEAD, whose=Role.HEAD)
    elif file.seq in state.unapproved:
        yield _step("approve", Mark.WAITS, file.seq, whose=Role.HEAD, action="approve")
    else:
        yield _step("approve", Mark.ENDED if file.seq in state.rejected else Mark.DONE, file.seq)


def _opened(state: State, file: File) -> Step:
    if file.seq in state.pending:
        return _step("open", Mark.WAITS, file.seq, whose=Role.OFF, action="countersign")
    return _step("open", Mark.DONE, file.seq)


def _approved(state: State, file: File) -> Step:
    if file.seq in state.unapproved and file.seq not in state.pending:
        return _step("approve", Mark.WAITS, file.seq, whose=Role.HEAD, action="approve")
    return _step("approve", Mark.DONE if state.counts(file.seq) else Mark.AHEAD, file.seq, whose=Role.HEAD)


def _found(state: State, file: File) -> Step:
    good = next((seq for seq in file.evidence if state.counts(seq)), None)
    if good:
        return _step("find", Mark.DONE, good)
    waits = next((seq for seq in file.evidence if seq in state.pending), None)
    if waits and state.counts(file.seq):
        return _step("find", Mark.WAITS, waits, whose=Role.OFF, action="countersign")
    return _step("find", Mark.AHEAD)


def _told(file: File, made: Decision | None) -> Step:
    if file.notice:
        return _step("tell", Mark.DONE, file.notice.seq)
    return _step("tell", Mark.SKIPPED if made else Mark.AHEAD)


def _heard(state: State, file: File, made: Decision | None) -> Step:
    if file.heard:
        return _step("hear", Mark.DONE, _last(state, "hear", file))
    return _step("hear", Mark.SKIPPED if made else Mark.AHEAD)


def _hearing(state: State, file: File, made: Decision | None, calendar: Calendar) -> Step:
    if file.hearing:
        return _step("hearing", Mark.DONE, _last(state, "hold_hearing", file))
    if made or file.heard == "waived" or (file.notice and not file.notice.hearing_told):
        return _step("hearing", Mark.SKIPPED)
    if file.asks_hearing:
        return _step("hearing", Mark.AHEAD)
    if file.notice is None:
        return _step("hearing", Mark.MAYBE)
    told = date.fromisoformat(file.notice.delivered)
    return _step("hearing", Mark.MAYBE, by=terms.hearing_may_be_asked_until(told, calendar))


def _reviewed(state: State, file: File, made: Decision | None) -> Step:
    """A review after a hearing always; else, and for a deliberation, the circumstances that the decision names say whether."""
    entries = [one for one in state.did("review", "deliberate") if one.data.get("file") == file.seq]
    if file.review == "no" and made is None:
        return _step("review", Mark.AHEAD, entries[-1].seq, whose=Role.REV)
    if file.review == "yes" or file.deliberated:
        return _step("review", Mark.DONE, entries[-1].seq)
    if made:
        return _step("review", Mark.SKIPPED)
    return _step("review", Mark.AHEAD if file.hearing == "held" else Mark.MAYBE, whose=Role.REV)


def _decided(state: State, file: File, made: Decision | None) -> Step:
    return _step("decide", Mark.DONE, made.seq) if made else _step("decide", Mark.AHEAD, whose=Role.HEAD)


def _after_it(state: State, made: Decision | None, today: date, calendar: Calendar) -> list[Step]:
    if made is None:
        return [_step("serve", Mark.AHEAD), _step("perform", Mark.AHEAD, whose=Role.RES), _step("enforce", Mark.MAYBE)]
    entry = next((one for one in state.did("serve") if one.data.get("of") == made.seq), None)
    served = _step("serve", Mark.DONE, entry.seq if entry else made.seq) if made.served else _step("serve", Mark.AHEAD)
    return [served, *_performance(state, made, today, calendar)]


def _performance(state: State, made: Decision, today: date, calendar: Calendar) -> list[Step]:
    done = next((one.seq for one in reversed(state.did("perform")) if one.data.get("of") == made.seq), 0)
    taken = next((one.seq for one in state.did("enforce", "court") if one.data.get("of") == made.seq), 0)
    if not asks_something(made) or made.annulled:
        return [_step("perform", Mark.SKIPPED), _step("enforce", Mark.SKIPPED)]
    if is_performed(made):
        return [_step("perform", Mark.DONE, done or made.seq), _step("enforce", Mark.SKIPPED)]
    if taken:
        return [_step("perform", Mark.SKIPPED, done), _step("enforce", Mark.DONE, taken)]
    last = perform_until(made, calendar)
    if last is None or today <= last:
        return [_step("perform", Mark.AHEAD, done, whose=Role.RES, by=last), _step("enforce", Mark.MAYBE)]
    if not made.demands:
        return [_step("perform", Mark.SKIPPED, done, by=last), _step("enforce", Mark.AHEAD, action="demand")]
    _, _, until = made.demands[-1]
    action = "enforce" if made.removal else "court"
    if today <= date.fromisoformat(until):
        waits = _step("perform", Mark.AHEAD, made.demands[-1][0], whose=Role.RES, by=date.fromisoformat(until))
        return [waits, _step("enforce", Mark.MAYBE)]
    return [_step("perform", Mark.SKIPPED, done, by=last), _step("enforce", Mark.AHEAD, action=action)]


def asks_something(made: Decision) -> bool:
    """Whether a decision leaves the party anything to do: a warning or no penalty does not."""
    return bool(made.removal) or (made.punishes and made.penalties != ("warning",))


def is_performed(made: Decision) -> bool:
    """Performed in full, or its fine collected on the spot."""
    return made.performed == "all" or (made.kind == "spot" and made.amount > 0 and made.paid >= made.amount)


def perform_until(made: Decision, calendar: Calendar) -> date | None:
    """The last day on which the party may perform by itself: the removal's own, else fifteen days from service for a fine."""
    if made.removal:
        return date.fromisoformat(made.removal)
    if made.served and "fine" in made.penalties:
        return terms.pay_until(date.fromisoformat(made.served), calendar)
    return None


def _closed(state: State, file: File) -> Step:
    if file.closed is not None:
        return _step("close", Mark.DONE, _last(state, "close_file", file))
    if file.closing is not None:
        return _step("close", Mark.WAITS, file.closing, whose=Role.HEAD, action="approve")
    return _step("close", Mark.AHEAD)


def _last(state: State, action: str, file: File) -> int:
    return next((one.seq for one in reversed(state.did(action)) if one.data.get("file") == file.seq), 0)
