"""What docs/blocking-rules.md says: each rule that stops an act, what the statute means by it, where the table keeps it, which tests prove it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from huiyin.rules.cautions import CAUTIONS, Caution
from huiyin.rules.workflow import acts
from huiyin.rules.workflow.table import ROWS

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "blocking-rules.md"
SIDES = ("stops", "lets")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One blocking rule. `lets`: what the statute excepts, and so the guards; `open`: what is left to people, or in doubt."""

    code: str
    name: str
    means: str
    cites: str
    lets: str = ""
    open: str = ""
    elsewhere: str = ""  # kept by something else than a guard of the table


@dataclass(frozen=True, slots=True, order=True)
class Proof:
    """A test that proves a rule: its file, its name, and which side."""

    where: str
    name: str
    side: str


RULES = (
    Rule(
        code="PRE-01", name="清单要素缺失", cites="行政处罚法 34、39",
        means=(
            "A version of the lists is published only when each item names who leads, what it is, its time, and, on the "
            "enforcement list, a clause in force."
        ),
        lets="Items of the service list need no clause; fines that only words describe are allowed as words.",
        elsewhere="`huiyin/rules/lists.py`, asked by the service that publishes",
    ),
    Rule(
        code="PRE-02", name="依据已失效", cites="行政处罚法 4、37、生态环境法典 1242",
        means=(
            "A file, notice, penalty or order rests on a clause of this item that names a liability (an order: or a duty), "
            "applies at this place, and was law: for a penalty on the day of the act, for an order on its own day."
        ),
        lets=(
            "The law changed between act and decision: the old law after comparing, or the new one where it is milder; who "
            "decides says which. A file may be opened on either."
        ),
        open="Whether the new law is milder is judged by the head and stands in the reasons.",
    ),
    Rule(
        code="PRE-03", name="执法人员无有效证件", cites="行政处罚法 17、20、42、治安管理处罚法 109",
        means=(
            "Whoever acts as an officer holds a badge through that day, and a body acts only with enforcement powers; "
            "治安管理处罚法 is for the police alone."
        ),
        lets=(
            "The badge's last day; a fact judged on the day it happened; officers of cooperating departments in joint work, "
            "as actors and as seconds; a signature on paper with its photo."
        ),
        open=(
            "The two officers of a record may be of two departments with powers. Each file remains one body's, and the lead "
            "answers. Which clauses are whose is on record for 治安管理处罚法 and where the county designated a department."
        ),
    ),
    Rule(
        code="MA-01", name="执法人员少于两人", cites="行政处罚法 42、行政强制法 18、治安管理处罚法 108、120",
        means=(
            "Two officers; the second signs in a sign-in of their own or on paper, and until then the record counts for "
            "nothing."
        ),
        lets=(
            "One police officer with full recording: questioning or impounding in 执法办案场所, and a spot penalty that nobody "
            "disputes."
        ),
        open="That a place is 执法办案场所 is declared. Identification (辨认) is recorded as questioning.",
    ),
    Rule(
        code="MA-02", name="未亮证", cites="行政处罚法 52、55、行政强制法 18",
        means="The badge is shown unasked before inspecting, questioning, fining, taking or executing.",
        lets="What happened without it can be recorded as presence (到场), which proves nothing against anybody.",
    ),
    Rule(
        code="MA-03", name="跳过法定前置", cites="治安管理处罚法 88、89、生态环境法典 1132、1190",
        means=(
            "Where the clause itself asks for a dissuasion, an order or a warning that was in vain, there is one: of the "
            "same matter, signed, its term over before the act that is punished, a warning of the same party. More for who "
            "does not correct (拒不改正的，…) needs an order in vain."
        ),
        lets=(
            "Other clauses of the item that ask for nothing; the circumstance that the clause excepts; a warning by itself; "
            "steps of earlier cases against the same party, or at the same place while nobody was named; an order seen to "
            "be ignored on its last day; what was corrected and began anew on a later day."
        ),
        open=(
            "Whether an order that was complied with must be repeated when the matter begins anew is disputed; here it need "
            "not."
        ),
    ),
    Rule(
        code="MA-04", name="未告知、未听取陈述申辩", cites="行政处罚法 40、44、45、62、治安管理处罚法 111、112",
        means=(
            "Facts first, then the notice of penalty, facts, reasons, basis and rights, then the answer; nothing beyond "
            "what was told: no more yuan, no graver kind, no other clause. A changed notice asks anew."
        ),
        lets=(
            "Less than was told, a warning instead of something graver; silence when the time is over; a waiver on paper or "
            "recorded; on the spot telling and hearing at once."
        ),
        open="How long an answer may take is set by the officer; the law names no days.",
    ),
    Rule(
        code="MA-05", name="处罚越界", cites="行政处罚法 4、9、18、28、32、38、51、76、治安管理处罚法 119、141",
        means=(
            "Kinds that the clause names and sums in its range; on the spot only a warning or 200 yuan (firms 3,000), the "
            "police by their procedure 500, both ends included (治安管理处罚法 143); detention for the police alone."
        ),
        lets=(
            "Below the range, or a milder kind, where the penalty is reduced; 违法所得 confiscated whatever the clause says; a "
            "fine that only words measure is left to the head."
        ),
        open=(
            "Of an item with several clauses a sum passes that any of them, or the item's own measures, would hold. That "
            "烟花爆竹安全管理条例 follows the police's procedure (141) is our reading."
        ),
    ),
    Rule(
        code="MA-06", name="应告知听证未告知", cites="行政处罚法 63、64、85、治安管理处罚法 117",
        means=(
            "Before graver kinds and from the department's line on (the police: 4,000 yuan) the party is told of the "
            "hearing, has five workdays to ask, and what was asked for is held: announced seven workdays before, chaired by "
            "somebody who did not investigate."
        ),
        lets="Below the line; whoever gave the hearing up in writing is not waited for; nobody came: the hearing ends.",
        open=(
            "A department without a line on record offers it beyond the spot limits. Detention of minors (治安管理处罚法 117) is "
            "left to the police: ages are not in the ledger."
        ),
    ),
    Rule(
        code="MA-07", name="应法制审核未审", cites="行政处罚法 57、58、治安管理处罚法 113、114",
        means=(
            "In the public interest, in intricate matters, where a statute says so and after a hearing that was held, a "
            "review passed, of what is now to be decided; what is grave was deliberated by several. Reviewer, decider and "
            "investigators are different people."
        ),
        lets="Nothing of it where the law does not ask; decisions not to punish; a hearing to which nobody came.",
        open="The circumstances are declared by the head who decides, who is not the one who handles the case.",
    ),
    Rule(
        code="MA-08", name="一事两罚款", cites="行政处罚法 29",
        means=(
            "One act is fined once, whichever body or clause came first, in this case or another; of several clauses the "
            "one with the higher fine."
        ),
        lets=(
            "What went on after the first fine; another act, where the office says so with its reasons (in one case: of "
            "another day); a warning or confiscation beside a fine; a fine that was annulled."
        ),
        open=(
            "Whether two acts are one is judged by people; without their word the same party and matter, or the same day, "
            "count as one."
        ),
    ),
    Rule(
        code="MA-09", name="强制程序违法", cites="行政强制法 13、17–19、22、23、25、35、37、43–46、50–54、69、行政处罚法 56、72、治安管理处罚法 105、城乡规划法 68",
        means=(
            "A measure: approved first, by a law that names it, told and heard, no necessities of life. Execution: a power "
            "given by law, approval, demand and its term; for buildings an order to take down, the announcement and every "
            "term; by day and on no statutory holiday; else the court, in its window."
        ),
        lets=(
            "An emergency approved within 24 hours (or by word in time, with the paper); 先行登记 at any hour; obstacles "
            "cleared at once; a surcharge without demand; what is being hidden during the demand; urgent execution at "
            "night; a decision that stood in 复议 or lawsuit; days off that are no statutory holiday."
        ),
        open=(
            "复议 and lawsuits are declared by the officer. Whether standing in serves traffic, environment or resources (50) "
            "is not asked."
        ),
    ),
    Rule(
        code="MA-10", name="停水电热气逼迫", cites="行政强制法 43、61",
        means="A home is never cut off from water, power, heat or gas, however urgent.",
        lets="Elsewhere, where a law gives the power to cut off.",
    ),
    Rule(
        code="MA-15", name="治安记录误公开", cites="治安管理处罚法 136",
        means="What was decided by 治安管理处罚法 is never published, whoever asks.",
        lets="Decisions of other bodies on the same case, and of the police under other laws.",
    ),
    Rule(
        code="PR-06", name="罚缴不分离", cites="行政处罚法 67–70、治安管理处罚法 123、125",
        means="Who fines takes no money.",
        lets=(
            "On the spot: up to 100 yuan, what could not be collected later, remote places at the party's wish, the police "
            "up to 200 undisputed; each with the state's receipt and its number."
        ),
        open="That the money reached the bank in two days (71) is not on record.",
    ),
    Rule(
        code="PR-07", name="越权异地", cites="行政处罚法 22、24、城乡规划法 68",
        means="A township acts on its own ground, and nobody executes what another body decided.",
        lets=(
            "The county's departments act in the whole county; taking a building down that the government told a body to, "
            "with the document."
        ),
    ),
    Rule(
        code="CR-07", name="应回避未回避", cites="行政处罚法 43、64、治安管理处罚法 95",
        means=(
            "Who stands aside writes, signs, chairs, deliberates and decides no more, and nobody signs for them what they "
            "alone had seen."
        ),
        lets="Until somebody stands aside the investigation goes on; others take over.",
        open="Relations are declared by the officer or the head; nothing is looked up.",
    ),
)  # fmt: skip


