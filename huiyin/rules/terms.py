"""Terms that statutes set from an act on: when a file is to be decided, a decision served, paid, disputed, taken to court. Days are days in Beijing."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from huiyin.rules.deadlines import SHANGHAI, Calendar

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
SURCHARGE_PERCENT = 3  # a day, 行政处罚法 72; never more than the fine itself


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One term: what for (`code`), about which entry, its last day, when it was kept, where it stands in law."""

    code: str
    label: str
    of: int
    last: date
    cites: str
    kept: date | None = None

    def late(self, today: date) -> bool:
        return self.last < (self.kept or today)


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


def decide_until(opened: date, *, police: bool, longer: int = 0, standing: int = 0) -> date:
    """Ninety days from opening the file (行政处罚法 60); the police thirty, twice thirty more (治安管理处罚法 118). `standing` days of
    tests and hearings are not counted for the police (118)."""
    days = POLICE_FILE_DAYS + POLICE_LONGER_DAYS * longer + standing if police else FILE_DAYS
    return opened + timedelta(days=days)


def surcharge(fine: int, due: date, until: date, standing: int = 0) -> int:
    """What is added to a fine by a day: three in a hundred for each day after its term, never more than the fine (行政处罚法 72); days of
    复议 or 诉讼 (`standing`) are not counted (73). Whole yuan, rounded down."""
    days = max(0, (until - due).days - standing)
    return min(fine, fine * SURCHARGE_PERCENT * days // 100)
