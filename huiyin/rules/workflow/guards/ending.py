"""Guards of how a matter ends: proof, rechecks, results, disputes, the archive; and of what is corrected or masked afterwards."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from huiyin.rules.ledger import DISPUTE_DAYS, Entry, State
from huiyin.rules.workflow.acts import LOCAL_TIME, Act, Context, Refusal, because, guard
from huiyin.rules.workflow.vocabulary import PROOFS, Outcome, Proof, Role, Stage

MAX_DISPUTES = 3


@guard("MA-13")
def result_is_proved(state: State, act: Act, context: Context) -> Refusal | None:
    """Every result rests on a proof of its own kind: photos here or at an earlier act, or what the reporter said; once a case came back,
    what was there before proves nothing any more."""
    if not act.data:
        return None
    result, proof = Outcome(act.data["result"]), Proof(act.data["proof"])
    if proof not in PROOFS[result]:
        return because("这个结果不能只凭%(proof)s。", rule="MA-13", proof={"word": "反映人的话"}.get(proof, "这种材料"))
    if proof is Proof.WORD:
        spoke = [
            entry
            for entry in state.did("call", "supplement", "feedback", "retract", "mediate")
            if (entry.action != "call" or _reached(entry)) and (state.returned is None or entry.at >= state.returned)
        ]
        return None if spoke else because("没有反映人说法的记录，先打电话问一问。", rule="MA-13", fix="call")
    if result is Outcome.PUNISHED:
        return None  # the decision that was served is the record
    since = max(state.last_assigned or state.opened, state.returned or state.opened)
    if act.data.get("files") or any(context.files.get(entry.seq) and entry.at >= since for entry in state.entries):
        return None
    return because("还没有照片或记录可以证明结果，请附上。", rule="MA-13", fix="recheck")


def _reached(entry: Entry) -> bool:
    return entry.data.get("reached") == "yes"


@guard("MA-13")
def really_stopped(state: State, act: Act, context: Context) -> Refusal | None:
    """已劝止 needs a last recheck 'stopped' by somebody other than who persuaded, and is never enough for a safety-baseline item."""
    if not act.data or act.data["result"] != Outcome.STOPPED:
        return None
    if context.item and context.item.safety_baseline:
        return because("安全底线事项不能以“已劝止”办结（本系统的规定）。", rule="MA-13", fix="order")
    if not state.did("dissuade"):
        return because("没有劝阻记录。", rule="MA-13", fix="dissuade")
    last = last_recheck(state)
    if last is None:
        return because("还没有复查，先安排别人复查。", rule="MA-13", fix="recheck")
    if last.data.get("state") != "stopped":
        return because("最近一次复查是“仍在继续”或“看不到”。", rule="MA-13", fix="recheck")
    if is_old_news(state, last):
        return because("退回重办或者又劝过之后还没有复查，请再去看一次。", rule="MA-13", fix="recheck")
    persuaders = {context.person(entry) for entry in state.did("dissuade")}
    if context.person(last) in persuaders:
        return because("复查的人就是劝的人，请换一个人复查。", rule="MA-13", fix="recheck")
    return None


def last_recheck(state: State) -> Entry | None:
    """The recheck that happened last, whenever it was recorded."""
    return max(state.did("recheck"), key=lambda entry: (entry.happened, entry.seq), default=None)


def is_old_news(state: State, recheck: Entry) -> bool:
    """A recheck tells nothing about a later persuasion, nor about a case that came back after it."""
    later = [entry.happened for entry in state.did("dissuade")]
    if state.returned is not None:
        later.append(state.returned)
    return any(moment > recheck.happened for moment in later)


@guard("MA-13")
def really_corrected(state: State, act: Act, context: Context) -> Refusal | None:
    """已改正 needs a `comply` yes, newer than the case's last return; else, and where nobody ordered, a recheck 'stopped' by an officer
    or clerk who did not persuade, by an officer of the lead for safety-baseline items."""
    if not act.data or act.data["result"] != Outcome.CORRECTED:
        return None
    ordered = [order for order in state.orders.values() if order.counted and not order.withdrawn]
    if ordered:
        if not all(order.complied == "yes" for order in ordered):
            return because("责令改正还没有“已改正”的记录。", rule="MA-13", fix="comply")
        if state.returned is None or state.did("comply")[-1].happened >= state.returned:
            return None
    last = last_recheck(state)
    if last is None or last.data.get("state") != "stopped" or is_old_news(state, last):
        return because("没有“已停止”的复查。", rule="MA-13", fix="recheck")
    persuaders = {context.person(entry) for entry in state.did("dissuade")}
    safety = context.item is not None and context.item.safety_baseline
    able = {Role.OFF, Role.HEAD} if safety else {Role.OFF, Role.HEAD, Role.COM}
    if context.role(last) not in able or context.person(last) in persuaders:
        return because("复查须由没有参与劝阻的执法人员或社区来做。", rule="MA-13", fix="recheck")
    if safety and context.body(last) != state.lead:
        return because("安全底线事项由牵头部门的执法人员复查。", rule="MA-13", fix="recheck")
    return None


@guard("MA-13")
def orders_have_an_end(state: State, act: Act, context: Context) -> Refusal | None:
    """No case is settled over an order that was not complied with, punished or withdrawn."""
    if state.order_open:
        return because("责令改正还没有改正、处罚或撤回的结果。", rule="MA-13", fix="comply")
    return None


@guard()
def result_fits(state: State, act: Act, context: Context) -> Refusal | None:
    """A result that needs an act of its own is refused without it."""
    if not act.data:
        return None
    match Outcome(act.data["result"]):
        case Outcome.PUNISHED if not any(state.counts(made.seq) and made.served for made in state.inquiry.decisions.values()):
            return because("没有已送达的处罚或者不予处罚决定。", rule="MA-13", fix="serve")
        case Outcome.WITHDRAWN if state.active:
            return because("还有没撤回的反映。", rule="MA-13")
        case Outcome.COORDINATED if not state.did("coordinate", "mediate", "urge"):
            return because("没有协调、调解或督促的记录。", rule="MA-13", fix="coordinate")
        case Outcome.NO_MEANS if not state.did("mediate", "coordinate", "dissuade", "attend"):
            return because("还没有做过调解、协调或到场。", rule="MA-13", fix="mediate")
        case Outcome.UNFOUNDED | Outcome.NOT_FOUND if not state.did("attend", "recheck"):
            return because("没有到场记录，不能说查无此事或找不到人。", rule="MA-13", fix="attend")
        case Outcome.DEALT_WITH | Outcome.REPAIRED if not state.did("attend", "recheck", "property_reply", "help", "coordinate"):
            return because("没有到场、物业答复或配合的记录。", rule="MA-13", fix="attend")
    return None


@guard()
def another_writer(state: State, act: Act, context: Context) -> Refusal | None:
    """The second echo is written by somebody other than the writer of the first."""
    if not state.echo_writers:
        return None
    first = context.postings.get(state.echo_writers[0])
    if first is not None and first.person == act.person:
        return because("第一次回音是您写的，这次请换一位同事写。")
    return None


@guard()
def dispute_is_in_time(state: State, act: Act, context: Context) -> Refusal | None:
    """15 natural days from when this reporter could read the echo; none after `uphold`."""
    if state.upheld:
        return because("答复已经维持，请按答复里写的途径继续反映。")
    report = act.data.get("report", act.report) if act.data else act.report
    over = dispute_over(state, report)
    if over is not None and act.at >= over:
        return because("回音已经过了 %(days)s 天，请另外反映一次。", days=DISPUTE_DAYS)
    return None


def dispute_over(state: State, report: int | None) -> datetime | None:
    """When this reporter's days to dispute are over; None while they have not begun: nobody answered, or the answer is still on its way."""
    given = state.reports.get(report or 0)
    if given is not None and given.contact and given.available is None:
        return None
    since = given.available if given is not None and given.available else state.echoed
    return days_over(since) if since is not None else None


