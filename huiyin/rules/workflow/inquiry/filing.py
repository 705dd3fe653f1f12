"""Guards of the file: opened, of a known party, on a clause that punishes and still can, resting on sound records."""

from __future__ import annotations

from datetime import date, datetime

from huiyin.rules import terms
from huiyin.rules.ledger import State
from huiyin.rules.workflow.acts import LOCAL_TIME, Act, Basis, Context, Refusal, because, guard
from huiyin.rules.workflow.inquiry.common import (
    acting_body,
    by_police_procedure,
    by_the_police,
    clause_of,
    offence_of,
    own_file,
    party_of,
    punishes,
)
from huiyin.rules.workflow.vocabulary import WITHOUT_FACTS, BodyKind

MONTHS_OF_POLICE, YEARS, YEARS_OF_HEALTH = 6, 2, 5  # 治安管理处罚法 25; 行政处罚法 36


@guard()
def no_file_of_this_body(state: State, act: Act, context: Context) -> Refusal | None:
    """One file of a body on a case at a time."""
    return because("本单位在这一件上已有案卷，先结案。", fix="close_file") if own_file(state, act) else None


@guard()
def file_is_open(state: State, act: Act, context: Context) -> Refusal | None:
    """Investigated is what was filed, with the head's approval (行政处罚法 54)."""
    file = own_file(state, act)
    if file is None:
        return because("本单位还没有立案（行政处罚法第五十四条）。", fix="open_file")
    if not state.counts(file.seq):
        if file.seq in state.pending:
            return because("第二名执法人员还没有会签。", fix="countersign")
        return because("立案还没有批准。", fix="approve")
    return None


@guard()
def party_is_known(state: State, act: Act, context: Context) -> Refusal | None:
    """Who is told, punished or searched is named; a matter without a known party can only be inspected."""
    if not act.data or (act.action == "decide" and not punishes(act)):
        return None
    party = party_of(state, act)
    if party is None or party not in state.inquiry.parties:
        return because("还没有登记当事人。", fix="name_party")
    return None


@guard("PRE-02")
def clause_punishes(state: State, act: Act, context: Context) -> Refusal | None:
    """A file, notice or penalty rests on a clause of this item that names a liability, is no fiction here, and was law on the day of
    the act; a law that changed since needs the comparison of 行政处罚法 37."""
    if not act.data:
        return None
    basis = clause_of(state, act, context)
    if basis is None or basis.item != state.item:
        return because("请选本事项的依据。", rule="PRE-02")
    if basis.kind != "liability":
        return because("“%(basis)s”不是罚则，不能据以立案、处罚（行政处罚法第四条）。", rule="PRE-02", basis=basis.label)
    if basis.policing and not by_the_police(act, context):
        return because("治安管理处罚由公安机关决定（治安管理处罚法第一百零九条）。", rule="PRE-03", fix="request_help")
    if not basis.applies_at(context.place):
        applies = basis.applies or "适用范围不合"
        return because("“%(basis)s”在这里不适用：%(applies)s。", rule="PRE-02", basis=basis.label, applies=applies)
    if act.action == "decide" and not punishes(act):
        return None
    return _law_of_the_day(act, basis, offence_of(state, act))


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
        return because(
            "“%(basis)s”在决定时已不再有效：须比较新旧规定，新的处罚较轻或不认为违法的，用新的（行政处罚法第三十七条）。",
            rule="PRE-02",
            basis=basis.label,
        )
    if now:
        if compared == "new":
            return None
        return because(
            "“%(basis)s”在行为发生时还没有施行：比较后新规定较轻的才能适用（行政处罚法第三十七条）。",
            rule="PRE-02",
            basis=basis.label,
        )
    return _not_law(basis)


def _not_law(basis: Basis) -> Refusal:
    return because("“%(basis)s”在行为发生时、今天都不在有效期内。", rule="PRE-02", basis=basis.label)


