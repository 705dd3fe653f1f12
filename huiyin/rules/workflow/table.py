"""The workflow as a table: which act, at which stage, to which stage, by whom, what it must give, what forbids it. Read it like the regulation."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from huiyin.rules.ledger import State
from huiyin.rules.sealing import HIDDEN
from huiyin.rules.workflow.acts import Act, Context, Guard
from huiyin.rules.workflow.fields import FIELDS
from huiyin.rules.workflow.guards import ending, merging, named, standing, who
from huiyin.rules.workflow.inquiry import (
    approving,
    closing,
    deciding,
    enforcing,
    filing,
    measures,
    persons,
    serving,
    spot,
    telling,
)
from huiyin.rules.workflow.vocabulary import ANY, LOCAL, OPEN, POLICE, Outcome, Role, Stage, Tier

#: Number of this table; every entry keeps it. A released action name is never renamed or reused, only retired.
NUMBER = 1

S, R = Stage, Role
When = Callable[[State, Act, Context], bool]


class Nature(StrEnum):
    """A fact tells what happened outside and is never refused for being late; a decision is taken on what its page showed."""

    FACT = "fact"
    DECISION = "decision"


FACT, DECISION = Nature.FACT, Nature.DECISION


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of the table. `to` None leaves the stage. Rows of one name exclude each other through `at`, `by` and `when`."""

    action: str
    label: str
    nature: Nature
    at: frozenset[Stage]
    to: Stage | None
    by: frozenset[Role]
    needs: tuple[str, ...]
    may: tuple[str, ...]
    when: When | None
    unless: tuple[Guard, ...]
    tier: Tier
    cites: str
    fresh: bool  # decided on what the page showed: refused if the case went on meanwhile
    internal: bool  # made by services, never offered as a button


ROWS: list[Row] = []


def _row(
    action: str,
    label: str,
    nature: Nature,
    *,
    at: Iterable[Stage],
    by: Iterable[Role],
    to: Stage | None = None,
    needs: tuple[str, ...] = (),
    may: tuple[str, ...] = (),
    when: When | None = None,
    unless: tuple[Guard, ...] = (),
    tier: Tier = Tier.NONE,
    cites: str = "",
    fresh: bool = True,
    internal: bool = False,
) -> None:
    unknown = [name for name in (*needs, *may) if name not in FIELDS]
    if unknown:
        raise ValueError(f"{action}: no such field {unknown}")
    ROWS.append(
        Row(
            action=action,
            label=label,
            nature=nature,
            at=frozenset(at),
            to=to,
            by=frozenset(by),
            needs=needs,
            may=may,
            when=when,
            unless=(who.badge_is_valid, who.not_recused, *unless),
            tier=tier,
            cites=cites,
            fresh=fresh and nature is DECISION,
            internal=internal,
        )
    )


CREW = frozenset({R.PRO, R.COM, R.OFF})
WORKING = frozenset({S.ASSIGNED, S.HANDLING})
ALIVE = OPEN | {S.RESOLVED, S.ECHOED}
#: A file goes on after its case was settled: served, performed, enforced, closed.
AFTER = frozenset({S.HANDLING, S.RESOLVED, S.ECHOED, S.CLOSED})
STAFF = frozenset({R.PRO, R.COM, R.OFF, R.HEAD, R.SUP, R.CO})


# ── conditions that pick a row ───────────────────────────────────────────────────────────────


def _lead_acts(state: State, act: Act, context: Context) -> bool:
    return state.stage is S.ASSIGNED and R.LEAD in act.hats


def _lead_does_not_act(state: State, act: Act, context: Context) -> bool:
    return not _lead_acts(state, act, context)


def _last_report_goes(state: State, act: Act, context: Context) -> bool:
    """The last report before anybody took the case on, not for safety-baseline items, and nobody keeps it."""
    report = act.data.get("report", act.report)
    others = [given for given in state.active if given.id != report]
    safe = context.item is not None and context.item.safety_baseline
    return state.stage in {S.REPORTED, S.ASSIGNED} and not others and not safe and act.data.get("keep") != "yes"


def _case_goes_on(state: State, act: Act, context: Context) -> bool:
    return not _last_report_goes(state, act, context)


def _lead_is_local(state: State, act: Act, context: Context) -> bool:
    return context.lead is not None and context.lead.kind in LOCAL


def _lead_is_a_department(state: State, act: Act, context: Context) -> bool:
    return not _lead_is_local(state, act, context)


def _another_leads(state: State, act: Act, context: Context) -> bool:
    return context.chosen is not None and context.chosen.lead_body != state.lead


def _the_same_leads(state: State, act: Act, context: Context) -> bool:
    return not _another_leads(state, act, context)


def _first_extension(state: State, act: Act, context: Context) -> bool:
    return not state.extensions


def _second_extension(state: State, act: Act, context: Context) -> bool:
    return bool(state.extensions)


def _somebody_was_in_charge(state: State, act: Act, context: Context) -> bool:
    return state.lead is not None and state.handler is not None and state.outcome is not Outcome.REFUSED


def _nobody_was_in_charge(state: State, act: Act, context: Context) -> bool:
    return not _somebody_was_in_charge(state, act, context)


def _disputed_early(state: State, act: Act, context: Context) -> bool:
    return state.disputes < ending.MAX_DISPUTES - 1 and _somebody_was_in_charge(state, act, context)


