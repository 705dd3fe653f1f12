"""Guards of merging and splitting."""

from __future__ import annotations

from huiyin.rules.ledger import State
from huiyin.rules.workflow.acts import Act, Context, Refusal, because, guard
from huiyin.rules.workflow.vocabulary import Stage


@guard()
def survivor_is_open(state: State, act: Act, context: Context) -> Refusal | None:
    """A case is merged into another that is open."""
    if not act.data:
        return None
    other = context.survivor
    if other is None or other.stage not in {Stage.REPORTED, Stage.ASSIGNED, Stage.HANDLING}:
        return because("要并入的那一件已经办结或不存在，请另选一件。")
    if other.case == state.case:
        return because("不能并入自己。")
    return None


@guard()
def something_is_left(state: State, act: Act, context: Context) -> Refusal | None:
    """At least one report or the item stays behind."""
    moved = set(act.data.get("reports", ())) if act.data else set()
    if moved and moved >= {given.id for given in state.active} and not state.item:
        return because("至少要留下一条反映。")
    return None


@guard()
def split_says_what(state: State, act: Act, context: Context) -> Refusal | None:
    """A split names reports of this case, or says in words what the second matter is."""
    if not act.data:
        return None
    if not act.data.get("reports") and not act.data.get("words"):
        return because("请选要分出去的反映，或写清楚分出去的是什么事。")
    if not set(act.data.get("reports", ())) <= {given.id for given in state.active}:
        return because("要分出去的反映已经不在这一件上。")
    return None


@guard()
def report_is_here(state: State, act: Act, context: Context) -> Refusal | None:
    """An act about one report is done on the case that the report is on."""
    named = act.data.get("report", act.report) if act.data else act.report
    if named is not None and named not in state.reports:
        return because("这条反映不在这一件上。")
    return None


@guard()
def report_stands(state: State, act: Act, context: Context) -> Refusal | None:
    """A report that was taken back speaks no more."""
    named = act.data.get("report", act.report) if act.data else act.report
    given = state.reports.get(named or 0)
    return because("这条反映已经撤回。") if given is not None and given.withdrawn else None
