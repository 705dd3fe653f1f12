"""Made-up cases in 三查: a dance that began again, a roof, a dog, a first offence, a spot fine, a file that waits for its head."""

from __future__ import annotations

from typing import Any

from huiyin.sim.stories.telling import Act, Storybook, act

BOOK = Storybook(first_phone=801)
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
    "roof-masonry",
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

# ── sealed on the spot, valued, heard, deliberated, ordered down, announced ─────────────────────────

_tell(
    "roof-villa",
    "bjgg",
    "WJ-01",
    "ziran",
    "楼顶在盖两层小楼，吊机都用上了，楼板响得吓人。",
    *_taken("WJ-01", "ziran"),
    act("attend", "off1", 18.0, found="楼顶钢结构两层，正在焊接。", files=2),
    _party(20.0, "屋主蒋某某"),
    act("order", "off1", 20.5, basis=_ROOF, facts="责令立即停止建设。", due=1, second="off2", party="party"),
    act("countersign", "off2", 21.0, of="order", yes="yes"),
    act("propose", "off1", 44.0, proposed="preserve", suspected="施工图和用工记录可能被拿走。"),
    act("approve", "head", 44.5, of="propose", yes="yes"),
    act("preserve", "off1", 45.0, things="施工图 1 份\n用工记录本 1 本", kept_where="县自然资源局案卷室", until=5, second="off2", party="party"),
    act("countersign", "off2", 45.5, of="preserve", yes="yes"),
    act("propose", "off1", 46.0, proposed="seize", suspected="责令停止后仍在施工，拟查封施工现场。"),
    act("approve", "head", 46.5, of="propose", yes="yes"),
    act(
        "seize", "off1", 48.0, measure="seal_place", basis=("guihua", "第六十八条"), things="楼顶施工现场一处", kept_where="就地查封", until=25,
        id_shown="yes", rights_told="yes", heard_there="yes", necessities="no", signing="refused", witness="社区工作人员在场见证",
        second="off2", party="party", files=2,
    ),
    act("countersign", "off2", 48.5, of="seize", yes="yes"),
    *_filed(70.0, _ROOF, "未经许可在楼顶建两层钢结构约九十平方米。"),
    *_inspected(94.0, "两层钢结构，占用公共楼顶九十平方米。", "7 栋楼顶"),
    act("lift", "off1", 100.0, of="preserve", disposal="returned", why="已复印存卷，原件退还。"),
    act("test", "off1", 150.0, results="造价鉴定：主体造价约二十二万元。", began=40.0, ended=2.0, files=1),
    _told(190.0, _ROOF, ["fine"], 22000, "未经许可在楼顶建两层钢结构，责令停止后继续施工。", hearing="yes"),
    act("hear", "off1", 220.0, heard="stated", statement="屋主认为楼顶归他家使用，要求听证。", adopted="unfounded", asks_hearing="yes"),
    act("comply", "off1", 225.0, of="order", corrected="no", found="查封前又焊了一层楼板。", files=1),
    act(
        "hold_hearing", "head", 580.0, hearing_end="held", chair="head", notified_on=-13, held_on=0,
        statement="双方质证；楼顶为业主共有，许可没有办过。",
    ),
    act("review", "rev", 610.0, passed="yes", opinion="听证程序合法，证据充分，同意限期拆除并处罚款。"),
    act("deliberate", "head", 630.0, members=["head", "off1"], opinions="承办人汇报，负责人同意审核意见，一致同意限期拆除并处罚款。"),
    act(
        "decide", "head", 640.0, decision="penalty", basis=_ROOF, circumstances=["grave"], penalties=["fine"], amount=20000, removal=15,
        reasons="无法采取改正措施，限期拆除，并处造价百分之十以下罚款；主动停工，从轻。", mitigation="lighter",
    ),
    act("serve", "off1", 660.0, of="decide", way="left", receiver="party", served_on=0, witness="社区工作人员见证", files=1),
    act("lift", "off1", 664.0, of="seize", disposal="returned", why="已作出决定，不再需要查封。"),
    act("demand", "off1", 1080.0, of="decide", demanded="拆除楼顶建筑；缴纳罚款 20000 元，到指定银行缴款。", due=12, delivered_on=0),
    act("announce", "off1", 1100.0, of="decide", due=20, done_on=0, files=1),
    building="7 栋",
    channel="web",
    photos=2,
    days=50,
    clock="08:40",
)  # fmt: skip

# ── rubble on the road, cleared at once; what was published taken down again ───────────────────────

_tell(
    "rubble-on-the-road",
    "sxmd",
    "HW-01",
    "chengguan",
    "小区门口路中间倒了一大堆渣土，车都过不去。",
    *_taken("HW-01", "chengguan"),
    act("attend", "off1", 2.2, found="路中间渣土约两立方米，人已走，监控在查。", files=2),
    act(
        "enforce", "off1", 2.9, means="clear", began=0.5, id_shown="yes", dwelling="no", urgent="yes", absent="yes", second="off2",
        done="渣土挡住消防车道，当事人不在场，立即清走两立方米。", files=2,
    ),
    act("countersign", "off2", 3.5, of="enforce", yes="yes"),
    act("approve", "head", 5.0, of="enforce", yes="yes"),
    _party(26.0, "渣土车主邓某某"),
    act(
        "spot_penalty", "off1", 27.0, spot_kinds=["fine"], basis=_LITTER, party="party", amount=200, offence_on=-1,
        suspected="将渣土倒在小区门口道路上。", id_shown="yes", rights_told="yes", heard_there="yes", collection="bank", second="off2",
        signing="signed",
    ),
    act("countersign", "off2", 28.0, of="spot_penalty", yes="yes"),
    act("publish", "head", 50.0, of="spot_penalty", public="某车主在小区门口道路倾倒渣土，罚款 200 元。"),
    act("unpublish", "head", 74.0, of="spot_penalty", why="公示的地点写得太细，撤下重写。"),
    channel="web",
    days=8,
    clock="08:50",
)  # fmt: skip

# ── filed, and dropped: it was not so ──────────────────────────────────────────────────────────────

_tell(
    "not-his-rubble",
    "jxjy",
    "HW-01",
    "chengguan",
    "对门装修的把垃圾倒在楼道口，好几天不清。",
    *_taken("HW-01", "chengguan"),
    act("attend", "off1", 6.0, found="楼道口有编织袋十几个。", files=1),
    _party(7.0, "装修户江某某"),
    *_filed(8.0, _LITTER, "将装修垃圾堆在楼道口。"),
    *_inspected(30.0, "编织袋内是物业更换的旧管件，由物业暂放。", "4 栋楼道口"),
    act("close_file", "off1", 50.0, closing="dropped", why="不是该户所为，违法事实不成立。"),
    act("approve", "head", 52.0, of="close_file", yes="yes"),
    channel="phone",
    by="com1",
    days=6,
    clock="10:20",
)
