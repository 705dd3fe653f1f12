"""Guards of 三查: which lawful step is missing before an act, in the meaning of the statute. Each names the clause and how to make good."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from huiyin.rules import law, privacy, terms
from huiyin.rules.investigation import Decision, File, Notice, Proposal
from huiyin.rules.ledger import Entry, State
from huiyin.rules.roles import Body
from huiyin.rules.workflow import guards as g
from huiyin.rules.workflow.guards import LOCAL_TIME, Act, Basis, Context, Prior, Refusal, guard
from huiyin.rules.workflow.vocabulary import (
    DELIBERATED,
    HEARING_KINDS,
    MILDEST,
    ON_THE_SPOT,
    PENALTIES,
    POLICE_HEARING_KINDS,
    REVIEWED,
    TAUGHT,
    WITHOUT_A_DECISION,
    WITHOUT_FACTS,
    BodyKind,
    Role,
)

POLICE = "gongan"
#: The stable code of 城乡规划法, whose 68 lets every building that was ordered down under it be taken down.
PLANNING = "guihua"
#: 行政处罚法 51; 治安管理处罚法 119. Both ends included (143).
SPOT_LIMITS = {"person": 200, "firm": 3000}
POLICE_SPOT_LIMIT = 500
POLICE_HEARING_FINE = 4000
SMALL_FINE = 100  # 行政处罚法 68
POLICE_SMALL_FINE = 200  # 治安管理处罚法 123
PRESERVE_WORKDAYS = 7  # 行政处罚法 56, 85
SEIZURE_DAYS = 30  # 行政强制法 25
HEARING_NOTICE_WORKDAYS = 7  # 行政处罚法 64 (二), 85
MONTHS_OF_POLICE, YEARS, YEARS_OF_HEALTH = 6, 2, 5  # 治安管理处罚法 25; 行政处罚法 36
URGENT_WITHIN = terms.APPROVE_WITHIN  # 行政强制法 19
SURCHARGE_DAYS = 30  # 行政强制法 46
POLICE_EXTENSIONS = 2  # 治安管理处罚法 118

_PENALTY_NAMES = dict(PENALTIES)


def _because(text: str, *, rule: str = "", fix: str = "", **params: Any) -> Refusal:
    return Refusal(text=text, params=params, rule=rule, fix=fix)


def own_file(state: State, act: Act) -> File | None:
    """The open file of the body that acts: a file's acts are those of the body that opened it."""
    return state.inquiry.file_of(act.posting.body if act.posting else None)


def decision_of(state: State, act: Act) -> Decision | None:
    """The decision an act is about, if it stands."""
    made = state.inquiry.decisions.get(act.data.get("of", 0)) if act.data else None
    return made if made is not None and state.counts(made.seq) and not made.annulled else None


def _body(act: Act, context: Context) -> Body | None:
    return context.bodies.get(act.posting.body or 0) if act.posting else None


def _police(act: Act, context: Context) -> bool:
    body = _body(act, context)
    return body is not None and body.code == POLICE


def _by_police_procedure(state: State, act: Act, context: Context) -> bool:
    """Whether an act follows the procedure of 治安管理处罚法 (141): of the police, on a clause that asks for it."""
    basis = _basis(state, act, context)
    return _police(act, context) and basis is not None and basis.police_procedure


def _basis(state: State, act: Act, context: Context) -> Basis | None:
    """The clause an act rests on: its own, or that of its file's notice or opening."""
    file = own_file(state, act)
    named = act.data.get("basis") or (file.notice.basis if file and file.notice else 0) or (file.basis if file else 0)
    return context.bases.get(named)


def _offence(state: State, act: Act) -> date | None:
    file = own_file(state, act)
    day = act.data.get("offence_on") or (file.offence if file else "")
    return date.fromisoformat(day) if day else None


def _party(state: State, act: Act) -> int | None:
    file = own_file(state, act)
    return act.data.get("party") or (file.party if file and act.action != "spot_penalty" else None)


def _party_kind(state: State, act: Act) -> str:
    return state.inquiry.parties.get(_party(state, act) or 0, "person")


def _punishes(act: Act) -> bool:
    return act.action in {"spot_penalty", "advance_notice"} or act.data.get("decision") == "penalty"


def _listed(kinds: Iterable[str]) -> str:
    return "、".join(_PENALTY_NAMES[kind] for kind in kinds)


def _day(text: str) -> date:
    return date.fromisoformat(text[:10])


# ── who acts, and where ──────────────────────────────────────────────────────────────────────


@guard("MA-01")
def two_officers(state: State, act: Act, context: Context) -> Refusal | None:
    """Two officers (行政处罚法 42, 行政强制法 18), but for one police officer with full recording: questioning, impounding or
    identifying in 执法办案场所 (治安管理处罚法 108), and a spot penalty that nobody disputes (120)."""
    if not act.data:
        return None
    alone = act.data.get("alone", "")
    if not alone:
        if not act.data.get("second"):
            return _because("执法人员不得少于两人，请写第二名执法人员（行政处罚法第四十二条）。", rule="MA-01")
        return g.second_officer_may_sign(state, act, context)
    if act.data.get("second"):
        return _because("写了第二名执法人员，就不是一人执法，请改一处。", rule="MA-01")
    if not _police(act, context) or not _may_be_alone(state, act, context, alone):
        return _because("这种情形不能由一人办理（治安管理处罚法第一百零八、一百二十条）。", rule="MA-01")
    if act.data.get("recorded") != "yes":
        return _because(
            "一名民警办理的，须全程同步录音录像，否则不能作为处罚的根据（治安管理处罚法第一百零八、一百二十条）。", rule="MA-01"
        )
    return None


def _may_be_alone(state: State, act: Act, context: Context, alone: str) -> bool:
    if alone == "undisputed":
        return act.action == "spot_penalty" and _by_police_procedure(state, act, context)
    return act.action == "interview" or (act.action == "seize" and act.data.get("measure") == "impound")


@guard("MA-02")
def id_was_shown(state: State, act: Act, context: Context) -> Refusal | None:
    """Shown unasked; who is not shown it may refuse (行政处罚法 52, 55; 行政强制法 18)."""
    if act.data and act.data.get("id_shown") != "yes":
        return _because("须主动出示执法证件（行政处罚法第五十五条）；没有出示的，只能记“到场”。", rule="MA-02", fix="attend")
    return None


@guard("PR-07")
def within_jurisdiction(state: State, act: Act, context: Context) -> Refusal | None:
    """A township acts on its own ground; the county's departments act in the county (行政处罚法 22, 24)."""
    body = _body(act, context)
    if body is None or body.kind is BodyKind.DEPARTMENT:
        return None
    if body.id not in {context.place.township, context.place.office}:
        return _because("不在本单位管辖的地方（行政处罚法第二十二条）。", rule="PR-07")
    return None


# ── the file ─────────────────────────────────────────────────────────────────────────────────


@guard()
def no_file_of_this_body(state: State, act: Act, context: Context) -> Refusal | None:
    """One file of a body on a case at a time."""
    return _because("本单位在这一件上已有案卷，先结案。", fix="close_file") if own_file(state, act) else None


@guard()
def file_is_open(state: State, act: Act, context: Context) -> Refusal | None:
    """Investigated is what was filed, with the head's approval (行政处罚法 54)."""
    file = own_file(state, act)
    if file is None:
        return _because("本单位还没有立案（行政处罚法第五十四条）。", fix="open_file")
    if not state.counts(file.seq):
        word = "第二名执法人员还没有会签" if file.seq in state.pending else "立案还没有批准"
        return _because("%(word)s。", fix="countersign" if file.seq in state.pending else "approve", word=word)
    return None


@guard()
def party_is_known(state: State, act: Act, context: Context) -> Refusal | None:
    """Who is told, punished or searched is named; a matter without a known party can only be inspected."""
    if not act.data or (act.action == "decide" and not _punishes(act)):
        return None
    party = _party(state, act)
    if party is None or party not in state.inquiry.parties:
        return _because("还没有登记当事人。", fix="name_party")
    return None