def _refusal_disputed_early(state: State, act: Act, context: Context) -> bool:
    return state.disputes < ending.MAX_DISPUTES - 1 and _nobody_was_in_charge(state, act, context)


def _third_dispute(state: State, act: Act, context: Context) -> bool:
    return state.disputes >= ending.MAX_DISPUTES - 1


def _signed_on_paper(state: State, act: Act, context: Context) -> bool:
    return act.data.get("paper") == "yes"


def _second_signs_later(state: State, act: Act, context: Context) -> bool:
    return not _signed_on_paper(state, act, context)


def _done_by_one(state: State, act: Act, context: Context) -> bool:
    return bool(act.data.get("alone"))


def _stands_at_once(state: State, act: Act, context: Context) -> bool:
    return _signed_on_paper(state, act, context) or _done_by_one(state, act, context)


def _waits_for_a_second(state: State, act: Act, context: Context) -> bool:
    return not _stands_at_once(state, act, context)


def _seconded_order(state: State, act: Act, context: Context) -> bool:
    return act.data.get("yes", "yes") == "yes" and act.data.get("of", next(iter(state.orders), 0)) in state.orders


def _seconded_coercion(state: State, act: Act, context: Context) -> bool:
    written = state.entry(act.data.get("of", 0))
    return act.data.get("yes") == "yes" and written is not None and written.action in {"spot_penalty", "seize", "enforce"}


def _not_seconded(state: State, act: Act, context: Context) -> bool:
    return not _seconded_order(state, act, context) and not _seconded_coercion(state, act, context)


def _punishes(state: State, act: Act, context: Context) -> bool:
    return bool(act.data.get("decision", "penalty") == "penalty")


def _orders_removal(state: State, act: Act, context: Context) -> bool:
    return bool(act.data.get("decision") == "removal")


def _does_neither(state: State, act: Act, context: Context) -> bool:
    return not _punishes(state, act, context) and not _orders_removal(state, act, context)


def _as_nothing_but_author(state: State, act: Act, context: Context) -> bool:
    return not act.hats & {R.COM, R.CO}


# ── coming in ────────────────────────────────────────────────────────────────────────────────

_row(
    "report",
    "反映",
    DECISION,
    at=(),
    to=S.REPORTED,
    by={R.RES, *STAFF},
    may=("words", "item", "files"),
    internal=True,
    fresh=False,
)
_row("join", "同事反映", DECISION, at=OPEN, by={R.RES, R.COM, R.CO}, may=("words", "files"), internal=True, fresh=False)
_row("supplement", "补充", FACT, at=ALIVE, by={R.RES, R.COM}, may=("report", "words", "files"), unless=(merging.report_is_here,))
_row(
    "ask",
    "询问反映人",
    DECISION,
    at=OPEN,
    by={R.COM, R.LEAD},
    needs=("question",),
    unless=(standing.asked_once,),
    cites="办理期限最多等 5 个工作日，一次",
)
_row(
    "retract", "撤回反映", DECISION, at=OPEN, to=S.RESOLVED, by={R.RES, R.COM}, needs=("report",), may=("keep",), when=_last_report_goes,
    unless=(merging.report_is_here, merging.report_stands), fresh=False,
)  # fmt: skip
_row(
    "retract", "撤回反映", DECISION, at=OPEN, by={R.RES, R.COM}, needs=("report",), may=("keep",), when=_case_goes_on,
    unless=(merging.report_is_here, merging.report_stands), fresh=False,
)  # fmt: skip
_row(
    "merge", "并案", DECISION, at=OPEN, to=S.CLOSED, by={R.COM, R.CO}, needs=("survivor", "why"),
    unless=(
        standing.left_to_the_police, standing.no_order, standing.no_file_open, standing.no_pause, standing.no_help_open, standing.nothing_waits_for_a_second, merging.survivor_is_open,
    ),
)  # fmt: skip
_row("absorb", "并入", DECISION, at=OPEN, by={R.COM, R.CO}, internal=True, fresh=False)
_row(
    "split",
    "分案",
    DECISION,
    at=ALIVE,
    by={R.COM, R.CO},
    needs=("why",),
    may=("reports", "words"),
    unless=(merging.split_says_what, merging.something_is_left),
)
_row(
    "assign", "派单", DECISION, at={S.REPORTED}, to=S.ASSIGNED, by={R.COM, R.CO}, needs=("item", "lead"),
    may=("cooperating", "release", "photos", "shorter"),
    unless=(named.place_is_known, named.no_settlement_needed, named.lead_may_lead, named.firm_has_the_contract),
)  # fmt: skip
_row(
    "assign", "本部门自办", DECISION, at={S.REPORTED}, to=S.ASSIGNED, by={R.AUTHOR}, needs=("item", "lead"), may=("cooperating",),
    when=_as_nothing_but_author,
    unless=(named.place_is_known, named.no_settlement_needed, named.lead_may_lead, named.own_department_leads),
)  # fmt: skip
_row(
    "ask_dissuade",
    "请先劝",
    DECISION,
    at=OPEN,
    by={R.COM, R.LEAD},
    needs=("firm", "release"),
    may=("photos",),
    unless=(named.firm_or_office,),
)
_row(
    "refuse", "不予受理", DECISION, at={S.REPORTED}, to=S.RESOLVED, by={R.COM, R.CO}, needs=("refusal", "turn_to"),
    unless=(named.only_the_coordinator_refuses_now,),
)  # fmt: skip
_row(
    "accept",
    "签收",
    DECISION,
    at={S.ASSIGNED},
    to=S.HANDLING,
    by={R.LEAD},
    may=("person",),
    unless=(named.person_is_of_the_lead,),
)
_row(
    "entrust", "指定经办人", DECISION, at=WORKING, by={R.LEADHEAD, R.LEAD, R.STANDIN}, needs=("person",), may=("beside",),
    unless=(named.person_is_of_the_lead, named.nobody_beside_stands_aside),
)  # fmt: skip
_row(
    "decline", "退回", DECISION, at={S.ASSIGNED}, to=S.REPORTED, by={R.LEAD}, needs=("reason", "why"), may=("instead",),
    unless=(named.not_settled, standing.no_order, standing.no_file_open, standing.nothing_waits_for_a_second), cites="行政处罚法 25",
)  # fmt: skip
_row(
    "decline", "退回", DECISION, at={S.HANDLING}, to=S.REPORTED, by={R.LEAD}, needs=("reason", "why", "found"), may=("instead",),
    unless=(named.not_settled, standing.no_order, standing.no_file_open, standing.no_pause, standing.no_help_open, standing.nothing_waits_for_a_second), cites="行政处罚法 25",
)  # fmt: skip
_row(
    "reassign", "改派", DECISION, at=WORKING, to=S.ASSIGNED, by={R.COM, R.CO, R.SYS}, needs=("lead", "why"), when=_lead_is_local,
    unless=(standing.left_to_the_police, named.lead_may_lead, named.firm_has_the_contract, standing.no_order, standing.no_file_open, standing.nothing_waits_for_a_second),
)  # fmt: skip
_row(
    "reassign", "改派", DECISION, at=WORKING, to=S.ASSIGNED, by={R.CO, R.SYS}, needs=("lead", "why"), when=_lead_is_a_department,
    unless=(standing.left_to_the_police, named.lead_may_lead, named.firm_has_the_contract, standing.no_order, standing.no_file_open, standing.nothing_waits_for_a_second),
)  # fmt: skip
_row(
    "settle", "管辖协调", DECISION, at=OPEN, to=S.ASSIGNED, by={R.CO}, needs=("item", "lead", "ground", "why"), may=("document", "files"),
    unless=(named.place_is_known, named.lead_may_lead, named.firm_has_the_contract, named.designation_has_its_document), cites="行政处罚法 25",
)  # fmt: skip
_row(
    "reclassify", "改项", DECISION, at=WORKING, to=S.ASSIGNED, by={R.COM, R.CO, R.LEAD}, needs=("item", "why"), when=_another_leads,
    unless=(standing.left_to_the_police, standing.no_order, standing.no_file_open, standing.no_pause, standing.no_help_open, standing.nothing_waits_for_a_second),
)  # fmt: skip
_row(
    "reclassify", "改项", DECISION, at=WORKING, by={R.COM, R.CO, R.LEAD}, needs=("item", "why"), when=_the_same_leads,
    unless=(standing.left_to_the_police, standing.no_order, standing.no_file_open, standing.nothing_waits_for_a_second),
)  # fmt: skip

