"""What 三查 leaves on a case: files, measures, decisions and how far each has come, folded from the ledger's entries. No legal judgement here: guards ask it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from huiyin.rules.ledger import Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """处罚事先告知: what was announced to the party, and when it reached them (a day)."""

    seq: int
    at: datetime
    delivered: str
    penalties: tuple[str, ...]
    amount: int
    basis: int
    hearing_told: bool
    value: int = 0  # of what is to be confiscated, in yuan


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """One file (案卷) of one body on a case. Days are ISO dates, persons and bodies ids; `seq` is its `open_file`."""

    seq: int
    body: int
    basis: int
    offence: str
    party: int | None = None
    party_kind: str = ""
    officers: frozenset[int] = frozenset()
    opened: datetime
    approved: datetime | None = None
    refused: bool = False
    longer: int = 0  # extensions of the term that a head granted
    evidence: tuple[int, ...] = ()  # records of inspections, interviews, tests
    investigators: frozenset[int] = frozenset()
    notice: Notice | None = None
    heard: str = ""
    heard_at: datetime | None = None
    asks_hearing: bool = False
    hearing: str = ""
    hearing_at: datetime | None = None
    review: str = ""  # "", "yes", "no": of what was last put to the reviewer
    reviewers: frozenset[int] = frozenset()
    deliberated: datetime | None = None
    decision: int | None = None
    closing: int | None = None  # a `close_file` that waits for its approval
    ends_as: str = ""
    closed: datetime | None = None
    standing: tuple[tuple[str, str], ...] = ()  # days of tests and hearings that its term does not count

    @property
    def open(self) -> bool:
        return not self.refused and self.closed is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """A decision on a penalty (`decide`) or a penalty on the spot. Amounts in yuan."""

    seq: int
    body: int
    file: int | None
    kind: str  # a code of DECISIONS; "spot" on the spot
    penalties: tuple[str, ...] = ()
    amount: int = 0
    basis: int
    party: int | None = None
    party_kind: str = ""
    offence: str = ""
    at: datetime
    served: str = ""  # the day it reached the party
    harmed_served: str = ""
    demands: tuple[tuple[int, str, str], ...] = ()  # (entry, day it reached the party, day by which to perform)
    announced: tuple[int, str, str] | None = None  # (entry, day posted, day by which to take down)
    removal: str = ""  # the day by which to take down, where that was ordered
    paid: int = 0
    performed: str = ""
    court: datetime | None = None
    enforced: tuple[int, ...] = ()
    published: int | None = None
    annulled: bool = False

    @property
    def punishes(self) -> bool:
        return self.kind in {"penalty", "spot"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """先行登记保存 or a coercive measure (`seize`). `until` is a day; `kind` preserve or a code of MEASURES."""

    seq: int
    body: int
    kind: str
    at: datetime
    until: str
    urgent: bool = False
    longer: bool = False
    lifted: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """呈批: what an officer asks the head to approve before it is done. `of` is the record it is about; `used` the act done on it."""

    seq: int
    body: int
    what: str
    of: int = 0
    approved: datetime | None = None
    refused: bool = False
    used: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Investigation:
    """Everything of 三查 on one case, each by the number of the entry that began it. `parties` maps a party's record to its kind;
    what was inspected before a file was opened (初查) goes into the file that the same body opens."""

    parties: Mapping[int, str] = field(default_factory=dict)
    loose: tuple[tuple[int, int, frozenset[int]], ...] = ()  # records made before a file: entry, body, persons
    files: Mapping[int, File] = field(default_factory=dict)
    decisions: Mapping[int, Decision] = field(default_factory=dict)
    measures: Mapping[int, Measure] = field(default_factory=dict)
    proposals: Mapping[int, Proposal] = field(default_factory=dict)

    def file_of(self, body: int | None) -> File | None:
        """The open file of a body; it has at most one at a time."""
        return next((file for file in self.files.values() if file.open and file.body == body), None)

    @property
    def open_files(self) -> tuple[File, ...]:
        return tuple(file for file in self.files.values() if file.open)

    @property
    def standing_measures(self) -> tuple[Measure, ...]:
        return tuple(measure for measure in self.measures.values() if measure.lifted is None)


Step = Callable[[Investigation, "Entry"], Investigation]
STEPS: dict[str, Step] = {}
NOTHING = Investigation()


def after(held: Investigation, entry: Entry) -> Investigation:
    """What 三查 has left after one more entry; entries of other kinds change nothing."""
    step = STEPS.get(entry.action)
    return step(held, entry) if step else held


def _step(*names: str) -> Callable[[Step], Step]:
    def register(function: Step) -> Step:
        for name in names:
            if name in STEPS:
                raise ValueError(f"two steps for {name}")
            STEPS[name] = function
        return function

    return register


def _file(held: Investigation, seq: int | None, **changes: Any) -> Investigation:
    file = held.files.get(seq or 0)
    return replace(held, files={**held.files, file.seq: replace(file, **changes)}) if file else held


def _decision(held: Investigation, seq: int | None, **changes: Any) -> Investigation:
    made = held.decisions.get(seq or 0)
    return replace(held, decisions={**held.decisions, made.seq: replace(made, **changes)}) if made else held


def _day(moment: datetime) -> str:
    """The day in Beijing: China has kept one offset without summer time since 1992."""
    return (moment.astimezone(UTC) + timedelta(hours=8)).date().isoformat()


def _hands(entry: Entry) -> frozenset[int]:
    return frozenset(person for person in (entry.data.get("person"), entry.data.get("second")) if person)


@_step("name_party")
def _name_party(held: Investigation, entry: Entry) -> Investigation:
    return replace(held, parties={**held.parties, entry.data["party"]: entry.data["party_kind"]})


@_step("open_file")
def _open_file(held: Investigation, entry: Entry) -> Investigation:
    data = entry.data
    file = File(
        seq=entry.seq,
        body=data["body"],
        basis=data["basis"],
        offence=data["offence_on"],
        party=data.get("party"),
        party_kind=held.parties.get(data.get("party", 0), ""),
        officers=_hands(entry),
        evidence=tuple(seq for seq, body, _ in held.loose if body == data["body"]),
        investigators=frozenset().union(*(hands for _, body, hands in held.loose if body == data["body"])),
        opened=entry.at,
        refused=data.get("filing") == "no",
    )
    return replace(held, files={**held.files, entry.seq: file})


@_step("inspect", "interview", "test")
def _evidence(held: Investigation, entry: Entry) -> Investigation:
    file = held.files.get(entry.data.get("file", 0))
    if file is None:
        return replace(held, loose=(*held.loose, (entry.seq, entry.data["body"], _hands(entry))))
    spans = file.standing
    if entry.action == "test" and entry.data.get("began") and entry.data.get("ended"):
        spans = (*spans, (entry.data["began"][:10], entry.data["ended"][:10]))
    return _file(
        held, file.seq, evidence=(*file.evidence, entry.seq), investigators=file.investigators | _hands(entry), standing=spans
    )


@_step("advance_notice")
def _notice(held: Investigation, entry: Entry) -> Investigation:
    """A new notice asks anew for what the party has to say."""
    data = entry.data
    notice = Notice(
        seq=entry.seq,
        at=entry.at,
        delivered=data["delivered_on"],
        penalties=tuple(data.get("penalties", ())),
        amount=data.get("amount", 0),
        basis=data["basis"],
        hearing_told=data.get("hearing_told") == "yes",
        value=data.get("value", 0),
    )
    file = held.files.get(data["file"])
    changes: dict[str, Any] = {
        "notice": notice,
        "heard": "",
        "heard_at": None,
        "asks_hearing": False,
        "hearing": "",
        "hearing_at": None,
    }
    if data.get("party"):
        changes |= {"party": data["party"], "party_kind": held.parties.get(data["party"], "")}
    if file is not None and file.notice is not None:  # another penalty: what was passed and deliberated was the old one
        changes |= {"review": "" if file.review == "yes" else file.review, "deliberated": None}
    return _file(held, data["file"], **changes)


@_step("hear")
def _hear(held: Investigation, entry: Entry) -> Investigation:
    file = held.files.get(entry.data.get("file", 0))
    if file is None or file.notice is None:
        return held
    asks = file.asks_hearing or entry.data.get("asks_hearing") == "yes"
    return _file(held, file.seq, heard=entry.data["heard"], heard_at=entry.happened, asks_hearing=asks)


@_step("hold_hearing")
def _hearing(held: Investigation, entry: Entry) -> Investigation:
    file = held.files.get(entry.data["file"])
    if file is None:
        return held
    spans = (*file.standing, (entry.data["notified_on"], entry.data["held_on"]))
    held_now = entry.data["hearing_end"] == "held"
    review = "" if held_now and file.review == "yes" else file.review  # reviewed is what was heard (行政处罚法 58 (二))
    return _file(held, file.seq, hearing=entry.data["hearing_end"], hearing_at=entry.at, standing=spans, review=review)


@_step("review")
def _review(held: Investigation, entry: Entry) -> Investigation:
    file = held.files.get(entry.data["file"])
    if file is None:
        return held
    return _file(held, file.seq, review=entry.data["passed"], reviewers=file.reviewers | _hands(entry))


@_step("deliberate")
def _deliberate(held: Investigation, entry: Entry) -> Investigation:
    return _file(held, entry.data["file"], deliberated=entry.at)


@_step("decide", "spot_penalty")
def _decide(held: Investigation, entry: Entry) -> Investigation:
    data = entry.data
    file = held.files.get(data.get("file", 0))
    party = data.get("party") or (file.party if file else None)
    spot = entry.action == "spot_penalty"
    made = Decision(
        seq=entry.seq,
        body=data["body"],
        file=file.seq if file else None,
        kind="spot" if spot else data["decision"],
        penalties=tuple(data.get("penalties", ())),
        amount=data.get("amount", 0),
        basis=data["basis"],
        party=party,
        party_kind=held.parties.get(party or 0, ""),
        offence=data.get("offence_on") or (file.offence if file else ""),
        at=entry.at,
        removal=data.get("removal", ""),
        served=_day(entry.at) if spot else "",
        paid=data.get("amount", 0) if spot and data.get("collection") not in {None, "bank", "none"} else 0,
    )
    held = replace(held, decisions={**held.decisions, entry.seq: made})
    return _file(held, file.seq, decision=entry.seq) if file and not spot else held


@_step("preserve", "seize")
def _measure(held: Investigation, entry: Entry) -> Investigation:
    data = entry.data
    kind = "preserve" if entry.action == "preserve" else data["measure"]
    measure = Measure(
        seq=entry.seq, body=data["body"], kind=kind, at=entry.at, until=data["until"], urgent=data.get("urgent") == "yes"
    )
    return _used(replace(held, measures={**held.measures, entry.seq: measure}), entry)


def _used(held: Investigation, entry: Entry) -> Investigation:
    proposal = held.proposals.get(entry.data.get("proposal", 0))
    if proposal is None:
        return held
    return replace(held, proposals={**held.proposals, proposal.seq: replace(proposal, used=entry.seq)})


@_step("lift")
def _lift(held: Investigation, entry: Entry) -> Investigation:
    measure = held.measures.get(entry.data["of"])
    if measure is None:
        return held
    return replace(held, measures={**held.measures, measure.seq: replace(measure, lifted=entry.at)})


@_step("propose")
def _propose(held: Investigation, entry: Entry) -> Investigation:
    proposal = Proposal(seq=entry.seq, body=entry.data["body"], what=entry.data["proposed"], of=entry.data.get("of", 0))
    return replace(held, proposals={**held.proposals, entry.seq: proposal})


@_step("approve")
def _approve(held: Investigation, entry: Entry) -> Investigation:
    """The head's word on a file that is opened or closed, on a proposal, or on a measure that was taken in an emergency."""
    of, yes = entry.data["of"], entry.data["yes"] == "yes"
    if of in held.files:
        return _file(held, of, approved=entry.at) if yes else _file(held, of, refused=True)
    if of in held.proposals:
        proposal = held.proposals[of]
        held = replace(
            held,
            proposals={**held.proposals, of: replace(proposal, approved=entry.at if yes else None, refused=not yes)},
        )
        return _prolonged(held, proposal) if yes else held
    closing = next((file for file in held.files.values() if file.closing == of), None)
    if closing is None:
        return held
    if not yes:
        return _file(held, closing.seq, closing=None, ends_as="")
    held = _file(held, closing.seq, closing=None, closed=entry.at)
    return _decision(held, closing.decision, annulled=True) if closing.ends_as == "annulled" else held