def page() -> str:
    proofs = proofs_of()
    return "\n".join([*_head(), *_overview(proofs), *(line for rule in RULES for line in _section(rule, proofs[rule.code])), ""])


def _head() -> Iterator[str]:
    yield "# The rules that stop an act"
    yield ""
    yield "Printed by `python -m tools.print_docs` from the workflow table, the guards and the tests; never edit this page. The seventeen rules are the"
    yield "blocking ones of the county's supervision whose objects exist; the eighteenth, PRE-06 (no assessment by fines), comes with the assessment."
    yield "A guard that stops a lawful act is as wrong as one that lets an unlawful act pass, so each rule has tests on both sides."
    yield ""
    yield "Statutes were read in third-party copies of the official texts, which were not compared with the originals letter by letter. What a rule leaves"
    yield "to people, or what is our reading of a doubtful clause, stands under *left open*; a county's lawyers should look at those first."
    yield "The product says so itself, on the form of the act, beside the term or beside the document; these belong to no blocking rule:"
    yield ""
    yield from (f"- {one.text} ({_where(one)})" for one in CAUTIONS if not one.rule)


def _overview(proofs: dict[str, list[Proof]]) -> Iterator[str]:
    yield from ("", "| rule | 中文 | clauses | guards | tests that stop / let |", "|---|---|---|---|---|")
    for rule in RULES:
        stops, lets = (len([one for one in proofs[rule.code] if one.side in {side, "both"}]) for side in SIDES)
        yield f"| [{rule.code}](#{rule.code.lower()}) | {rule.name} | {rule.cites} | {len(guards_of(rule))} | {stops} / {lets} |"