@guard("PRE-02")
def clause_punishes(state: State, act: Act, context: Context) -> Refusal | None:
    """A file, notice or penalty rests on a clause of this item that names a liability, is no fiction here, and was law on the day of
    the act; a law that changed since needs the comparison of 行政处罚法 37."""
    if not act.data:
        return None
    basis = _basis(state, act, context)
    if basis is None or basis.item != state.item:
        return _because("请选本事项的依据。", rule="PRE-02")
    if basis.kind != "liability":
        return _because("“%(basis)s”不是罚则，不能据以立案、处罚（行政处罚法第四条）。", rule="PRE-02", basis=basis.label)
    if basis.policing and not _police(act, context):
        return _because("治安管理处罚由公安机关决定（治安管理处罚法第一百零九条）。", rule="PRE-03", fix="request_help")
    if not basis.applies_at(context.place):
        applies = basis.applies or "适用范围不合"
        return _because("“%(basis)s”在这里不适用：%(applies)s。", rule="PRE-02", basis=basis.label, applies=applies)
    if act.action == "decide" and not _punishes(act):
        return None
    return _law_of_the_day(act, basis, _offence(state, act))


def _law_of_the_day(act: Act, basis: Basis, offence: date | None) -> Refusal | None:
    """行政处罚法 37: the law of the day of the act; the new law where it is milder at the decision."""
    if offence is None:
        return None
    then, now = basis.in_force(offence), basis.in_force(act.day)
    compared = act.data.get("compared", "")
    if act.action == "open_file":
        return None if then or now else _not_law(basis)
    if then and now:
        return None
    if then:
        if compared == "old":
            return None
        return _because(
            "“%(basis)s”在决定时已不再有效：须比较新旧规定，新的处罚较轻或不认为违法的，用新的（行政处罚法第三十七条）。",
            rule="PRE-02",
            basis=basis.label,
        )
    if now:
        if compared == "new":
            return None
        return _because(
            "“%(basis)s”在行为发生时还没有施行：比较后新规定较轻的才能适用（行政处罚法第三十七条）。",
            rule="PRE-02",
            basis=basis.label,
        )
    return _not_law(basis)


def _not_law(basis: Basis) -> Refusal:
    return _because("“%(basis)s”在行为发生时、今天都不在有效期内。", rule="PRE-02", basis=basis.label)


@guard()
def within_limitation(state: State, act: Act, context: Context) -> Refusal | None:
    """Two years from the end of the act to its discovery, five for life, health and finance with harm done (行政处罚法 36); six months
    for 治安 (25). Discovered is what was reported."""
    offence = _offence(state, act)
    if not act.data or offence is None:
        return None
    if offence > act.day:
        return _because("违法行为的日子在将来，请再看一下。")
    if act.data.get("filing") == "no" or (act.action == "decide" and not _punishes(act)):
        return None
    basis, found = _basis(state, act, context), state.opened.astimezone(LOCAL_TIME).date()
    if basis is not None and basis.policing:
        over = terms.months_after(offence, MONTHS_OF_POLICE) < found
        law_of, term = "治安管理处罚法第二十五条", "六个月"
    else:
        years = YEARS_OF_HEALTH if _limitation(state, act) == "health" else YEARS
        over = terms.months_after(offence, 12 * years) < found
        law_of, term = "行政处罚法第三十六条", "五年" if years == YEARS_OF_HEALTH else "二年"
    if over:
        return _because("发现时已超过%(term)s，不再处罚（%(law)s）。", term=term, law=law_of)
    return None


def _limitation(state: State, act: Act) -> str:
    """What the act says of the term, or what its file was opened with."""
    file = own_file(state, act)
    opened = state.entry(file.seq) if file and act.action != "spot_penalty" else None
    return str(act.data.get("limitation") or (opened.data.get("limitation", "") if opened else ""))


@guard()
def day_can_be(state: State, act: Act, context: Context) -> Refusal | None:
    """What is recorded as done was done today or before."""
    if act.data and any(act.data.get(name, "") > act.day.isoformat() for name in ("delivered_on", "done_on", "notified_on")):
        return _because("日子在将来，做了再记。")
    return None


@guard()
def not_filing_says_why(state: State, act: Act, context: Context) -> Refusal | None:
    """不立案 is told with its reason (行政处罚法 54, 治安管理处罚法 90)."""
    if act.data and act.data.get("filing") == "no" and not act.data.get("why"):
        return _because("不予立案要写理由。")
    return None


@guard("MA-04")
def something_was_found(state: State, act: Act, context: Context) -> Refusal | None:
    """Facts are established before anybody is told or punished for them (行政处罚法 40, 54); the police punish nobody on the party's own
    statement alone (治安管理处罚法 111)."""
    file = own_file(state, act)
    if file is None or (act.data and act.data.get("decision") in WITHOUT_FACTS):
        return None
    found = [entry for seq in file.evidence if state.counts(seq) and (entry := state.entry(seq)) is not None]
    if not found:
        return _because("还没有生效的检查、询问或检测记录，事实不清不得处罚（行政处罚法第四十条）。", rule="MA-04", fix="inspect")
    own_word = all(entry.action == "interview" and entry.data.get("subject", "party") == "party" for entry in found)
    if act.data and _punishes(act) and own_word and _by_police_procedure(state, act, context):
        return _because("只有本人陈述，没有其他证据的，不能处罚（治安管理处罚法第一百一十一条）。", rule="MA-04", fix="inspect")
    return None


@guard()
def times_run_forward(state: State, act: Act, context: Context) -> Refusal | None:
    """A record begins before it ends, and ends before it is written down."""
    if not act.data or not act.data.get("began"):
        return None
    began, ended = act.data["began"], act.data.get("ended", act.data["began"])
    if ended < began or datetime.fromisoformat(began) > act.at:
        return _because("开始、结束时间不对，请再看一下。")
    return None


@guard()
def signed_or_witnessed(state: State, act: Act, context: Context) -> Refusal | None:
    """Who refuses to sign or is away is noted, with a witness where there is one (治安管理处罚法 104, 行政强制法 18)."""
    if (
        act.data
        and act.data.get("signing") in {"absent", "refused"}
        and not act.data.get("witness")
        and not act.data.get("files")
    ):
        return _because("对方不在场或拒绝签字的，要写明见证人，或者附录音录像、照片。")
    return None


@guard()
def young_people_have_somebody_beside(state: State, act: Act, context: Context) -> Refusal | None:
    """Minors are questioned with a guardian beside them (治安管理处罚法 98); nothing to refuse where the record says who was there."""
    if act.data and act.data.get("guardian") == "unreachable" and not act.data.get("witness"):
        return _because("监护人无法到场的，要写明请了谁到场（治安管理处罚法第九十八条）。")
    return None


# ── telling and hearing ──────────────────────────────────────────────────────────────────────


@guard("MA-06")
def hearing_is_offered(state: State, act: Act, context: Context) -> Refusal | None:
    """Before graver penalties the party is told that a hearing may be asked for (行政处罚法 63, 治安管理处罚法 117). Where a department
    has no line on record, any fine beyond the spot limits asks for it."""
    file = own_file(state, act)
    if not act.data or not _punishes(act) or not needs_hearing(state, act, context):
        return None
    told = (
        act.data.get("hearing_told") == "yes"
        if act.action == "advance_notice"
        else bool(file and file.notice and file.notice.hearing_told)
    )
    if told:
        return None
    return _because(
        "拟作的处罚须告知当事人有权要求听证（行政处罚法第六十三条、治安管理处罚法第一百一十七条）。", rule="MA-06",
        fix="" if act.action == "advance_notice" else "advance_notice",
    )  # fmt: skip


def needs_hearing(state: State, act: Act, context: Context) -> bool:
    """Whether the penalties an act names are of those before which a hearing must be offered."""
    kinds = set(act.data.get("penalties", ()))
    amount, value = act.data.get("amount", 0), act.data.get("value", 0)
    if _by_police_procedure(state, act, context):
        return bool(kinds & POLICE_HEARING_KINDS) or amount >= POLICE_HEARING_FINE
    kind = _party_kind(state, act)
    body = _body(act, context)
    line = body.hearing_line(kind) if body else None
    if line is None:
        line = SPOT_LIMITS[kind] + 1
    return bool(kinds & HEARING_KINDS) or amount >= line or value >= line


