"""Why an act is refused. Each guard answers None, or a refusal in words that say which record is missing and how to make it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from huiyin.rules.deadlines import Calendar
from huiyin.rules.ledger import DISPUTE_DAYS, Entry, State
from huiyin.rules.roles import Body, Place, Posting
from huiyin.rules.workflow.vocabulary import (
    CAN_LEAD,
    POLICE,
    POLICING,
    PROOFS,
    BodyKind,
    Listing,
    Outcome,
    Proof,
    Role,
    Stage,
    Tier,
)

LOCAL_TIME = ZoneInfo("Asia/Shanghai")
MAX_PAUSE_DAYS = 30
MAX_DISPUTES = 3
PLAIN = Calendar.build()
#: Laws whose fines the police impose by the procedure of 治安管理处罚法 (141 of it): directly about public safety and order.
POLICE_PROCEDURE = frozenset({POLICING, "yanhua"})
#: What a place tells about where clauses apply.
TRAITS = frozenset({"city", "county_town", "highrise", "other_than_highrise"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """An item of a list in force, as far as rules care."""

    code: str
    listing: Listing
    version: int
    lead: str  # the list's code for who leads
    lead_body: int | None = None  # that lead at this place
    safety_baseline: bool = False
    police: bool = False
    close_workdays: int = 10
    measures: Mapping[str, Any] = field(default_factory=dict)  # what the list says of fines, see rules/lists.RANGES


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """One clause with its validity. `places` are the traits of a place where it applies, empty everywhere; `applies` says it in words."""

    id: int
    item: str
    label: str
    kind: str
    valid_from: date | None
    valid_to: date | None
    applies: str = ""
    places: frozenset[str] = frozenset()
    law_code: str = ""
    quote: str = ""
    requires_first: frozenset[str] = frozenset()  # order, warning, dissuade: any of them, which must have been in vain
    unless: str = ""  # the circumstance in which the clause asks for none of them
    fine: Mapping[str, Any] = field(default_factory=dict)  # {person: [low, high], firm: [low, high]} in yuan

    @property
    def policing(self) -> bool:
        """A clause of 治安管理处罚法: its own limits, terms and seal."""
        return self.law_code == POLICING

    @property
    def police_procedure(self) -> bool:
        """A clause that the police carry out by the procedure of 治安管理处罚法 (141)."""
        return self.law_code in POLICE_PROCEDURE

    def applies_at(self, place: Place) -> bool:
        """Whether it applies there, as far as a place tells; zones and hours that no place knows are for the officer to judge."""
        return not self.places or bool(self.places & place.traits) or bool(self.places - TRAITS)

    def in_force(self, day: date) -> bool:
        """A law is in force through the day before `valid_to`: on that day its successor applies (法典 1242)."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day < self.valid_to)


@dataclass(frozen=True, slots=True, kw_only=True)
class Prior:
    """An act of another case against the same party (`same` party) or, the party unknown, at the same place and item (`same` place).

    kind: dissuade, order, warning, fine or penalty (another one). `day`: when it was done; an order's `until` is its term, or the later day
    on which it was seen to be complied with; `refused`: it was seen that nothing had changed. `offence`: the day of the act punished.
    """

    kind: str
    same: str
    case: str
    item: str
    day: date
    until: date | None = None
    refused: bool = False
    offence: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What guards need beside the case itself; gathered by services, so that rules read no database.

    postings: every posting named by an entry or by the act. officers: those who may be named as second officer now.
    """

    place: Place = field(default_factory=Place)
    lead: Body | None = None
    item: Item | None = None
    chosen: Item | None = None  # the item an act names
    bodies: Mapping[int, Body] = field(default_factory=dict)
    postings: Mapping[int, Posting] = field(default_factory=dict)
    officers: Mapping[int, tuple[Posting, ...]] = field(default_factory=dict)  # person → their OFF/HEAD postings
    bases: Mapping[int, Basis] = field(default_factory=dict)
    files: Mapping[int, int] = field(default_factory=dict)  # entry → number of photos
    due_resolution: datetime | None = None
    survivor: State | None = None
    registered_by: Mapping[int, int] = field(default_factory=dict)  # report → person who typed it in
    before: tuple[Prior, ...] = ()  # from other cases; gathered only for acts that ask for it
    calendar: Calendar = PLAIN

    def person(self, entry: Entry) -> int | None:
        posting = self.postings.get(entry.posting or 0)
        return posting.person if posting else None

    def role(self, entry: Entry) -> str:
        posting = self.postings.get(entry.posting or 0)
        return posting.role if posting else entry.role

    def body(self, entry: Entry) -> int | None:
        posting = self.postings.get(entry.posting or 0)
        return posting.body if posting else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """What somebody wants to do: the action, the cleaned data, who, when. `data` is empty while only asking what is possible."""

    action: str
    data: Mapping[str, Any] = field(default_factory=dict)
    posting: Posting | None = None
    report: int | None = None
    hats: frozenset[Role] = frozenset()
    at: datetime
    claimed_at: datetime | None = None
    seen: int | None = None

    @property
    def happened(self) -> datetime:
        return self.claimed_at if self.claimed_at is not None and self.claimed_at <= self.at else self.at

    @property
    def day(self) -> date:
        return self.happened.astimezone(LOCAL_TIME).date()

    @property
    def person(self) -> int | None:
        return self.posting.person if self.posting else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why not. `text` is a template with %(name)s places filled from `params`; `fix` names the action that makes the missing record."""

    text: str
    params: Mapping[str, Any] = field(default_factory=dict)
    rule: str = ""
    fix: str = ""

    def __str__(self) -> str:
        return self.text % self.params if self.params else self.text