# ── 一劝 二督, coordination ───────────────────────────────────────────────────────────────────

#: Whoever was there tells it: in a small department the head goes along.
_THERE = CREW | {R.HEAD}
_row("attend", "到场", FACT, at=WORKING, to=S.HANDLING, by=_THERE, needs=("found",), may=("files",), when=_lead_acts)
_row("attend", "到场", FACT, at=WORKING, by=_THERE, needs=("found",), may=("files",), when=_lead_does_not_act)
_PERSUASION = ("persuader", "method", "response", "stopped", "how")
_row(
    "dissuade", "一劝", FACT, at={S.REPORTED, *WORKING}, to=S.HANDLING, by=CREW, needs=_PERSUASION, may=("recheck_on", "files"),
    when=_lead_acts, tier=Tier.PERSUADED, cites="生态环境法典 599、治安管理处罚法 88",
)  # fmt: skip
_row(
    "dissuade", "一劝", FACT, at={S.REPORTED, *WORKING}, by=CREW, needs=_PERSUASION, may=("recheck_on", "files"),
    when=_lead_does_not_act, tier=Tier.PERSUADED, cites="生态环境法典 599、治安管理处罚法 88",
)  # fmt: skip
_row(
    "urge", "二督", DECISION, at=WORKING, by={R.COM, R.OFF, R.CO}, needs=("firm", "duty", "due", "release"), may=("photos",),
    unless=(named.somebody_can_answer_the_urge, standing.due_is_ahead), cites="物业管理条例 45、民法典 942",
)  # fmt: skip
_row(
    "property_reply", "物业答复", FACT, at={S.HANDLING}, by={R.PRO, R.COM}, needs=("of", "done"), may=("files",),
    unless=(standing.urge_exists, who.clerk_stands_in_only_without_a_firm),
)  # fmt: skip
_row(
    "recheck",
    "复查",
    FACT,
    at={S.HANDLING},
    by={R.OFF, R.COM, R.PRO},
    needs=("state",),
    may=("found", "files"),
    unless=(who.not_the_same_hand,),
)
_row(
    "request_help",
    "请求配合",
    DECISION,
    at={S.HANDLING},
    by={R.LEAD},
    needs=("body", "release", "due"),
    may=("photos",),
    unless=(standing.due_is_ahead, standing.helper_is_another_body),
)
_row(
    "help",
    "配合完成",
    FACT,
    at={S.HANDLING},
    by={R.OFF, R.HEAD, R.COM, R.PRO},
    needs=("of", "done"),
    may=("files",),
    unless=(standing.help_was_asked, standing.help_is_mine),
)
_row("recall_help", "撤回请求", DECISION, at={S.HANDLING}, by={R.LEAD}, needs=("of", "why"), unless=(standing.help_is_open,))
_row("coordinate", "协调", DECISION, at={S.HANDLING}, by={R.COM, R.PRO, R.CO, R.OFF}, needs=("partners", "done"), may=("files",))
_row(
    "mediate",
    "调解",
    FACT,
    at={S.HANDLING},
    by={R.COM, R.OFF},
    needs=("consent", "outcome", "done"),
    may=("files",),
    cites="人民调解",
)
_row(
    "extend", "延期", DECISION, at=WORKING, by={R.LEADHEAD, R.STANDIN}, needs=("days", "why"), when=_first_extension,
    unless=(standing.extension_is_within_bounds,),
)  # fmt: skip
_row(
    "extend", "再次延期", DECISION, at=WORKING, by={R.CO}, needs=("days", "why"), when=_second_extension,
    unless=(standing.extension_is_within_bounds,),
)  # fmt: skip
_row(
    "pause",
    "中止",
    DECISION,
    at={S.HANDLING},
    by={R.LEADHEAD, R.STANDIN},
    needs=("pause_ground", "until", "why"),
    unless=(standing.no_pause, standing.pause_is_short),
)
_row("resume", "恢复", DECISION, at={S.HANDLING}, by={R.LEADHEAD, R.STANDIN, R.SYS}, unless=(standing.is_paused,))