@guard("MA-04")
def told_and_heard(state: State, act: Act, context: Context) -> Refusal | None:
    """No penalty without telling what, why, on what ground and with which rights, and hearing the answer, unless waived
    (行政处罚法 44, 45, 62; 治安管理处罚法 112)."""
    file = own_file(state, act)
    if not act.data or not _punishes(act) or file is None:
        return None
    if file.notice is None:
        return _because("还没有处罚事先告知（行政处罚法第四十四、六十二条）。", rule="MA-04", fix="advance_notice")
    if not file.heard:
        return _because("还没有听取陈述、申辩的记录（行政处罚法第四十五、六十二条）。", rule="MA-04", fix="hear")
    return _beyond_what_was_told(act, file.notice)


def _beyond_what_was_told(act: Act, notice: Notice) -> Refusal | None:
    """Less than was announced may be decided at once, a warning or a public reproof in the place of something graver too."""
    kinds, told = set(act.data.get("penalties", ())), set(notice.penalties)
    milder = set(MILDEST) if told - set(MILDEST) else {"warning"} if told else set()
    more = act.data.get("amount", 0) > notice.amount or act.data.get("value", 0) > notice.value
    if kinds <= told | milder and not more and act.data.get("basis") in {None, notice.basis}:
        return None
    return _because(
        "比告知的更重，或者依据不同：不得因申辩加重，改变内容须重新告知（行政处罚法第四十四、四十五条）。",
        rule="MA-04",
        fix="advance_notice",
    )


@guard("MA-04")
def notice_was_given(state: State, act: Act, context: Context) -> Refusal | None:
    """What is answered was announced first."""
    file = own_file(state, act)
    if file is None or file.notice is None:
        return _because("还没有处罚事先告知。", rule="MA-04", fix="advance_notice")
    return None


@guard("MA-04")
def silence_is_over(state: State, act: Act, context: Context) -> Refusal | None:
    """Silence counts when the time that was given is over: the notice's own and, where a hearing was offered, five workdays (行政处罚法 64)."""
    file = own_file(state, act)
    if not act.data or act.data.get("heard") != "silent" or file is None or file.notice is None:
        return None
    notice = file.notice
    written = state.entry(notice.seq)
    last = _day(written.data["due"]) if written and written.data.get("due") else _day(notice.delivered)
    if notice.hearing_told:
        last = max(last, terms.hearing_may_be_asked_until(_day(notice.delivered), context.calendar))
    if act.day <= last:
        return _because("陈述、申辩或者要求听证的期限到 %(day)s，过了才能记“期满没有提出”。", rule="MA-04", day=last.isoformat())
    return None


@guard("MA-04")
def waiver_is_written(state: State, act: Act, context: Context) -> Refusal | None:
    """A waiver is explicit: on paper or recorded (行政处罚法 45, 62)."""
    if act.data and act.data.get("heard") in {"waived", "waived_all"} and not act.data.get("files"):
        return _because("明确放弃陈述、申辩的，要附书面材料或者录音录像。", rule="MA-04")
    return None


@guard("MA-06")
def hearing_was_asked_in_time(state: State, act: Act, context: Context) -> Refusal | None:
    """A hearing is asked for by somebody who was told of it (行政处罚法 63); who gave it up asks for none. What came after five workdays
    (64) the office may grant or write down as not asked for."""
    file = own_file(state, act)
    if not act.data or act.data.get("asks_hearing") != "yes" or file is None or file.notice is None:
        return None
    if not file.notice.hearing_told:
        return _because("告知时没有告知听证权利；要听证的，先重新告知。", rule="MA-06", fix="advance_notice")
    if act.data.get("heard") == "waived_all":
        return _because("放弃听证和要求听证只能记一样。", rule="MA-06")
    return None


@guard("MA-06")
def hearing_is_settled(state: State, act: Act, context: Context) -> Refusal | None:
    """A hearing that was asked for is held; one that was offered may still be asked for during five workdays (行政处罚法 63, 64). Who has
    nothing to say to the facts has not yet given up the hearing."""
    file = own_file(state, act)
    if not act.data or not _punishes(act) or file is None or file.notice is None or not file.notice.hearing_told:
        return None
    if file.asks_hearing and not file.hearing:
        return _because("当事人要求听证，还没有听证（行政处罚法第六十三条）。", rule="MA-06", fix="hold_hearing")
    last = terms.hearing_may_be_asked_until(_day(file.notice.delivered), context.calendar)
    if not file.asks_hearing and file.heard != "waived_all" and act.day <= last:
        return _because(
            "当事人可以要求听证到 %(day)s，过了才能决定（行政处罚法第六十四条）。", rule="MA-06", day=last.isoformat()
        )
    return None


@guard("MA-06")
def hearing_was_asked(state: State, act: Act, context: Context) -> Refusal | None:
    """A hearing answers a request."""
    file = own_file(state, act)
    if file is None or not file.asks_hearing:
        return _because("当事人没有要求听证。", rule="MA-06", fix="hear")
    return None


@guard("MA-06")
def chair_did_not_investigate(state: State, act: Act, context: Context) -> Refusal | None:
    """指定的非本案调查人员主持 (行政处罚法 64 (四))."""
    file = own_file(state, act)
    if act.data and file is not None and act.data.get("chair") in file.officers | file.investigators | state.recused:
        return _because("听证由非本案调查人员主持（行政处罚法第六十四条）。", rule="MA-06")
    return None


@guard("MA-06")
def hearing_was_announced_in_time(state: State, act: Act, context: Context) -> Refusal | None:
    """Seven workdays before (行政处罚法 64 (二), 85)."""
    if not act.data:
        return None
    told, held = _day(act.data["notified_on"]), _day(act.data["held_on"])
    if held > act.day:
        return _because("听证举行之后再记。")
    if terms.workdays(told, held, context.calendar) < HEARING_NOTICE_WORKDAYS:
        return _because("听证要在举行的七个工作日前通知（行政处罚法第六十四、八十五条）。", rule="MA-06")
    return None


# ── review, deliberation, decision ───────────────────────────────────────────────────────────


@guard("MA-07")
def reviewer_is_another(state: State, act: Act, context: Context) -> Refusal | None:
    """Who handles a file or its case does not review it (行政处罚法 58)."""
    file = own_file(state, act)
    if file is not None and act.person in file.officers | file.investigators | {state.handler}:
        return _because("办案的人不审核自己办的案（行政处罚法第五十八条）。", rule="MA-07")
    return None


@guard("MA-07")
def decider_is_another(state: State, act: Act, context: Context) -> Refusal | None:
    """Who investigated or reviewed a file, or handles its case, does not decide it."""
    file = own_file(state, act)
    if file is None:
        return None
    if act.person in file.officers | file.investigators:
        return _because("调查的人不作决定，请负责人决定（行政处罚法第五十七条）。", rule="MA-07")
    if act.person == state.handler:
        return _because("您是经办人，请另定经办人，或者由别的负责人决定（行政处罚法第五十七条）。", rule="MA-07", fix="entrust")
    if act.person in file.reviewers:
        return _because("审核的人不作决定（行政处罚法第五十八条）。", rule="MA-07")
    return None


@guard("MA-07")
def review_was_passed(state: State, act: Act, context: Context) -> Refusal | None:
    """未经法制审核或者审核未通过的，不得作出决定 (行政处罚法 58, 治安管理处罚法 114): after a hearing about grave rights, in the public
    interest, in intricate matters, and where a statute says so. A review that failed stands in the way of any penalty."""
    file = own_file(state, act)
    if not act.data or act.data.get("decision") != "penalty" or file is None:
        return None
    asked = bool(set(act.data.get("circumstances", ())) & REVIEWED) or file.hearing == "held"
    if file.review == "no":
        return _because("法制审核没有通过，不得决定（行政处罚法第五十八条）。", rule="MA-07", fix="review")
    if asked and file.review != "yes":
        return _because("须先经法制审核（行政处罚法第五十八条）。", rule="MA-07", fix="review")
    return None


@guard("MA-07")
def deliberated_where_asked(state: State, act: Act, context: Context) -> Refusal | None:
    """情节复杂或者重大违法行为，负责人应当集体讨论决定 (行政处罚法 57, 治安管理处罚法 113)."""
    file = own_file(state, act)
    if not act.data or act.data.get("decision") != "penalty" or file is None:
        return None
    if set(act.data.get("circumstances", ())) & DELIBERATED and file.deliberated is None:
        return _because("情节复杂或者重大违法的，须先集体讨论（行政处罚法第五十七条）。", rule="MA-07", fix="deliberate")
    return None


