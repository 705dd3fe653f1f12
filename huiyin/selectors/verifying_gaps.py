"""Whether each gap in what lies beside the ledger was made by an act that may make it, and whether what is public is what was published: what is empty and was
masked by nobody was destroyed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Model, Q

from huiyin.records.models import Attachment, Document, Entry, Party, Publication, Report, Reporter, Signature, Words
from huiyin.rules import ledger
from huiyin.rules.retention import CLASSES
from huiyin.rules.workflow.vocabulary import Outcome, Role, Stage, Tier

SIZE = 2000
AT_ONCE = timedelta(
    days=1
)  # a backup is marked and what had been erased goes again by one command; a clock may have been set meanwhile


@dataclass(frozen=True, slots=True)
class Acts:
    """What entries say was masked: whole cases, who reported in a case, entries, parties, reports and reporters; and what was published and
    taken down. A report may have been moved to another case since, so reports count in every case."""

    cases: set[int] = field(default_factory=set)
    contacts: set[int] = field(default_factory=set)
    entries: set[tuple[int, int]] = field(default_factory=set)
    parties: set[tuple[int, int]] = field(default_factory=set)
    reports: set[int] = field(default_factory=set)
    reporters: set[int] = field(default_factory=set)
    published: dict[tuple[int, int], list[str]] = field(default_factory=dict)  # decision → commitments of the public words
    withdrawn: dict[tuple[int, int], int] = field(default_factory=dict)

    def cover(self, case: int, seq: int, report: int | None) -> bool:
        """Whether an act masked the words and files of this entry or report."""
        return case in self.cases or (case, seq) in self.entries or report in self.reports


def acts() -> Acts:
    """Every act of the whole record that masks, publishes or takes down. One query."""
    found = Acts()
    rows = Entry.objects.filter(action__in=["mask", "expire", "publish", "unpublish"]).values_list("case_id", "action", "data")
    for case, action, data in rows.iterator(chunk_size=SIZE):
        _noted(found, case, action, data)
    return found


def _noted(found: Acts, case: int, action: str, data: Mapping[str, Any]) -> None:
    of, report = data.get("of", 0), data.get("report", 0)
    match action, data.get("what", data.get("kept", "")):
        case "publish", _:
            found.published.setdefault((case, of), []).append(data.get("words", {}).get("public", ""))
        case "unpublish", _:
            found.withdrawn[case, of] = found.withdrawn.get((case, of), 0) + 1
        case "expire", "contact":
            found.contacts.add(case)
        case "expire", _:
            found.cases.add(case)
        case _, "entry":
            found.entries.add((case, of))
        case _, "party":
            found.parties.add((case, of))
        case _, "report":
            found.reports.add(report)
        case _:
            found.reporters.add(report)


def undue(entries: Sequence[ledger.Entry], restored: Sequence[datetime]) -> Iterator[str]:
    """Erasures of one case in the system's name that the system does not do: it masks only at once after a backup was brought back (restored:
    when), what had been masked before, and lets go by itself only what has been filed for the fewest days that may be set, and no file.
    """
    for place, entry in enumerate(entries):
        if entry.action not in {"mask", "expire"} or (entry.actor != "sys" and entry.role != Role.SYS):
            continue
        told = f"entry {entry.seq} erases in the system's name"
        if entry.action == "mask":
            after = any(timedelta(0) <= entry.at - mark <= AT_ONCE for mark in restored)
            if not after or entry.data.get("ground") != "retention":
                yield f"{told}, which masks by itself only at once after a backup was brought back"
            continue
        try:
            state = ledger.fold(entries[:place])
        except (KeyError, ValueError, TypeError, AttributeError):  # its chain says what is wrong
            continue
        least = min(one.least for one in CLASSES.values() if one.what == entry.data.get("kept", "content") and not one.fixed)
        if state.stage is not Stage.CLOSED or entry.at - state.since < timedelta(days=least):
            yield f"{told} before it was filed for {least} days"
        elif state.inquiry.files or state.tier is Tier.COERCED or state.outcome is Outcome.PUNISHED:
            yield f"{told} what belongs to the archive"


def troubles() -> Iterator[tuple[int, str]]:
    """(case, what) of everything that is gone, or half gone, without an act that says so, and of what is public and was not published so."""
    done = acts()
    for case, seq, report, text, salt in _gone(Words, "case_id", "seq", "report_id", "text", "salt"):
        yield from _gap(case, f"words of entry {seq}", "were", done.cover(case, seq, report), left=text or salt)
    papers, of_parties = set(), {case for case, _ in done.parties}
    for pk, case, seq, sealed, pdf in _gone(Document, "pk", "case_id", "seq", "sealed", "pdf"):
        masked = case in done.cases or (case, seq) in done.entries or case in of_parties
        papers |= {pk} if masked else set()
        yield from _gap(case, f"document {pk}", "was", masked, left=sealed or pdf)
    yield from _files(done, papers)
    for case, seq, name, detail in _gone(Party, "case_id", "seq", "name", "detail"):
        masked = case in done.cases or (case, seq) in done.parties
        yield from _gap(case, f"the party at entry {seq}", "was", masked, left=name or detail)
    for report, case, *left in _gone(Reporter, "report_id", "report__case_id", "name", "phone", "email", "wechat", "phone_mac"):
        masked = report in done.reports or report in done.reporters or case in done.cases or case in done.contacts
        yield from _gap(case, f"who made report {report}", "was", masked, left=any(left))
    yield from _emptied()
    yield from _public(done)


def _gone(model: type[Model], *fields: str) -> Iterator[tuple[Any, ...]]:
    return model._default_manager.exclude(masked_at=None).values_list(*fields).iterator(chunk_size=SIZE)


def _gap(case: int | None, what: str, was: str, masked: bool, *, left: object = None) -> Iterator[tuple[int, str]]:
    if not masked:
        yield case or 0, f"{what} {was} taken away, and no entry says that it was masked"
    elif left:
        yield case or 0, f"{what} {was} masked by an entry, and {'is' if was == 'was' else 'are'} there again"


def _emptied() -> Iterator[tuple[int, str]]:
    """Contacts that are gone without a sign of it: the report says which were left (and its entry says the same, see verifying), and who
    left none has a row only for a name. The honest way marks the row as masked, so no act explains these."""
    lacks = Q(report__contact__contains="phone") & (Q(phone="") | Q(phone_mac="")) | Q(
        report__contact__contains="email", email=""
    )
    nothing = Q(name="", phone="", email="", wechat="")
    rows = Reporter.objects.filter(lacks | nothing, masked_at=None).values_list("report_id", "report__case_id")
    yield from ((case, f"who made report {report} was emptied, and is not even marked as masked") for report, case in rows)
    gone = Report.objects.exclude(contact="").filter(reporter=None).values_list("pk", "case_id")
    yield from ((case, f"who made report {report} was deleted") for report, case in gone)


def _files(done: Acts, papers: set[int]) -> Iterator[tuple[int, str]]:
    """Photos and recordings; a scan goes with the document that was signed on it."""
    signed = Signature.objects.exclude(scan=None).filter(document__in=papers)
    scans = set(signed.values_list("scan__key_hash", flat=True)) - {""} if papers else set()
    gone = Attachment.objects.exclude(case=None).filter(~Q(masked_at=None) | Q(state="masked"))
    rows = gone.values_list("case_id", "seq", "report_id", "key_hash", "sha256", "salt")
    for case, seq, report, key, sha256, salt in rows.iterator(chunk_size=SIZE):
        masked = done.cover(case or 0, seq or 0, report) or key in scans
        yield from _gap(case, f"a photo at entry {seq}", "was", masked, left=sha256 or salt)


def _public(done: Acts) -> Iterator[tuple[int, str]]:
    """What everybody reads says what was published, and is there while nobody took it down."""
    rows = list(Publication.objects.order_by("pk"))
    cases = {row.case_id for row in rows}
    said = Words.objects.filter(case__in=cases, field="public").values_list("case_id", "commitment", "text")
    texts = {(case, commitment): text for case, commitment, text in said}
    decided = Entry.objects.filter(case__in=cases, action__in=["decide", "spot_penalty"]).values_list("case_id", "seq", "data")
    decisions = {(case, seq): data for case, seq, data in decided}
    standing: Counter[tuple[int, int]] = Counter()
    for row in rows:
        about = row.case_id, row.seq
        if row.withdrawn_at is not None:
            continue
        standing[about] += 1
        data = decisions.get(about, {})
        words = {texts.get((row.case_id, commitment)) for commitment in done.published.get(about, ())}
        if row.words not in words or (row.amount, row.penalties) != (data.get("amount", 0), data.get("penalties", [])):
            yield row.case_id, f"the decision of entry {row.seq} is not public as it was published"
    for about, commitments in done.published.items():
        if standing[about] != len(commitments) - done.withdrawn.get(about, 0):
            yield about[0], f"the decision of entry {about[1]} is not public, or not taken down, as its entries say"
