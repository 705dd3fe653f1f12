"""What the system does not check, and where its reading of the law is unproven: said beside the act, the term or the document that it
concerns, so that nobody takes silence for a check.

One table, read by the pages, by docs/blocking-rules.md and by the tests. A line is dropped when somebody has read the original or when a
guard has come to ask for it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Caution:
    """`unproven`: a reading that nobody has confirmed, or a text that was not read; else something that is not checked.

    rule: the blocking rule it belongs to, where it does. acts, terms (codes of rules.terms), documents (kinds): where it is said. laws: only
    where the item rests on one of them; police: only to the police, or only to others.
    """

    text: str
    unproven: bool = False
    rule: str = ""
    acts: frozenset[str] = frozenset()
    terms: frozenset[str] = frozenset()
    documents: frozenset[str] = frozenset()
    laws: frozenset[str] = frozenset()
    police: bool | None = None


def _on(*names: str) -> frozenset[str]:
    return frozenset(names)


_ON_A_CLAUSE = _on("order", "open_file", "advance_notice", "decide", "spot_penalty")

CAUTIONS = (
    Caution(
        text="除了治安管理处罚法的条款和县里登记过“指定部门”的条款，系统不核对这一条是否由本单位执法。",
        rule="PRE-03", acts=_ON_A_CLAUSE, police=False,
    ),
    Caution(
        text="公安机关依《烟花爆竹安全管理条例》处罚，也按治安管理处罚法的程序（第一百四十一条）算限额、听证和期限：这是本系统的理解，没有核实。",
        unproven=True, rule="MA-05", acts=_on("open_file", "advance_notice", "decide", "spot_penalty", "serve"),
        terms=_on("decide", "serve"), laws=_on("yanhua"), police=True,
    ),
    Caution(
        text="改正以后又犯的，要不要重新责令有不同看法；这里不要求：这是本系统的理解，没有核实。",
        unproven=True, rule="MA-03", acts=_on("advance_notice", "decide", "spot_penalty"),
    ),
    Caution(text="是不是同一个违法行为由人判断，系统只按当事人、事项和日子提醒。", rule="MA-08", acts=_on("advance_notice", "decide", "spot_penalty")),
    Caution(text="新规定是不是较轻由负责人比较，系统不比。", rule="PRE-02", acts=_on("decide")),
    Caution(text="系统不核对当事人多大：可能执行拘留的未成年人，要告知本人和监护人有权要求听证（治安管理处罚法第一百一十七条）。", rule="MA-06",
            acts=_on("advance_notice", "decide"), police=True),
    Caution(text="是不是重大公共利益、重大权益、疑难复杂，由负责人勾选，系统不核对。", rule="MA-07", acts=_on("decide")),
    Caution(text="当场收的罚款是否两日内交到单位、再两日内存入银行（行政处罚法第七十一条），系统不核对。", rule="PR-06", acts=_on("spot_penalty")),
    Caution(text="是不是执法办案场所、录音录像全不全，系统只记您写的。", rule="MA-01", acts=_on("interview", "seize"), police=True),
    Caution(text="有没有申请复议、提起诉讼，系统只记您写的。", rule="MA-09", acts=_on("enforce", "court")),
    Caution(text="代履行是不是为了交通安全、环境或者自然资源（行政强制法第五十条），系统不核对。", rule="MA-09", acts=_on("enforce")),
    Caution(
        text="“法定节假日”只算放假办法规定的当天，不算调休补的休息日和周末：这是本系统的理解，没有核实。",
        unproven=True, rule="MA-09", acts=_on("enforce"),
    ),
    Caution(text="日历里没有录入节假日的年份，系统认不出法定节假日。", rule="MA-09", acts=_on("enforce")),
    Caution(
        text="治安管理处罚法没有说两日是工作日，这里按自然日算：这是本系统的理解，没有核实。",
        unproven=True, terms=_on("serve"), acts=_on("serve"), police=True,
    ),
    Caution(
        text="《公安机关办理行政案件程序规定》第三十五条把末日是节假日的期限顺延到节假日后的第一日，这里不顺延：新法以后是否照用，没有核实。",
        unproven=True, terms=_on("decide", "serve"), acts=_on("serve", "propose"), police=True,
    ),
    Caution(
        text="处罚七个工作日内公示，出自国办发〔2018〕118号，只见转述，正文没有核对。", unproven=True, terms=_on("publish"), acts=_on("publish")
    ),
    Caution(text="有没有亲属、利害关系，系统不查，由本人或者负责人说明。", rule="CR-07", acts=_on("open_file", "hold_hearing", "decide")),
    Caution(text="陈述、申辩给多少天，法律没有定，由您定。", rule="MA-04", acts=_on("advance_notice")),
    Caution(
        text="版式数值来自转述，GB/T 9704-2012 的官方原文没有核对。", unproven=True, documents=_on("reminder")
    ),
    Caution(text="《行政执法监督条例》的正文没有核对。", unproven=True, documents=_on("reminder")),
)  # fmt: skip


def _of(chosen: Iterable[Caution], laws: Collection[str], police: bool) -> list[Caution]:
    """Those for this item and these eyes, unproven readings first."""
    found = [one for one in chosen if (not one.laws or one.laws & set(laws)) and one.police in {None, police}]
    return sorted(found, key=lambda one: not one.unproven)


def of_act(action: str, laws: Collection[str] = (), *, police: bool = False) -> list[Caution]:
    """What to say on the form of an act. laws: codes of the laws that the item rests on. police: whether the police act."""
    return _of((one for one in CAUTIONS if action in one.acts), laws, police)


def of_term(code: str, laws: Collection[str] = (), *, police: bool = False) -> list[Caution]:
    """What to say beside a term."""
    return _of((one for one in CAUTIONS if code in one.terms), laws, police)


def of_document(kind: str) -> list[Caution]:
    """What to say beside a document of that kind; never printed on it."""
    return [one for one in CAUTIONS if kind in one.documents]