@guard()
def several_deliberate(state: State, act: Act, context: Context) -> Refusal | None:
    """A deliberation has more than one member, none of whom stood aside (行政处罚法 43, 57)."""
    members = set(act.data.get("members", ())) | {act.person} if act.data else set()
    if members & state.recused:
        return _because("参加人里有人已对本件回避。", rule="CR-07")
    if act.data and len(members) < 2:
        return _because("集体讨论要有两人以上参加。")
    return None


@guard()
def circumstances_are_plain(state: State, act: Act, context: Context) -> Refusal | None:
    """None of them, or which."""
    told = act.data.get("circumstances", ()) if act.data else ()
    if "none" in told and len(told) > 1:
        return _because("选了“都没有”，就不能再选别的。")
    return None


@guard()
def not_decided_yet(state: State, act: Act, context: Context) -> Refusal | None:
    """One decision for a file; a new one after the old was annulled needs a new file."""
    file = own_file(state, act)
    if file is not None and file.decision:
        return _because("本案已有决定。改变决定的，先撤销原决定再立案。", fix="close_file")
    return None


@guard("MA-05")
def kinds_are_lawful(state: State, act: Act, context: Context) -> Refusal | None:
    """Only kinds that the clause or the item's measures name (行政处罚法 4, 38, 76). 违法所得 is confiscated whatever the clause says (28), a
    reduced penalty may be a milder kind (32); detention is for the police alone (18), and 治安管理处罚法 punishes people, not firms (18 of it)."""
    if not act.data or not _punishes(act):
        return None
    kinds = act.data.get("penalties", ())
    if not kinds:
        return _because("处罚要写种类。", rule="MA-05")
    basis = _basis(state, act, context)
    named = law.kinds_in(basis.quote) if basis else frozenset()
    detains = _police(act, context) and basis is not None and (basis.policing or "detention" in named)
    if "detention" in kinds and not detains:
        return _because("行政拘留只能由公安机关依照治安管理处罚等法律决定（行政处罚法第十八条）。", rule="MA-05")
    if basis is not None and basis.policing and _party_kind(state, act) == "firm" and "单位" not in basis.quote:
        return _because(
            "单位违反治安管理的，处罚其直接负责的主管人员和其他直接责任人员（治安管理处罚法第十八条）。",
            rule="MA-05",
            fix="name_party",
        )
    able = {*named, "confiscation", *(context.item.measures if context.item else ())}
    if act.data.get("mitigation") == "reduced":
        able |= set(MILDEST)
    strange = [kind for kind in kinds if named and kind not in able]
    if strange and basis is not None:
        return _because("“%(basis)s”没有规定%(kinds)s。", rule="MA-05", basis=basis.label, kinds=_listed(strange))
    if ("fine" in kinds) != bool(act.data.get("amount")):
        return _because("罚款要写数额；不罚款就不写。", rule="MA-05")
    return None


@guard("MA-05")
def within_range(state: State, act: Act, context: Context) -> Refusal | None:
    """In the clause's range (行政处罚法 76); below it only where the penalty is reduced (32), above it never. Judged is what is certain: a
    range that the list gives the clause, or, of what its words and the item say, none that would hold the sum."""
    if not act.data or not _punishes(act) or "fine" not in act.data.get("penalties", ()):
        return None
    basis, amount = _basis(state, act, context), act.data.get("amount", 0)
    ranges = ranges_of(basis, context, _party_kind(state, act)) if basis else ()
    if basis is None or not ranges or any(low <= amount <= high for low, high in ranges):
        return None
    low, high = min(low for low, _ in ranges), max(high for _, high in ranges)
    if amount < low and act.data.get("mitigation") == "reduced":
        return None
    return _because(
        "“%(basis)s”的幅度是 %(low)s 至 %(high)s 元；减轻处罚要选“减轻”并写事由（行政处罚法第三十二、七十六条）。", rule="MA-05",
        basis=basis.label, low=low, high=high,
    )  # fmt: skip


def ranges_of(basis: Basis, context: Context, kind: str) -> tuple[tuple[int, int], ...]:
    """The ranges in yuan that may hold for a kind of party; empty where only words describe them (a share of a price, a local rule)."""
    stated = basis.fine.get(kind)
    if stated:
        return ((int(stated[0]), int(stated[1])),)
    measures = context.item.measures if context.item else {}
    if measures.get(f"fine_{kind}_note") or basis.fine.get("note"):
        return ()
    found = [law.range_in(basis.quote), measures.get(f"fine_{kind}_yuan")]
    return tuple((int(one[0]), int(one[1])) for one in found if one)


@guard("MA-08")
def no_second_fine(state: State, act: Act, context: Context) -> Refusal | None:
    """不得给予两次以上罚款 for one act (行政处罚法 29): whoever fined it first and by whatever clause, here or in another case. What went on
    after that decision is another act; so is what the office says was another one, on another day or in another case."""
    if not act.data or not _punishes(act) or "fine" not in act.data.get("penalties", ()):
        return None
    party, offence = _party(state, act), _offence(state, act)
    another = act.data.get("other_act") == "yes"
    for made in state.punished:
        if "fine" not in made.penalties or made.party != party or not _same_act(offence, made.at.astimezone(LOCAL_TIME).date()):
            continue
        if not (another and offence is not None and made.offence != offence.isoformat()):
            return _because(
                "同一违法行为已经罚过款（第 %(seq)s 条），不得再次罚款（行政处罚法第二十九条）。", rule="MA-08", seq=made.seq
            )
    for prior in context.before:
        if prior.kind != "fine" or prior.same != "party" or not _same_act(offence, prior.day) or another:
            continue
        if prior.item == state.item or (prior.offence is not None and prior.offence == offence):
            return _because(
                "同一违法行为在 %(case)s 已经罚过款，不得再次罚款（行政处罚法第二十九条）。", rule="MA-08", case=prior.case
            )
    return None


def _same_act(offence: date | None, fined: date) -> bool:
    return offence is None or offence <= fined


@guard("MA-08")
def the_higher_clause(state: State, act: Act, context: Context) -> Refusal | None:
    """One act under several clauses: punished by the one with the higher fine (行政处罚法 29)."""
    others = [one for one in map(context.bases.get, act.data.get("also_bases", ())) if one is not None] if act.data else []
    offence = _offence(state, act) or act.day
    others = [one for one in others if one.kind == "liability" and one.in_force(offence) and one.applies_at(context.place)]
    basis = _basis(state, act, context)
    if not others or basis is None or not _punishes(act) or "fine" not in act.data.get("penalties", ()):
        return None
    kind = _party_kind(state, act)
    mine = max((high for _, high in ranges_of(basis, context, kind)), default=None)
    for other in others:
        theirs = max((high for _, high in ranges_of(other, context, kind)), default=None)
        if mine is not None and theirs is not None and theirs > mine:
            return _because("“%(basis)s”的罚款数额更高，应按它处罚（行政处罚法第二十九条）。", rule="MA-08", basis=other.label)
    return None


@guard("MA-03")
def prior_step_taken(state: State, act: Act, context: Context) -> Refusal | None:
    """The clause itself demands an earlier order, warning or dissuasion that was in vain (for example 治安管理处罚法 88, 89): sought in
    this case and in earlier ones against the same party or, party unknown, at the same place and item. A warning by itself needs no
    earlier warning, and the clause's own exception none at all."""
    basis, offence = _basis(state, act, context), _offence(state, act)
    if not act.data or not _punishes(act) or basis is None or offence is None:
        return None
    if not basis.requires_first:
        return _graver_after_refusal(state, act, context, basis, offence)
    if basis.unless and act.data.get("exempt") == "yes":
        return None
    if basis.requires_first == {"warning"} and set(act.data.get("penalties", ())) == {"warning"}:
        return None
    if _was_in_vain(basis.requires_first, state, act, context, offence):
        return None
    name = {"order": "责令改正", "warning": "警告", "dissuade": "劝阻、调解"}
    first = min(basis.requires_first)
    return _because(
        "“%(basis)s”以先行%(first)s、之后仍不停止为前提，还没有这样的记录。", rule="MA-03",
        fix={"order": "order", "warning": "spot_penalty", "dissuade": "dissuade"}[first],
        basis=basis.label, first="或".join(name[one] for one in sorted(basis.requires_first)),
    )  # fmt: skip


