"""Guards of what the head approves: put to the head in time, by the right head, and used once."""

from __future__ import annotations

from datetime import date, datetime

from huiyin.rules import terms
from huiyin.rules.investigation import Proposal
from huiyin.rules.ledger import Entry, State
from huiyin.rules.workflow.acts import LOCAL_TIME, Act, Context, Refusal, because, guard
from huiyin.rules.workflow.inquiry.common import own_file

URGENT_WITHIN = terms.APPROVE_WITHIN  # 行政强制法 19

POLICE_EXTENSIONS = 2  # 治安管理处罚法 118


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
    return because(
        "须先报负责人批准（行政处罚法第五十六条、行政强制法第十八条）；情况紧急的强制措施可先做，二十四小时内补批。",
        rule="MA-09",
        fix="propose",
    )


@guard()
def proposal_makes_sense(state: State, act: Act, context: Context) -> Refusal | None:
    """What is put to the head can be approved: one at a time, and a term is prolonged only where the law lets it."""
    if not act.data:
        return None
    what, body = act.data["proposed"], act.posting.body if act.posting else None
    if any(one.what == what and one.body == body and one.seq in state.unapproved for one in state.inquiry.proposals.values()):
        return because("同样的呈批还没有批。")
    if what == "longer_file":
        return _longer_file(state, act, context)
    if what == "longer_seizure":
        measure = state.inquiry.measures.get(act.data.get("of", 0))
        if measure is None or measure.lifted or measure.kind == "preserve" or measure.longer or measure.body != body:
            return because("请选一项还在、没有延长过的查封或扣押（行政强制法第二十五条：只能延长一次，三十日）。")
        return _still_runs(terms.seized_until(state, measure), act)
    return None


def _still_runs(last: date, act: Act) -> Refusal | None:
    """What has run out is not prolonged."""
    if act.day <= last:
        return None
    return because("期限已在 %(day)s 届满，不能再延长。", rule="MA-11", fix="lift", day=last.isoformat())


def _longer_file(state: State, act: Act, context: Context) -> Refusal | None:
    file = own_file(state, act)
    if file is None:
        return because("本单位还没有立案。", fix="open_file")
    basis = context.bases.get(file.basis)
    if basis is None or not basis.police_procedure:
        return because("九十日的办案期限没有一般的延长规定（行政处罚法第六十条）；法律、法规、规章另有规定的，写在协调记录里。")
    if file.longer >= POLICE_EXTENSIONS:
        return because("办案期限只能延长两次（治安管理处罚法第一百一十八条）。")
    if not act.data.get("document"):
        return because("要写上一级公安机关批准的文号（治安管理处罚法第一百一十八条）。")
    return _still_runs(terms.file_until(file, police=True), act)


@guard("MA-09")
def approver_is_the_head(state: State, act: Act, context: Context) -> Refusal | None:
    """The head of the body that acts, who neither wrote nor seconded it nor handles the case."""
    body = act.posting.body if act.posting else None
    mine = [seq for seq in state.unapproved if (written := state.entry(seq)) is not None and context.body(written) == body]
    if not mine:
        return because("没有等您审批的呈批。")
    if not act.data:
        return None
    if act.data["of"] not in mine:
        return because("这一条不由您审批。")
    written = state.entry(act.data["of"])
    if written is not None and act.person in {context.person(written), written.data.get("second")}:
        return because("自己办的，由别的负责人审批。", rule="MA-09")
    if act.person == state.handler:
        return because("您是经办人，请另定经办人，或者由别的负责人审批。", rule="MA-09", fix="entrust")
    if act.data.get("yes") == "no" and not act.data.get("why"):
        return because("不同意要写理由。")
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
        return because("批准的时间不对：在先做之后、现在以前。")
    if said and not act.data.get("files"):
        return because("先口头或书面批准、后补录的，要附批准材料。")
    last = _prolongs_until(state, written, context)
    if last is not None and given.astimezone(LOCAL_TIME).date() > last:
        return because("期限已在 %(day)s 届满，不能再延长。", rule="MA-11", fix="lift", day=last.isoformat())
    if written.action in {"seize", "enforce"} and given >= written.at + URGENT_WITHIN:
        return because(
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
