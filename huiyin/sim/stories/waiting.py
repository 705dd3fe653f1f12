"""Made-up cases that wait: just reported, without a place, handed back, dispatched and not yet taken on."""

from __future__ import annotations

from huiyin.sim.stories.telling import Storybook, act

BOOK = Storybook(first_phone=101)
_tell, _join = BOOK.tell, BOOK.join

# ── reported, nobody has looked yet ──────────────────────────────────────────────────────────

_tell(
    "chickens-dawn",
    "xfl1",
    "QL-05",
    "chengguan",
    "3 栋楼下花坛里有人养了七八只鸡，天不亮就打鸣，到处是鸡粪。跟他说过，他说乡下亲戚送的，过完年再杀。",
    building="3 栋",
    channel="qr",
    picked=True,
    photos=2,
    hours=2.5,
)
_tell(
    "drilling-at-noon",
    "ghy1",
    "ZS-04",
    "chengguan",
    "楼上 802 装修，上个星期天早上七点多就开始敲墙，孩子要考试。跟工人讲过，今天又敲了。",
    building="6 栋",
    channel="phone",
    by="com1",
    name="李先生",
    hours=1.2,
)
_tell(
    "bike-in-the-lift",
    "hlf1",
    "XF-03",
    "xiaofang",
    "有人天天把电动车推进电梯，说是上楼充电。电梯里贴了不准进，他当没看见。我家有小孩，晚上睡不踏实。",
    building="2 栋",
    contact="email",
    picked=True,
    photos=1,
    hours=0.7,
)
_tell(
    "fire-lane-garage",
    "bjyp",
    "XF-01",
    "xiaofang",
    "地下车库出口外面那条消防通道，每天晚上停满了车，救护车都进不来。",
    _join("res2", 1.0, "我也看到了，昨天晚上搬家的车在那堵了半个多小时。", building="7 栋"),
    _join("res3", 2.1, "黄线里天天停车，物业说管不了。", contact="email", building="9 栋"),
    act("supplement", "res", 2.6, words="补两张刚拍的，白色那辆停了三天没动过。", files=2),
    building="车库出口",
    channel="qr",
    picked=True,
    photos=1,
    hours=5.0,
)
_tell(
    "school-place",
    "yghy",
    "",
    "",
    "我家孩子下学期想转到城里来读小学，户口还在乡下，不知道要找谁，跑了两趟都说不归他管。",
    contact="phone",
    hours=4.0,
)
_tell(
    "tower-by-the-river",
    "",
    "",
    "",
    "河边新盖的那几栋楼，旁边有个菜场，晚上十一二点还有人在楼下打桩一样地响，吵得没法睡。",
    place_words="河边新盖的那几栋，旁边有个菜场",
    contact="phone",
    hours=20.0,
)
_tell(
    "dogs-behind-the-shed",
    "jsl1",
    "QL-04",
    "zhenjie",
    "车棚后面来了一窝流浪狗，大的有四五条，晚上下夜班回来会跟着人走，老人和小孩都不敢过去。",
    contact="phone",
    channel="web",
    days=9,
    clock="22:14",
)
_tell(
    "stairs-full-of-boxes",
    "jxjy",
    "XF-02",
    "xiaofang",
    "4 栋 1 单元从二楼到四楼，楼梯拐角全是纸箱和旧桌子，半夜停电走下来差点摔了。",
    act(
        "dissuade",
        "com1",
        3.0,
        persuader="community",
        method="door",
        response="agreed",
        stopped="no",
        how="上门找了 302 的住户，说清楚楼梯是逃生的路。他答应这两天叫人来收。",
        recheck_on=2,
        files=1,
    ),
    act("ask_dissuade", "com1", 3.6, firm="wuye", release="4 栋 1 单元二至四楼楼梯拐角堆了纸箱和旧桌子，请今天先去劝清。"),
    building="4 栋 1 单元",
    channel="qr",
    picked=True,
    photos=2,
    days=1,
    clock="07:40",
)

# ── handed back, refused once, or placed by the coordinator ──────────────────────────────────