def _prolonged(held: Investigation, proposal: Proposal) -> Investigation:
    if proposal.what == "longer_file":
        file = held.file_of(proposal.body)
        return _file(held, file.seq, longer=file.longer + 1) if file else held
    measure = held.measures.get(proposal.of)
    if proposal.what == "longer_seizure" and measure is not None:
        return replace(held, measures={**held.measures, measure.seq: replace(measure, longer=True)})
    return held


@_step("close_file")
def _close_file(held: Investigation, entry: Entry) -> Investigation:
    return _file(held, entry.data["file"], closing=entry.seq, ends_as=entry.data["closing"])


@_step("serve")
def _serve(held: Investigation, entry: Entry) -> Investigation:
    data = entry.data
    if data.get("receiver") == "harmed":
        return _decision(held, data["of"], harmed_served=data["served_on"])
    made = held.decisions.get(data["of"])
    return _decision(held, data["of"], served=made.served or data["served_on"]) if made else held


@_step("demand")
def _demand(held: Investigation, entry: Entry) -> Investigation:
    made = held.decisions.get(entry.data["of"])
    if made is None:
        return held
    one = (entry.seq, entry.data["delivered_on"], entry.data["due"])
    return _decision(held, made.seq, demands=(*made.demands, one))


@_step("announce")
def _announce(held: Investigation, entry: Entry) -> Investigation:
    return _decision(held, entry.data["of"], announced=(entry.seq, entry.data["done_on"], entry.data["due"]))


