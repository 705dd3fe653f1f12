"""Made-up cases in 三查: a dance that began again, a roof, a dog, a first offence, a spot fine, a file that waits for its head."""

from __future__ import annotations

from typing import Any

from huiyin.sim.stories.telling import Act, Storybook, act

BOOK = Storybook(first_phone=601)
_tell = BOOK.tell


def _taken(item: str, lead: str, *, who: str = "off1") -> tuple[Act, Act]:
    return act("assign", "com1", 1.0, item=item, lead=lead), act("accept", who, 2.0)


def _party(after: float, name: str, *, kind: str = "person", who: str = "off1", **more: Any) -> Act:
    return act("name_party", who, after, party_kind=kind, party_name=name, **more)


def _filed(
    after: float, basis: tuple[str, str], suspected: str, *, offence_on: int = 0, approved: bool = True
) -> tuple[Act, ...]:
    """Opened by the first officer, signed by the second and, unless it still waits, approved by the head."""
    opened = act(
        "open_file",
        "off1",
        after,
        filing="yes",
        basis=basis,
        offence_on=offence_on,
        suspected=suspected,
        party="party",
        second="off2",
    )
    signed = act("countersign", "off2", after + 1, of="open_file", yes="yes")
    return (opened, signed, act("approve", "head", after + 2, of="open_file", yes="yes")) if approved else (opened, signed)


def _inspected(after: float, found: str, where: str) -> tuple[Act, Act]:
    return (
        act(
            "inspect", "off1", after, found=found, began=0.7, ended=0.1, where=where, id_shown="yes", second="off2", signing="signed",
            party="party", files=2,
        ),
        act("countersign", "off2", after + 0.5, of="inspect", yes="yes"),
    )  # fmt: skip


def _told(after: float, basis: tuple[str, str], kinds: list[str], amount: int, suspected: str, *, hearing: str = "no") -> Act:
    given: dict[str, Any] = {"amount": amount} if amount else {}
    return act(
        "advance_notice", "off1", after, basis=basis, penalties=kinds, suspected=suspected,
        reasons="事实清楚，有现场检查笔录和照片；没有从重、从轻的情节，按裁量基准的中间档。", delivered_on=0, due=5, hearing_told=hearing, **given,
    )  # fmt: skip


_NOISE = ("shengtai", "第一千一百九十条")
_ROOF = ("guihua", "第六十四条")
_LITTER = ("shengtai", "第一千一百六十九条")

# ── 广场舞: persuaded, began again, ordered away, fined after that ─────────────────────────────

_tell(
    "dance-again",
    "xfjy",
    "ZS-03",
    "gongan",
    "小广场跳舞的音响开到最大，天天跳到十点多，孩子写不了作业。",
    *_taken("ZS-03", "gongan"),
    act(
        "dissuade", "off1", 10.0, persuader="department", method="face", response="agreed", stopped="yes",
        how="请领舞的人把音量调到最小、九点前结束。她当场答应。", recheck_on=3,
    ),
    act("recheck", "off2", 82.0, state="continuing", found="九点四十还在跳，音量比上次还大。", files=1),
    act(
        "order", "off1", 84.0, basis=_NOISE, facts="当场责令：音量调低，每晚九点前结束，三日内改正。", due=3, second="off2",
    ),
    act("countersign", "off2", 85.0, of="order", yes="yes"),
    act("comply", "off1", 182.0, of="order", corrected="no", found="第四天晚上九点半仍在跳。", files=1),
    _party(183.0, "领舞人周某某"),
    act(
        "spot_penalty", "off1", 206.0, spot_kinds=["fine"], basis=_NOISE, party="party", amount=200, offence_on=0,
        suspected="责令改正后仍在晚九点半以高音量音响跳舞。", id_shown="yes", rights_told="yes", heard_there="yes", collection="bank",
        second="off2", signing="signed", files=1,
    ),
    act("countersign", "off2", 207.0, of="spot_penalty", yes="yes"),
    channel="qr",
    picked=True,
    photos=1,
    days=12,
    clock="21:50",
)  # fmt: skip

# ── 楼顶搭建: through notice, hearing offered, decision and service ─────────────────────────────

_tell(
    "roof-room",
    "jxjy",
    "WJ-01",
    "ziran",
    "5 栋顶楼在楼顶砌墙盖房，天天敲，下雨往我家漏水。",
    *_taken("WJ-01", "ziran"),
    act("attend", "off1", 20.0, found="5 栋楼顶正在砌砖墙，已高一米二，没有规划许可。", files=2),
    _party(22.0, "屋主冯某某"),
    act(
        "order", "off1", 22.5, basis=_ROOF, facts="责令立即停止建设。", due=1, second="off2", party="party",
    ),
    act("countersign", "off2", 23.0, of="order", yes="yes"),
    *_filed(46.0, _ROOF, "未取得建设工程规划许可证在楼顶建房约二十平方米。"),
    *_inspected(70.0, "楼顶砖混房一间，长 5 米、宽 4.2 米，工程造价约六万元。", "5 栋楼顶"),
    act("comply", "off1", 71.0, of="order", corrected="no", found="第二天又开工，墙已砌到两米四。", files=1),
    _told(94.0, _ROOF, ["fine"], 4200, "未取得规划许可在楼顶建房二十一平方米，责令停止后继续建设。", hearing="yes"),
    act("hear", "off1", 170.0, heard="stated", statement="屋主说只想放杂物，愿意拆一半。经复核，不影响违法事实。", adopted="unfounded", asks_hearing="no"),
    act("review", "rev", 290.0, passed="yes", opinion="主体、事实、证据、程序、依据、裁量均无不当，同意。"),
    act(
        "decide", "head", 294.0, decision="penalty", basis=_ROOF, circumstances=["intricate"], penalties=["fine"], amount=4200, removal=20,
        reasons="无法采取改正措施消除影响，限期拆除，并处工程造价百分之七的罚款。",
    ),
    act("serve", "off1", 318.0, of="decide", way="direct", receiver="party", served_on=0),
    building="5 栋",
    channel="web",
    photos=3,
    days=24,
    clock="09:05",
)  # fmt: skip