def still_counts_as_dispute(state: State, act: Act, context: Context) -> bool:
    """Whether what a reporter says of an answer while the case is already back is a dispute of that answer: in time, and none upheld."""
    return dispute_is_in_time(state, act, context) is None


@guard()
def third_dispute_came(state: State, act: Act, context: Context) -> Refusal | None:
    """An answer is upheld after the third dispute only."""
    if state.disputes < MAX_DISPUTES:
        return because("第三次不满意之后，才能作“维持答复”。")
    return None


@guard()
def everybody_had_the_echo(state: State, act: Act, context: Context) -> Refusal | None:
    """Filed when every reporter said satisfied, or 15 days after all could read the echo and no dispute stands (事事有回音)."""
    if not state.active or all(given.satisfied is True for given in state.active):
        return None
    closes = closing_time(state)
    if closes is None:
        return because("还有反映人没收到回音，先回访。", fix="call")
    if act.at < closes:
        return because("回音送到后满 %(days)s 天才能归档，或者等反映人都说满意。", days=DISPUTE_DAYS)
    if state.disputes >= MAX_DISPUTES and not state.upheld:
        return because("第三次不满意还没有答复，先维持答复或退回重办。", fix="uphold")
    return None


def closing_time(state: State) -> datetime | None:
    """When the case may be filed without anybody's word: 15 natural days after the last reporter could read the echo; None before that."""
    if state.stage is not Stage.ECHOED:
        return None
    moments = [given.available for given in state.active if given.satisfied is not True]
    known = [moment for moment in moments if moment is not None]
    if len(known) < len(moments):
        return None
    return days_over(max(known)) if known else state.echoed or state.since


