"""The four tables from which a county is set up: bodies, communities with their stations, compounds, people with their postings."""

from __future__ import annotations

from huiyin.rules import geo
from huiyin.rules.tables import Column, Table, code, day, line, number, whole, words, yes
from huiyin.rules.workflow.vocabulary import ROLE_LABELS, BodyKind, Role

KINDS = {
    "县部门": BodyKind.DEPARTMENT,
    "乡镇街道": BodyKind.TOWNSHIP,
    "社区": BodyKind.COMMUNITY,
    "物业": BodyKind.PROPERTY,
    "水电气": BodyKind.UTILITY,
    "法院": BodyKind.COURT,
}
ROLES = {
    "执法人员": Role.OFF,
    "部门负责人": Role.HEAD,
    "社区工作人员": Role.COM,
    "物业": Role.PRO,
    "执法监督员": Role.SUP,
    "法制审核": Role.REV,
    "县领导": Role.LEADER,
    "管理员": Role.ADMIN,
    "协调监督": Role.CO,
    "身份保管员": Role.CUS,
    "投诉受理": Role.GRV,
}
#: What the pages call these roles is taken too.
ALSO_ROLES = {ROLE_LABELS[role]: role for role in ROLES.values()}
#: Codes of bodies in the reference lists, and whom they mean.
KNOWN_CODES = {
    "chengguan": "城市管理",
    "gongan": "公安",
    "ziran": "自然资源",
    "liangwei": "违法用地和违法建设综合执法",
    "huanjing": "生态环境",
    "zhujian": "住房和城乡建设",
    "sifa": "司法行政",
    "xiaofang": "消防救援",
    "shijian": "市场监管",
    "nongye": "农业农村",
    "weijian": "卫生健康",
    "fayuan": "法院",
    "gongdian": "供电",
    "gongshui": "供水",
    "ranqi": "燃气",
}
DATUMS = {name: name for name in geo.DATUMS}

BODIES = Table(
    name="bodies",
    label="单位",
    key=("code",),
    columns=(
        Column(
            name="code",
            label="代码",
            required=True,
            read=code(32),
            help="清单里的单位用清单里的代码，别的自己起：" + "、".join(f"{name} {known}" for known, name in KNOWN_CODES.items()),
            example="示例 chengguan",
        ),
        Column(name="kind", label="类别", required=True, choices=KINDS, example="县部门"),
        Column(name="name", label="全称", required=True, read=line(80), example="安和县城市管理局"),
        Column(name="short_name", label="简称", read=line(40), example="县城市管理局", help="不填就用全称"),
        Column(name="phone", label="电话", read=line(40), example="0700-555 0145"),
        Column(name="complaint_phone", label="投诉电话", read=line(40)),
        Column(name="email", label="邮箱", read=line(120)),
        Column(
            name="may_enforce",
            label="有行政执法权",
            also=("执法权",),
            read=yes,
            help="是或否（行政处罚法第十七、二十条）",
            example="是",
        ),
        Column(
            name="hearing_person",
            label="对公民的听证线",
            read=whole(1, 1_000_000_000),
            help="元；罚款到这个数可以要求听证（行政处罚法第六十三条）。没有登记就空着：超过当场处罚限额的都要告知听证",
            example="2000",
        ),
        Column(name="hearing_firm", label="对单位的听证线", read=whole(1, 1_000_000_000), help="元；同上", example="20000"),
    ),
)
COMMUNITIES = Table(
    name="communities",
    label="社区",
    key=("slug",),
    columns=(
        Column(name="slug", label="代码", required=True, read=code(24), example="示例 xingfu"),
        Column(name="name", label="名称", required=True, read=line(40), example="幸福社区"),
        Column(
            name="township", label="乡镇街道代码", required=True, read=code(32), help="单位表里的代码", example="chengguan-zhen"
        ),
        Column(
            name="office",
            label="居委会代码",
            required=True,
            read=code(32),
            help="单位表里类别是社区的代码",
            example="xingfu-juwei",
        ),
        Column(name="station_name", label="联络站名称", read=line(60), example="幸福社区执法进社区工作联络站"),
        Column(name="station_address", label="联络站地址", read=line(120)),
        Column(name="station_phone", label="联络站电话", read=line(40), example="0700-555 0112"),
        Column(name="station_hours", label="办公时间", read=line(60), example="工作日 8:30–17:30"),
    ),
)
COMPOUNDS = Table(
    name="compounds",
    label="小区",
    key=("community", "name"),
    columns=(
        Column(name="community", label="社区代码", required=True, read=code(24), help="社区表里的代码", example="示例 xingfu"),
        Column(name="name", label="名称", required=True, read=line(60), example="幸福里小区"),
        Column(name="aliases", label="别名", read=words, help="用顿号隔开", example="幸福里、老供销社宿舍"),
        Column(name="address", label="地址", read=line(120)),
        Column(name="households", label="户数", read=whole(0, 100_000), example="320"),
        Column(name="highrise", label="有高层", read=yes, example="否"),
        Column(
            name="datum",
            label="坐标系",
            choices=DATUMS,
            help="高德、腾讯是 GCJ-02，百度是 BD-09；不填是 CGCS2000",
            example="GCJ-02",
        ),
        Column(name="lon", label="经度", read=number, example="115.79"),
        Column(name="lat", label="纬度", read=number, example="25.60"),
        Column(name="outline", label="轮廓", read=str, help="GeoJSON，或 经度,纬度;经度,纬度;…"),
        Column(name="firm", label="物业代码", read=code(32), help="单位表里类别是物业的代码；没有物业就空着"),
        Column(name="contract_from", label="合同从", read=day, example="2025-01-01"),
        Column(name="contract_to", label="合同到", read=day),
    ),
)
PEOPLE = Table(
    name="people",
    label="人员",
    key=("username", "role", "body", "community"),
    columns=(
        Column(name="username", label="登录名", required=True, read=code(64), example="示例 liuzhiqiang"),
        Column(name="name", label="姓名", required=True, read=line(40), example="刘某某"),
        Column(name="desk_phone", label="办公电话", read=line(40)),
        Column(name="email", label="邮箱", read=line(120)),
        Column(name="role", label="岗位", required=True, choices=ROLES, accepts=ALSO_ROLES, example="执法人员"),
        Column(name="body", label="单位代码", read=code(32), example="chengguan"),
        Column(name="community", label="社区代码", read=code(24)),
        Column(name="starts", label="任职从", read=day, help="不填就是导入的那一天"),
        Column(name="ends", label="任职到", read=day),
        Column(
            name="shown",
            label="写在服务栏上",
            read=yes,
            help="填“是”：作为这个社区的联络责任人（社区工作人员）或执法监督员，姓名和办公电话写在小区服务栏上",
        ),
        Column(name="badge_no", label="执法证号", read=line(32)),
        Column(name="badge_expires", label="执法证有效到", read=day),
    ),
)
TABLES = (BODIES, COMMUNITIES, COMPOUNDS, PEOPLE)