def _graver_after_refusal(state: State, act: Act, context: Context, basis: Basis, offence: date) -> Refusal | None:
    """A clause that punishes at once and asks for more of who does not correct (拒不改正的，…): that more needs an order in vain."""
    first, more = law.after_refusal(basis.quote)
    usual, kinds = law.range_in(first), set(act.data.get("penalties", ()))
    graver = kinds & (law.kinds_in(more) - law.kinds_in(first)) - {"confiscation"}
    higher = usual is not None and law.range_in(more) is not None and act.data.get("amount", 0) > usual[1]
    if not more or not (graver or higher) or _was_in_vain(frozenset({"order"}), state, act, context, offence):
        return None
    return _because(
        "“%(basis)s”对拒不改正的才这样处罚，还没有责令改正、之后仍不改正的记录。", rule="MA-03", fix="order", basis=basis.label
    )


def _was_in_vain(kinds: frozenset[str], state: State, act: Act, context: Context, offence: date) -> bool:
    steps = steps_before(state, context, _party(state, act))
    return any(step.kind in kinds and step.item == state.item and _in_vain(step, offence) for step in steps)


def _in_vain(step: Prior, offence: date) -> bool:
    """The act that is punished went on after it: when its term was over, or on its last day when it was seen that nothing had changed.
    What was complied with is in vain when it began anew on a later day."""
    if step.until is None:
        return offence >= step.day
    return offence > step.until or (step.refused and offence >= step.until)


def steps_before(state: State, context: Context, party: int | None = None) -> list[Prior]:
    """Dissuasions, orders and warnings that stand: of this case (warnings of this party) and of others."""
    found = list(context.before)
    for entry in state.did("dissuade", "mediate"):
        found.append(_prior("dissuade", state, entry.happened))
    for seq, order in state.orders.items():
        if order.counted and not order.withdrawn:
            written = state.entry(seq)
            assert written is not None
            until = order_until(state, seq)
            found.append(_prior("order", state, written.happened, until, refused=order.complied == "no"))
    for made in state.punished:
        if "warning" in made.penalties and (party is None or made.party in {None, party}):
            found.append(_prior("warning", state, made.at))
    return found


def order_until(state: State, seq: int) -> date:
    """The day through which an order keeps its addressee from blame: its term or, when it was complied with, the day that was seen."""
    order = state.orders[seq]
    seen = [entry.happened for entry in state.did("comply") if entry.data["of"] == seq and entry.data["corrected"] == "yes"]
    due = date.fromisoformat(order.due)
    return max(due, max(seen).astimezone(LOCAL_TIME).date()) if seen and order.complied == "yes" else due


def _prior(kind: str, state: State, moment: datetime, until: date | None = None, *, refused: bool = False) -> Prior:
    day = moment.astimezone(LOCAL_TIME).date()
    return Prior(kind=kind, same="party", case="", item=state.item, day=day, until=until, refused=refused)


@guard()
def taught_instead(state: State, act: Act, context: Context) -> Refusal | None:
    """依法不予行政处罚的，应当对当事人进行教育 (行政处罚法 33)."""
    if act.data and act.data.get("decision") in TAUGHT and act.data.get("educated") != "yes":
        return _because("不予处罚的，应当对当事人进行教育并记录（行政处罚法第三十三条）。")
    return None


@guard()
def slight_means_corrected(state: State, act: Act, context: Context) -> Refusal | None:
    """Both ways out of 行政处罚法 33 need that it was corrected in time; the second that it is the first time."""
    decision = act.data.get("decision") if act.data else ""
    if decision not in {"slight", "first"}:
        return None
    complied = any(order.complied == "yes" and not order.withdrawn for order in state.orders.values())
    last = g.last_recheck(state)
    stopped = any(entry.data.get("stopped") == "yes" for entry in state.did("dissuade"))
    if not complied and not stopped and (last is None or last.data.get("state") != "stopped"):
        return _because("没有“已及时改正”的记录（行政处罚法第三十三条）。", fix="recheck")
    party = _party(state, act)
    earlier = [made for made in state.punished if made.party == party]
    known = [
        prior
        for prior in context.before
        if prior.same == "party" and prior.item == state.item and prior.kind in {"fine", "warning", "penalty"}
    ]
    if decision == "first" and (earlier or known):
        return _because("不是初次违法：以前已受过处罚（行政处罚法第三十三条）。")
    return None


# ── on the spot ──────────────────────────────────────────────────────────────────────────────


@guard("MA-05")
def within_spot_limit(state: State, act: Act, context: Context) -> Refusal | None:
    """警告, or fines up to 200 yuan for a person and 3,000 for a firm (行政处罚法 51); for 治安 up to 500 (119)."""
    if not act.data:
        return None
    strange = [kind for kind in act.data.get("penalties", ()) if kind not in ON_THE_SPOT]
    amount = act.data.get("amount", 0)
    policing = _by_police_procedure(state, act, context)
    limit = POLICE_SPOT_LIMIT if policing else SPOT_LIMITS[_party_kind(state, act)]
    if strange or amount > limit:
        return _because(
            "当场处罚只能警告或者罚款 %(limit)s 元以下；超过的要立案（%(law)s）。", rule="MA-05", fix="open_file", limit=limit,
            law="治安管理处罚法第一百一十九条" if policing else "行政处罚法第五十一条",
        )  # fmt: skip
    return None


@guard("MA-04")
def told_on_the_spot(state: State, act: Act, context: Context) -> Refusal | None:
    """On the spot too the party is told and heard (行政处罚法 44, 45)."""
    if act.data and (act.data.get("rights_told") != "yes" or act.data.get("heard_there") != "yes"):
        return _because("当场处罚也要告知事实、理由、依据和权利，并听取陈述申辩（行政处罚法第四十四、四十五条）。", rule="MA-04")
    return None


@guard("PR-06")
def collected_lawfully(state: State, act: Act, context: Context) -> Refusal | None:
    """Who fines does not collect (行政处罚法 67), but: up to 100 yuan, what could not be collected later, remote places at the party's
    wish (68, 69); the police up to 200 undisputed (治安管理处罚法 123). Never without the state's receipt (70)."""
    if not act.data:
        return None
    way, amount = act.data.get("collection", "none"), act.data.get("amount", 0)
    if way in {"bank", "none"}:
        return None
    if way == "small" and amount > SMALL_FINE:
        return _because("当场收缴限一百元以下（行政处罚法第六十八条）。", rule="PR-06")
    if way == "undisputed" and not (_by_police_procedure(state, act, context) and amount <= POLICE_SMALL_FINE):
        return _because("这种当场收缴只限公安机关二百元以下、对方无异议（治安管理处罚法第一百二十三条）。", rule="PR-06")
    if not act.data.get("ticket"):
        return _because("当场收缴必须出具财政部门统一制发的专用票据，请写票据号（行政处罚法第七十条）。", rule="PR-06")
    return None


# ── serving, performing, publishing ──────────────────────────────────────────────────────────


@guard()
def decision_stands(state: State, act: Act, context: Context) -> Refusal | None:
    """What is served, performed, enforced or published is a decision that stands."""
    able = [made for made in state.inquiry.decisions.values() if state.counts(made.seq) and not made.annulled]
    if not able:
        return _because("还没有生效的决定。", fix="decide")
    if act.data and decision_of(state, act) is None:
        return _because("请选一份生效的决定。")
    return None


@guard()
def something_to_enforce(state: State, act: Act, context: Context) -> Refusal | None:
    """Enforced is a decision that stands; what lies in a road or a public place is cleared at once without any (行政强制法 34, 52)."""
    if not act.data or act.data.get("means") == "clear":
        return None
    return decision_stands(state, act, context)


@guard()
def of_the_same_body(state: State, act: Act, context: Context) -> Refusal | None:
    """A decision is served, performed to, taken to court and published by the body that made it."""
    made = decision_of(state, act)
    if made is not None and act.posting is not None and made.body != act.posting.body:
        return _because("这份决定是别的单位作出的。")
    return None