Guard = Callable[[State, Act, Context], Refusal | None]
GUARDS: dict[str, str] = {}  # name → the supervision rule it keeps
KEPT: dict[str, Guard] = {}


def because(text: str, *, rule: str = "", fix: str = "", **params: Any) -> Refusal:
    """A refusal: `text` with %(name)s places for `params`, the rule it keeps, the act that makes good."""
    return Refusal(text=text, params=params, rule=rule, fix=fix)


def guard(rule: str = "") -> Callable[[Guard], Guard]:
    """Registers a guard under its name, with the supervision rule it keeps."""

    def register(function: Guard) -> Guard:
        name = function.__name__
        if name in GUARDS:
            raise ValueError(f"two guards called {name}")
        GUARDS[name] = rule
        KEPT[name] = function
        return function

    return register


# ── who acts ─────────────────────────────────────────────────────────────────────────────────


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


# ── who is named ─────────────────────────────────────────────────────────────────────────────


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


# ── what stands open ─────────────────────────────────────────────────────────────────────────


@guard()
def no_order(state: State, act: Act, context: Context) -> Refusal | None:
    """An order stands open."""
    if state.order_open:
        return because("责令改正还没有结果，先记录改正情况。", fix="comply")
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


# ── merging and splitting ────────────────────────────────────────────────────────────────────


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


# ── ending ───────────────────────────────────────────────────────────────────────────────────


@guard("MA-13")
def result_is_proved(state: State, act: Act, context: Context) -> Refusal | None:
    """Every result rests on a proof of its own kind: photos here or at an earlier act, or what the reporter said; once a case came back,
    what was there before proves nothing any more."""
    if not act.data:
        return None
    result, proof = Outcome(act.data["result"]), Proof(act.data["proof"])
    if proof not in PROOFS[result]:
        return because("这个结果不能只凭%(proof)s。", rule="MA-13", proof={"word": "反映人的话"}.get(proof, "这种材料"))
    if proof is Proof.WORD:
        spoke = [
            entry
            for entry in state.did("call", "supplement", "feedback", "retract", "mediate")
            if (entry.action != "call" or _reached(entry)) and (state.returned is None or entry.at >= state.returned)
        ]
        return None if spoke else because("没有反映人说法的记录，先打电话问一问。", rule="MA-13", fix="call")
    if result is Outcome.PUNISHED:
        return None  # the decision that was served is the record
    since = max(state.last_assigned or state.opened, state.returned or state.opened)
    if act.data.get("files") or any(context.files.get(entry.seq) and entry.at >= since for entry in state.entries):
        return None
    return because("还没有照片或记录可以证明结果，请附上。", rule="MA-13", fix="recheck")


def _reached(entry: Entry) -> bool:
    return entry.data.get("reached") == "yes"


@guard("MA-13")
def really_stopped(state: State, act: Act, context: Context) -> Refusal | None:
    """已劝止 needs a last recheck 'stopped' by somebody other than who persuaded, and is never enough for a safety-baseline item."""
    if not act.data or act.data["result"] != Outcome.STOPPED:
        return None
    if context.item and context.item.safety_baseline:
        return because("安全底线事项不能以“已劝止”办结（本系统的规定）。", rule="MA-13", fix="order")
    if not state.did("dissuade"):
        return because("没有劝阻记录。", rule="MA-13", fix="dissuade")
    last = last_recheck(state)
    if last is None:
        return because("还没有复查，先安排别人复查。", rule="MA-13", fix="recheck")
    if last.data.get("state") != "stopped":
        return because("最近一次复查是“仍在继续”或“看不到”。", rule="MA-13", fix="recheck")
    if is_old_news(state, last):
        return because("退回重办或者又劝过之后还没有复查，请再去看一次。", rule="MA-13", fix="recheck")
    persuaders = {context.person(entry) for entry in state.did("dissuade")}
    if context.person(last) in persuaders:
        return because("复查的人就是劝的人，请换一个人复查。", rule="MA-13", fix="recheck")
    return None