def days_over(since: datetime) -> datetime:
    """The midnight at which 15 natural days are over; the day of `since` itself is not counted (民法典 201)."""
    last = since.astimezone(LOCAL_TIME).date() + timedelta(days=DISPUTE_DAYS)
    return datetime.combine(last + timedelta(days=1), time(), LOCAL_TIME)


@guard()
def not_merged(state: State, act: Act, context: Context) -> Refusal | None:
    """A merged case lives on in its survivor."""
    return because("已并案的件不能重办，请到并入的那一件。") if state.outcome is Outcome.MERGED else None


@guard()
def correction_is_whole(state: State, act: Act, context: Context) -> Refusal | None:
    """A correction names the entry and the right fact, of the kind that entry has."""
    if not act.data:
        return None
    wrong, fact = state.entry(act.data["of"]), act.data["fact"]
    if wrong is None:
        return because("没有这一条。")
    if fact == "compound" and not act.data.get("compound"):
        return because("请选正确的小区。")
    if fact == "found" and (wrong.action != "recheck" or not act.data.get("state")):
        return because("请选一条复查记录和正确的情况。")
    if fact == "withdrawn" and wrong.action != "order" and wrong.seq not in {*state.pending, *state.unapproved}:
        return because("只有责令改正，和还在等会签、审批的记录可以撤回。")
    return None


@guard()
def mask_names_its_object(state: State, act: Act, context: Context) -> Refusal | None:
    """What is masked is there: an entry, the entry that names a party, or a report. Else the ledger would tell of something not done."""
    if not act.data:
        return None
    what, of = act.data["what"], state.entry(act.data.get("of") or 0)
    if what == "party" and (of is None or of.action != "name_party"):
        return because("请选登记这名当事人的那一条。")
    if what == "entry" and of is None:
        return because("请选要遮蔽的那一条。")
    if what in {"reporter", "report"} and act.data.get("report") not in state.reports:
        return because("请选要遮蔽的那条反映。")
    return None
