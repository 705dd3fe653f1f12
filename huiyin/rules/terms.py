"""Terms that statutes set from an act on: when a file is to be decided, a decision served, paid, disputed, taken to court. Days are days in Beijing."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from huiyin.rules.deadlines import SHANGHAI, Calendar

if TYPE_CHECKING:
    from huiyin.rules.investigation import Decision, File, Measure
    from huiyin.rules.ledger import Entry, State
    from huiyin.rules.workflow.acts import Basis

PAY_DAYS = 15  # 行政处罚法 67
REVIEW_DAYS = 60  # 行政复议法 20
SUE_MONTHS = 6  # 行政诉讼法 46
COURT_MONTHS = 3  # 行政强制法 53
HEARING_WORKDAYS = 5  # 行政处罚法 64, 85
SERVE_WORKDAYS = 7  # 行政处罚法 61, 85
POLICE_SERVE_DAYS = 2  # 治安管理处罚法 116: that law does not say workdays, so the earlier reading is taken
FILE_DAYS = 90  # 行政处罚法 60
POLICE_FILE_DAYS, POLICE_LONGER_DAYS = 30, 30  # 治安管理处罚法 118
SEIZURE_LONGER_DAYS = 30  # 行政强制法 25
INACTION_MONTHS = 2  # 行政诉讼法 47
PUBLISH_WORKDAYS = 7  # 国办发〔2018〕118号, known from press reports only
APPROVE_WITHIN = timedelta(hours=24)  # 行政强制法 19
COURT_AFTER_WORKDAYS = 10  # 行政强制法 54, 69
SURCHARGE_PERCENT = 3  # a day, 行政处罚法 72; never more than the fine itself


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One term: what for (`code`), about which entry, when it runs out, when it was kept, where it stands in law.

    ends: the first moment after it; a term in days ends at midnight. starts: the first day on which the act may be done, where the law
    sets one. binds: the office must keep it; else it is a right of the party or a possibility that passes. kept: when it was done.
    yuan: the sum it is about.
    """

    code: str
    label: str
    of: int
    ends: datetime
    cites: str
    binds: bool = True
    starts: date | None = None
    kept: datetime | None = None
    yuan: int = 0

    @property
    def last(self) -> date:
        """Its last day."""
        return (self.ends.astimezone(SHANGHAI) - timedelta(microseconds=1)).date()

    def over(self, now: datetime) -> bool:
        """Whether it has run out, kept or not."""
        return now >= self.ends

    def running(self, now: datetime) -> bool:
        """Whether something may or must still be done in it."""
        return self.kept is None and now < self.ends

    def late(self, now: datetime) -> bool:
        """Whether the office did not keep what binds it."""
        return self.binds and (self.kept or now) >= self.ends