# ── 责令 ─────────────────────────────────────────────────────────────────────────────────────

_ORDER = ("basis", "facts", "due", "second")
_ORDER_GUARDS = (
    standing.is_enforcement, standing.no_pause, named.body_may_enforce, persons.within_jurisdiction, named.second_officer_may_sign, standing.basis_is_in_force,
    filing.clause_is_this_bodys, standing.due_is_ahead, named.paper_is_attached,
)  # fmt: skip
_row(
    "order", "责令改正", DECISION, at={S.HANDLING}, by={R.OFF}, needs=_ORDER, may=("party", "paper", "files"), when=_signed_on_paper,
    unless=_ORDER_GUARDS, tier=Tier.ORDERED, cites="行政处罚法 28、42",
)  # fmt: skip
_row(
    "order", "责令改正", DECISION, at={S.HANDLING}, by={R.OFF}, needs=_ORDER, may=("party", "paper", "files"), when=_second_signs_later,
    unless=_ORDER_GUARDS, cites="行政处罚法 28、42",
)  # fmt: skip
_row(
    "countersign", "会签", DECISION, at=AFTER, by={R.OFF, R.HEAD}, needs=("of", "yes"), may=("why",), when=_seconded_order,
    unless=(named.is_the_named_second,), tier=Tier.ORDERED, cites="行政处罚法 42", fresh=False,
)  # fmt: skip
_row(
    "countersign", "会签", DECISION, at=AFTER, by={R.OFF, R.HEAD}, needs=("of", "yes"), may=("why",), when=_seconded_coercion,
    unless=(named.is_the_named_second,), tier=Tier.COERCED, cites="行政处罚法 42", fresh=False,
)  # fmt: skip
_row(
    "countersign", "会签", DECISION, at=AFTER, by={R.OFF, R.HEAD}, needs=("of", "yes"), may=("why",), when=_not_seconded,
    unless=(named.is_the_named_second,), cites="行政处罚法 42", fresh=False,
)  # fmt: skip
_row(
    "comply",
    "改正情况",
    FACT,
    at={S.HANDLING},
    by={R.OFF},
    needs=("of", "corrected", "found"),
    may=("files",),
    unless=(standing.order_exists,),
)
_row(
    "recuse",
    "回避",
    DECISION,
    at=WORKING,
    by={R.OFF, R.HEAD},
    needs=("who", "recuse_ground", "heir"),
    unless=(named.who_stands_aside_works_on_it, named.person_is_of_the_lead, named.heir_is_another),
    cites="行政处罚法 43",
)
_row(
    "transfer", "移送", DECISION, at=OPEN, to=S.RESOLVED, by={R.LEADHEAD, R.STANDIN, R.CO}, needs=("transfer_kind", "to_whom", "why"), may=("files",),
    unless=(standing.left_to_the_police, standing.nothing_waits_for_a_second, standing.order_does_not_go_elsewhere),
    cites="行政处罚法 27、57",
)  # fmt: skip

# ── 三查 ──────────────────────────────────────────────────────────────────────────────────────

_POWER = (standing.is_enforcement, standing.no_pause, named.body_may_enforce, persons.within_jurisdiction)
_AFTERWARDS = (
    named.body_may_enforce,
    persons.within_jurisdiction,
)  # a pause or another list no longer matters to a decision that was made
_BY_TWO = (persons.two_officers, named.paper_is_attached)
_THE_LAW = (filing.clause_punishes, filing.clause_is_this_bodys, filing.within_limitation)
_THE_SUM = (
    deciding.kinds_are_lawful,
    deciding.within_range,
    deciding.the_higher_clause,
    deciding.no_second_fine,
    deciding.prior_step_taken,
)