@guard("SA-05")
def served_on_a_day_that_can_be(state: State, act: Act, context: Context) -> Refusal | None:
    """After the decision and not in the future; 电子送达 needs a signed confirmation, 留置 a witness or a recording (行政处罚法 61)."""
    made = decision_of(state, act)
    if made is None:
        return None
    day = _day(act.data["served_on"])
    if not made.at.astimezone(LOCAL_TIME).date() <= day <= act.day:
        return _because("送达日期不对：在决定之后、今天以前。")
    if act.data["way"] == "electronic" and not act.data.get("files"):
        return _because("电子送达要附当事人签的确认书（行政处罚法第六十一条）。")
    if act.data["way"] == "left" and not act.data.get("witness") and not act.data.get("files"):
        return _because("留置送达要写见证人，或者附照片、录像。")
    return None


@guard()
def served_first(state: State, act: Act, context: Context) -> Refusal | None:
    """Nothing follows from a decision that did not reach the party."""
    made = decision_of(state, act)
    if made is not None and not made.served:
        return _because("决定还没有送达当事人（行政处罚法第六十一条）。", fix="serve")
    return None


@guard("MA-15")
def not_of_the_police(state: State, act: Act, context: Context) -> Refusal | None:
    """违反治安管理的记录应当予以封存 (治安管理处罚法 136): by the law it rests on, whoever made it. What the police fine under another law
    is not shown here either (a rule of this system), or what is missing would tell what is sealed; offices publish that elsewhere."""
    if _police(act, context):
        return _because(
            "公安机关的处罚不在这里公示，免得从缺了什么看出哪些封存（治安管理处罚法第一百三十六条；依其他法律的，按本系统的做法）。",
            rule="MA-15",
        )
    own = [made for made in state.inquiry.decisions.values() if act.posting is None or made.body == act.posting.body]
    able = [decision_of(state, act)] if act.data else own
    bases = [context.bases.get(made.basis) for made in able if made is not None]
    if bases and all(basis is not None and basis.policing for basis in bases):
        return _because("治安管理处罚的记录应当封存，不得公开（治安管理处罚法第一百三十六条）。", rule="MA-15")
    return None


@guard("MA-15")
def public_words_name_nobody(state: State, act: Act, context: Context) -> Refusal | None:
    """个人隐私应当保密 (行政处罚法 50): what is made public holds no numbers and no doors; names are looked for where they are known."""
    found = privacy.points_to_somebody(act.data.get("public", "")) if act.data else []
    if found:
        what = "、".join(privacy.FOUND[code] for code in found)
        return _because("公示的话里有%(what)s，请删去（行政处罚法第五十条）。", rule="MA-15", what=what)
    return None


@guard()
def is_published(state: State, act: Act, context: Context) -> Refusal | None:
    """Only what is public is taken down."""
    public = {made.seq for made in state.inquiry.decisions.values() if made.published}
    if not public or (act.data and act.data["of"] not in public):
        return _because("没有公示的决定。")
    return None


@guard()
def is_not_published(state: State, act: Act, context: Context) -> Refusal | None:
    """Once."""
    made = decision_of(state, act)
    return _because("这份决定已经公示。") if made is not None and made.published else None


# ── measures and enforcement ─────────────────────────────────────────────────────────────────


def approved_proposal(state: State, act: Act, what: str) -> Proposal | None:
    """The head's approval that an act uses: of the same body, for the same thing, not used before."""
    body = act.posting.body if act.posting else None
    able = state.inquiry.proposals.values()
    return next((one for one in able if one.what == what and one.body == body and one.approved and one.used is None), None)


@guard("MA-09")
def approved_first(state: State, act: Act, context: Context) -> Refusal | None:
    """The head approves first (行政处罚法 56, 行政强制法 18); an urgent measure, and clearing at once what lies in a road, within 24
    hours after (19, 52). A head's No is followed by lifting it at once."""
    what = act.action
    if approved_proposal(state, act, what) is not None:
        return None
    if not act.data and what != "preserve":
        return None
    urgent = act.data.get("urgent") == "yes"
    if urgent and (what == "seize" or act.data.get("means") == "clear"):
        return None
    return _because(
        "须先报负责人批准（行政处罚法第五十六条、行政强制法第十八条）；情况紧急的强制措施可先做，二十四小时内补批。",
        rule="MA-09",
        fix="propose",
    )


@guard("MA-09")
def measure_has_its_law(state: State, act: Act, context: Context) -> Refusal | None:
    """查封、扣押 only where a statute or 行政法规 gives the power (行政强制法 10, 17, 22)."""
    if not act.data:
        return None
    basis = context.bases.get(act.data["basis"])
    if basis is None or basis.item != state.item:
        return _because("请选本事项的依据。", rule="PRE-02")
    if _police_impounds(act, context, basis):
        return None
    if basis.kind != "force":
        return _because("“%(basis)s”没有授权采取强制措施（行政强制法第十七、二十二条）。", rule="MA-09", basis=basis.label)
    if not basis.in_force(act.day) or not basis.applies_at(context.place):
        return _because("“%(basis)s”今天或者在这里不适用。", rule="PRE-02", basis=basis.label)
    wanted = {"seal_place": "seal", "seal_things": "seal", "impound": "impound"}.get(act.data.get("measure", ""))
    powers = law.powers_in(basis.quote)
    if wanted and powers and wanted not in powers:
        word = {"seal": "查封", "impound": "扣押"}[wanted]
        return _because("“%(basis)s”没有写%(word)s（行政强制法第十七、二十二条）。", rule="MA-09", basis=basis.label, word=word)
    return None


def _police_impounds(act: Act, context: Context, basis: Basis) -> bool:
    """Things that are needed as evidence are impounded by the police in every 治安 case (治安管理处罚法 105)."""
    return _police(act, context) and basis.policing and act.data.get("measure") == "impound" and basis.in_force(act.day)


@guard("MA-09")
def measure_is_made_properly(state: State, act: Act, context: Context) -> Refusal | None:
    """Told and heard on the spot (行政强制法 18 (五)(六)), and no necessities of life (23). What the police impound on the spot before the
    approval is recorded in full (治安管理处罚法 105)."""
    if not act.data:
        return None
    at_once = approved_proposal(state, act, "seize") is None and act.data.get("measure") == "impound"
    if at_once and _police(act, context) and act.data.get("recorded") != "yes":
        return _because("当场实施扣押的，应当全程同步录音录像（治安管理处罚法第一百零五条）。", rule="MA-09")
    if act.data.get("rights_told") != "yes" or act.data.get("heard_there") != "yes":
        return _because("当场告知理由、依据、权利，并听取陈述申辩（行政强制法第十八条）。", rule="MA-09")
    if act.data.get("necessities") == "yes":
        return _because("不得查封、扣押公民个人及其所扶养家属的生活必需品（行政强制法第二十三条）。", rule="MA-09")
    return None


@guard("MA-11")
def measure_is_short(state: State, act: Act, context: Context) -> Refusal | None:
    """Seven workdays for 先行登记保存 (行政处罚法 56, 85), 30 days for 查封、扣押 (行政强制法 25)."""
    if not act.data:
        return None
    until = _day(act.data["until"])
    if act.action == "preserve":
        last = terms.workdays_after(act.day, PRESERVE_WORKDAYS, context.calendar)
        text = "先行登记保存最多七个工作日，到 %(day)s（行政处罚法第五十六、八十五条）。"
    else:
        last = act.day + timedelta(days=SEIZURE_DAYS)
        text = "查封、扣押不得超过三十日，到 %(day)s（行政强制法第二十五条）。"
    if not act.day <= until <= last:
        return _because(text, rule="MA-11", day=last.isoformat())
    return None


@guard()
def measure_stands(state: State, act: Act, context: Context) -> Refusal | None:
    """Lifted is what stands."""
    mine = [one.seq for one in state.inquiry.standing_measures if act.posting is None or one.body == act.posting.body]
    if not mine or (act.data and act.data["of"] not in mine):
        return _because("没有还在的登记保存或者强制措施。")
    return None


