"""Guards of the decision: reviewed, deliberated, in range, fined once, after the step that the clause demands."""

from __future__ import annotations

from datetime import date, datetime

from huiyin.rules import law
from huiyin.rules.ledger import State
from huiyin.rules.lists import FIRST_LABELS
from huiyin.rules.workflow.acts import LOCAL_TIME, Act, Basis, Context, Prior, Refusal, because, guard
from huiyin.rules.workflow.guards import ending
from huiyin.rules.workflow.inquiry.common import (
    by_the_police,
    clause_of,
    listed_kinds,
    offence_of,
    own_file,
    party_kind_of,
    party_of,
    punishes,
)
from huiyin.rules.workflow.vocabulary import DELIBERATED, MILDEST, REVIEWED, TAUGHT


@guard("MA-07")
def reviewer_is_another(state: State, act: Act, context: Context) -> Refusal | None:
    """Who handles a file or its case does not review it (行政处罚法 58)."""
    file = own_file(state, act)
    if file is not None and act.person in file.officers | file.investigators | {state.handler}:
        return because("办案的人不审核自己办的案（行政处罚法第五十八条）。", rule="MA-07")
    return None


@guard("MA-07")
def decider_is_another(state: State, act: Act, context: Context) -> Refusal | None:
    """Who investigated or reviewed a file, or handles its case, does not decide it."""
    file = own_file(state, act)
    if file is None:
        return None
    if act.person in file.officers | file.investigators:
        return because("调查的人不作决定，请负责人决定（行政处罚法第五十七条）。", rule="MA-07")
    if act.person == state.handler:
        return because("您是经办人，请另定经办人，或者由别的负责人决定（行政处罚法第五十七条）。", rule="MA-07", fix="entrust")
    if act.person in file.reviewers:
        return because("审核的人不作决定（行政处罚法第五十八条）。", rule="MA-07")
    return None


@guard("MA-07")
def review_was_passed(state: State, act: Act, context: Context) -> Refusal | None:
    """未经法制审核或者审核未通过的，不得作出决定 (行政处罚法 58, 治安管理处罚法 114): after a hearing about grave rights, in the public
    interest, in intricate matters, and where a statute says so. A review that failed stands in the way of any penalty."""
    file = own_file(state, act)
    if not act.data or act.data.get("decision") != "penalty" or file is None:
        return None
    asked = bool(set(act.data.get("circumstances", ())) & REVIEWED) or file.hearing == "held"
    if file.review == "no":
        return because("法制审核没有通过，不得决定（行政处罚法第五十八条）。", rule="MA-07", fix="review")
    if asked and file.review != "yes":
        return because("须先经法制审核（行政处罚法第五十八条）。", rule="MA-07", fix="review")
    return None


@guard("MA-07")
def deliberated_where_asked(state: State, act: Act, context: Context) -> Refusal | None:
    """情节复杂或者重大违法行为，负责人应当集体讨论决定 (行政处罚法 57, 治安管理处罚法 113)."""
    file = own_file(state, act)
    if not act.data or act.data.get("decision") != "penalty" or file is None:
        return None
    if set(act.data.get("circumstances", ())) & DELIBERATED and file.deliberated is None:
        return because("情节复杂或者重大违法的，须先集体讨论（行政处罚法第五十七条）。", rule="MA-07", fix="deliberate")
    return None


@guard()
def several_deliberate(state: State, act: Act, context: Context) -> Refusal | None:
    """A deliberation has more than one member, none of whom stood aside (行政处罚法 43, 57)."""
    members = set(act.data.get("members", ())) | {act.person} if act.data else set()
    if members & state.recused:
        return because("参加人里有人已对本件回避。", rule="CR-07")
    if act.data and len(members) < 2:
        return because("集体讨论要有两人以上参加。")
    return None


@guard()
def circumstances_are_plain(state: State, act: Act, context: Context) -> Refusal | None:
    """None of them, or which."""
    told = act.data.get("circumstances", ()) if act.data else ()
    if "none" in told and len(told) > 1:
        return because("选了“都没有”，就不能再选别的。")
    return None