_row(
    "name_party", "登记当事人", DECISION, at=WORKING | AFTER, by={R.OFF}, needs=("party_kind", "party_name"),
    may=("party_id", "party_address", "party_phone", "party_birth", "party_sex", "party_agent"), fresh=False,
)  # fmt: skip
_row(
    "propose", "呈批", DECISION, at=AFTER, by={R.OFF}, needs=("proposed", "suspected"), may=("of", "document"),
    unless=(*_AFTERWARDS, approving.proposal_makes_sense), cites="行政处罚法 56、行政强制法 18", fresh=False,
)  # fmt: skip
_row(
    "approve", "审批", DECISION, at=AFTER, by={R.HEAD}, needs=("of", "yes"), may=("why", "given_at", "files"),
    unless=(approving.approver_is_the_head, approving.approved_in_time),
    cites="行政处罚法 56、行政强制法 18、19", fresh=False,
)  # fmt: skip
_row(
    "open_file", "立案", DECISION, at={S.HANDLING}, by={R.OFF}, needs=("filing", "basis", "offence_on", "suspected", "second"),
    may=("party", "limitation", "why", "paper", "files"),
    unless=(*_POWER, filing.no_file_of_this_body, *_BY_TWO, *_THE_LAW, filing.not_filing_says_why), cites="行政处罚法 54、治安管理处罚法 90",
)  # fmt: skip
_row(
    "inspect", "现场检查", FACT, at={S.HANDLING}, by={R.OFF}, needs=("found", "began", "ended", "where", "id_shown", "second", "signing"),
    may=("party", "witness", "recorded", "paper", "files"),
    unless=(named.body_may_enforce, persons.within_jurisdiction, *_BY_TWO, persons.id_was_shown, filing.times_run_forward, filing.signed_or_witnessed),
    cites="行政处罚法 42、55",
)  # fmt: skip
_row(
    "interview", "询问", FACT, at={S.HANDLING}, by={R.OFF},
    needs=("subject", "answers", "began", "ended", "where", "id_shown", "rights_told", "guardian", "signing"),
    may=("second", "alone", "recorded", "party", "witness", "paper", "files"),
    unless=(
        named.body_may_enforce, persons.within_jurisdiction, *_BY_TWO, persons.id_was_shown, filing.times_run_forward, filing.signed_or_witnessed,
        filing.young_people_have_somebody_beside,
    ),
    cites="行政处罚法 55、治安管理处罚法 98、108",
)  # fmt: skip
_row(
    "test",
    "检测、鉴定",
    FACT,
    at={S.HANDLING},
    by={R.OFF},
    needs=("results",),
    may=("began", "ended", "files"),
    unless=(filing.times_run_forward,),
)
_row(
    "preserve", "先行登记保存", DECISION, at={S.HANDLING}, by={R.OFF}, needs=("things", "kept_where", "until", "second"),
    may=("party", "witness", "paper", "files"), unless=(*_POWER, *_BY_TWO, approving.approved_first, measures.measure_is_short), cites="行政处罚法 56、85",
)  # fmt: skip
_row(
    "advance_notice", "处罚事先告知", DECISION, at={S.HANDLING}, by={R.OFF},
    needs=("basis", "penalties", "suspected", "reasons", "delivered_on", "due", "hearing_told"),
    may=("amount", "value", "party", "mitigation", "also_bases", "compared", "exempt", "other_act", "files"),
    unless=(
    *_POWER, filing.file_is_open, deciding.not_decided_yet, filing.something_was_found, filing.party_is_known, *_THE_LAW, *_THE_SUM,
    telling.hearing_is_offered,
        filing.day_can_be, standing.due_is_ahead,
    ),
    cites="行政处罚法 44、63、治安管理处罚法 112",
)  # fmt: skip
_row(
    "hear", "听取陈述申辩", DECISION, at={S.HANDLING}, by={R.OFF}, needs=("heard", "statement", "adopted", "asks_hearing"), may=("files",),
    unless=(filing.file_is_open, telling.notice_was_given, deciding.not_decided_yet, telling.silence_is_over, telling.waiver_is_written,
        telling.hearing_was_asked_in_time),
    cites="行政处罚法 45、62",
)  # fmt: skip
_row(
    "hold_hearing", "听证", DECISION, at={S.HANDLING}, by={R.OFF, R.HEAD}, needs=("hearing_end", "chair", "notified_on", "held_on", "statement"),
    may=("files",), unless=(filing.file_is_open, telling.hearing_was_asked, telling.chair_did_not_investigate, telling.hearing_was_announced_in_time),
    cites="行政处罚法 63、64",
)  # fmt: skip
_row(
    "review", "法制审核", DECISION, at={S.HANDLING}, by={R.REV}, needs=("passed", "opinion"),
    unless=(filing.file_is_open, deciding.not_decided_yet, deciding.reviewer_is_another), cites="行政处罚法 58", fresh=False,
)  # fmt: skip
_row(
    "deliberate", "集体讨论", DECISION, at={S.HANDLING}, by={R.HEAD}, needs=("members", "opinions"), may=("files",),
    unless=(filing.file_is_open, deciding.not_decided_yet, deciding.several_deliberate), cites="行政处罚法 57", fresh=False,
)  # fmt: skip
_DECIDE = ("decision", "basis", "circumstances", "reasons")
_DECIDE_MAY = (
    "penalties",
    "amount",
    "value",
    "mitigation",
    "also_bases",
    "compared",
    "exempt",
    "other_act",
    "educated",
    "removal",
)
_DECIDE_GUARDS = (
    *_POWER, filing.file_is_open, deciding.not_decided_yet, deciding.decider_is_another, filing.party_is_known, *_THE_LAW,
    deciding.circumstances_are_plain,
    filing.something_was_found, telling.told_and_heard, telling.hearing_is_offered, telling.hearing_is_settled,
    deciding.review_was_passed, deciding.deliberated_where_asked,
    *_THE_SUM, enforcing.removal_has_its_day, deciding.taught_instead, deciding.slight_means_corrected,
)  # fmt: skip
_row(
    "decide", "决定", DECISION, at={S.HANDLING}, by={R.HEAD}, needs=_DECIDE, may=_DECIDE_MAY, when=_punishes, unless=_DECIDE_GUARDS,
    tier=Tier.COERCED, cites="行政处罚法 57、59",
)  # fmt: skip
_row(
    "decide", "决定", DECISION, at={S.HANDLING}, by={R.HEAD}, needs=_DECIDE, may=_DECIDE_MAY, when=_orders_removal, unless=_DECIDE_GUARDS,
    tier=Tier.ORDERED, cites="城乡规划法 64、68",
)  # fmt: skip
_row(
    "decide", "决定", DECISION, at={S.HANDLING}, by={R.HEAD}, needs=_DECIDE, may=_DECIDE_MAY, when=_does_neither, unless=_DECIDE_GUARDS,
    cites="行政处罚法 33、57",
)  # fmt: skip
_SPOT = ("spot_kinds", "basis", "party", "offence_on", "suspected", "id_shown", "rights_told", "heard_there", "collection")
_SPOT_MAY = (
    "amount", "second", "alone", "recorded", "ticket", "mitigation", "also_bases", "compared", "exempt", "other_act", "limitation", "signing",
    "witness",
    "paper", "files",
)  # fmt: skip
_SPOT_GUARDS = (
    *_POWER, *_BY_TWO, persons.id_was_shown, filing.party_is_known, *_THE_LAW, spot.within_spot_limit, *_THE_SUM, spot.told_on_the_spot,
    spot.collected_lawfully,
    filing.signed_or_witnessed,
)  # fmt: skip
_row(
    "spot_penalty", "当场处罚", DECISION, at={S.HANDLING}, by={R.OFF}, needs=_SPOT, may=_SPOT_MAY, when=_stands_at_once, unless=_SPOT_GUARDS,
    tier=Tier.COERCED, cites="行政处罚法 51、52、治安管理处罚法 119、120",
)  # fmt: skip
_row(
    "spot_penalty", "当场处罚", DECISION, at={S.HANDLING}, by={R.OFF}, needs=_SPOT, may=_SPOT_MAY, when=_waits_for_a_second,
    unless=_SPOT_GUARDS, cites="行政处罚法 51、52、治安管理处罚法 119、120",
)  # fmt: skip
_row(
    "serve", "送达", DECISION, at=AFTER, by={R.OFF}, needs=("of", "way", "receiver", "served_on"), may=("witness", "files"),
    unless=(*_AFTERWARDS, serving.decision_stands, serving.of_the_same_body, serving.served_on_a_day_that_can_be), cites="行政处罚法 61、治安管理处罚法 116",
    fresh=False,
)  # fmt: skip
_SEIZE = ("measure", "basis", "things", "kept_where", "until", "id_shown", "rights_told", "heard_there", "necessities", "signing")
_SEIZE_MAY = ("second", "alone", "recorded", "urgent", "party", "witness", "paper", "files")
_SEIZE_GUARDS = (
    *_POWER, *_BY_TWO, persons.id_was_shown, approving.approved_first, measures.measure_has_its_law, measures.measure_is_made_properly,
    measures.measure_is_short,
    filing.signed_or_witnessed,
)  # fmt: skip
_row(
    "seize", "强制措施", DECISION, at={S.HANDLING}, by={R.OFF}, needs=_SEIZE, may=_SEIZE_MAY, when=_stands_at_once, unless=_SEIZE_GUARDS,
    tier=Tier.COERCED, cites="行政强制法 17-25",
)  # fmt: skip
_row(
    "seize", "强制措施", DECISION, at={S.HANDLING}, by={R.OFF}, needs=_SEIZE, may=_SEIZE_MAY, when=_waits_for_a_second, unless=_SEIZE_GUARDS,
    cites="行政强制法 17-25",
)  # fmt: skip
_row(
    "lift", "解除", DECISION, at=AFTER, by={R.OFF}, needs=("of", "disposal", "why"), may=("files",), unless=(measures.measure_stands,),
    cites="行政强制法 28、行政处罚法 56", fresh=False,
)  # fmt: skip
_row(
    "demand", "催告", DECISION, at=AFTER, by={R.OFF}, needs=("of", "demanded", "due", "delivered_on"), may=("files",),
    unless=(*_AFTERWARDS, serving.decision_stands, serving.of_the_same_body, serving.served_first, enforcing.term_to_perform_is_over,
        filing.day_can_be, standing.due_is_ahead),
    cites="行政强制法 35、54", fresh=False,
)  # fmt: skip
_row(
    "announce", "强拆公告", DECISION, at=AFTER, by={R.OFF}, needs=("of", "due", "done_on"), may=("files",),
    unless=(*_AFTERWARDS, serving.decision_stands, serving.served_first, filing.day_can_be, standing.due_is_ahead), cites="行政强制法 44", fresh=False,
)  # fmt: skip
_ENFORCE = ("means", "began", "id_shown", "dwelling", "second", "done")
_ENFORCE_MAY = ("of", "urgent", "absent", "mandate", "contested", "witness", "paper", "files")
_ENFORCE_GUARDS = (
    *_AFTERWARDS, serving.something_to_enforce, serving.served_first, enforcing.executes_what_is_its_own, *_BY_TWO,
    persons.id_was_shown, filing.times_run_forward,
    enforcing.never_cuts_off_a_home, enforcing.has_power_to_enforce, approving.approved_first, enforcing.nothing_is_contested,
    enforcing.paid_late, enforcing.demanded_in_vain,
    enforcing.stood_in_after_three_days, enforcing.removal_was_ordered, enforcing.announced_and_terms_over, enforcing.by_day,
)  # fmt: skip
_row(
    "enforce", "强制执行", DECISION, at=AFTER, by={R.OFF}, needs=_ENFORCE, may=_ENFORCE_MAY, when=_signed_on_paper, unless=_ENFORCE_GUARDS,
    tier=Tier.COERCED, cites="行政强制法 34-52", fresh=False,
)  # fmt: skip
_row(
    "enforce", "强制执行", DECISION, at=AFTER, by={R.OFF}, needs=_ENFORCE, may=_ENFORCE_MAY, when=_second_signs_later, unless=_ENFORCE_GUARDS,
    cites="行政强制法 34-52", fresh=False,
)  # fmt: skip
_row(
    "perform", "履行", DECISION, at=AFTER, by={R.OFF}, needs=("of", "performed", "done_on"), may=("paid", "ticket", "files"),
    unless=(serving.decision_stands, serving.of_the_same_body, serving.served_first, filing.day_can_be), cites="行政处罚法 66、67", fresh=False,
)  # fmt: skip
_row(
    "court", "申请法院执行", DECISION, at=AFTER, by={R.OFF}, needs=("of", "done_on"), may=("document", "contested", "files"),
    unless=(*_AFTERWARDS, serving.decision_stands, serving.of_the_same_body, serving.served_first, filing.day_can_be,
        enforcing.nothing_is_contested, enforcing.court_in_time), cites="行政强制法 53、54",
    fresh=False,
)  # fmt: skip
_row(
    "close_file", "结案", DECISION, at=AFTER, by={R.OFF}, needs=("closing", "why"), may=("files",),
    unless=(filing.file_is_open, closing.file_may_end_so), cites="行政处罚法 57", fresh=False,
)  # fmt: skip
_row(
    "publish", "公示", DECISION, at=AFTER, by={R.HEAD}, needs=("of", "public"),
    unless=(serving.decision_stands, serving.of_the_same_body, serving.not_of_the_police, serving.served_first,
        serving.is_not_published, serving.public_words_name_nobody), cites="行政处罚法 48",
    fresh=False,
)  # fmt: skip
_row(
    "unpublish", "撤下公示", DECISION, at=AFTER, by={R.HEAD}, needs=("of", "why"), unless=(serving.is_published, serving.of_the_same_body),
    cites="行政处罚法 48", fresh=False,
)  # fmt: skip