def months_after(day: date, months: int) -> date:
    """The same day so many months later, or the last of a shorter month (民法典 202)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def rolled(day: date, calendar: Calendar) -> date:
    """A term whose last day is a day off ends on the next workday (民法典 203)."""
    while not calendar.is_workday(day):
        day += timedelta(days=1)
    return day


def workdays_after(day: date, days: int, calendar: Calendar) -> date:
    """The nth workday after a day that itself is not counted (民法典 201)."""
    return calendar.add_workdays(_noon(day), days).date()


def workdays(start: date, end: date, calendar: Calendar) -> int:
    """Workdays after `start` up to and with `end`."""
    return calendar.workdays_between(_noon(start), _noon(end))


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12), SHANGHAI)


def pay_until(served: date, calendar: Calendar) -> date:
    """Fifteen days from receipt (行政处罚法 67)."""
    return rolled(served + timedelta(days=PAY_DAYS), calendar)


def may_review_until(served: date, calendar: Calendar) -> date:
    """Sixty days (行政复议法 20)."""
    return rolled(served + timedelta(days=REVIEW_DAYS), calendar)


def may_sue_until(served: date, calendar: Calendar) -> date:
    """Six months (行政诉讼法 46), the longer of both terms."""
    return rolled(months_after(served, SUE_MONTHS), calendar)


def court_until(served: date, calendar: Calendar) -> date:
    """Three months from when both terms are over (行政强制法 53)."""
    return rolled(months_after(may_sue_until(served, calendar), COURT_MONTHS), calendar)


def hearing_may_be_asked_until(told: date, calendar: Calendar) -> date:
    """Five workdays after being told (行政处罚法 64, 85)."""
    return workdays_after(told, HEARING_WORKDAYS, calendar)


def serve_until(decided: date, calendar: Calendar, *, police: bool) -> date:
    """Seven workdays (行政处罚法 61, 85); the police two days (治安管理处罚法 116)."""
    return decided + timedelta(days=POLICE_SERVE_DAYS) if police else workdays_after(decided, SERVE_WORKDAYS, calendar)


def decide_until(opened: date, *, police: bool, longer: int = 0) -> date:
    """Ninety days from opening the file (行政处罚法 60); the police thirty, twice thirty more (治安管理处罚法 118)."""
    days = POLICE_FILE_DAYS + POLICE_LONGER_DAYS * longer if police else FILE_DAYS
    return opened + timedelta(days=days)


def surcharge(fine: int, due: date, until: date, standing: int = 0) -> int:
    """What is added to a fine by a day: three in a hundred for each day after its term, never more than the fine (行政处罚法 72); days of
    复议 or 诉讼 (`standing`) are not counted (73). Whole yuan, rounded down."""
    days = max(0, (until - due).days - standing)
    return min(fine, fine * SURCHARGE_PERCENT * days // 100)


# ── every term of a case ─────────────────────────────────────────────────────────────────────


def terms_of(state: State, bases: Mapping[int, Basis], calendar: Calendar) -> list[Term]:
    """Every term that statutes set on this case, in the order in which they run out: running, kept or late as `Term` tells at a moment.

    Acts that wait for a signature or were not stood behind set none. What was annulled, and a file that was refused, is left out.
    """
    found = [*_inaction(state)]
    for file in state.inquiry.files.values():
        if not file.refused and file.seq not in state.rejected:
            found += _of_file(state, file, bases, calendar)
    for measure in state.inquiry.measures.values():
        found += _of_measure(state, measure)
    found += _to_approve(state)
    for made in state.decisions:
        found += _of_decision(state, made, bases, calendar)
    return sorted(found, key=lambda term: (term.ends, term.of, term.code))


def owed(state: State, made: Decision, calendar: Calendar, today: date) -> tuple[int, int]:
    """What is still to be paid of a fine, and what was added to it by `today` (行政处罚法 72), in yuan. Days of 复议 and 诉讼, which are
    not counted (73), are not on record and left to the office."""
    if "fine" not in made.penalties or not made.served:
        return 0, 0
    due, left = pay_until(date.fromisoformat(made.served), calendar), made.amount
    added, since = 0, due
    for day, paid in sorted(_payments(state, made)):
        if day > since:
            added += left * SURCHARGE_PERCENT * (min(day, today) - since).days
            since = min(day, today)
        left = max(0, left - paid)
    added += left * SURCHARGE_PERCENT * max(0, (today - since).days)
    return left, min(made.amount, added // 100)


def _payments(state: State, made: Decision) -> Iterator[tuple[date, int]]:
    entry = state.entry(made.seq)
    if entry is not None and entry.action == "spot_penalty" and made.paid:
        on_the_spot = made.paid - sum(one.data.get("paid", 0) for one in _performed(state, made))
        if on_the_spot > 0:
            yield local_day(made.at), on_the_spot
    for one in _performed(state, made):
        yield date.fromisoformat(one.data["done_on"]), one.data.get("paid", 0)


def _performed(state: State, made: Decision) -> list[Entry]:
    return [entry for entry in state.did("perform") if entry.data.get("of") == made.seq]


def local_day(moment: datetime) -> date:
    """The day in Beijing."""
    return moment.astimezone(SHANGHAI).date()


def _midnight(day: date) -> datetime:
    """The moment at which a day is over."""
    return datetime.combine(day + timedelta(days=1), time(), SHANGHAI)


def _start(day: str) -> datetime | None:
    return datetime.combine(date.fromisoformat(day[:10]), time(), SHANGHAI) if day else None


def may_be_sued_from(state: State) -> datetime:
    """Two months without an answer, and the resident may sue (行政诉讼法 47)."""
    return _midnight(months_after(local_day(state.opened), INACTION_MONTHS))


def _inaction(state: State) -> Iterator[Term]:
    ends = may_be_sued_from(state)
    yield Term(code="inaction", label="对反映作出处理", of=1, ends=ends, cites="行政诉讼法 47", kept=state.resolved)


def _of_file(state: State, file: File, bases: Mapping[int, Basis], calendar: Calendar) -> Iterator[Term]:
    basis, made = bases.get(file.basis), state.inquiry.decisions.get(file.decision or 0)
    police = basis is not None and basis.police_procedure
    last = file_until(file, police=police)
    yield Term(
        code="decide", label="作出处罚决定", of=file.seq, ends=_midnight(last), cites="治安管理处罚法 118" if police else "行政处罚法 60",
        kept=made.at if made else file.closed,
    )  # fmt: skip
    notice = file.notice
    if notice is not None and notice.hearing_told and not police and made is None and file.open:
        day = hearing_may_be_asked_until(date.fromisoformat(notice.delivered), calendar)
        yield Term(
            code="hearing", label="当事人要求听证", of=notice.seq, ends=_midnight(day), cites="行政处罚法 64", binds=False,
            kept=file.heard_at if file.asks_hearing else None,
        )  # fmt: skip


def file_until(file: File, *, police: bool) -> date:
    """The last day on which a file may be decided; days of tests and hearings are not counted for the police (治安管理处罚法 118)."""
    opened = local_day(file.opened)
    last = decide_until(opened, police=police, longer=file.longer)
    return put_off(last, file.standing, begun=opened) if police else last


def standing_days(spans: Iterable[tuple[str, str]]) -> set[int]:
    """The days of these spans as ordinals, each once, the last of a span left out."""
    days: set[int] = set()
    for start, end in spans:
        days.update(range(date.fromisoformat(start).toordinal(), date.fromisoformat(end).toordinal()))
    return days


def put_off(last: date, spans: Iterable[tuple[str, str]], *, begun: date) -> date:
    """The last day of a term that does not count these spans. Only days of the term itself stand still: what went before it began takes
    nothing from it, and what began when it was over does not bring it back."""
    for day in sorted(standing_days(spans)):
        if begun.toordinal() <= day <= last.toordinal():
            last += timedelta(days=1)
    return last


def _of_measure(state: State, measure: Measure) -> Iterator[Term]:
    first = date.fromisoformat(measure.until)
    if measure.kind == "preserve":
        yield Term(
            code="preserve",
            label="处理登记保存的物品",
            of=measure.seq,
            ends=_midnight(first),
            cites="行政处罚法 56",
            kept=measure.lifted,
        )
        return
    last = seized_until(state, measure)
    yield Term(
        code="seizure",
        label="处理或解除查封、扣押",
        of=measure.seq,
        ends=_midnight(last),
        cites="行政强制法 25",
        kept=measure.lifted,
    )


def seized_until(state: State, measure: Measure) -> date:
    """The last day of a measure: thirty days more where the head granted them; days of tests are not counted (行政强制法 25)."""
    spans = [
        (entry.data["began"][:10], entry.data["ended"][:10])
        for entry in state.did("test")
        if entry.data.get("body") == measure.body and entry.data.get("began") and entry.data.get("ended")
    ]
    longer = SEIZURE_LONGER_DAYS if measure.longer else 0
    return put_off(date.fromisoformat(measure.until) + timedelta(days=longer), spans, begun=local_day(measure.at))


def _to_approve(state: State) -> Iterator[Term]:
    """The head's word within 24 hours on what was done in an emergency, or its end (行政强制法 19)."""
    answered = {entry.data["of"]: entry for entry in state.did("approve")}
    for entry in state.did("seize", "enforce"):
        if entry.data.get("urgent") == "yes" and not entry.data.get("proposal"):
            word = answered.get(entry.seq)
            if word is None and entry.seq in state.rejected:
                continue  # taken back, or not signed by the second officer: there is nothing left to approve
            yield Term(
                code="approval", label="补办批准手续", of=entry.seq, ends=entry.happened + APPROVE_WITHIN, cites="行政强制法 19",
                kept=given_at(word) if word else None,
            )  # fmt: skip


