"""Guards of preserving, sealing and impounding: with a law, told and heard, short."""

from __future__ import annotations

from datetime import timedelta

from huiyin.rules import law, terms
from huiyin.rules.ledger import State
from huiyin.rules.workflow.acts import Act, Basis, Context, Refusal, because, guard
from huiyin.rules.workflow.inquiry.approving import approved_proposal
from huiyin.rules.workflow.inquiry.common import by_the_police, day_of

PRESERVE_WORKDAYS = 7  # 行政处罚法 56, 85

SEIZURE_DAYS = 30  # 行政强制法 25


@guard("MA-09")
def measure_has_its_law(state: State, act: Act, context: Context) -> Refusal | None:
    """查封、扣押 only where a statute or 行政法规 gives the power (行政强制法 10, 17, 22)."""
    if not act.data:
        return None
    basis = context.bases.get(act.data["basis"])
    if basis is None or basis.item != state.item:
        return because("请选本事项的依据。", rule="PRE-02")
    if _police_impounds(act, context, basis):
        return None
    if basis.kind != "force":
        return because("“%(basis)s”没有授权采取强制措施（行政强制法第十七、二十二条）。", rule="MA-09", basis=basis.label)
    if not basis.in_force(act.day) or not basis.applies_at(context.place):
        return because("“%(basis)s”今天或者在这里不适用。", rule="PRE-02", basis=basis.label)
    wanted = {"seal_place": "seal", "seal_things": "seal", "impound": "impound"}.get(act.data.get("measure", ""))
    powers = law.powers_in(basis.quote)
    if wanted and powers and wanted not in powers:
        if wanted == "seal":
            return because("“%(basis)s”没有写查封（行政强制法第十七、二十二条）。", rule="MA-09", basis=basis.label)
        return because("“%(basis)s”没有写扣押（行政强制法第十七、二十二条）。", rule="MA-09", basis=basis.label)
    return None


def _police_impounds(act: Act, context: Context, basis: Basis) -> bool:
    """Things that are needed as evidence are impounded by the police in every 治安 case (治安管理处罚法 105)."""
    return by_the_police(act, context) and basis.policing and act.data.get("measure") == "impound" and basis.in_force(act.day)


@guard("MA-09")
def measure_is_made_properly(state: State, act: Act, context: Context) -> Refusal | None:
    """Told and heard on the spot (行政强制法 18 (五)(六)), and no necessities of life (23). What the police impound on the spot before the
    approval is recorded in full (治安管理处罚法 105)."""
    if not act.data:
        return None
    at_once = approved_proposal(state, act, "seize") is None and act.data.get("measure") == "impound"
    if at_once and by_the_police(act, context) and act.data.get("recorded") != "yes":
        return because("当场实施扣押的，应当全程同步录音录像（治安管理处罚法第一百零五条）。", rule="MA-09")
    if act.data.get("rights_told") != "yes" or act.data.get("heard_there") != "yes":
        return because("当场告知理由、依据、权利，并听取陈述申辩（行政强制法第十八条）。", rule="MA-09")
    if act.data.get("necessities") == "yes":
        return because("不得查封、扣押公民个人及其所扶养家属的生活必需品（行政强制法第二十三条）。", rule="MA-09")
    return None


@guard("MA-11")
def measure_is_short(state: State, act: Act, context: Context) -> Refusal | None:
    """Seven workdays for 先行登记保存 (行政处罚法 56, 85), 30 days for 查封、扣押 (行政强制法 25)."""
    if not act.data:
        return None
    until = day_of(act.data["until"])
    if act.action == "preserve":
        last = terms.workdays_after(act.day, PRESERVE_WORKDAYS, context.calendar)
        why = because(
            "先行登记保存最多七个工作日，到 %(day)s（行政处罚法第五十六、八十五条）。", rule="MA-11", day=last.isoformat()
        )
    else:
        last = act.day + timedelta(days=SEIZURE_DAYS)
        why = because("查封、扣押不得超过三十日，到 %(day)s（行政强制法第二十五条）。", rule="MA-11", day=last.isoformat())
    return None if act.day <= until <= last else why


@guard()
def measure_stands(state: State, act: Act, context: Context) -> Refusal | None:
    """Lifted is what stands."""
    mine = [one.seq for one in state.inquiry.standing_measures if act.posting is None or one.body == act.posting.body]
    if not mine or (act.data and act.data["of"] not in mine):
        return because("没有还在的登记保存或者强制措施。")
    return None
