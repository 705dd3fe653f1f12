"""Guards of what stands open on a case: orders, pauses, help, files, and the dates that go with them."""

from __future__ import annotations

from datetime import date, timedelta

from huiyin.rules.ledger import State
from huiyin.rules.workflow.acts import LOCAL_TIME, Act, Context, Refusal, because, guard
from huiyin.rules.workflow.vocabulary import POLICE, BodyKind, Listing, Role, Stage

MAX_PAUSE_DAYS = 30


@guard()
def no_order(state: State, act: Act, context: Context) -> Refusal | None:
    """An order stands open."""
    if state.order_open and not any(order.counted and not order.withdrawn for order in state.orders.values()):
        return because("责令改正还在等会签：先会签，或者由写的人撤回。", fix="countersign")
    if state.order_open:
        return because("责令改正还没有结果，先记录改正情况。", fix="comply")
    return None


@guard("MA-13")
def order_does_not_go_elsewhere(state: State, act: Act, context: Context) -> Refusal | None:
    """Another county has no hand over an order of this one: that is seen to its end or withdrawn first. A crime and a breach of discipline
    are handed over at once all the same (行政处罚法 27)."""
    if act.data and act.data.get("kind") == "other_county" and state.order_open:
        return because("责令改正还没有结果，不能移送外县：先记录改正情况，或者撤回责令。", rule="MA-13", fix="comply")
    return None


@guard()
def no_pause(state: State, act: Act, context: Context) -> Refusal | None:
    """A pause stands."""
    return because("正在中止，先恢复。", fix="resume") if state.paused else None


@guard()
def is_paused(state: State, act: Act, context: Context) -> Refusal | None:
    """Only what is paused can be resumed."""
    return None if state.paused else because("现在没有中止。")


@guard()
def no_help_open(state: State, act: Act, context: Context) -> Refusal | None:
    """A request for help stands open."""
    return because("请求配合还没有答复，先等答复或者撤回请求。", fix="recall_help") if state.helps else None


@guard()
def help_was_asked(state: State, act: Act, context: Context) -> Refusal | None:
    """Offered while a request is open; what was done is kept also when the request was recalled or answered meanwhile."""
    asked = {entry.seq for entry in state.did("request_help")}
    if (act.data and act.data["of"] not in asked) or (not act.data and not state.helps):
        return because("没有等待答复的配合请求。", fix="request_help")
    return None


@guard()
def helper_is_another_body(state: State, act: Act, context: Context) -> Refusal | None:
    """The court is a partner that gets no cases, and nobody asks themselves."""
    body = context.bodies.get(act.data["body"]) if act.data else None
    if act.data and (body is None or body.kind is BodyKind.COURT or body.id == state.lead):
        return because("请选另一个单位来配合；法院是司法协作方，需要时用“协调”记录。")
    return None


@guard()
def help_is_open(state: State, act: Act, context: Context) -> Refusal | None:
    """Only an open request can be recalled."""
    if not state.helps or (act.data and act.data["of"] not in state.helps):
        return because("没有等待答复的配合请求。", fix="request_help")
    return None


@guard()
def help_is_mine(state: State, act: Act, context: Context) -> Refusal | None:
    """The body that was asked answers."""
    body = act.posting.body if act.posting else None
    request = state.entry(act.data["of"]) if act.data else None
    asked = [request.data["body"]] if request is not None else list(state.helps.values())
    if asked and body not in asked and not (context.place.office in asked and Role.COM in act.hats):
        return because("这次请求的是别的单位。")
    return None


@guard()
def nothing_waits_for_a_second(state: State, act: Act, context: Context) -> Refusal | None:
    """A record waits for its second officer."""
    return because("还有记录待会签，会签之前不能办结。", rule="PRE-03", fix="countersign") if state.pending else None


@guard("MA-13")
def no_file_open(state: State, act: Act, context: Context) -> Refusal | None:
    """A file stands open: the matter is neither given away nor merged until it is closed."""
    return (
        because("已经立案，先结案；确实要换单位的，由协调监督作管辖协调。", fix="close_file")
        if state.inquiry.open_files
        else None
    )


@guard()
def left_to_the_police(state: State, act: Act, context: Context) -> Refusal | None:
    """What the police have in hand nobody else merges, gives away or hands on, whether a file is open or not: a refusal that came only
    with a file would tell of it (治安管理处罚法 136)."""
    ours = context.lead is not None and context.lead.code == POLICE
    mine = act.posting is not None and context.lead is not None and act.posting.body == context.lead.id
    handled = any(entry.to is Stage.HANDLING for entry in state.entries)
    if ours and handled and not mine and act.posting is not None and Role.STANDIN not in act.hats:
        return because("公安机关已经接手，这一步由公安机关来办；该由别的部门管的，请协调监督作管辖协调。")
    return None