@guard()
def not_decided_yet(state: State, act: Act, context: Context) -> Refusal | None:
    """One decision for a file; a new one after the old was annulled needs a new file."""
    file = own_file(state, act)
    if file is not None and file.decision:
        return because("本案已有决定。改变决定的，先撤销原决定再立案。", fix="close_file")
    return None


@guard("MA-05")
def kinds_are_lawful(state: State, act: Act, context: Context) -> Refusal | None:
    """Only kinds that the clause or the item's measures name (行政处罚法 4, 38, 76). 违法所得 is confiscated whatever the clause says (28), a
    reduced penalty may be a milder kind (32); detention is for the police alone (18), and 治安管理处罚法 punishes people, not firms (18 of it)."""
    if not act.data or not punishes(act):
        return None
    kinds = act.data.get("penalties", ())
    if not kinds:
        return because("处罚要写种类。", rule="MA-05")
    basis = clause_of(state, act, context)
    named = law.kinds_in(basis.quote) if basis else frozenset()
    detains = by_the_police(act, context) and basis is not None and (basis.policing or "detention" in named)
    if "detention" in kinds and not detains:
        return because("行政拘留只能由公安机关依照治安管理处罚等法律决定（行政处罚法第十八条）。", rule="MA-05")
    if basis is not None and basis.policing and party_kind_of(state, act) == "firm" and "单位" not in basis.quote:
        return because(
            "单位违反治安管理的，处罚其直接负责的主管人员和其他直接责任人员（治安管理处罚法第十八条）。",
            rule="MA-05",
            fix="name_party",
        )
    able = {*named, "confiscation", *(context.item.measures if context.item else ())}
    if act.data.get("mitigation") == "reduced":
        able |= set(MILDEST)
    strange = [kind for kind in kinds if named and kind not in able]
    if strange and basis is not None:
        return because("“%(basis)s”没有规定%(kinds)s。", rule="MA-05", basis=basis.label, kinds=listed_kinds(strange))
    if ("fine" in kinds) != bool(act.data.get("amount")):
        return because("罚款要写数额；不罚款就不写。", rule="MA-05")
    return None


@guard("MA-05")
def within_range(state: State, act: Act, context: Context) -> Refusal | None:
    """In the clause's range (行政处罚法 76); below it only where the penalty is reduced (32), above it never. Judged is what is certain: a
    range that the list gives the clause, or, of what its words and the item say, none that would hold the sum."""
    if not act.data or not punishes(act) or "fine" not in act.data.get("penalties", ()):
        return None
    basis, amount = clause_of(state, act, context), act.data.get("amount", 0)
    ranges = ranges_of(basis, context, party_kind_of(state, act)) if basis else ()
    if basis is None or not ranges or any(low <= amount <= high for low, high in ranges):
        return None
    low, high = min(low for low, _ in ranges), max(high for _, high in ranges)
    if amount < low and act.data.get("mitigation") == "reduced":
        return None
    return because(
        "“%(basis)s”的幅度是 %(low)s 至 %(high)s 元；减轻处罚要选“减轻”并写事由（行政处罚法第三十二、七十六条）。", rule="MA-05",
        basis=basis.label, low=low, high=high,
    )  # fmt: skip


def ranges_of(basis: Basis, context: Context, kind: str) -> tuple[tuple[int, int], ...]:
    """The ranges in yuan that may hold for a kind of party; empty where only words describe them (a share of a price, a local rule)."""
    stated = basis.fine.get(kind)
    if stated:
        return ((int(stated[0]), int(stated[1])),)
    measures = context.item.measures if context.item else {}
    if measures.get(f"fine_{kind}_note") or basis.fine.get("note"):
        return ()
    found = [law.range_in(basis.quote), measures.get(f"fine_{kind}_yuan")]
    return tuple((int(one[0]), int(one[1])) for one in found if one)


