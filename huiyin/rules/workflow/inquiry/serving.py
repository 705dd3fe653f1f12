"""Guards of what follows a decision: served, performed, made public."""

from __future__ import annotations

from huiyin.rules import privacy
from huiyin.rules.ledger import State
from huiyin.rules.workflow.acts import LOCAL_TIME, Act, Context, Refusal, because, guard
from huiyin.rules.workflow.inquiry.common import by_the_police, day_of, decision_of


@guard()
def decision_stands(state: State, act: Act, context: Context) -> Refusal | None:
    """What is served, performed, enforced or published is a decision that stands."""
    if not state.decisions:
        return because("还没有生效的决定。", fix="decide")
    if act.data and decision_of(state, act) is None:
        return because("请选一份生效的决定。")
    return None


@guard()
def something_to_enforce(state: State, act: Act, context: Context) -> Refusal | None:
    """Enforced is a decision that stands; what lies in a road or a public place is cleared at once without any (行政强制法 34, 52)."""
    if not act.data or act.data.get("means") == "clear":
        return None
    return decision_stands(state, act, context)


@guard()
def of_the_same_body(state: State, act: Act, context: Context) -> Refusal | None:
    """A decision is served, performed to, taken to court and published by the body that made it; who has none is not offered the step."""
    if act.posting is None:
        return None
    made = decision_of(state, act)
    if made is not None and made.body != act.posting.body:
        return because("这份决定是别的单位作出的，由那个单位来办。")
    if not act.data and state.decisions and all(one.body != act.posting.body for one in state.decisions):
        return because("本单位没有作出决定，由作出决定的单位来办。")
    return None


@guard("SA-05")
def served_on_a_day_that_can_be(state: State, act: Act, context: Context) -> Refusal | None:
    """After the decision and not in the future; 电子送达 needs a signed confirmation, 留置 a witness or a recording (行政处罚法 61)."""
    made = decision_of(state, act)
    if made is None:
        return None
    day = day_of(act.data["served_on"])
    if not made.at.astimezone(LOCAL_TIME).date() <= day <= act.day:
        return because("送达日期不对：在决定之后、今天以前。")
    if act.data["way"] == "electronic" and not act.data.get("files"):
        return because("电子送达要附当事人签的确认书（行政处罚法第六十一条）。")
    if act.data["way"] == "left" and not act.data.get("witness") and not act.data.get("files"):
        return because("留置送达要写见证人，或者附照片、录像。")
    return None


@guard()
def served_first(state: State, act: Act, context: Context) -> Refusal | None:
    """Nothing follows from a decision that did not reach the party."""
    made = decision_of(state, act)
    if made is not None and not made.served:
        return because("决定还没有送达当事人（行政处罚法第六十一条）。", fix="serve")
    return None


@guard("MA-15")
def not_of_the_police(state: State, act: Act, context: Context) -> Refusal | None:
    """违反治安管理的记录应当予以封存 (治安管理处罚法 136): by the law it rests on, whoever made it. What the police fine under another law
    is not shown here either (a rule of this system), or what is missing would tell what is sealed; offices publish that elsewhere."""
    if by_the_police(act, context):
        return because(
            "公安机关的处罚不在这里公示，免得从缺了什么看出哪些封存（治安管理处罚法第一百三十六条；依其他法律的，按本系统的做法）。",
            rule="MA-15",
        )
    own = [made for made in state.inquiry.decisions.values() if act.posting is None or made.body == act.posting.body]
    able = [decision_of(state, act)] if act.data else own
    bases = [context.bases.get(made.basis) for made in able if made is not None]
    if bases and all(basis is not None and basis.policing for basis in bases):
        return because("治安管理处罚的记录应当封存，不得公开（治安管理处罚法第一百三十六条）。", rule="MA-15")
    return None


@guard("MA-15")
def public_words_name_nobody(state: State, act: Act, context: Context) -> Refusal | None:
    """个人隐私应当保密 (行政处罚法 50): what is made public holds no numbers and no doors; names are looked for where they are known."""
    found = privacy.points_to_somebody(act.data.get("public", "")) if act.data else []
    if found:
        what = "、".join(privacy.FOUND[code] for code in found)
        return because("公示的话里有%(what)s，请删去（行政处罚法第五十条）。", rule="MA-15", what=what)
    return None


@guard()
def is_published(state: State, act: Act, context: Context) -> Refusal | None:
    """Only what is public is taken down."""
    public = {made.seq for made in state.inquiry.decisions.values() if made.published}
    if not public or (act.data and act.data["of"] not in public):
        return because("没有公示的决定。")
    return None


@guard()
def is_not_published(state: State, act: Act, context: Context) -> Refusal | None:
    """Once."""
    made = decision_of(state, act)
    return because("这份决定已经公示。") if made is not None and made.published else None