def _section(rule: Rule, proofs: list[Proof]) -> Iterator[str]:
    yield from ("", f"## {rule.code}", "", f"**{rule.name}** ({rule.cites}). {rule.means}", "")
    yield f"- *Excepted*: {rule.lets}"
    if rule.open:
        yield f"- *Left open*: {rule.open}"
    told = [one for one in CAUTIONS if one.rule == rule.code]
    if told:
        yield "- *Said to the officer on the form*: " + " ".join(f"{one.text}（{_where(one)}）" for one in told)
    if rule.elsewhere:
        yield f"- *Kept by*: {rule.elsewhere}"
    found = guards_of(rule)
    if found:
        yield "- *Guards*: " + "; ".join(f"`{name}` on {_rows(name)}" for name in found)
    yield "- *Proved by*:"
    for proof in proofs:
        yield f"    - {proof.side}: {proof.name.removeprefix('test_').replace('_', ' ')} (`{proof.where}`)"


def _where(one: Caution) -> str:
    return " ".join(f"`{name}`" for name in sorted(one.acts | one.terms | one.documents))


def guards_of(rule: Rule) -> list[str]:
    """Guards of the table that keep a rule, in the order in which they are written."""
    used = {guard.__name__ for row in ROWS for guard in row.unless}
    return [name for name, code in acts.GUARDS.items() if code == rule.code and name in used]


def _rows(name: str) -> str:
    actions = dict.fromkeys(row.action for row in ROWS if any(guard.__name__ == name for guard in row.unless))
    everywhere = len(actions) == len({row.action for row in ROWS})
    return "every row" if everywhere else " ".join(f"`{action}`" for action in actions)


def proofs_of() -> dict[str, list[Proof]]:
    """Tests by the rule that they are marked to prove."""
    found: dict[str, set[Proof]] = {rule.code: set() for rule in RULES}
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        text = path.read_text(encoding="utf-8")
        if "mark.keeps(" not in text:
            continue
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef):
                for code, side in _marks(node):
                    found[code].add(Proof(path.relative_to(ROOT / "tests").as_posix(), node.name, side))
    return {code: sorted(proofs) for code, proofs in found.items()}


def _marks(node: ast.FunctionDef) -> Iterator[tuple[str, str]]:
    """(rule, side) of each `@pytest.mark.keeps(rule, side=…)`. Raises ValueError for a side that is none."""
    for mark in node.decorator_list:
        if isinstance(mark, ast.Call) and isinstance(mark.func, ast.Attribute) and mark.func.attr == "keeps":
            rule, side = ast.literal_eval(mark.args[0]), ast.literal_eval(mark.keywords[0].value)
            if side not in {*SIDES, "both"}:
                raise ValueError(f"{node.name} proves no side called {side}")
            yield rule, side