def last_recheck(state: State) -> Entry | None:
    """The recheck that happened last, whenever it was recorded."""
    return max(state.did("recheck"), key=lambda entry: (entry.happened, entry.seq), default=None)


def is_old_news(state: State, recheck: Entry) -> bool:
    """A recheck tells nothing about a later persuasion, nor about a case that came back after it."""
    later = [entry.happened for entry in state.did("dissuade")]
    if state.returned is not None:
        later.append(state.returned)
    return any(moment > recheck.happened for moment in later)


@guard("MA-13")
def really_corrected(state: State, act: Act, context: Context) -> Refusal | None:
    """已改正 needs a `comply` yes, newer than the case's last return; else, and where nobody ordered, a recheck 'stopped' by an officer
    or clerk who did not persuade, by an officer of the lead for safety-baseline items."""
    if not act.data or act.data["result"] != Outcome.CORRECTED:
        return None
    ordered = [order for order in state.orders.values() if order.counted and not order.withdrawn]
    if ordered:
        if not all(order.complied == "yes" for order in ordered):
            return because("责令改正还没有“已改正”的记录。", rule="MA-13", fix="comply")
        if state.returned is None or state.did("comply")[-1].happened >= state.returned:
            return None
    last = last_recheck(state)
    if last is None or last.data.get("state") != "stopped" or is_old_news(state, last):
        return because("没有“已停止”的复查。", rule="MA-13", fix="recheck")
    persuaders = {context.person(entry) for entry in state.did("dissuade")}
    safety = context.item is not None and context.item.safety_baseline
    able = {Role.OFF, Role.HEAD} if safety else {Role.OFF, Role.HEAD, Role.COM}
    if context.role(last) not in able or context.person(last) in persuaders:
        return because("复查须由没有参与劝阻的执法人员或社区来做。", rule="MA-13", fix="recheck")
    if safety and context.body(last) != state.lead:
        return because("安全底线事项由牵头部门的执法人员复查。", rule="MA-13", fix="recheck")
    return None


@guard("MA-13")
def orders_have_an_end(state: State, act: Act, context: Context) -> Refusal | None:
    """No case is settled over an order that was not complied with, punished or withdrawn."""
    if state.order_open:
        return because("责令改正还没有改正、处罚或撤回的结果。", rule="MA-13", fix="comply")
    return None


@guard()
def result_fits(state: State, act: Act, context: Context) -> Refusal | None:
    """A result that needs an act of its own is refused without it."""
    if not act.data:
        return None
    match Outcome(act.data["result"]):
        case Outcome.PUNISHED if not any(state.counts(made.seq) and made.served for made in state.inquiry.decisions.values()):
            return because("没有已送达的处罚或者不予处罚决定。", rule="MA-13", fix="serve")
        case Outcome.WITHDRAWN if state.active:
            return because("还有没撤回的反映。", rule="MA-13")
        case Outcome.COORDINATED if not state.did("coordinate", "mediate", "urge"):
            return because("没有协调、调解或督促的记录。", rule="MA-13", fix="coordinate")
        case Outcome.NO_MEANS if not state.did("mediate", "coordinate", "dissuade", "attend"):
            return because("还没有做过调解、协调或到场。", rule="MA-13", fix="mediate")
        case Outcome.UNFOUNDED | Outcome.NOT_FOUND if not state.did("attend", "recheck"):
            return because("没有到场记录，不能说查无此事或找不到人。", rule="MA-13", fix="attend")
        case Outcome.DEALT_WITH | Outcome.REPAIRED if not state.did("attend", "recheck", "property_reply", "help", "coordinate"):
            return because("没有到场、物业答复或配合的记录。", rule="MA-13", fix="attend")
    return None


@guard()
def another_writer(state: State, act: Act, context: Context) -> Refusal | None:
    """The second echo is written by somebody other than the writer of the first."""
    if not state.echo_writers:
        return None
    first = context.postings.get(state.echo_writers[0])
    if first is not None and first.person == act.person:
        return because("第一次回音是您写的，这次请换一位同事写。")
    return None


