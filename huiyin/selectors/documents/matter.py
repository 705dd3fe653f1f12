"""What the acts of a case have to do with each other: whose party, file, decision and approval an act is about, and who is named."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from huiyin.records.models import Document, Posting
from huiyin.rules.investigation import Decision, File
from huiyin.rules.ledger import Entry
from huiyin.selectors.cases import Dossier
from huiyin.selectors.parties import Named


@dataclass(slots=True)
class Matter:
    """A case as its documents look at it: what is near an act, the documents `made` so far, names and badges by person."""

    dossier: Dossier
    made: Sequence[Document]
    full: bool = True
    names: dict[int, str] = field(default_factory=dict)
    badges: dict[tuple[int, int], str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Names and badges as the case's page has them already; with `full` also of whoever left since, one query where there is somebody."""
        views = sorted(self.dossier.postings.values(), key=lambda view: (view.rule.starts, view.id))
        self.names = {view.person: view.name for view in views}
        self.badges = {(view.person, view.body): view.badge for view in views if view.badge and view.body is not None}
        for person, held in self.dossier.context.officers.items():
            self.names.setdefault(person, held[0].name if held else "")
        if not self.full:
            return
        here = {(view.person, view.body) for view in views}
        gone = {person for person, body in self._named() if (person, body) not in here}
        for row in Posting.objects.filter(person__in=gone).select_related("person").order_by("starts", "pk") if gone else ():
            self.names[row.person_id] = row.person.name
            if row.badge_no and row.body_id is not None:
                self.badges[(row.person_id, row.body_id)] = row.badge_no

    def _named(self) -> Iterator[tuple[int, int | None]]:
        """Everybody whom an act names, with the body that acted."""
        for entry in self.dossier.state.entries:
            who = self.dossier.who(entry)
            body = entry.data.get("body", who.body if who else None)
            for person in (*(entry.data.get(name) for name in ("second", "chair", "person")), *entry.data.get("members", ())):
                if isinstance(person, int):
                    yield person, body

    def officer(self, person: int, body: int | None) -> str:
        """A name with the badge held in a body."""
        badge = self.badges.get((person, body or 0), "")
        return f"{self.names[person]}（执法证号{badge}）" if badge else self.names[person]

    def party(self, entry: Entry) -> Named | None:
        """Of the act, else of its file, else of the decision it is about, else the only one there is."""
        decision, file = self.decision(entry), self.file(entry)
        for pk in (entry.data.get("party"), file.party if file else None, decision.party if decision else None):
            if pk is not None and pk in self.dossier.parties:
                return self.dossier.parties[pk]
        held = list(self.dossier.parties.values())
        return held[0] if len(held) == 1 else None

    def file(self, entry: Entry) -> File | None:
        files = self.dossier.state.inquiry.files
        if entry.seq in files:
            return files[entry.seq]
        if entry.data.get("file") in files:
            return files[entry.data["file"]]
        made = self.dossier.state.inquiry.decisions.get(entry.data.get("of", 0))
        return files.get(made.file or 0) if made else None

    def decision(self, entry: Entry) -> Decision | None:
        made = self.dossier.state.inquiry.decisions
        if entry.seq in made:
            return made[entry.seq]
        if entry.data.get("of") in made:
            return made[entry.data["of"]]
        file = self.file(entry)
        if file and file.decision is not None and file.decision in made:
            return made[file.decision]
        own = [one for one in made.values() if one.body == entry.data.get("body") and not one.annulled]
        return own[-1] if own and entry.action == "propose" else None

    def near(self, action: str, entry: Entry) -> Entry | None:
        """The act itself, the one it answers, the one of the same file, or the newest of that name on the case."""
        if entry.action == action:
            return entry
        if action == "approve":
            return self._approval(entry)
        if action == "propose" and "proposal" in entry.data:
            return self.dossier.state.entry(entry.data["proposal"])
        answered = self.dossier.state.entry(entry.data.get("of", 0))
        if answered is not None and answered.action == action:
            return answered
        file = self.file(entry)
        if file is not None and action == "open_file":
            return self.dossier.state.entry(file.seq)
        able = [one for one in self.dossier.state.did(action) if one.seq not in self.dossier.state.rejected]
        same = [one for one in able if file is not None and one.data.get("file") == file.seq]
        if action in {"open_file", "propose"} and file is None:
            return None
        return same[-1] if same else able[-1] if able else None

    def _approval(self, entry: Entry) -> Entry | None:
        wanted = {entry.seq, entry.data.get("proposal", 0)}
        return next((one for one in reversed(self.dossier.state.did("approve")) if one.data.get("of") in wanted), None)