# ── a file that waits for its head ─────────────────────────────────────────────────────────────

_tell(
    "terrace-shed",
    "bjgg",
    "WJ-01",
    "ziran",
    "露台上搭了一圈玻璃房，把公共走廊也围进去了。",
    *_taken("WJ-01", "ziran"),
    act("attend", "off1", 20.0, found="露台玻璃房约十五平方米，围进公共走廊两米。", files=1),
    _party(22.0, "住户何某某"),
    *_filed(22.5, _ROOF, "未经许可在露台搭建玻璃房，占用公共走廊。", approved=False),
    channel="web",
    days=3,
    clock="10:15",
)

# ── 首违不罚 ───────────────────────────────────────────────────────────────────────────────────

_tell(
    "first-rubble",
    "jxjy",
    "HW-01",
    "chengguan",
    "有人把装修垃圾倒在绿化带上，一大堆。",
    *_taken("HW-01", "chengguan"),
    act("attend", "off1", 5.0, found="绿化带上有砖块、水泥袋约半立方米。", files=1),
    _party(6.0, "装修户罗某某"),
    *_filed(7.0, _LITTER, "将装修垃圾约半立方米倒在绿化带。"),
    *_inspected(25.0, "垃圾已装袋清走，绿化带已补种。", "2 栋东侧绿化带"),
    act("recheck", "off2", 48.0, state="stopped", found="清理干净，补种的草活了。", files=1),
    act(
        "decide", "head", 50.0, decision="first", basis=_LITTER, circumstances=["none"], educated="yes",
        reasons="初次违法，危害后果轻微并及时改正，不予处罚；已当面教育。",
    ),
    act("serve", "off1", 70.0, of="decide", way="direct", receiver="party", served_on=0),
    act("resolve", "off1", 71.0, result="punished", proof="record", done="已清理补种，依法不予处罚并教育。"),
    act("echo", "off1", 73.0, reply="城管队员到现场查看，装修户当天清走了垃圾并补种了草，依法不予处罚、已当面教育。县城市管理局 0700-555 0145"),
    channel="phone",
    by="com1",
    days=9,
    clock="09:10",
)  # fmt: skip

# ── a spot fine that was made public ───────────────────────────────────────────────────────────

_tell(
    "night-rubble",
    "sxmd",
    "HW-01",
    "chengguan",
    "后门口夜里又倒了一车装修垃圾，拦都拦不住。",
    *_taken("HW-01", "chengguan"),
    act("attend", "off1", 5.0, found="后门口有装修垃圾七八袋，监控拍到倾倒的人。", files=2),
    _party(6.0, "装修工方某某"),
    act(
        "spot_penalty", "off1", 6.5, spot_kinds=["fine"], basis=_LITTER, party="party", amount=150, offence_on=-1,
        suspected="在小区后门倾倒装修垃圾八袋。", id_shown="yes", rights_told="yes", heard_there="yes", collection="bank", second="off2",
        signing="signed", files=1,
    ),
    act("countersign", "off2", 7.5, of="spot_penalty", yes="yes"),
    act("perform", "off1", 30.0, of="spot_penalty", performed="all", paid=150, done_on=0),
    act("publish", "head", 31.0, of="spot_penalty", public="某装修工在小区后门倾倒装修垃圾八袋，罚款 150 元，垃圾已清走。"),
    act("resolve", "off1", 32.0, result="punished", proof="record", done="已处罚，垃圾已清走。"),
    act("echo", "off1", 34.0, reply="城管队员查看监控找到了倒垃圾的人，依法处罚，垃圾当天清走。县城市管理局 0700-555 0145"),
    channel="web",
    photos=2,
    days=7,
    clock="07:40",
)  # fmt: skip

# ── a child bitten: the police's file, sealed ──────────────────────────────────────────────────

_tell(
    "bitten-child",
    "xfjy",
    "QL-03",
    "gongan",
    "孩子在楼下被没拴绳的大狗咬了小腿，已经打了针。",
    *_taken("QL-03", "gongan"),
    act("attend", "off1", 3.0, found="狗为大型犬，没有拴绳，孩子左小腿有两处咬痕。", files=1),
    _party(4.0, "养犬人唐某某"),
    act(
        "open_file", "off1", 5.0, filing="yes", basis=("zhian", "第八十九条"), offence_on=0, suspected="未拴绳的大型犬咬伤儿童。",
        party="party", second="off2",
    ),
    act("countersign", "off2", 5.5, of="open_file", yes="yes"),
    act("approve", "head", 6.0, of="open_file", yes="yes"),
    act(
        "interview", "off1", 8.0, subject="party", answers="问：狗拴绳了吗？答：没有，下楼一会儿没注意。", began=0.6, ended=0.1,
        where="派出所执法办案场所", id_shown="yes", rights_told="yes", guardian="adult", signing="signed", second="off2", party="party",
    ),
    act("countersign", "off2", 8.5, of="interview", yes="yes"),
    channel="phone",
    by="com1",
    days=2,
    clock="17:30",
)  # fmt: skip
