"""A reply that says nothing is not an echo; one that says anything about the matter is. The checklist advises, it never forbids."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huiyin.rules.echo import JARGON, POLICE_SENTENCE, check_reply, refusal

# All replies are made up.
TOO_SHORT = [
    "",
    "   ",
    "收到",
    "好的，谢谢！",
    "已收悉。",
    "…………………………",
    "。。。。。。。。。。。。",
    "收到收到收到收到收到收到",
    "已阅已阅已阅已阅已阅",
    "已转办",
]
HOLLOW = [
    "您反映的问题已收悉。",
    "您的来信已收到，感谢您的支持。",
    "您好，您反映的问题我们已经收到，已转县城市管理局处理。",
    "已转相关部门办理，请耐心等待。",
    "您好！您的诉求已收悉，我单位高度重视，已按程序转交相关职能部门处理，感谢您对我们工作的理解与支持，祝您生活愉快！",
    "工单已派发至承办单位，请知悉。",
    "我们已将您反映的情况转交给县公安局、县住房和城乡建设局调查处理。",
    "您反映的鸡叫问题已转交社区。",
    "我们将尽快核实处理并及时向您反馈。",
    "该事项已移交县自然资源局，由其依法依规办理。",
    "感谢您的来电，您的问题我们已登记，将安排工作人员尽快跟进。",
    "已受理，正在办理中。",
    "已于11月3日转交幸福里社区处理。",
    "您的意见我们已认真记录，并将在今后工作中予以重视。",
    "尊敬的市民：您好！您反映的事项已收悉。现已交由物业公司处理。感谢您的关注！",
    "情况已知悉，我们会督促相关部门抓紧处理。",
    "您好，贵件已收悉，我局将会同有关部门进一步调查核实，依法处理。",
    "你好，已经反馈给物业了，让他们去处理。",
    "我们已通知物业，请您等候。",
    "您反映的三楼养鸡打鸣问题已转交社区。",
    "关于路灯不亮一事，已收悉，谢谢。",
    "已联系物业，请等候处理",
    "我们会尽快到现场查看。",
    "您好！来信收悉，我局已安排工作人员与您联系，感谢您的理解和支持！",
    "您的问题已交办县城市管理局、幸福里社区，由他们按职责办理。",
    "1.您反映的问题已收到。2.已转相关部门。",
    "收到了您的反映，谢谢您的支持",
    "您的诉求已由系统派发，请保持电话畅通。",
    "我们非常重视您的问题，一定认真处理。",
]
TELLING = [
    "公安机关已依法处理",
    "公安机关已依法处理。",
    "您好，您反映的事公安机关已依法处理，感谢您的支持。",
    "11月4日我们上门看了，院子里养了12只鸡。当天劝他们送走，11月5日复查，鸡已经没有了。",
    "鸡已全部送走，鸡笼也拆了。",
    "经现场查看，没有发现养鸡，您如果再看到请打0700-555 0112。",
    "这件事不归本县管，请您向邻县城市管理局反映，电话0700-555 0199。",
    "您反映的事已在法院，按规定我们不能再受理，请等法院判决。",
    "物业11月6日前把垃圾清走，您再看看。",
    "已收到。县城管局11月3日到场，要求两天内拆掉，11月5日已经拆完。",
    "化粪池今天上午抽完了，路也冲洗了。",
    "我们调解了三次，双方没有谈成。您可以向法院起诉，司法所电话0700-555 0160。",
    "查无此事：11月4日晚上九点去听了一个小时，没有听到音响声。",
    "楼道的杂物已清空。",
    "已责令当事人三日内改正",
    "店家把音箱搬进屋里了，晚上九点以后不再放。",
    "您撤回了反映，这件事不再办理。以后还有问题，随时再告诉我们。",
    "路灯换好了，您今晚看看亮不亮。",
    "电动车都推到楼下车棚里了。",
    "罚了二百块钱，烧烤摊也收了。",
    "我们找不到是谁倒的，垃圾已经运走，装了摄像头。",
    "井盖补上了，明天再刷一道漆。",
    "已转交县城管局，城管局昨天去拆了鸡笼。",
    "装修公司答应中午不再施工。",
    "小广告已铲除并重新刷白。",
    "狗主人办了狗证，以后会牵绳。",
    "学区划片不在两张清单里，请向县教育局反映，电话 0700-555 0190。",
    "楼上已经换了拖鞋，小孩晚上九点睡。",
    "1.鸡已送走。2.臭水沟冲洗了。",
    "社区和物业一起把绿地上的菜拔了，补种了草皮。",
    "您说的那户今天起不再养鸭。",
    "这条消防通道画了黄线，挡路的车昨天拖走了。",
    "水压够了，是阀门坏了，昨晚换的。",
    "您反映的油烟问题，店家装了净化器，测得0.8毫克。",
    "按《物业管理条例》，这笔钱要业主大会同意，社区下周五开会商量。",
    "供电公司说下周三前换好电表箱。",
]

FULL = (
    "您好，11月4日我们到现场看了，院子里养了12只鸡。按《城市市容和环境卫生管理条例》第三十五条，当天责令送走，11月5日复查已经没有了。"
    "再有请打县城市管理局 0700-555 0112。"
)
COURTESIES = [
    "您好！",
    "尊敬的居民：",
    "感谢您的支持。",
    "谢谢您的理解与配合！",
    "祝您生活愉快！",
    "请您耐心等待。",
    "您的来信已收悉。",
]


@pytest.mark.parametrize("reply", TOO_SHORT)
def test_a_reply_that_is_too_short_is_refused(reply):
    assert "太短" in (refusal(reply) or "")


@pytest.mark.parametrize("reply", HOLLOW)
def test_a_reply_that_only_says_received_or_passed_on_is_refused(reply):
    why = refusal(reply)
    assert why is not None
    assert "居民还是不知道结果" in why


@pytest.mark.parametrize("reply", TELLING)
def test_a_reply_that_tells_anything_about_the_matter_is_an_echo(reply):
    assert refusal(reply) is None


@given(st.lists(st.sampled_from(HOLLOW + COURTESIES), min_size=1, max_size=4))
def test_saying_nothing_several_times_says_nothing(parts):
    assert refusal("".join(parts)) is not None


@given(st.sampled_from(TELLING), st.lists(st.sampled_from(COURTESIES), max_size=2), st.lists(st.sampled_from(HOLLOW), max_size=2))
def test_one_telling_clause_is_enough_whatever_stands_around_it(telling, courtesies, hollow):
    assert refusal("".join([*courtesies, telling, "。", *hollow])) is None


@given(st.text(max_size=120))
def test_any_text_is_refused_with_a_reason_or_passes(text):
    why = refusal(text)
    assert why is None or why.endswith("。")
    assert len(check_reply(text, text)) == 7


def test_what_the_police_did_may_be_told_in_one_sentence():
    assert refusal(POLICE_SENTENCE) is None
    met = {check.code for check in check_reply(POLICE_SENTENCE) if check.met}
    assert met == {"found", "done", "basis", "more", "points", "plain"}


# ---- the checklist ----------------------------------------------------------------------------------------------------


def unmet(reply: str, question: str = "") -> set[str]:
    return {check.code for check in check_reply(reply, question) if not check.met}


def test_a_full_reply_meets_every_line():
    assert unmet(FULL) == set()
    assert all(not check.hint for check in check_reply(FULL))


def test_a_hollow_reply_is_told_what_is_missing():
    assert unmet("您的诉求已收悉，已转相关部门办理。") >= {"found", "done", "basis", "who", "more", "plain"}
    assert all(check.hint for check in check_reply("已收悉") if not check.met)


@pytest.mark.parametrize(
    ("code", "reply"),
    [
        ("found", "鸡已经送走，您放心。"),
        ("done", "我们看到院子里有鸡。"),
        ("basis", "鸡已经送走了。"),
        ("who", "县城市管理局已经让他把鸡送走。"),
        ("who", "鸡送走了，有事请打 0700-555 0112。"),
    ],
)
def test_a_line_is_unmet_when_its_part_is_missing(code, reply):
    assert code in unmet(reply)


@pytest.mark.parametrize("number", ["0700-555 0112", "07005550112", "199 0000 0001", "12345"])
def test_a_telephone_number_is_seen_however_it_is_written(number):
    assert "who" not in unmet(f"请打县城市管理局 {number}。")


def test_a_day_by_when_counts_like_what_was_done():
    assert "done" not in unmet("物业11月6日前来。")


@pytest.mark.parametrize(
    "question",
    [
        "1. 三楼养鸡。2. 楼道堆物。3. 路灯不亮。",
        "一、三楼养鸡；二、楼道堆物；三、路灯不亮",
        "（1）养鸡（2）堆物（3）路灯",
        "第一，养鸡。第二，堆物。第三，路灯。",
        "①养鸡 ②堆物 ③路灯",
    ],
)
def test_every_numbered_point_wants_its_answer(question):
    hints = {check.code: check.hint for check in check_reply("1. 鸡送走了。2. 楼道清空了。", question)}
    assert hints["points"] == "还没答到：3"
    assert "points" not in unmet("1. 鸡送走了。2. 楼道清空了。3. 路灯换了。", question)
    assert "points" not in unmet("一、鸡送走了。二、楼道清空了。三、路灯换了。", question)


@pytest.mark.parametrize("question", ["", "三楼养鸡。", "3.5 米宽的路堵了", "1. 只有这一件", "我住1栋2单元，8.5楼那家11.3号装修"])
def test_a_question_without_numbered_points_asks_for_none(question):
    assert "points" not in unmet("鸡送走了。", question)


@pytest.mark.parametrize("word", JARGON)
def test_jargon_is_named_with_a_plain_word_for_it(word):
    hint = next(check.hint for check in check_reply(f"您的{word}办好了。") if check.code == "plain")
    assert word in hint
    assert JARGON[word] in hint


def test_plain_words_are_left_alone():
    assert "plain" not in unmet("您反映的事办好了，鸡送走了。")