def given_at(approval: Entry) -> datetime:
    """When the head gave the word: by the paper that is kept, or as it was written down."""
    said = approval.data.get("given_at")
    return datetime.fromisoformat(said) if said else approval.at


def _of_decision(state: State, made: Decision, bases: Mapping[int, Basis], calendar: Calendar) -> Iterator[Term]:
    basis = bases.get(made.basis)
    police = basis is not None and basis.police_procedure
    sealed = basis is not None and basis.policing
    decided = local_day(made.at)
    if made.kind != "spot":
        last = serve_until(decided, calendar, police=police)
        yield Term(
            code="serve", label="送达决定书", of=made.seq, ends=_midnight(last), cites="治安管理处罚法 116" if police else "行政处罚法 61",
            kept=_start(made.served),
        )  # fmt: skip
    if made.punishes and not sealed:
        last = workdays_after(decided, PUBLISH_WORKDAYS, calendar)
        published = state.entry(made.published) if made.published else None
        yield Term(
            code="publish", label="公示（有一定社会影响的）", of=made.seq, ends=_midnight(last), cites="行政处罚法 48、国办发〔2018〕118号（正文未核）",
            binds=False, kept=published.at if published else None,
        )  # fmt: skip
    if made.served:
        yield from _after_service(state, made, calendar)


