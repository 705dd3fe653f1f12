"""Guards of telling and hearing: the notice, the answer, the hearing."""

from __future__ import annotations

from huiyin.rules import terms
from huiyin.rules.investigation import Notice
from huiyin.rules.ledger import State
from huiyin.rules.workflow.acts import Act, Context, Refusal, because, guard
from huiyin.rules.workflow.inquiry.common import (
    SPOT_LIMITS,
    acting_body,
    by_police_procedure,
    day_of,
    own_file,
    party_kind_of,
    punishes,
)
from huiyin.rules.workflow.vocabulary import HEARING_KINDS, MILDEST, POLICE_HEARING_KINDS

POLICE_HEARING_FINE = 4000

HEARING_NOTICE_WORKDAYS = 7  # 行政处罚法 64 (二), 85


@guard("MA-06")
def hearing_is_offered(state: State, act: Act, context: Context) -> Refusal | None:
    """Before graver penalties the party is told that a hearing may be asked for (行政处罚法 63, 治安管理处罚法 117). Where a department
    has no line on record, any fine beyond the spot limits asks for it."""
    file = own_file(state, act)
    if not act.data or not punishes(act) or not needs_hearing(state, act, context):
        return None
    told = (
        act.data.get("hearing_told") == "yes"
        if act.action == "advance_notice"
        else bool(file and file.notice and file.notice.hearing_told)
    )
    if told:
        return None
    return because(
        "拟作的处罚须告知当事人有权要求听证（行政处罚法第六十三条、治安管理处罚法第一百一十七条）。", rule="MA-06",
        fix="" if act.action == "advance_notice" else "advance_notice",
    )  # fmt: skip


def needs_hearing(state: State, act: Act, context: Context) -> bool:
    """Whether the penalties an act names are of those before which a hearing must be offered."""
    kinds = set(act.data.get("penalties", ()))
    amount, value = act.data.get("amount", 0), act.data.get("value", 0)
    if by_police_procedure(state, act, context):
        return bool(kinds & POLICE_HEARING_KINDS) or amount >= POLICE_HEARING_FINE
    kind = party_kind_of(state, act)
    body = acting_body(act, context)
    line = body.hearing_line(kind) if body else None
    if line is None:
        line = SPOT_LIMITS[kind] + 1
    return bool(kinds & HEARING_KINDS) or amount >= line or value >= line


@guard("MA-04")
def told_and_heard(state: State, act: Act, context: Context) -> Refusal | None:
    """No penalty without telling what, why, on what ground and with which rights, and hearing the answer, unless waived
    (行政处罚法 44, 45, 62; 治安管理处罚法 112)."""
    file = own_file(state, act)
    if not act.data or not punishes(act) or file is None:
        return None
    if file.notice is None:
        return because("还没有处罚事先告知（行政处罚法第四十四、六十二条）。", rule="MA-04", fix="advance_notice")
    if not file.heard:
        return because("还没有听取陈述、申辩的记录（行政处罚法第四十五、六十二条）。", rule="MA-04", fix="hear")
    return _beyond_what_was_told(act, file.notice)


def _beyond_what_was_told(act: Act, notice: Notice) -> Refusal | None:
    """Less than was announced may be decided at once, a warning or a public reproof in the place of something graver too."""
    kinds, told = set(act.data.get("penalties", ())), set(notice.penalties)
    milder = set(MILDEST) if told - set(MILDEST) else {"warning"} if told else set()
    more = act.data.get("amount", 0) > notice.amount or act.data.get("value", 0) > notice.value
    if kinds <= told | milder and not more and act.data.get("basis") in {None, notice.basis}:
        return None
    return because(
        "比告知的更重，或者依据不同：不得因申辩加重，改变内容须重新告知（行政处罚法第四十四、四十五条）。",
        rule="MA-04",
        fix="advance_notice",
    )


@guard("MA-04")
def notice_was_given(state: State, act: Act, context: Context) -> Refusal | None:
    """What is answered was announced first."""
    file = own_file(state, act)
    if file is None or file.notice is None:
        return because("还没有处罚事先告知。", rule="MA-04", fix="advance_notice")
    return None


