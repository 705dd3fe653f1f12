"""Guards of who acts: badge, recusal, another hand."""

from __future__ import annotations

from huiyin.rules.ledger import State
from huiyin.rules.workflow.acts import Act, Context, Refusal, because, guard
from huiyin.rules.workflow.vocabulary import Outcome, Role, Tier


@guard("PRE-03")
def badge_is_valid(state: State, act: Act, context: Context) -> Refusal | None:
    """An officer's act needs a badge valid on its day (行政处罚法 42). Acts in another role need none."""
    posting = act.posting
    if posting is None or posting.role is not Role.OFF or posting.badge_valid(act.day):
        return None
    return because("执法证已过期或没有登记，办理当天须持有效执法证。请管理员在“设置·人员”更新。", rule="PRE-03")


@guard("CR-07")
def not_recused(state: State, act: Act, context: Context) -> Refusal | None:
    """Who stands aside acts no more (行政处罚法 43)."""
    return because("您已对本件回避，不能再经办。", rule="CR-07") if act.person in state.recused else None


@guard()
def nothing_for_the_archive(state: State, act: Act, context: Context) -> Refusal | None:
    """What stands in a file, and what was punished or enforced, is kept by the rules of archives and never goes by itself."""
    if state.inquiry.files or state.tier is Tier.COERCED or state.outcome is Outcome.PUNISHED:
        return because("立了案、处罚或强制过的，按档案规定保管，不自动清除。")
    return None


@guard()
def not_the_same_hand(state: State, act: Act, context: Context) -> Refusal | None:
    """A persuasion is checked by somebody other than who persuaded; who was urged, firm or community in its stead, never checks that."""
    if act.posting is None:
        return None
    urged = {entry.data["body"] for entry in state.did("urge") if entry.at <= act.happened}
    if act.posting.role is Role.COM and urged & {act.posting.body, context.place.office}:
        return because("督促社区代办的事，由部门复查。")
    if act.posting.role is not Role.PRO:
        return None
    if urged:
        return because("督促物业的事，由社区或部门复查。")
    if any(context.body(entry) == act.posting.body for entry in state.did("dissuade")):
        return because("自己劝的，由别人复查。")
    return None


@guard()
def wrote_it(state: State, act: Act, context: Context) -> Refusal | None:
    """A mistake is corrected by whoever wrote it, or by the coordinator."""
    if not act.data or Role.CO in act.hats:
        return None
    wrong = state.entry(act.data["of"])
    if wrong is None or context.person(wrong) != act.person:
        return because("只有写这一条的人，或者协调监督，才能更正。")
    return None


@guard()
def did_not_type_it_in(state: State, act: Act, context: Context) -> Refusal | None:
    """Who typed an identity in cannot open it again."""
    if act.data and context.registered_by.get(act.data["report"]) == act.person:
        return because("这条反映是您登记的，请另一位保管员查阅。")
    return None


@guard()
def clerk_stands_in_only_without_a_firm(state: State, act: Act, context: Context) -> Refusal | None:
    """The community answers for a firm only where there is none."""
    if act.posting is None or act.posting.role is not Role.COM or context.place.firm is None:
        return None
    return because("这个小区有物业，由物业答复。")
