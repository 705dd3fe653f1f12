"""Guards of who acts in 三查 and where: two officers, papers shown, own ground."""

from __future__ import annotations

from huiyin.rules.ledger import State
from huiyin.rules.workflow.acts import Act, Context, Refusal, because, guard
from huiyin.rules.workflow.guards import named
from huiyin.rules.workflow.inquiry.common import acting_body, by_police_procedure, by_the_police
from huiyin.rules.workflow.vocabulary import BodyKind


@guard("MA-01")
def two_officers(state: State, act: Act, context: Context) -> Refusal | None:
    """Two officers (行政处罚法 42, 行政强制法 18), but for one police officer with full recording: questioning, impounding or
    identifying in 执法办案场所 (治安管理处罚法 108), and a spot penalty that nobody disputes (120)."""
    if not act.data:
        return None
    alone = act.data.get("alone", "")
    if not alone:
        if not act.data.get("second"):
            return because("执法人员不得少于两人，请写第二名执法人员（行政处罚法第四十二条）。", rule="MA-01")
        return named.second_officer_may_sign(state, act, context)
    if act.data.get("second"):
        return because("写了第二名执法人员，就不是一人执法，请改一处。", rule="MA-01")
    if not by_the_police(act, context) or not _may_be_alone(state, act, context, alone):
        return because("这种情形不能由一人办理（治安管理处罚法第一百零八、一百二十条）。", rule="MA-01")
    if act.data.get("recorded") != "yes":
        return because(
            "一名民警办理的，须全程同步录音录像，否则不能作为处罚的根据（治安管理处罚法第一百零八、一百二十条）。", rule="MA-01"
        )
    return None


def _may_be_alone(state: State, act: Act, context: Context, alone: str) -> bool:
    if alone == "undisputed":
        return act.action == "spot_penalty" and by_police_procedure(state, act, context)
    return act.action == "interview" or (act.action == "seize" and act.data.get("measure") == "impound")


@guard("MA-02")
def id_was_shown(state: State, act: Act, context: Context) -> Refusal | None:
    """Shown unasked; who is not shown it may refuse (行政处罚法 52, 55; 行政强制法 18)."""
    if act.data and act.data.get("id_shown") != "yes":
        return because("须主动出示执法证件（行政处罚法第五十五条）；没有出示的，只能记“到场”。", rule="MA-02", fix="attend")
    return None


@guard("PR-07")
def within_jurisdiction(state: State, act: Act, context: Context) -> Refusal | None:
    """A township acts on its own ground; the county's departments act in the county (行政处罚法 22, 24)."""
    body = acting_body(act, context)
    if body is None or body.kind is BodyKind.DEPARTMENT:
        return None
    if body.id not in {context.place.township, context.place.office}:
        return because("不在本单位管辖的地方（行政处罚法第二十二条）。", rule="PR-07")
    return None