# ── ending ───────────────────────────────────────────────────────────────────────────────────

_row(
    "resolve", "办结", DECISION, at={S.HANDLING}, to=S.RESOLVED, by={R.LEAD}, needs=("result", "proof", "done"), may=("files",),
    unless=(
    standing.no_pause, standing.nothing_waits_for_a_second, standing.no_help_open, standing.files_are_served, ending.orders_have_an_end, ending.result_fits, ending.really_stopped,
    ending.really_corrected,
        ending.result_is_proved,
    ),
)  # fmt: skip
_row(
    "echo",
    "回音",
    DECISION,
    at={S.RESOLVED},
    to=S.ECHOED,
    by={R.LEAD, R.COM, R.CO},
    needs=("reply",),
    may=("photos",),
    unless=(ending.another_writer,),
)
_row("echo", "回音", DECISION, at={S.RESOLVED}, to=S.ECHOED, by={R.SYS}, needs=("reply",), internal=True, fresh=False)
_row("deliver", "送达回音", DECISION, at=ANY, by={R.SYS}, internal=True, fresh=False)
_row(
    "call",
    "回访电话",
    FACT,
    at=ALIVE,
    by={R.COM, R.CO},
    needs=("report", "reached"),
    may=("said",),
    unless=(merging.report_is_here,),
)
_row(
    "feedback", "评价", DECISION, at={S.ECHOED}, by={R.RES, R.COM}, needs=("report", "satisfied"), may=("words",),
    unless=(merging.report_is_here, merging.report_stands), fresh=False,
)  # fmt: skip
_row(
    "dispute", "不满意", DECISION, at={S.ECHOED}, to=S.HANDLING, by={R.RES, R.COM}, needs=("report", "words"), may=("files",),
    when=_disputed_early, unless=(merging.report_is_here, merging.report_stands, ending.dispute_is_in_time), fresh=False,
)  # fmt: skip
_row(
    "dispute", "不满意", DECISION, at={S.ECHOED}, to=S.REPORTED, by={R.RES, R.COM}, needs=("report", "words"), may=("files",),
    when=_refusal_disputed_early, unless=(merging.report_is_here, merging.report_stands, ending.dispute_is_in_time), fresh=False,
)  # fmt: skip
_row(
    "dispute", "第三次不满意", DECISION, at={S.ECHOED}, by={R.RES, R.COM}, needs=("report", "words"), may=("files",), when=_third_dispute,
    unless=(merging.report_is_here, merging.report_stands, ending.dispute_is_in_time), fresh=False,
)  # fmt: skip
_row("uphold", "维持答复", DECISION, at={S.ECHOED}, by={R.CO}, needs=("why", "turn_to"), unless=(ending.third_dispute_came,))
_row(
    "reopen", "退回重办", DECISION, at={S.RESOLVED}, to=S.HANDLING, by={R.COM, R.CO}, needs=("reopen_ground", "why"), when=_somebody_was_in_charge,
    unless=(ending.not_merged,),
)  # fmt: skip
_row(
    "reopen", "退回重办", DECISION, at={S.ECHOED, S.CLOSED}, to=S.HANDLING, by={R.CO}, needs=("reopen_ground", "why"), when=_somebody_was_in_charge,
    unless=(ending.not_merged,),
)  # fmt: skip
_row(
    "reopen", "退回重办", DECISION, at={S.RESOLVED}, to=S.REPORTED, by={R.COM, R.CO}, needs=("reopen_ground", "why"), when=_nobody_was_in_charge,
    unless=(ending.not_merged,),
)  # fmt: skip
_row(
    "reopen", "退回重办", DECISION, at={S.ECHOED, S.CLOSED}, to=S.REPORTED, by={R.CO}, needs=("reopen_ground", "why"), when=_nobody_was_in_charge,
    unless=(ending.not_merged,),
)  # fmt: skip
_row("close", "归档", DECISION, at={S.ECHOED}, to=S.CLOSED, by={R.COM, R.CO, R.SYS}, unless=(ending.everybody_had_the_echo,))