@guard("MA-08")
def no_second_fine(state: State, act: Act, context: Context) -> Refusal | None:
    """不得给予两次以上罚款 for one act (行政处罚法 29): whoever fined it first and by whatever clause, here or in another case. What went on
    after that decision is another act; so is what the office says was another one, on another day or in another case."""
    if not act.data or not punishes(act) or "fine" not in act.data.get("penalties", ()):
        return None
    party, offence = party_of(state, act), offence_of(state, act)
    another = act.data.get("other_act") == "yes"
    for made in state.punished:
        if "fine" not in made.penalties or made.party != party or not _same_act(offence, made.at.astimezone(LOCAL_TIME).date()):
            continue
        if not (another and offence is not None and made.offence != offence.isoformat()):
            return because(
                "同一违法行为已经罚过款（第 %(seq)s 条），不得再次罚款（行政处罚法第二十九条）。", rule="MA-08", seq=made.seq
            )
    for prior in context.before:
        if prior.kind != "fine" or prior.same != "party" or not _same_act(offence, prior.day) or another:
            continue
        if prior.item == state.item or (prior.offence is not None and prior.offence == offence):
            return because(
                "同一违法行为在 %(case)s 已经罚过款，不得再次罚款（行政处罚法第二十九条）。", rule="MA-08", case=prior.case
            )
    return None


def _same_act(offence: date | None, fined: date) -> bool:
    return offence is None or offence <= fined


@guard("MA-08")
def the_higher_clause(state: State, act: Act, context: Context) -> Refusal | None:
    """One act under several clauses: punished by the one with the higher fine (行政处罚法 29)."""
    others = [one for one in map(context.bases.get, act.data.get("also_bases", ())) if one is not None] if act.data else []
    offence = offence_of(state, act) or act.day
    others = [one for one in others if one.kind == "liability" and one.in_force(offence) and one.applies_at(context.place)]
    basis = clause_of(state, act, context)
    if not others or basis is None or not punishes(act) or "fine" not in act.data.get("penalties", ()):
        return None
    kind = party_kind_of(state, act)
    mine = max((high for _, high in ranges_of(basis, context, kind)), default=None)
    for other in others:
        theirs = max((high for _, high in ranges_of(other, context, kind)), default=None)
        if mine is not None and theirs is not None and theirs > mine:
            return because("“%(basis)s”的罚款数额更高，应按它处罚（行政处罚法第二十九条）。", rule="MA-08", basis=other.label)
    return None


@guard("MA-03")
def prior_step_taken(state: State, act: Act, context: Context) -> Refusal | None:
    """The clause itself demands an earlier order, warning or dissuasion that was in vain (for example 治安管理处罚法 88, 89): sought in
    this case and in earlier ones against the same party or, party unknown, at the same place and item. A warning by itself needs no
    earlier warning, and the clause's own exception none at all."""
    basis, offence = clause_of(state, act, context), offence_of(state, act)
    if not act.data or not punishes(act) or basis is None or offence is None:
        return None
    if not basis.requires_first:
        return _graver_after_refusal(state, act, context, basis, offence)
    if basis.unless and act.data.get("exempt") == "yes":
        return None
    if basis.requires_first == {"warning"} and set(act.data.get("penalties", ())) == {"warning"}:
        return None
    if _was_in_vain(basis.requires_first, state, act, context, offence):
        return None
    first = min(basis.requires_first)
    return because(
        "“%(basis)s”以先行%(first)s、之后仍不停止为前提，还没有这样的记录。", rule="MA-03",
        fix={"order": "order", "warning": "spot_penalty", "dissuade": "dissuade"}[first],
        basis=basis.label, first=tuple(FIRST_LABELS[one] for one in sorted(basis.requires_first)),
    )  # fmt: skip