@guard("MA-04")
def silence_is_over(state: State, act: Act, context: Context) -> Refusal | None:
    """Silence counts when the time that was given is over: the notice's own and, where a hearing was offered, five workdays (行政处罚法 64)."""
    file = own_file(state, act)
    if not act.data or act.data.get("heard") != "silent" or file is None or file.notice is None:
        return None
    notice = file.notice
    written = state.entry(notice.seq)
    last = day_of(written.data["due"]) if written and written.data.get("due") else day_of(notice.delivered)
    if notice.hearing_told:
        last = max(last, terms.hearing_may_be_asked_until(day_of(notice.delivered), context.calendar))
    if act.day <= last:
        return because("陈述、申辩或者要求听证的期限到 %(day)s，过了才能记“期满没有提出”。", rule="MA-04", day=last.isoformat())
    return None


@guard("MA-04")
def waiver_is_written(state: State, act: Act, context: Context) -> Refusal | None:
    """A waiver is explicit: on paper or recorded (行政处罚法 45, 62)."""
    if act.data and act.data.get("heard") in {"waived", "waived_all"} and not act.data.get("files"):
        return because("明确放弃陈述、申辩的，要附书面材料或者录音录像。", rule="MA-04")
    return None


@guard("MA-06")
def hearing_was_asked_in_time(state: State, act: Act, context: Context) -> Refusal | None:
    """A hearing is asked for by somebody who was told of it (行政处罚法 63); who gave it up asks for none. What came after five workdays
    (64) the office may grant or write down as not asked for."""
    file = own_file(state, act)
    if not act.data or act.data.get("asks_hearing") != "yes" or file is None or file.notice is None:
        return None
    if not file.notice.hearing_told:
        return because("告知时没有告知听证权利；要听证的，先重新告知。", rule="MA-06", fix="advance_notice")
    if act.data.get("heard") == "waived_all":
        return because("放弃听证和要求听证只能记一样。", rule="MA-06")
    return None


@guard("MA-06")
def hearing_is_settled(state: State, act: Act, context: Context) -> Refusal | None:
    """A hearing that was asked for is held; one that was offered may still be asked for during five workdays (行政处罚法 63, 64). Who has
    nothing to say to the facts has not yet given up the hearing."""
    file = own_file(state, act)
    if not act.data or not punishes(act) or file is None or file.notice is None or not file.notice.hearing_told:
        return None
    if file.asks_hearing and not file.hearing:
        return because("当事人要求听证，还没有听证（行政处罚法第六十三条）。", rule="MA-06", fix="hold_hearing")
    last = terms.hearing_may_be_asked_until(day_of(file.notice.delivered), context.calendar)
    if not file.asks_hearing and file.heard != "waived_all" and act.day <= last:
        return because("当事人可以要求听证到 %(day)s，过了才能决定（行政处罚法第六十四条）。", rule="MA-06", day=last.isoformat())
    return None


@guard("MA-06")
def hearing_was_asked(state: State, act: Act, context: Context) -> Refusal | None:
    """A hearing answers a request."""
    file = own_file(state, act)
    if file is None or not file.asks_hearing:
        return because("当事人没有要求听证。", rule="MA-06", fix="hear")
    return None


@guard("MA-06")
def chair_did_not_investigate(state: State, act: Act, context: Context) -> Refusal | None:
    """指定的非本案调查人员主持 (行政处罚法 64 (四))."""
    file = own_file(state, act)
    if act.data and file is not None and act.data.get("chair") in file.officers | file.investigators | state.recused:
        return because("听证由非本案调查人员主持（行政处罚法第六十四条）。", rule="MA-06")
    return None


@guard("MA-06")
def hearing_was_announced_in_time(state: State, act: Act, context: Context) -> Refusal | None:
    """Seven workdays before (行政处罚法 64 (二), 85)."""
    if not act.data:
        return None
    told, held = day_of(act.data["notified_on"]), day_of(act.data["held_on"])
    if held > act.day:
        return because("听证举行之后再记。")
    if terms.workdays(told, held, context.calendar) < HEARING_NOTICE_WORKDAYS:
        return because("听证要在举行的七个工作日前通知（行政处罚法第六十四、八十五条）。", rule="MA-06")
    return None
