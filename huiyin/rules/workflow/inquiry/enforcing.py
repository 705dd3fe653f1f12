"""Guards of enforcement and the court: demanded in vain, announced, terms over, by day, never cutting off a home."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from huiyin.rules import law, terms
from huiyin.rules.investigation import Decision
from huiyin.rules.ledger import State
from huiyin.rules.workflow.acts import LOCAL_TIME, Act, Context, Refusal, because, guard
from huiyin.rules.workflow.inquiry.common import day_of, decision_of

#: The stable code of 城乡规划法, whose 68 lets every building that was ordered down under it be taken down.
PLANNING = "guihua"

SURCHARGE_DAYS = 30  # 行政强制法 46


@guard("MA-09")
def has_power_to_enforce(state: State, act: Act, context: Context) -> Refusal | None:
    """行政强制执行由法律设定 (行政强制法 13): a surcharge (45), standing in (50) and clearing at once (52) are open to whoever decided; all
    else needs a clause that gives the power, or the court. What was impounded may be sold for a fine without it (46), and 城乡规划法 68 gives it
    for every decision under that law."""
    means = act.data.get("means", "") if act.data else ""
    if means in {"", "surcharge", "stand_in", "clear"}:
        return None
    mine = [basis for basis in context.bases.values() if basis.item == state.item and basis.kind == "force"]
    powers = frozenset().union(*(law.powers_in(basis.quote) for basis in mine if basis.in_force(act.day)))
    wanted = {"demolish": "demolish", "collect": "collect", "cut_off": "cut_off"}.get(means, "enforce")
    held = means == "collect" and any(
        act.posting is not None and one.body == act.posting.body and one.kind != "preserve"
        for one in state.inquiry.measures.values()
    )
    made = decision_of(state, act)
    rests = context.bases.get(made.basis) if made else None
    planned = means == "demolish" and rests is not None and rests.law_code == PLANNING
    if wanted in powers or held or planned:
        return None
    return because(
        "清单上没有授权本项强制执行的法律条文，应当申请人民法院强制执行（行政强制法第十三条）。", rule="MA-09", fix="court"
    )


@guard("MA-09")
def nothing_is_contested(state: State, act: Act, context: Context) -> Refusal | None:
    """No building is taken down, no court asked, while a 复议 or lawsuit runs (行政强制法 44, 53)."""
    asks = act.data and (act.action == "court" or act.data.get("means") == "demolish")
    if asks and act.data.get("contested") == "pending":
        return because("正在行政复议或者诉讼，不能强制拆除，也不能申请法院执行（行政强制法第四十四、五十三条）。", rule="MA-09")
    return None


@guard("MA-09")
def paid_late(state: State, act: Act, context: Context) -> Refusal | None:
    """A surcharge begins when the term to pay is over (行政处罚法 72); thirty days of it, and the demand, before money is collected by force
    (行政强制法 46)."""
    made = decision_of(state, act)
    if made is None or not made.served or act.data.get("means") not in {"surcharge", "collect"}:
        return None
    last = terms.pay_until(day_of(made.served), context.calendar)
    if act.data["means"] == "collect":
        last += timedelta(days=SURCHARGE_DAYS)
    if act.day <= last:
        return because(
            "缴款期限过后才能加处罚款，加处超过三十日才能划拨、拍卖：到 %(day)s（行政处罚法第七十二条、行政强制法第四十六条）。",
            rule="MA-09", day=last.isoformat(),
        )  # fmt: skip
    return None


@guard("MA-09")
def demanded_in_vain(state: State, act: Act, context: Context) -> Refusal | None:
    """催告 first, in writing, and its term over (行政强制法 35, 54), unless things are being hidden meanwhile (37); not for clearing at once
    what lies in a road or a public place (52) nor for a surcharge (45)."""
    made = decision_of(state, act)
    if made is None or act.data.get("means") in {"clear", "surcharge"}:
        return None
    if not made.demands:
        return because("还没有催告（行政强制法第三十五、五十四条）。", rule="MA-09", fix="demand")
    hiding = act.data.get("means") == "collect" and act.data.get("urgent") == "yes"
    if act.day <= day_of(made.demands[-1][2]) and not hiding:
        return because("催告的期限到 %(day)s，过了才能执行。", rule="MA-09", day=made.demands[-1][2])
    return None


@guard("MA-09")
def stood_in_after_three_days(state: State, act: Act, context: Context) -> Refusal | None:
    """代履行三日前催告 (行政强制法 51), workdays (69); clearing at once needs that the party cannot, or is away (52)."""
    made = decision_of(state, act)
    if act.data and act.data.get("means") == "clear" and act.data.get("absent") != "yes":
        return because("立即代履行以当事人不能清除或不在场为前提（行政强制法第五十二条）。", rule="MA-09")
    if (
        made is not None
        and act.data.get("means") == "stand_in"
        and made.demands
        and terms.workdays(day_of(made.demands[-1][1]), act.day, context.calendar) < 3
    ):
        return because("代履行要在三个工作日前再次催告（行政强制法第五十一、六十九条）。", rule="MA-09", fix="demand")
    return None


@guard()
def removal_has_its_day(state: State, act: Act, context: Context) -> Refusal | None:
    """责令限期拆除 sets a day ahead."""
    if not act.data or (act.data.get("decision") != "removal" and not act.data.get("removal")):
        return None
    if act.data.get("removal", "") <= act.day.isoformat():
        return because("责令限期拆除要写拆除的期限，从明天算起。")
    return None


@guard("MA-09")
def removal_was_ordered(state: State, act: Act, context: Context) -> Refusal | None:
    """Taken down by force is what was ordered to be taken down by a day that is over (城乡规划法 68)."""
    made = decision_of(state, act)
    if made is None or act.data.get("means") != "demolish":
        return None
    if not made.removal:
        return because("这份决定没有责令限期拆除（城乡规划法第六十八条）。", rule="MA-09")
    if act.day <= day_of(made.removal):
        return because("限期拆除到 %(day)s，逾期不拆除的才能强制拆除。", rule="MA-09", day=made.removal)
    return None


@guard("MA-09")
def announced_and_terms_over(state: State, act: Act, context: Context) -> Refusal | None:
    """Buildings: announced with a term to take them down oneself, and the terms for 复议 and 诉讼 over without either (行政强制法 44)."""
    made = decision_of(state, act)
    if made is None or act.data.get("means") != "demolish":
        return None
    if made.announced is None:
        return because("强制拆除要先公告，限期自行拆除（行政强制法第四十四条）。", rule="MA-09", fix="announce")
    if act.day <= day_of(made.announced[2]):
        return because("公告的自行拆除期限到 %(day)s。", rule="MA-09", day=made.announced[2])
    return _terms_over(made, act.day, act, context)


def _terms_over(made: Decision, day: date, act: Act, context: Context) -> Refusal | None:
    """Six months, unless 复议 or lawsuit came to an end before and the decision stood."""
    last = terms.may_sue_until(day_of(made.served), context.calendar)
    if day <= last and act.data.get("contested") != "upheld":
        return because(
            "复议、诉讼期限到 %(day)s，期满不复议、不起诉、又不履行的才能执行（行政强制法第四十四、五十三条）。",
            rule="MA-09",
            day=last.isoformat(),
        )
    return None


@guard("MA-09")
def by_day(state: State, act: Act, context: Context) -> Refusal | None:
    """Not at night (22:00–06:00) nor on statutory holidays, unless urgent (行政强制法 43)."""
    if not act.data or act.data.get("urgent") == "yes":
        return None
    began = datetime.fromisoformat(act.data["began"])
    if context.calendar.is_night(began) or context.calendar.is_statutory_holiday(began.astimezone(LOCAL_TIME).date()):
        return because("不得在夜间（22 时至 6 时）或者法定节假日强制执行，情况紧急的除外（行政强制法第四十三条）。", rule="MA-09")
    return None


@guard("MA-10")
def never_cuts_off_a_home(state: State, act: Act, context: Context) -> Refusal | None:
    """不得对居民生活采取停止供水、供电、供热、供燃气等方式 (行政强制法 43), however urgent."""
    if act.data and act.data.get("means") == "cut_off" and act.data.get("dwelling") == "yes":
        return because("不得对居民生活停水、停电、停热、停气迫使履行（行政强制法第四十三条）。", rule="MA-10")
    return None


@guard("PR-07")
def executes_what_is_its_own(state: State, act: Act, context: Context) -> Refusal | None:
    """Another body takes a building down as the government ordered it to (城乡规划法 68), with the document; nothing else."""
    made = decision_of(state, act)
    if made is None or act.posting is None or made.body == act.posting.body:
        return None
    if act.data.get("means") != "demolish":
        return because("别的单位作出的决定，由作出决定的单位执行；政府只能责成强制拆除（城乡规划法第六十八条）。", rule="PR-07")
    if act.data.get("mandate"):
        return None
    return because("别的单位作出的决定，要有政府责成执行的文件号（城乡规划法第六十八条）。", rule="PR-07")


@guard("MA-09")
def court_in_time(state: State, act: Act, context: Context) -> Refusal | None:
    """Ten workdays after 催告 was served, the terms for 复议 and 诉讼 over, and within three months of that (行政强制法 53, 54, 69)."""
    made = decision_of(state, act)
    if made is None:
        return None
    if not made.demands:
        return because("申请法院执行前要催告（行政强制法第五十四条）。", rule="MA-09", fix="demand")
    asked = day_of(act.data["done_on"])
    if asked <= terms.workdays_after(day_of(made.demands[-1][1]), terms.COURT_AFTER_WORKDAYS, context.calendar):
        return because("催告书送达十个工作日后才能申请（行政强制法第五十四、六十九条）。", rule="MA-09")
    early = _terms_over(made, asked, act, context)
    if early is not None:
        return early
    last = terms.court_until(day_of(made.served), context.calendar)
    if asked > last and act.data.get("contested") != "upheld":
        return because("申请法院执行的三个月已在 %(day)s 届满（行政强制法第五十三条）。", rule="MA-09", day=last.isoformat())
    return None


@guard("MA-09")
def term_to_perform_is_over(state: State, act: Act, context: Context) -> Refusal | None:
    """Demanded is what was not performed in its term: a fine 15 days after it was served (行政处罚法 67, 行政强制法 34)."""
    made = decision_of(state, act)
    if made is None or not made.served:
        return None
    if made.performed == "all":
        return because("决定已经履行。")
    if made.removal and act.day <= day_of(made.removal):
        return because("限期拆除到 %(day)s，过了才能催告。", rule="MA-09", day=made.removal)
    if "fine" in made.penalties:
        last = terms.pay_until(day_of(made.served), context.calendar)
        if act.day <= last:
            return because("缴款期限到 %(day)s，过了才能催告（行政处罚法第六十七条）。", rule="MA-09", day=last.isoformat())
    return None