@guard()
def proposal_makes_sense(state: State, act: Act, context: Context) -> Refusal | None:
    """What is put to the head can be approved: one at a time, and a term is prolonged only where the law lets it."""
    if not act.data:
        return None
    what, body = act.data["proposed"], act.posting.body if act.posting else None
    if any(one.what == what and one.body == body and one.seq in state.unapproved for one in state.inquiry.proposals.values()):
        return _because("同样的呈批还没有批。")
    if what == "longer_file":
        return _longer_file(state, act, context)
    if what == "longer_seizure":
        measure = state.inquiry.measures.get(act.data.get("of", 0))
        if measure is None or measure.lifted or measure.kind == "preserve" or measure.longer or measure.body != body:
            return _because("请选一项还在、没有延长过的查封或扣押（行政强制法第二十五条：只能延长一次，三十日）。")
        return _still_runs(terms.seized_until(state, measure), act)
    return None


def _still_runs(last: date, act: Act) -> Refusal | None:
    """What has run out is not prolonged."""
    if act.day <= last:
        return None
    return _because("期限已在 %(day)s 届满，不能再延长。", rule="MA-11", fix="lift", day=last.isoformat())


def _longer_file(state: State, act: Act, context: Context) -> Refusal | None:
    file = own_file(state, act)
    if file is None:
        return _because("本单位还没有立案。", fix="open_file")
    basis = context.bases.get(file.basis)
    if basis is None or not basis.police_procedure:
        return _because("九十日的办案期限没有一般的延长规定（行政处罚法第六十条）；法律、法规、规章另有规定的，写在协调记录里。")
    if file.longer >= POLICE_EXTENSIONS:
        return _because("办案期限只能延长两次（治安管理处罚法第一百一十八条）。")
    if not act.data.get("document"):
        return _because("要写上一级公安机关批准的文号（治安管理处罚法第一百一十八条）。")
    return _still_runs(terms.file_until(file, police=True), act)


@guard("MA-09")
def approver_is_the_head(state: State, act: Act, context: Context) -> Refusal | None:
    """The head of the body that acts, who neither wrote nor seconded it nor handles the case."""
    body = act.posting.body if act.posting else None
    mine = [seq for seq in state.unapproved if (written := state.entry(seq)) is not None and context.body(written) == body]
    if not mine:
        return _because("没有等您审批的呈批。")
    if not act.data:
        return None
    if act.data["of"] not in mine:
        return _because("这一条不由您审批。")
    written = state.entry(act.data["of"])
    if written is not None and act.person in {context.person(written), written.data.get("second")}:
        return _because("自己办的，由别的负责人审批。", rule="MA-09")
    if act.person == state.handler:
        return _because("您是经办人，请另定经办人，或者由别的负责人审批。", rule="MA-09", fix="entrust")
    if act.data.get("yes") == "no" and not act.data.get("why"):
        return _because("不同意要写理由。")
    return None


@guard("MA-09")
def approved_in_time(state: State, act: Act, context: Context) -> Refusal | None:
    """What was done in an emergency is approved within 24 hours, else it is lifted (行政强制法 19); what was approved by word or on paper
    and written down later says when, with the paper."""
    written = state.entry(act.data.get("of", 0)) if act.data else None
    if written is None or act.data.get("yes") != "yes":
        return None
    said = act.data.get("given_at")
    given = datetime.fromisoformat(said) if said else act.at
    if said and not written.at <= given <= act.at:
        return _because("批准的时间不对：在先做之后、现在以前。")
    if said and not act.data.get("files"):
        return _because("先口头或书面批准、后补录的，要附批准材料。")
    last = _prolongs_until(state, written, context)
    if last is not None and given.astimezone(LOCAL_TIME).date() > last:
        return _because("期限已在 %(day)s 届满，不能再延长。", rule="MA-11", fix="lift", day=last.isoformat())
    if written.action in {"seize", "enforce"} and given >= written.at + URGENT_WITHIN:
        return _because(
            "已超过二十四小时，不能再补批：请不同意并立即解除；仍有必要的，重新呈批（行政强制法第十九条）。",
            rule="MA-09",
            fix="lift",
        )
    return None


def _prolongs_until(state: State, written: Entry, context: Context) -> date | None:
    """The last day of what a proposal would prolong; None for any other entry."""
    proposed = written.data.get("proposed")
    measure = state.inquiry.measures.get(written.data.get("of", 0))
    if proposed == "longer_seizure" and measure is not None:
        return terms.seized_until(state, measure)
    file = state.inquiry.file_of(written.data.get("body"))
    return terms.file_until(file, police=True) if proposed == "longer_file" and file is not None else None


@guard("MA-09")
def has_power_to_enforce(state: State, act: Act, context: Context) -> Refusal | None:
    """行政强制执行由法律设定 (行政强制法 13): a surcharge (45), standing in (50) and clearing at once (52) are open to whoever decided; all
    else needs a clause that gives the power, or the court. What was impounded may be sold for a fine without it (46), and 城乡规划法 68 gives it
    for every decision under that law."""
    means = act.data.get("means", "") if act.data else ""
    if means in {"", "surcharge", "stand_in", "clear"}:
        return None
    mine = [basis for basis in context.bases.values() if basis.item == state.item and basis.kind == "force"]
    powers = frozenset().union(*(law.powers_in(basis.quote) for basis in mine if basis.in_force(act.day)))
    wanted = {"demolish": "demolish", "collect": "collect", "cut_off": "cut_off"}.get(means, "enforce")
    held = means == "collect" and any(
        act.posting is not None and one.body == act.posting.body and one.kind != "preserve"
        for one in state.inquiry.measures.values()
    )
    made = decision_of(state, act)
    rests = context.bases.get(made.basis) if made else None
    planned = means == "demolish" and rests is not None and rests.law_code == PLANNING
    if wanted in powers or held or planned:
        return None
    return _because(
        "清单上没有授权本项强制执行的法律条文，应当申请人民法院强制执行（行政强制法第十三条）。", rule="MA-09", fix="court"
    )


@guard("MA-09")
def nothing_is_contested(state: State, act: Act, context: Context) -> Refusal | None:
    """No building is taken down, no court asked, while a 复议 or lawsuit runs (行政强制法 44, 53)."""
    asks = act.data and (act.action == "court" or act.data.get("means") == "demolish")
    if asks and act.data.get("contested") == "pending":
        return _because("正在行政复议或者诉讼，不能强制拆除，也不能申请法院执行（行政强制法第四十四、五十三条）。", rule="MA-09")
    return None


@guard("MA-09")
def paid_late(state: State, act: Act, context: Context) -> Refusal | None:
    """A surcharge begins when the term to pay is over (行政处罚法 72); thirty days of it, and the demand, before money is collected by force
    (行政强制法 46)."""
    made = decision_of(state, act)
    if made is None or not made.served or act.data.get("means") not in {"surcharge", "collect"}:
        return None
    last = terms.pay_until(_day(made.served), context.calendar)
    if act.data["means"] == "collect":
        last += timedelta(days=SURCHARGE_DAYS)
    if act.day <= last:
        return _because(
            "缴款期限过后才能加处罚款，加处超过三十日才能划拨、拍卖：到 %(day)s（行政处罚法第七十二条、行政强制法第四十六条）。",
            rule="MA-09", day=last.isoformat(),
        )  # fmt: skip
    return None


@guard("MA-09")
def demanded_in_vain(state: State, act: Act, context: Context) -> Refusal | None:
    """催告 first, in writing, and its term over (行政强制法 35, 54), unless things are being hidden meanwhile (37); not for clearing at once
    what lies in a road or a public place (52) nor for a surcharge (45)."""
    made = decision_of(state, act)
    if made is None or act.data.get("means") in {"clear", "surcharge"}:
        return None
    if not made.demands:
        return _because("还没有催告（行政强制法第三十五、五十四条）。", rule="MA-09", fix="demand")
    hiding = act.data.get("means") == "collect" and act.data.get("urgent") == "yes"
    if act.day <= _day(made.demands[-1][2]) and not hiding:
        return _because("催告的期限到 %(day)s，过了才能执行。", rule="MA-09", day=made.demands[-1][2])
    return None


