"""安和县, a county that does not exist: its bodies, places, contracts and people at the scale of a real one, made from a seed.

Nothing here reads a clock or a database: the same day and seed give the same county. All names and telephones are invented.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from huiyin.sim import names

DEMO_PASSWORD = "anhe-demo-2026"  # noqa: S105, opens the demonstration only, whose pages say so
CENTRE = (115.0, 26.0)
STATION_HOURS = "周一至周五 8:30–12:00、14:30–17:30"

_METRES_PER_DEGREE = 111_320.0
_SLOT = 360.0  # side of the square, in metres, that one compound may lie in
_COLUMNS, _ROWS = 4, 3  # slots of one community
_REACH = 0.46 * _SLOT  # no point of an outline is farther from its slot's middle, along either axis
_ACROSS = 4  # communities side by side

Point = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeUpBody:
    """A department, office, firm or partner. `kind`: department, township, community, property, utility or court."""

    code: str
    kind: str
    name: str
    short_name: str
    phone: str
    complaint_phone: str = ""
    email: str = ""
    may_enforce: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeUpCommunity:
    """A 社区 with its station. `township` and `office` are codes of bodies, `supervisor` and `contact` user names."""

    slug: str
    name: str
    township: str
    office: str
    station_name: str
    station_address: str
    station_phone: str
    station_hours: str
    supervisor: str
    contact: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeUpCompound:
    """A 小区. `outline` is a ring of 4 to 8 points (lon, lat in degrees), not closed, around (`lon`, `lat`)."""

    code: str
    community: str
    name: str
    aliases: tuple[str, ...]
    address: str
    households: int
    buildings: int
    highrise: bool
    lon: float
    lat: float
    outline: tuple[Point, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeUpContract:
    """A firm (body code) at a compound (code) from a day to a day, both inclusive."""

    firm: str
    compound: str
    starts: date
    ends: date | None = None

    def runs(self, day: date) -> bool:
        return self.starts <= day and (self.ends is None or day <= self.ends)


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeUpPerson:
    username: str
    name: str
    desk_phone: str
    email: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeUpPosting:
    """`person` is a user name, `body` a code, `community` a slug; role as in the vocabulary (off, head, com …)."""

    person: str
    role: str
    body: str = ""
    community: str = ""
    starts: date
    ends: date | None = None
    badge_no: str = ""
    badge_expires: date | None = None

    def holds(self, day: date) -> bool:
        return self.starts <= day and (self.ends is None or day <= self.ends)


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeUpCounty:
    """All of it. `overseer` is the code of the body that coordinates, `deputy` the user name of who acts for it in its own matters."""

    name: str
    name_en: str
    code: str
    host: str
    hotline: str
    gas_phone: str
    common_superior: str
    overseer: str
    deputy: str
    lon: float
    lat: float
    bodies: tuple[MadeUpBody, ...]
    communities: tuple[MadeUpCommunity, ...]
    compounds: tuple[MadeUpCompound, ...]
    contracts: tuple[MadeUpContract, ...]
    people: tuple[MadeUpPerson, ...]
    postings: tuple[MadeUpPosting, ...]

    def compound(self, code: str) -> MadeUpCompound:
        return next(compound for compound in self.compounds if compound.code == code)

    def community_of(self, code: str) -> MadeUpCommunity:
        slug = self.compound(code).community
        return next(community for community in self.communities if community.slug == slug)

    def firm_of(self, code: str, day: date) -> str | None:
        """The firm under contract at a compound that day; None where nobody manages it."""
        return next((contract.firm for contract in self.contracts if contract.compound == code and contract.runs(day)), None)

    def posted(self, role: str, day: date, *, body: str = "", community: str = "") -> tuple[MadeUpPosting, ...]:
        """Who holds a role that day, in the order they were appointed in; narrowed to a body or a community if given."""
        return tuple(
            posting
            for posting in self.postings
            if posting.role == role
            and posting.holds(day)
            and (not body or posting.body == body)
            and (not community or posting.community == community)
        )


@dataclass(frozen=True, slots=True)
class Login:
    """An account that somebody who tries the demonstration would take first, and what there is to see."""

    username: str
    name: str
    place: str
    look: str


DEMO_LOGINS = (
    Login("wangxiulan", "王秀兰", "幸福社区联络站", "今日要派的件、来电登记、回访电话"),
    Login("liuzhiqiang", "刘志强", "县城市管理局 执法人员", "手上的件：到场、一劝、责令改正、办结、回音"),
    Login("heyong", "何勇", "县城市管理局 执法人员", "等会签的责令改正、别人劝过要复查的件"),
    Login("chenguodong", "陈国栋", "县城市管理局 负责人", "全局的件、指定经办人、延期"),
    Login("huanghaiyan", "黄海燕", "锦绣物业 项目经理", "手机上的物业任务：请先劝、二督"),
    Login("zhoumin", "周敏", "县司法局 协调监督", "待落点、管辖协调、不满意三次的件、全县的件"),
    Login("hejianping", "何建平", "幸福社区 执法监督员", "本社区的件（只看）、抽查"),
    Login("shenruolan", "沈若兰", "身份保管员", "身份查阅：谁问、为什么，每看一次都留下记录"),
    Login("fangzheng", "方正", "管理员", "设置：地方、单位、人员、日历"),
    Login("jiangyuanshan", "江远山", "县领导", "只看数字和不带个人信息的件"),
)


def made_up_county(today: date, *, seed: int = 1) -> MadeUpCounty:
    """The county as it stands on a day. Postings and most contracts began more than half a year earlier; `seed` draws the rest."""
    draw = Random(seed)
    people = _People(draw, today)
    compounds = tuple(_compounds(draw))
    firms = tuple(_firms())
    departments = tuple(_department(people, *row) for row in names.DEPARTMENTS)
    offices = tuple(_offices(people))
    communities = tuple(_community(people, *row) for row in names.COMMUNITIES)
    for firm in firms:
        people.appoint("pro", body=firm.code, known="黄海燕 huanghaiyan" if firm.code == "wy-jinxiu" else "")
    deputy = _county_people(people)
    return MadeUpCounty(
        name="安和县",
        name_en="Anhe County",
        code="anhe",
        host="安和县司法局（行政执法协调监督）",
        hotline=_phone(100),
        gas_phone=_phone(186),
        common_superior="安和县人民政府",
        overseer="sifa",
        deputy=deputy,
        lon=CENTRE[0],
        lat=CENTRE[1],
        bodies=(*departments, *offices, *firms, *_partners()),
        communities=communities,
        compounds=compounds,
        contracts=tuple(_contracts(draw, today, compounds)),
        people=tuple(people.people),
        postings=tuple(people.postings),
    )


def _phone(number: int) -> str:
    """A line of the invented exchange 0700-555."""
    return f"0700-555 {number:04d}"


# ── people ───────────────────────────────────────────────────────────────────────────────────


class _People:
    """Hires people one after another, so that nobody shares a name, a user name, a line or a badge."""

    def __init__(self, draw: Random, today: date) -> None:
        self.people: list[MadeUpPerson] = []
        self.postings: list[MadeUpPosting] = []
        self._draw, self._today = draw, today
        known = {login.name for login in DEMO_LOGINS} | {"林淑芬", "陈佳", "温和平", "白露"}
        self._taken = known | {login.username for login in DEMO_LOGINS}

    def appoint(
        self,
        role: str,
        *,
        body: str = "",
        community: str = "",
        known: str = "",
        badge_days: int | None = None,
        ended: int | None = None,
    ) -> str:
        """Hire somebody and post them. known: "name username" of somebody with a fixed name; badge_days: how long from today the
        badge is good; ended: how many days ago the posting ended. Returns the user name.
        """
        name, username = known.split(" ") if known else self._invent()
        self.people.append(
            MadeUpPerson(
                username=username,
                name=name,
                desk_phone=_phone(1000 + len(self.people) * 3),
                email=f"{username}@anhe.example",
            )
        )
        starts = self._today - timedelta(days=self._draw.randrange(240, 2200))
        badge = None if badge_days is None else self._today + timedelta(days=badge_days)
        self.postings.append(
            MadeUpPosting(
                person=username,
                role=role,
                body=body,
                community=community,
                starts=starts,
                ends=None if ended is None else self._today - timedelta(days=ended),
                badge_no="" if badge is None else f"安执 0700{len(self.postings) + 1:04d}",
                badge_expires=badge,
            )
        )
        return username

    def _invent(self) -> tuple[str, str]:
        while True:
            family, given = self._draw.choice(names.SURNAMES), self._draw.choice(names.GIVEN_NAMES)
            name = _hanzi(family) + _hanzi(given)
            username = family[len(_hanzi(family)) :] + given[len(_hanzi(given)) :]
            if not {name, username} & self._taken:
                self._taken |= {name, username}
                return name, username


def _hanzi(pair: str) -> str:
    return "".join(sign for sign in pair if not sign.isascii())


#: Officers whose names stories and pages use, in the order they are appointed.
_OFFICERS = {"chengguan": ("刘志强 liuzhiqiang", "何勇 heyong", "陈佳 chenjia")}
_HEADS = {"chengguan": "陈国栋 chenguodong"}
#: Days from today until a badge ends, where it is not years: one ends today, one has ended.
_BADGES = {("chengguan", 3): 0, ("weijian", 2): -20}


def _department(people: _People, code: str, name: str, short: str, may_enforce: bool, line: str, officers: int) -> MadeUpBody:
    people.appoint("head", body=code, known=_HEADS.get(code, ""), badge_days=1100)
    for index in range(officers):
        known = _OFFICERS.get(code, ())
        years = 400 + 37 * ((index * 5 + len(code) * 3) % 23)
        badge = _BADGES.get((code, index), years)
        people.appoint("off", body=code, known=known[index] if index < len(known) else "", badge_days=badge)
    people.appoint("rev", body=code)
    return MadeUpBody(
        code=code,
        kind="department",
        name=name,
        short_name=short,
        phone=_phone(int(line)),
        complaint_phone=_phone(int(line) + 1000 - 200),
        email=f"{code}@anhe.example",
        may_enforce=may_enforce,
    )


def _offices(people: _People) -> Iterator[MadeUpBody]:
    for index, (code, name, short) in enumerate(names.TOWNSHIPS):
        people.appoint("com", body=code)
        yield MadeUpBody(
            code=code,
            kind="township",
            name=name,
            short_name=short,
            phone=_phone(120 + index),
            complaint_phone=_phone(126 + index),
            email=f"{code}@anhe.example",
        )
    for index, (slug, name, *_rest) in enumerate(names.COMMUNITIES):
        yield MadeUpBody(
            code=f"sq-{slug}",
            kind="community",
            name=f"{name}居民委员会",
            short_name=name,
            phone=_phone(200 + index),
            complaint_phone=_phone(220 + index),
            email=f"{slug}@anhe.example",
        )


_CLERKS = {"xingfu": "王秀兰 wangxiulan"}
_SUPERVISORS = {"xingfu": "何建平 hejianping", "wenchang": "林淑芬 linshufen"}
_STATION_LINES = {"xingfu": 112}


def _community(people: _People, slug: str, name: str, township: str, road: str, _listed: str) -> MadeUpCommunity:
    office = f"sq-{slug}"
    contact = people.appoint("com", body=office, community=slug, known=_CLERKS.get(slug, ""))
    people.appoint("com", body=office, community=slug)
    supervisor = people.appoint("sup", community=slug, known=_SUPERVISORS.get(slug, ""))
    if slug == "hongqi":
        people.appoint("com", body=office, community=slug, ended=12)
    index = next(place for place, row in enumerate(names.COMMUNITIES) if row[0] == slug)
    return MadeUpCommunity(
        slug=slug,
        name=name,
        township=township,
        office=office,
        station_name=f"{name}执法进社区工作联络站",
        station_address=f"安和县{_township(township)}{road} {8 + 4 * index} 号",
        station_phone=_phone(_STATION_LINES.get(slug, 240 + index)),
        station_hours=STATION_HOURS,
        supervisor=supervisor,
        contact=contact,
    )


def _township(code: str) -> str:
    return next(short for township, _, short in names.TOWNSHIPS if township == code)


def _county_people(people: _People) -> str:
    """Those posted to the county as a whole; returns the deputy, who coordinates where the Justice Bureau itself is in charge."""
    people.appoint("co", body="sifa", known="周敏 zhoumin")
    people.appoint("co", body="sifa")
    deputy = people.appoint("co", known="温和平 wenheping")
    people.appoint("cus", known="沈若兰 shenruolan")
    people.appoint("leader", known="江远山 jiangyuanshan")
    people.appoint("admin", known="方正 fangzheng")
    people.appoint("grv", known="白露 bailu")
    return deputy


# ── firms, partners, contracts ───────────────────────────────────────────────────────────────


def _firms() -> Iterator[MadeUpBody]:
    lines = {"wy-jinxiu": 170, "wy-guiyuan": 172}
    for index, (code, name, short, _where) in enumerate(names.FIRMS):
        yield MadeUpBody(
            code=code,
            kind="property",
            name=name,
            short_name=short,
            phone=_phone(lines.get(code, 300 + index)),
            complaint_phone=_phone(340 + index),
            email=f"{code[3:]}@anhe.example",
        )


def _partners() -> Iterator[MadeUpBody]:
    for code, kind, name, short, line in names.PARTNERS:
        yield MadeUpBody(code=code, kind=kind, name=name, short_name=short, phone=_phone(int(line)))


_KNOWN_FIRMS = {"xfl1": "wy-jinxiu", "jxjy": "wy-jinxiu", "ghy1": "wy-guiyuan", "hlf1": "wy-heshun", "bjyp": "wy-binjiang"}
_CHANGED_YESTERDAY = ("yly1", "wy-huimin", "wy-hongyun")  # compound, firm until yesterday, firm from today
_CHANGED_LATELY = ("zjy1", "wy-lvyin", "wy-anju", 40)


def _contracts(draw: Random, today: date, compounds: tuple[MadeUpCompound, ...]) -> Iterator[MadeUpContract]:
    changes = {
        _CHANGED_YESTERDAY[0]: (*_CHANGED_YESTERDAY[1:], 0),
        _CHANGED_LATELY[0]: _CHANGED_LATELY[1:],
    }
    managed = [compound for compound in compounds if compound.code not in names.WITHOUT_FIRM]
    for index, compound in enumerate(managed):
        starts = today - timedelta(days=draw.randrange(250, 1400))
        near = _firms_at(compound.community)
        firm = _KNOWN_FIRMS.get(compound.code) or near[index % len(near)]
        if compound.code not in changes:
            yield MadeUpContract(firm=firm, compound=compound.code, starts=starts, ends=starts + timedelta(days=5 * 365))
            continue
        before, after, ago = changes[compound.code]
        changed = today - timedelta(days=ago)
        yield MadeUpContract(firm=before, compound=compound.code, starts=starts, ends=changed - timedelta(days=1))
        yield MadeUpContract(firm=after, compound=compound.code, starts=changed, ends=changed + timedelta(days=3 * 365))


def _firms_at(community: str) -> list[str]:
    return [code for code, _, _, where in names.FIRMS if community in where]


# ── places ───────────────────────────────────────────────────────────────────────────────────


def _compounds(draw: Random) -> Iterator[MadeUpCompound]:
    for place, (slug, _name, township, road, listed) in enumerate(names.COMMUNITIES):
        slots = draw.sample(range(_COLUMNS * _ROWS), k=_COLUMNS * _ROWS)
        for index, entry in enumerate(listed.split(";")):
            code, name = entry.strip().split(" ", 1)
            middle = _middle(place, slots[index])
            households, buildings = names.KNOWN_SIZES.get(code) or _size(draw, code)
            lon, lat = _degrees(middle)
            yield MadeUpCompound(
                code=code,
                community=slug,
                name=name,
                aliases=names.ALIASES.get(code) or ((name[:-2],) if name.endswith("小区") else ()),
                address=f"安和县{_township(township)}{road} {20 + index * 14 + draw.randrange(12)} 号",
                households=households,
                buildings=buildings,
                highrise=code in names.HIGHRISE,
                lon=lon,
                lat=lat,
                outline=tuple(_degrees(point) for point in _outline(draw, middle)),
            )


def _size(draw: Random, code: str) -> tuple[int, int]:
    """Households and buildings: old works' housing is small, towers hold more households a building."""
    if code in names.WITHOUT_FIRM:
        buildings = draw.randrange(1, 6)
        return buildings * draw.randrange(18, 37), buildings
    buildings = draw.randrange(4, 15)
    return buildings * (draw.randrange(64, 129) if code in names.HIGHRISE else draw.randrange(24, 61)), buildings