_tell(
    "loudspeaker-sale",
    "sdhy",
    "ZS-02",
    "huanjing",
    "楼下卖窗帘的店，从早上八点到晚上九点一个喇叭循环放清仓大甩卖，我在家上网课根本听不清。",
    act("assign", "com1", 1.5, item="ZS-02", lead="huanjing"),
    act(
        "decline",
        "off1",
        22.0,
        reason="not_ours",
        why="县里还没有明确商铺喇叭由哪个部门管，我局只负责设备噪声监测，请协调确定。",
        instead="chengguan",
    ),
    channel="qr",
    picked=True,
    days=4,
    clock="09:20",
)
_tell(
    "no-school-bus",
    "gcxy",
    "",
    "",
    "早上 3 路公交不等人，孩子天天迟到，能不能加一班车，反映了几次都没人理。",
    act(
        "refuse",
        "com1",
        2.0,
        refusal="off_list",
        turn_to="公交线路和班次由县交通运输局管，请打 12328 交通服务热线，说明 3 路、早上 7 点这一班。",
    ),
    act(
        "echo",
        "com1",
        2.4,
        reply="您好，公交班次不在社区执法的清单里，我们没有办法安排加车。这件事由县交通运输局管，请打 12328，说 3 路早上 7 点这一班。"
        "不清楚的可以再问{station}。",
    ),
    act("dispute", "res", 30.0, words="12328 打过了，让我找社区，社区又让我打 12328，到底谁管。"),
    contact="phone",
    days=5,
    clock="08:05",
)
_tell(
    "somewhere-in-wenchang",
    "",
    "QL-01",
    "gongan",
    "文昌路过去一点，有桂花树的那个小区，一条大黄狗从来不拴，昨天扑了我妈，好在没咬到。",
    act("correct", "co1", 2.0, of="report", fact="compound", compound="ghy1", words="与反映人核对，是桂花苑。"),
    act("assign", "co1", 2.3, item="QL-01", lead="gongan"),
    place_words="文昌路过去一点，有桂花树的小区",
    channel="phone",
    by="co1",
    days=1,
    clock="14:50",
)
_tell(
    "store-room-at-the-door",
    "cnhy",
    "FW-02",
    "zhujian",
    "单元门口被一楼那户砌了间杂物房，我们推婴儿车都要侧着过。物业说是他自己的面积，我看明明是公共的。",
    act("assign", "com1", 2.0, item="FW-02", lead="zhujian"),
    act(
        "decline",
        "off1",
        20.0,
        reason="not_ours",
        why="现场是砌墙搭建，不是改变用途，应按搭建处理，由城管牵头。",
        instead="chengguan",
    ),
    act(
        "settle",
        "co1",
        28.0,
        item="WJ-02",
        lead="chengguan",
        ground="agreed",
        why="与住建、城管两家通了电话：占公共场地砌房按占用公共区域搭建办，城管牵头，住建配合认定面积。",
    ),
    building="5 栋 1 单元",
    channel="qr",
    photos=3,
    days=3,
    clock="10:30",
)

# ── dispatched, not yet taken on ─────────────────────────────────────────────────────────────

_tell(
    "roof-room",
    "hlf1",
    "WJ-01",
    "ziran",
    "顶楼那户在楼面上盖阳光房，这两天还在往上搬砖，楼下天花板都在响，再盖就封顶了。",
    act("assign", "com1", 1.0, item="WJ-01", lead="ziran"),
    building="1 栋顶楼",
    contact="email",
    picked=True,
    photos=2,
    days=1,
    clock="15:45",
)
_tell(
    "ducks-on-the-roof",
    "jxjy",
    "QL-05",
    "chengguan",
    "9 栋楼顶有人搭了个棚养鸭子，下雨水流下来都是臭的，晾的被子全白洗了。",
    act("assign", "com1", 1.0, item="QL-05", lead="chengguan", cooperating=["nongye", "wuye"]),
    building="9 栋",
    channel="qr",
    picked=True,
    photos=2,
    hours=7.0,
)
_tell(
    "dancing-till-ten",
    "yjhy",
    "ZS-03",
    "gongan",
    "小区东门外广场舞，音响开到晚上十点多，两拨人还比着放。家里有人上早班，五点就要起。",
    _join("res2", 26.0, "同上，东门这边关着窗都听得见。", contact="phone"),
    act("assign", "com1", 13.0, item="ZS-03", lead="gongan"),
    channel="web",
    picked=True,
    days=8,
    clock="21:50",
)
_tell(
    "sofa-downstairs",
    "xfl1",
    "FS-02",
    "wuye",
    "7 栋楼下扔了一张旧沙发和两个床垫，半个月了，下雨泡得发臭，小孩还在上面跳。",
    act("assign", "com1", 1.0, item="FS-02", lead="wuye", release="7 栋楼下有旧沙发一张、床垫两个，放了半个月，请清走。"),
    building="7 栋",
    channel="qr",
    photos=1,
    hours=6.0,
)
_tell(
    "cardboard-by-the-flowers",
    "lsjss",
    "FS-02",
    "wuye",
    "有个老人家收纸壳，全堆在花坛边上，一大片，路都窄了，也怕着火。她年纪大，好好说，别吓着她。",
    act("assign", "com1", 3.0, item="FS-02", lead="wuye"),
    channel="station",
    by="com2",
    contact="",
    days=2,
    clock="09:10",
)
_tell(
    "dark-path",
    "yly1",
    "FS-09",
    "wuye",
    "南边那条路的路灯黑了一片，有四盏不亮，晚上遛弯踩到坑里崴了脚。",
    act("assign", "com1", 1.2, item="FS-09", lead="wuye", release="南边小路四盏路灯不亮，请尽快查线、换灯。"),
    channel="qr",
    photos=1,
    days=3,
    clock="19:25",
)
_tell(
    "lock-on-the-space",
    "ljjy",
    "FS-03",
    "wuye",
    "地面公共车位被人装了地锁，还用水泥墩围了一圈，上面搭了个小棚放摩托。",
    act("assign", "com1", 1.0, item="FS-03", lead="wuye", release="地面公共车位装了地锁、围了水泥墩，请协调拆除。"),
    act("reclassify", "com1", 26.0, item="WJ-02", why="去看了，水泥墩上已经搭了棚，属于占公共场地搭建，交城管牵头。"),
    channel="web",
    photos=2,
    days=3,
    clock="11:15",
)
_tell(
    "supervisor-saw-hydrant",
    "klxq",
    "XF-04",
    "xiaofang",
    "走访时看到 2 栋门口的消火栓箱里没有水带，箱门用铁丝拧着，请核实并督促补齐。",
    act("assign", "com1", 2.0, item="XF-04", lead="xiaofang"),
    building="2 栋",
    channel="staff",
    by="sup1",
    contact="",
    days=1,
    clock="10:05",
)
