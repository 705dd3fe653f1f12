"""Guards of closing a file."""

from __future__ import annotations

from huiyin.rules.ledger import State
from huiyin.rules.workflow.acts import Act, Context, Refusal, because, guard
from huiyin.rules.workflow.inquiry.common import own_file
from huiyin.rules.workflow.vocabulary import WITHOUT_A_DECISION


@guard()
def file_may_end_so(state: State, act: Act, context: Context) -> Refusal | None:
    """Closed is what is really at an end: performed, not punished and served, before the court, dropped, handed over, or annulled."""
    file = own_file(state, act)
    if not act.data or file is None:
        return None
    if file.closing is not None:
        return because("结案已经呈批。", fix="approve")
    if any(one.body == file.body for one in state.inquiry.standing_measures):
        return because("登记保存或者强制措施还没有解除、处理。", fix="lift")
    made = state.inquiry.decisions.get(file.decision or 0)
    closing = act.data["closing"]
    if made is None:
        return None if closing in WITHOUT_A_DECISION else because("还没有决定，不能这样结案。", fix="decide")
    if closing == "dropped":
        return because("已有决定，不能撤案；要改变的，撤销原决定。")
    if closing in {"performed", "not_punished", "moved"} and not made.served:
        return because("决定还没有送达。", fix="serve")
    enforced = any(state.counts(seq) for seq in made.enforced)
    done = made.performed == "all" or enforced or set(made.penalties) in ({"warning"}, {"criticism"})
    if closing == "performed" and not ((made.punishes or made.removal) and done):
        return because("还没有履行完毕的记录。", fix="perform")
    if closing == "not_punished" and (made.punishes or made.removal):
        return because("本案已决定处罚。")
    if closing == "court" and made.court is None:
        return because("还没有申请法院执行的记录。", fix="court")
    return None