@guard("MA-09")
def stood_in_after_three_days(state: State, act: Act, context: Context) -> Refusal | None:
    """代履行三日前催告 (行政强制法 51), workdays (69); clearing at once needs that the party cannot, or is away (52)."""
    made = decision_of(state, act)
    if act.data and act.data.get("means") == "clear" and act.data.get("absent") != "yes":
        return _because("立即代履行以当事人不能清除或不在场为前提（行政强制法第五十二条）。", rule="MA-09")
    if (
        made is not None
        and act.data.get("means") == "stand_in"
        and made.demands
        and terms.workdays(_day(made.demands[-1][1]), act.day, context.calendar) < 3
    ):
        return _because("代履行要在三个工作日前再次催告（行政强制法第五十一、六十九条）。", rule="MA-09", fix="demand")
    return None


@guard()
def removal_has_its_day(state: State, act: Act, context: Context) -> Refusal | None:
    """责令限期拆除 sets a day ahead."""
    if not act.data or (act.data.get("decision") != "removal" and not act.data.get("removal")):
        return None
    if act.data.get("removal", "") <= act.day.isoformat():
        return _because("责令限期拆除要写拆除的期限，从明天算起。")
    return None


@guard("MA-09")
def removal_was_ordered(state: State, act: Act, context: Context) -> Refusal | None:
    """Taken down by force is what was ordered to be taken down by a day that is over (城乡规划法 68)."""
    made = decision_of(state, act)
    if made is None or act.data.get("means") != "demolish":
        return None
    if not made.removal:
        return _because("这份决定没有责令限期拆除（城乡规划法第六十八条）。", rule="MA-09")
    if act.day <= _day(made.removal):
        return _because("限期拆除到 %(day)s，逾期不拆除的才能强制拆除。", rule="MA-09", day=made.removal)
    return None


@guard("MA-09")
def announced_and_terms_over(state: State, act: Act, context: Context) -> Refusal | None:
    """Buildings: announced with a term to take them down oneself, and the terms for 复议 and 诉讼 over without either (行政强制法 44)."""
    made = decision_of(state, act)
    if made is None or act.data.get("means") != "demolish":
        return None
    if made.announced is None:
        return _because("强制拆除要先公告，限期自行拆除（行政强制法第四十四条）。", rule="MA-09", fix="announce")
    if act.day <= _day(made.announced[2]):
        return _because("公告的自行拆除期限到 %(day)s。", rule="MA-09", day=made.announced[2])
    return _terms_over(made, act.day, act, context)


def _terms_over(made: Decision, day: date, act: Act, context: Context) -> Refusal | None:
    """Six months, unless 复议 or lawsuit came to an end before and the decision stood."""
    last = terms.may_sue_until(_day(made.served), context.calendar)
    if day <= last and act.data.get("contested") != "upheld":
        return _because(
            "复议、诉讼期限到 %(day)s，期满不复议、不起诉、又不履行的才能执行（行政强制法第四十四、五十三条）。",
            rule="MA-09",
            day=last.isoformat(),
        )
    return None


@guard("MA-09")
def by_day(state: State, act: Act, context: Context) -> Refusal | None:
    """Not at night (22:00–06:00) nor on statutory holidays, unless urgent (行政强制法 43)."""
    if not act.data or act.data.get("urgent") == "yes":
        return None
    began = datetime.fromisoformat(act.data["began"])
    if context.calendar.is_night(began) or context.calendar.is_statutory_holiday(began.astimezone(LOCAL_TIME).date()):
        return _because(
            "不得在夜间（22 时至 6 时）或者法定节假日强制执行，情况紧急的除外（行政强制法第四十三条）。", rule="MA-09"
        )
    return None


@guard("MA-10")
def never_cuts_off_a_home(state: State, act: Act, context: Context) -> Refusal | None:
    """不得对居民生活采取停止供水、供电、供热、供燃气等方式 (行政强制法 43), however urgent."""
    if act.data and act.data.get("means") == "cut_off" and act.data.get("dwelling") == "yes":
        return _because("不得对居民生活停水、停电、停热、停气迫使履行（行政强制法第四十三条）。", rule="MA-10")
    return None


@guard("PR-07")
def executes_what_is_its_own(state: State, act: Act, context: Context) -> Refusal | None:
    """Another body takes a building down as the government ordered it to (城乡规划法 68), with the document; nothing else."""
    made = decision_of(state, act)
    if made is None or act.posting is None or made.body == act.posting.body:
        return None
    if act.data.get("means") != "demolish":
        return _because("别的单位作出的决定，由作出决定的单位执行；政府只能责成强制拆除（城乡规划法第六十八条）。", rule="PR-07")
    if act.data.get("mandate"):
        return None
    return _because("别的单位作出的决定，要有政府责成执行的文件号（城乡规划法第六十八条）。", rule="PR-07")


@guard("MA-09")
def court_in_time(state: State, act: Act, context: Context) -> Refusal | None:
    """Ten workdays after 催告 was served, the terms for 复议 and 诉讼 over, and within three months of that (行政强制法 53, 54, 69)."""
    made = decision_of(state, act)
    if made is None:
        return None
    if not made.demands:
        return _because("申请法院执行前要催告（行政强制法第五十四条）。", rule="MA-09", fix="demand")
    asked = _day(act.data["done_on"])
    if asked <= terms.workdays_after(_day(made.demands[-1][1]), terms.COURT_AFTER_WORKDAYS, context.calendar):
        return _because("催告书送达十个工作日后才能申请（行政强制法第五十四、六十九条）。", rule="MA-09")
    early = _terms_over(made, asked, act, context)
    if early is not None:
        return early
    last = terms.court_until(_day(made.served), context.calendar)
    if asked > last and act.data.get("contested") != "upheld":
        return _because("申请法院执行的三个月已在 %(day)s 届满（行政强制法第五十三条）。", rule="MA-09", day=last.isoformat())
    return None


@guard("MA-09")
def term_to_perform_is_over(state: State, act: Act, context: Context) -> Refusal | None:
    """Demanded is what was not performed in its term: a fine 15 days after it was served (行政处罚法 67, 行政强制法 34)."""
    made = decision_of(state, act)
    if made is None or not made.served:
        return None
    if made.performed == "all":
        return _because("决定已经履行。")
    if made.removal and act.day <= _day(made.removal):
        return _because("限期拆除到 %(day)s，过了才能催告。", rule="MA-09", day=made.removal)
    if "fine" in made.penalties:
        last = terms.pay_until(_day(made.served), context.calendar)
        if act.day <= last:
            return _because("缴款期限到 %(day)s，过了才能催告（行政处罚法第六十七条）。", rule="MA-09", day=last.isoformat())
    return None


# ── closing a file ───────────────────────────────────────────────────────────────────────────


@guard()
def file_may_end_so(state: State, act: Act, context: Context) -> Refusal | None:
    """Closed is what is really at an end: performed, not punished and served, before the court, dropped, handed over, or annulled."""
    file = own_file(state, act)
    if not act.data or file is None:
        return None
    if file.closing is not None:
        return _because("结案已经呈批。", fix="approve")
    if any(one.body == file.body for one in state.inquiry.standing_measures):
        return _because("登记保存或者强制措施还没有解除、处理。", fix="lift")
    made = state.inquiry.decisions.get(file.decision or 0)
    closing = act.data["closing"]
    if made is None:
        return None if closing in WITHOUT_A_DECISION else _because("还没有决定，不能这样结案。", fix="decide")
    if closing == "dropped":
        return _because("已有决定，不能撤案；要改变的，撤销原决定。")
    if closing in {"performed", "not_punished", "moved"} and not made.served:
        return _because("决定还没有送达。", fix="serve")
    enforced = any(state.counts(seq) for seq in made.enforced)
    done = made.performed == "all" or enforced or set(made.penalties) in ({"warning"}, {"criticism"})
    if closing == "performed" and not ((made.punishes or made.removal) and done):
        return _because("还没有履行完毕的记录。", fix="perform")
    if closing == "not_punished" and (made.punishes or made.removal):
        return _because("本案已决定处罚。")
    if closing == "court" and made.court is None:
        return _because("还没有申请法院执行的记录。", fix="court")
    return None


def awaiting(state: State, entry: Entry) -> str:
    """What an entry still waits for: 待会签, 待审批, or nothing."""
    if entry.seq in state.pending:
        return "second"
    return "head" if entry.seq in state.unapproved else ""


__all__ = ["Role", "awaiting"]