def _middle(place: int, slot: int) -> Point:
    """The middle of a slot of a community, in metres east and north of the county's centre."""
    column = (place % _ACROSS) * _COLUMNS + slot % _COLUMNS - _ACROSS * _COLUMNS / 2
    row = (place // _ACROSS) * _ROWS + slot // _COLUMNS - 3 * _ROWS / 2
    return (column + 0.5) * _SLOT, -(row + 0.5) * _SLOT


def _outline(draw: Random, middle: Point) -> Iterator[Point]:
    """A rectangle with up to four corners cut off, turned a little: 4 to 8 points that stay within the slot."""
    wide, high = draw.uniform(0.26, 0.37) * _SLOT, draw.uniform(0.26, 0.37) * _SLOT
    turn = draw.uniform(-0.2, 0.2)
    for right, up in ((1, 1), (-1, 1), (-1, -1), (1, -1)):
        for x, y in _corner(draw, right * wide, up * high):
            east = x * math.cos(turn) - y * math.sin(turn)
            north = x * math.sin(turn) + y * math.cos(turn)
            yield middle[0] + _within(east), middle[1] + _within(north)


def _corner(draw: Random, x: float, y: float) -> tuple[Point, ...]:
    """One point or, cut off, two; in the direction that the ring runs, against the clock."""
    if draw.random() < 0.6:
        return ((x, y),)
    cut = draw.uniform(0.2, 0.5)
    along, across = (x * (1 - cut), y), (x, y * (1 - cut))
    return (across, along) if x * y > 0 else (along, across)


def _within(offset: float) -> float:
    return max(-_REACH, min(_REACH, offset))


def _degrees(point: Point) -> Point:
    lon = CENTRE[0] + point[0] / (_METRES_PER_DEGREE * math.cos(math.radians(CENTRE[1])))
    return round(lon, 6), round(CENTRE[1] + point[1] / _METRES_PER_DEGREE, 6)