# ── around the case ──────────────────────────────────────────────────────────────────────────

_row("note", "备注", DECISION, at=ANY, by={R.COM, R.OFF, R.HEAD, R.CO}, needs=("words",), fresh=False)
_row(
    "document", "文书", DECISION, at=ANY, by={R.OFF, R.HEAD, R.REV, R.COM, R.PRO, R.CO, R.SYS}, fresh=False, internal=True,
)  # fmt: skip
_row("sample", "抽查", DECISION, at=ANY, by={R.SUP, R.CO}, needs=("sample_way", "settled"), may=("words", "files"), fresh=False)
_row(
    "disclose",
    "查看反映人",
    DECISION,
    at=ANY,
    by={R.CUS},
    needs=("report", "asked_by", "why"),
    unless=(merging.report_is_here, who.did_not_type_it_in),
    fresh=False,
    internal=True,
)
_row(
    "reissue",
    "补发回执",
    DECISION,
    at=ANY,
    by={R.COM},
    needs=("report",),
    unless=(merging.report_is_here,),
    fresh=False,
    internal=True,
)
_row(
    "mask",
    "遮蔽",
    DECISION,
    at=ANY,
    by={R.CO, R.SYS},
    needs=("mask_what", "mask_ground"),
    may=("of", "report"),
    unless=(ending.mask_names_its_object,),
    fresh=False,
)
_row(
    "expire",
    "到期清除",
    DECISION,
    at={S.CLOSED},
    by={R.SYS},
    needs=("kept",),
    unless=(who.nothing_for_the_archive,),
    fresh=False,
    internal=True,
)
_row(
    "correct", "更正", DECISION, at=ANY, by={*STAFF, R.LEAD}, needs=("of", "fact", "words"), may=("compound", "state"),
    unless=(who.wrote_it, ending.correction_is_whole), fresh=False,
)  # fmt: skip