@guard("PRE-03")
def clause_is_this_bodys(state: State, act: Act, context: Context) -> Refusal | None:
    """Where a clause leaves it to the local government whose it is and the county has designated a department, no other department acts on
    it (行政处罚法 17, 22), but may end a file that it opened while it was the one. A township may hold powers by 24, which are not on
    record; without a designation on record nothing is asked."""
    body = acting_body(act, context)
    basis = clause_of(state, act, context)
    if not act.data or basis is None or body is None or body.kind is not BodyKind.DEPARTMENT:
        return None
    file = own_file(state, act)
    named = {basis.designated_on(act.day), basis.designated_on(terms.local_day(file.opened)) if file and file.opened else None}
    other = context.bodies.get(basis.designated_on(act.day) or 0)
    if other is None or body.id in named:
        return None
    return because(
        "“%(basis)s”由县里指定的%(body)s执法（行政处罚法第十七、二十二条）。",
        rule="PRE-03",
        fix="request_help",
        basis=basis.label,
        body=other.name,
    )


@guard()
def within_limitation(state: State, act: Act, context: Context) -> Refusal | None:
    """Two years from the end of the act to its discovery, five for life, health and finance with harm done (行政处罚法 36); six months
    for 治安 (25). Discovered is what was reported."""
    offence = offence_of(state, act)
    if not act.data or offence is None:
        return None
    if offence > act.day:
        return because("违法行为的日子在将来，请再看一下。")
    if act.data.get("filing") == "no" or (act.action == "decide" and not punishes(act)):
        return None
    basis, found = clause_of(state, act, context), state.opened.astimezone(LOCAL_TIME).date()
    if basis is not None and basis.policing:
        if terms.months_after(offence, MONTHS_OF_POLICE) < found:
            return because("发现时已超过六个月，不再处罚（治安管理处罚法第二十五条）。")
    elif _limitation(state, act) == "health":
        if terms.months_after(offence, 12 * YEARS_OF_HEALTH) < found:
            return because("发现时已超过五年，不再处罚（行政处罚法第三十六条）。")
    elif terms.months_after(offence, 12 * YEARS) < found:
        return because("发现时已超过二年，不再处罚（行政处罚法第三十六条）。")
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
        return because("日子在将来，做了再记。")
    return None


@guard()
def not_filing_says_why(state: State, act: Act, context: Context) -> Refusal | None:
    """不立案 is told with its reason (行政处罚法 54, 治安管理处罚法 90)."""
    if act.data and act.data.get("filing") == "no" and not act.data.get("why"):
        return because("不予立案要写理由。")
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
        return because("还没有生效的检查、询问或检测记录，事实不清不得处罚（行政处罚法第四十条）。", rule="MA-04", fix="inspect")
    own_word = all(entry.action == "interview" and entry.data.get("subject", "party") == "party" for entry in found)
    if act.data and punishes(act) and own_word and by_police_procedure(state, act, context):
        return because("只有本人陈述，没有其他证据的，不能处罚（治安管理处罚法第一百一十一条）。", rule="MA-04", fix="inspect")
    return None


@guard()
def times_run_forward(state: State, act: Act, context: Context) -> Refusal | None:
    """A record begins before it ends, and ends before it is written down."""
    if not act.data or not act.data.get("began"):
        return None
    began, ended = act.data["began"], act.data.get("ended", act.data["began"])
    first, last = datetime.fromisoformat(began), datetime.fromisoformat(ended)
    if last < first or last > act.at:
        return because("开始、结束时间不对，请再看一下。")
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
        return because("对方不在场或拒绝签字的，要写明见证人，或者附录音录像、照片。")
    return None


@guard()
def young_people_have_somebody_beside(state: State, act: Act, context: Context) -> Refusal | None:
    """Minors are questioned with a guardian beside them (治安管理处罚法 98); nothing to refuse where the record says who was there."""
    if act.data and act.data.get("guardian") == "unreachable" and not act.data.get("witness"):
        return because("监护人无法到场的，要写明请了谁到场（治安管理处罚法第九十八条）。")
    return None
