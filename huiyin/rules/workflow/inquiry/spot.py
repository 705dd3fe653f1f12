"""Guards of the penalty on the spot."""

from __future__ import annotations

from huiyin.rules.ledger import State
from huiyin.rules.workflow.acts import Act, Context, Refusal, because, guard
from huiyin.rules.workflow.inquiry.common import SPOT_LIMITS, by_police_procedure, party_kind_of
from huiyin.rules.workflow.vocabulary import ON_THE_SPOT

POLICE_SPOT_LIMIT = 500

SMALL_FINE = 100  # 行政处罚法 68

POLICE_SMALL_FINE = 200  # 治安管理处罚法 123


@guard("MA-05")
def within_spot_limit(state: State, act: Act, context: Context) -> Refusal | None:
    """警告, or fines up to 200 yuan for a person and 3,000 for a firm (行政处罚法 51); for 治安 up to 500 (119)."""
    if not act.data:
        return None
    strange = [kind for kind in act.data.get("penalties", ()) if kind not in ON_THE_SPOT]
    amount = act.data.get("amount", 0)
    policing = by_police_procedure(state, act, context)
    limit = POLICE_SPOT_LIMIT if policing else SPOT_LIMITS[party_kind_of(state, act)]
    if strange or amount > limit:
        return because(
            "当场处罚只能警告或者罚款 %(limit)s 元以下；超过的要立案（%(law)s）。", rule="MA-05", fix="open_file", limit=limit,
            law="治安管理处罚法第一百一十九条" if policing else "行政处罚法第五十一条",
        )  # fmt: skip
    return None


@guard("MA-04")
def told_on_the_spot(state: State, act: Act, context: Context) -> Refusal | None:
    """On the spot too the party is told and heard (行政处罚法 44, 45)."""
    if act.data and (act.data.get("rights_told") != "yes" or act.data.get("heard_there") != "yes"):
        return because("当场处罚也要告知事实、理由、依据和权利，并听取陈述申辩（行政处罚法第四十四、四十五条）。", rule="MA-04")
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
        return because("当场收缴限一百元以下（行政处罚法第六十八条）。", rule="PR-06")
    if way == "undisputed" and not (by_police_procedure(state, act, context) and amount <= POLICE_SMALL_FINE):
        return because("这种当场收缴只限公安机关二百元以下、对方无异议（治安管理处罚法第一百二十三条）。", rule="PR-06")
    if not act.data.get("ticket"):
        return because("当场收缴必须出具财政部门统一制发的专用票据，请写票据号（行政处罚法第七十条）。", rule="PR-06")
    return None