ACTIONS: dict[str, tuple[Row, ...]] = {
    name: tuple(row for row in ROWS if row.action == name) for name in dict.fromkeys(row.action for row in ROWS)
}


def may_be_at(row: Row, state: State, act: Act, context: Context) -> bool:
    """Whether the row is for the stage that is. The police go on with their file in another department's case when that is settled: its lead
    does not know of the file and so cannot wait for it (治安管理处罚法 136)."""
    if state.stage in row.at:
        return True
    body = act.posting.body if act.posting is not None else None
    if body is None or body == state.lead or row.to is not None or row.action not in HIDDEN or state.stage not in AFTER:
        return False
    kept = context.bodies.get(body)
    filing = state.inquiry.file_of(body) is not None
    return filing and kept is not None and kept.code == POLICE and S.HANDLING in row.at


#: Decisions and facts after which a page that was drawn before is out of date.
DISTURBING = frozenset(row.action for row in ROWS if row.fresh) | {"comply", "recheck", "hear", "dispute", "countersign"}


def label(action: str) -> str:
    """Chinese name of an action, the plain one where rows differ. Unknown (retired) actions are shown by their code."""
    rows = ACTIONS.get(action)
    return rows[0].label if rows else action


def is_fact(action: str) -> bool:
    return ACTIONS[action][0].nature is FACT