@guard()
def dispute_is_in_time(state: State, act: Act, context: Context) -> Refusal | None:
    """15 natural days from when this reporter could read the echo; none after `uphold`."""
    if state.upheld:
        return because("答复已经维持，请按答复里写的途径继续反映。")
    report = act.data.get("report", act.report) if act.data else act.report
    given = state.reports.get(report or 0)
    since = given.available if given is not None and given.available else state.echoed
    if since is not None and act.at >= days_over(since):
        return because("回音已经过了 %(days)s 天，请另外反映一次。", days=DISPUTE_DAYS)
    return None


def still_counts_as_dispute(state: State, act: Act, context: Context) -> bool:
    """Whether what a reporter says of an answer while the case is already back is a dispute of that answer: in time, and none upheld."""
    return dispute_is_in_time(state, act, context) is None


@guard()
def third_dispute_came(state: State, act: Act, context: Context) -> Refusal | None:
    """An answer is upheld after the third dispute only."""
    if state.disputes < MAX_DISPUTES:
        return because("第三次不满意之后，才能作“维持答复”。")
    return None


@guard()
def everybody_had_the_echo(state: State, act: Act, context: Context) -> Refusal | None:
    """Filed when every reporter said satisfied, or 15 days after all could read the echo and no dispute stands (事事有回音)."""
    if not state.active or all(given.satisfied is True for given in state.active):
        return None
    closes = closing_time(state)
    if closes is None:
        return because("还有反映人没收到回音，先回访。", fix="call")
    if act.at < closes:
        return because("回音送到后满 %(days)s 天才能归档，或者等反映人都说满意。", days=DISPUTE_DAYS)
    if state.disputes >= MAX_DISPUTES and not state.upheld:
        return because("第三次不满意还没有答复，先维持答复或退回重办。", fix="uphold")
    return None


def closing_time(state: State) -> datetime | None:
    """When the case may be filed without anybody's word: 15 natural days after the last reporter could read the echo; None before that."""
    if state.stage is not Stage.ECHOED:
        return None
    moments = [given.available for given in state.active if given.satisfied is not True]
    known = [moment for moment in moments if moment is not None]
    if len(known) < len(moments):
        return None
    return days_over(max(known)) if known else state.echoed or state.since


def days_over(since: datetime) -> datetime:
    """The midnight at which 15 natural days are over; the day of `since` itself is not counted (民法典 201)."""
    last = since.astimezone(LOCAL_TIME).date() + timedelta(days=DISPUTE_DAYS)
    return datetime.combine(last + timedelta(days=1), time(), LOCAL_TIME)


@guard()
def not_merged(state: State, act: Act, context: Context) -> Refusal | None:
    """A merged case lives on in its survivor."""
    return because("已并案的件不能重办，请到并入的那一件。") if state.outcome is Outcome.MERGED else None


@guard()
def correction_is_whole(state: State, act: Act, context: Context) -> Refusal | None:
    """A correction names the entry and the right fact, of the kind that entry has."""
    if not act.data:
        return None
    wrong, fact = state.entry(act.data["of"]), act.data["fact"]
    if wrong is None:
        return because("没有这一条。")
    if fact == "compound" and not act.data.get("compound"):
        return because("请选正确的小区。")
    if fact == "found" and (wrong.action != "recheck" or not act.data.get("state")):
        return because("请选一条复查记录和正确的情况。")
    if fact == "withdrawn" and wrong.action != "order" and wrong.seq not in {*state.pending, *state.unapproved}:
        return because("只有责令改正，和还在等会签、审批的记录可以撤回。")
    return None


@guard()
def mask_names_its_object(state: State, act: Act, context: Context) -> Refusal | None:
    """What is masked is there: an entry, the entry that names a party, or a report. Else the ledger would tell of something not done."""
    if not act.data:
        return None
    what, of = act.data["what"], state.entry(act.data.get("of") or 0)
    if what == "party" and (of is None or of.action != "name_party"):
        return because("请选登记这名当事人的那一条。")
    if what == "entry" and of is None:
        return because("请选要遮蔽的那一条。")
    if what in {"reporter", "report"} and act.data.get("report") not in state.reports:
        return because("请选要遮蔽的那条反映。")
    return None


@guard()
def firm_or_office(state: State, act: Act, context: Context) -> Refusal | None:
    """Asked to dissuade first: the firm under contract, or the community."""
    body = act.data.get("body") if act.data else None
    if body is not None and body not in {context.place.firm, context.place.office}:
        return because("只能请这个小区的物业或社区先劝。")
    return None
