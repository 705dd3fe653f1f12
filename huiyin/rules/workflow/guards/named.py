"""Guards of who is named by an act: departments, firms, officers, documents."""

from __future__ import annotations

from huiyin.rules.ledger import State
from huiyin.rules.roles import Posting
from huiyin.rules.workflow.acts import Act, Context, Refusal, because, guard
from huiyin.rules.workflow.vocabulary import CAN_LEAD, BodyKind, Role


@guard()
def place_is_known(state: State, act: Act, context: Context) -> Refusal | None:
    """Nobody can be in charge of a matter that lies nowhere (待落点)."""
    if context.place.community is None:
        return because("还不知道在哪个小区，先落点。", fix="correct")
    return None


@guard()
def lead_may_lead(state: State, act: Act, context: Context) -> Refusal | None:
    """The court and the utilities are partners and get no cases; nobody both leads and cooperates."""
    if not act.data:
        return None
    lead = context.bodies.get(act.data.get("lead", 0))
    if lead is None or lead.kind not in CAN_LEAD:
        return because("这个单位是协作方，不能牵头。请另选牵头单位。")
    partners = [context.bodies.get(body) for body in act.data.get("cooperating", ())]
    if any(partner and partner.kind is BodyKind.COURT for partner in partners):
        return because("法院是司法协作方，不列为配合单位；需要时用“协调”记录。")
    return None


@guard()
def firm_has_the_contract(state: State, act: Act, context: Context) -> Refusal | None:
    """A firm on the list means the one under contract here today."""
    lead = context.bodies.get(act.data.get("lead", 0)) if act.data else None
    if lead and lead.kind is BodyKind.PROPERTY and lead.id != context.place.firm:
        return because("这家物业今天没有这个小区的合同。")
    return None


@guard("NA-03")
def no_settlement_needed(state: State, act: Act, context: Context) -> Refusal | None:
    """After two declines, or one by the department the list names, the matter is settled, not passed on (行政处罚法 25)."""
    if state.settle_needed:
        return because("已两次退回，或清单上的牵头部门退回过，须先由协调监督作管辖协调。", rule="NA-03", fix="settle")
    return None


@guard("NA-03")
def only_the_coordinator_refuses_now(state: State, act: Act, context: Context) -> Refusal | None:
    """What was declined may be refused by the coordinator alone."""
    if state.settle_needed and Role.CO not in act.hats:
        return because("退回过的事，只有协调监督可以决定不予受理。", rule="NA-03")
    return None


@guard()
def not_settled(state: State, act: Act, context: Context) -> Refusal | None:
    """Once jurisdiction is settled, nobody declines."""
    if state.settled:
        return because("管辖已经协调确定，不能再退回。确有困难请与协调监督联系。")
    return None


@guard()
def designation_has_its_document(state: State, act: Act, context: Context) -> Refusal | None:
    """Jurisdiction is designated by the common superior, with a document; the Justice Bureau coordinates and never rules (行政处罚法 25)."""
    if act.data and act.data.get("ground") == "designated" and not act.data.get("document"):
        return because("指定管辖要写共同上一级行政机关的文件号。", rule="NA-03")
    return None


@guard()
def own_department_leads(state: State, act: Act, context: Context) -> Refusal | None:
    """An officer may take on what the officer reported, when the list names their own department as lead."""
    if not act.data or act.posting is None:
        return None
    if act.data.get("lead") != act.posting.body or (context.chosen and context.chosen.lead_body != act.posting.body):
        return because("清单上不是本部门牵头，请交社区或协调监督派单。")
    return None


@guard("CR-07")
def nobody_beside_stands_aside(state: State, act: Act, context: Context) -> Refusal | None:
    """Who stands aside helps no more either (行政处罚法 43)."""
    if act.data and state.recused & set(act.data.get("beside", ())):
        return because("协办的人里有人已对本件回避，请另选。", rule="CR-07")
    return None


@guard()
def person_is_of_the_lead(state: State, act: Act, context: Context) -> Refusal | None:
    """Entrusted is somebody of the body in charge who did not stand aside."""
    person = act.data.get("person") if act.data else None
    if person is None or person == act.person:
        return None
    if not any(posting.person == person and _speaks_for(posting, context) for posting in context.postings.values()):
        return because("经办人须是牵头单位的人。")
    if person in state.recused:
        return because("这个人已对本件回避。", rule="CR-07")
    return None