@guard("MA-13")
def files_are_served(state: State, act: Act, context: Context) -> Refusal | None:
    """Settled is a case whose files have a decision that reached the party, or are closed."""
    made = state.inquiry.decisions
    waits = [file for file in state.inquiry.open_files if not (file.decision and made[file.decision].served)]
    if waits:
        return because("还有案卷没有作出决定并送达。", rule="MA-13", fix="serve" if waits[0].decision else "decide")
    return None


@guard()
def urge_exists(state: State, act: Act, context: Context) -> Refusal | None:
    """A reply answers an urge."""
    if not state.urges or (act.data and act.data["of"] not in state.urges):
        return because("还没有督促过物业。", fix="urge")
    return None


@guard()
def order_exists(state: State, act: Act, context: Context) -> Refusal | None:
    """What was corrected names an order that both officers stand behind."""
    counted = {seq for seq, order in state.orders.items() if order.counted and not order.withdrawn}
    if not counted and state.pending.keys() & state.orders.keys():
        return because("责令改正还没有会签，会签之后才算数。", fix="countersign")
    if not counted:
        return because("没有已生效的责令改正。", fix="order")
    if act.data and act.data["of"] not in counted:
        return because("请选一份已生效的责令改正。")
    return None


@guard("PRE-02")
def basis_is_in_force(state: State, act: Act, context: Context) -> Refusal | None:
    """An order rests on a clause in force on its day that applies here (行政处罚法 28, 37)."""
    if not act.data:
        mine = [basis for basis in context.bases.values() if basis.item == state.item]
        if context.item and not any(basis.in_force(act.day) and basis.applies_at(context.place) for basis in mine):
            return because("这个事项没有今天有效的依据，不能责令改正。", rule="PRE-02")
        return None
    basis = context.bases.get(act.data["basis"])
    if basis is None or basis.item != state.item:
        return because("请选本事项的依据。", rule="PRE-02")
    if basis.kind not in {"duty", "liability"}:
        return because("民事、定义或程序条款不能作为责令改正的依据。", rule="PRE-02")
    if not basis.in_force(act.day):
        return because("“%(basis)s”今天不在有效期内，不能作为依据。", rule="PRE-02", basis=basis.label)
    if not basis.applies_at(context.place):
        return because(
            "“%(basis)s”在这里不适用：%(applies)s。", rule="PRE-02", basis=basis.label, applies=basis.applies or "适用范围不合"
        )
    return None


@guard()
def is_enforcement(state: State, act: Act, context: Context) -> Refusal | None:
    """Nothing is ordered, investigated or fined on the service list."""
    if state.listing is not Listing.ENFORCEMENT:
        return because("服务清单的事不走执法程序；属于执法的，先改项。", fix="reclassify")
    return None


@guard()
def due_is_ahead(state: State, act: Act, context: Context) -> Refusal | None:
    """A term ends today or later."""
    if act.data and "due" in act.data and act.data["due"] < act.day.isoformat():
        return because("期限已经过了，请填今天或以后。")
    return None


@guard("SA-04")
def extension_is_within_bounds(state: State, act: Act, context: Context) -> Refusal | None:
    """Once by the head, once more by the coordinator, before it is due, together no longer than the term itself."""
    if len(state.extensions) >= 2:
        return because("已经延过两次，不能再延。", rule="SA-04")
    if context.due_resolution is not None and act.at > context.due_resolution:
        return because("已经超期，不能再延期。", rule="SA-04")
    if act.data and context.item and sum(state.extensions) + act.data["days"] > context.item.close_workdays:
        return because("延期加起来不能超过原来的 %(days)s 个工作日。", rule="SA-04", days=context.item.close_workdays)
    return None


@guard()
def pause_is_short(state: State, act: Act, context: Context) -> Refusal | None:
    """A pause is 30 days at most; more needs a new one."""
    if not act.data:
        return None
    until, today = date.fromisoformat(act.data["until"]), act.at.astimezone(LOCAL_TIME).date()
    if not today < until <= today + timedelta(days=MAX_PAUSE_DAYS):
        return because("中止一次最多 %(days)s 天，从明天算起。", days=MAX_PAUSE_DAYS)
    return None


@guard()
def asked_once(state: State, act: Act, context: Context) -> Refusal | None:
    """One question at a time."""
    if any(asked.answered is None for asked in state.questions):
        return because("上次问的还没有答复。")
    return None