def _graver_after_refusal(state: State, act: Act, context: Context, basis: Basis, offence: date) -> Refusal | None:
    """A clause that punishes at once and asks for more of who does not correct (拒不改正的，…): that more needs an order in vain."""
    first, more = law.after_refusal(basis.quote)
    usual, kinds = law.range_in(first), set(act.data.get("penalties", ()))
    graver = kinds & (law.kinds_in(more) - law.kinds_in(first)) - {"confiscation"}
    higher = usual is not None and law.range_in(more) is not None and act.data.get("amount", 0) > usual[1]
    if not more or not (graver or higher) or _was_in_vain(frozenset({"order"}), state, act, context, offence):
        return None
    return because(
        "“%(basis)s”对拒不改正的才这样处罚，还没有责令改正、之后仍不改正的记录。", rule="MA-03", fix="order", basis=basis.label
    )


def _was_in_vain(kinds: frozenset[str], state: State, act: Act, context: Context, offence: date) -> bool:
    steps = steps_before(state, context, party_of(state, act))
    return any(step.kind in kinds and step.item == state.item and _in_vain(step, offence) for step in steps)


def _in_vain(step: Prior, offence: date) -> bool:
    """The act that is punished went on after it: when its term was over, or on its last day when it was seen that nothing had changed.
    What was complied with is in vain when it began anew on a later day."""
    if step.until is None:
        return offence >= step.day
    return offence > step.until or (step.refused and offence >= step.until)


def steps_before(state: State, context: Context, party: int | None = None) -> list[Prior]:
    """Dissuasions, orders and warnings that stand: of this case (warnings of this party) and of others."""
    found = list(context.before)
    for entry in state.did("dissuade", "mediate"):
        found.append(_prior("dissuade", state, entry.happened))
    for seq, order in state.orders.items():
        if order.counted and not order.withdrawn:
            written = state.entry(seq)
            assert written is not None
            until = order_until(state, seq)
            found.append(_prior("order", state, written.happened, until, refused=order.complied == "no"))
    for made in state.punished:
        if "warning" in made.penalties and (party is None or made.party in {None, party}):
            found.append(_prior("warning", state, made.at))
    return found


def order_until(state: State, seq: int) -> date:
    """The day through which an order keeps its addressee from blame: its term or, when it was complied with, the day that was seen."""
    order = state.orders[seq]
    seen = [entry.happened for entry in state.did("comply") if entry.data["of"] == seq and entry.data["corrected"] == "yes"]
    due = date.fromisoformat(order.due)
    return max(due, max(seen).astimezone(LOCAL_TIME).date()) if seen and order.complied == "yes" else due


def _prior(kind: str, state: State, moment: datetime, until: date | None = None, *, refused: bool = False) -> Prior:
    day = moment.astimezone(LOCAL_TIME).date()
    return Prior(kind=kind, same="party", case="", item=state.item, day=day, until=until, refused=refused)


@guard()
def taught_instead(state: State, act: Act, context: Context) -> Refusal | None:
    """依法不予行政处罚的，应当对当事人进行教育 (行政处罚法 33)."""
    if act.data and act.data.get("decision") in TAUGHT and act.data.get("educated") != "yes":
        return because("不予处罚的，应当对当事人进行教育并记录（行政处罚法第三十三条）。")
    return None


@guard()
def slight_means_corrected(state: State, act: Act, context: Context) -> Refusal | None:
    """Both ways out of 行政处罚法 33 need that it was corrected in time; the second that it is the first time."""
    decision = act.data.get("decision") if act.data else ""
    if decision not in {"slight", "first"}:
        return None
    complied = any(order.complied == "yes" and not order.withdrawn for order in state.orders.values())
    last = ending.last_recheck(state)
    stopped = any(entry.data.get("stopped") == "yes" for entry in state.did("dissuade"))
    if not complied and not stopped and (last is None or last.data.get("state") != "stopped"):
        return because("没有“已及时改正”的记录（行政处罚法第三十三条）。", fix="recheck")
    party = party_of(state, act)
    earlier = [made for made in state.punished if made.party == party]
    known = [
        prior
        for prior in context.before
        if prior.same == "party" and prior.item == state.item and prior.kind in {"fine", "warning", "penalty"}
    ]
    if decision == "first" and (earlier or known):
        return because("不是初次违法：以前已受过处罚（行政处罚法第三十三条）。")
    return None