def _speaks_for(posting: Posting, context: Context) -> bool:
    lead = context.lead
    if lead is None:
        return False
    return posting.body == lead.id or (posting.role is Role.COM and posting.community == context.place.community)


@guard()
def somebody_can_answer_the_urge(state: State, act: Act, context: Context) -> Refusal | None:
    """Urged is the firm under contract; without one, the community that stands in."""
    body = act.data.get("body") if act.data else None
    if body is not None and body not in {context.place.firm, context.place.office if context.place.firm is None else None}:
        return because("督促对象须是今天有合同的物业；没有物业的小区，由社区代为落实。")
    return None


@guard("PRE-03")
def second_officer_may_sign(state: State, act: Act, context: Context) -> Refusal | None:
    """Two officers with valid badges, of departments that are in charge here or help, and have powers themselves (行政处罚法 17, 42)."""
    if not act.data or not act.data.get("second"):
        return None
    second = act.data["second"]
    if second == act.person:
        return because("第二名执法人员要是另一个人。", rule="PRE-03")
    if second in state.recused:
        return because("第二名执法人员已对本件回避。", rule="CR-07")
    mine = context.officers.get(second, ())
    near = {context.lead.id if context.lead else 0, *state.cooperating}
    allowed = {body for body in near if (known := context.bodies.get(body)) is not None and known.may_enforce}
    if not any(posting.body in allowed and posting.badge_valid(act.day) for posting in mine):
        return because("第二名执法人员须在牵头或配合部门任职，并持有效执法证。", rule="PRE-03")
    return None


@guard("PRE-03")
def body_may_enforce(state: State, act: Act, context: Context) -> Refusal | None:
    """Only a body with enforcement powers orders (行政处罚法 17, 20)."""
    body = context.bodies.get(act.posting.body or 0) if act.posting else None
    if body is not None and not body.may_enforce:
        return because("本单位没有登记行政执法权（行政处罚法第十七、二十条），不能做这一步。", rule="PRE-03")
    return None


@guard("PRE-03")
def is_the_named_second(state: State, act: Act, context: Context) -> Refusal | None:
    """The one named confirms in a sign-in of their own with a valid badge, and never what the same hand wrote (行政处罚法 42)."""
    if act.person not in state.pending.values():
        return because("没有等您会签的记录。")
    if act.data and state.pending.get(act.data["of"]) != act.person:
        return because("这一条等的是另一名执法人员会签。")
    written = state.entry(act.data["of"]) if act.data else None
    if written is not None and context.person(written) == act.person:
        return because("这一条是您自己写的，须由另一名执法人员会签。请先撤回，再重新责令。", rule="PRE-03", fix="correct")
    if act.posting is not None and not act.posting.badge_valid(act.day):
        return because("会签须持有效执法证。", rule="PRE-03")
    return None


@guard("CR-07")
def who_stands_aside_works_on_it(state: State, act: Act, context: Context) -> Refusal | None:
    """Officers stand aside themselves or at the word of their head; nobody shuts out the community or oversight (行政处罚法 43)."""
    if not act.data or act.data["who"] == act.person:
        return None
    bodies = {context.lead.id if context.lead else 0, *state.cooperating}
    works = any(
        posting.person == act.data["who"] and posting.body in bodies and posting.role in {Role.OFF, Role.HEAD}
        for posting in context.postings.values()
    )
    if not works or Role.HEAD not in act.hats:
        return because("只能自己回避，或者由负责人决定办这一件的执法人员回避。", rule="CR-07")
    return None


@guard("CR-07")
def heir_is_another(state: State, act: Act, context: Context) -> Refusal | None:
    """Who stands aside hands over to somebody who does not (行政处罚法 43)."""
    if act.data and (act.data["person"] == act.data["who"] or act.data["person"] in state.recused):
        return because("接办的人不能是回避的人。", rule="CR-07")
    return None


@guard("PRE-03")
def paper_is_attached(state: State, act: Act, context: Context) -> Refusal | None:
    """A signature on paper counts with a photo of its page."""
    if act.data and act.data.get("paper") == "yes" and not act.data.get("files"):
        return because("已在纸质文书上签字的，请附签字页照片。", rule="PRE-03")
    return None


@guard()
def firm_or_office(state: State, act: Act, context: Context) -> Refusal | None:
    """Asked to dissuade first: the firm under contract, or the community."""
    body = act.data.get("body") if act.data else None
    if body is not None and body not in {context.place.firm, context.place.office}:
        return because("只能请这个小区的物业或社区先劝。")
    return None