def _after_service(state: State, made: Decision, calendar: Calendar) -> Iterator[Term]:
    served, done = date.fromisoformat(made.served), _done(state, made)
    if "fine" in made.penalties:
        last = pay_until(served, calendar)
        yield Term(
            code="pay",
            label="缴纳罚款",
            of=made.seq,
            ends=_midnight(last),
            cites="行政处罚法 67",
            binds=False,
            kept=done,
            yuan=made.amount,
        )
    for seq, _, by in made.demands[-1:]:
        yield Term(
            code="demand",
            label="按催告履行",
            of=seq,
            ends=_midnight(date.fromisoformat(by)),
            cites="行政强制法 35",
            binds=False,
            kept=done,
        )
    if made.announced is not None:
        due = date.fromisoformat(made.announced[2])
        yield Term(
            code="announce",
            label="自行拆除",
            of=made.announced[0],
            ends=_midnight(due),
            cites="行政强制法 44",
            binds=False,
            kept=done,
        )
    review, sue = may_review_until(served, calendar), may_sue_until(served, calendar)
    yield Term(code="reconsider", label="申请行政复议", of=made.seq, ends=_midnight(review), cites="行政复议法 20", binds=False)
    yield Term(code="sue", label="提起行政诉讼", of=made.seq, ends=_midnight(sue), cites="行政诉讼法 46", binds=False)
    if (
        done is None
        and (made.punishes or made.removal)
        and set(made.penalties) - {"warning", "criticism"} | {made.removal} - {""}
    ):
        opens = sue + timedelta(days=1)
        if made.demands:
            demanded = date.fromisoformat(made.demands[-1][1])
            opens = max(opens, workdays_after(demanded, COURT_AFTER_WORKDAYS, calendar) + timedelta(days=1))
        yield Term(
            code="court", label="申请人民法院强制执行", of=made.seq, ends=_midnight(court_until(served, calendar)), cites="行政强制法 53、54",
            binds=False, starts=opens, kept=made.court,
        )  # fmt: skip


def _done(state: State, made: Decision) -> datetime | None:
    """When it was wholly performed: as the record of it says, or on the spot."""
    for entry in _performed(state, made):
        if entry.data.get("performed") == "all":
            return _start(entry.data["done_on"])
    return made.at if made.kind == "spot" and made.amount and made.paid >= made.amount else None