@_step("enforce")
def _enforce(held: Investigation, entry: Entry) -> Investigation:
    made = held.decisions.get(entry.data.get("of", 0))
    held = _decision(held, made.seq, enforced=(*made.enforced, entry.seq)) if made else held
    return _used(held, entry)


@_step("countersign", "correct")
def _taken_back(held: Investigation, entry: Entry) -> Investigation:
    """A file that its second officer did not sign, or that was withdrawn, is none; a withdrawn closing leaves its file open."""
    of = entry.data["of"]
    if not (entry.data.get("yes") == "no" or entry.data.get("fact") == "withdrawn"):
        return held
    if of in held.files:
        return _file(held, of, refused=True, approved=None)
    closing = next((file.seq for file in held.files.values() if file.closing == of), None)
    return _file(held, closing, closing=None, ends_as="")


@_step("perform")
def _perform(held: Investigation, entry: Entry) -> Investigation:
    made = held.decisions.get(entry.data["of"])
    if made is None:
        return held
    return _decision(held, made.seq, performed=entry.data["performed"], paid=made.paid + entry.data.get("paid", 0))


@_step("court")
def _court(held: Investigation, entry: Entry) -> Investigation:
    return _decision(held, entry.data["of"], court=entry.at)


@_step("publish", "unpublish")
def _publish(held: Investigation, entry: Entry) -> Investigation:
    return _decision(held, entry.data["of"], published=entry.seq if entry.action == "publish" else None)


@_step("settle", "transfer")
def _given_away(held: Investigation, entry: Entry) -> Investigation:
    """Handed over, every file ends; settled on another body, those of the body that had the matter before."""
    lost = entry.data.get("from") if entry.action == "settle" else None
    files = {
        seq: replace(file, closed=entry.at, ends_as="moved")
        if file.open and (entry.action == "transfer" or (file.body == lost and lost != entry.data["lead"]))
        else file
        for seq, file in held.files.items()
    }
    return replace(held, files=files)
