"""Fills a database with many cases in bulk, each with a true ledger, so that lists and pages can be measured at size."""

from __future__ import annotations

import random
import secrets
from datetime import datetime, timedelta
from typing import Any

from huiyin.records.models import Case, Entry, Person, Posting, Report, Words
from huiyin.rules import codes, ledger
from huiyin.rules.workflow.table import NUMBER
from huiyin.rules.workflow.vocabulary import Role, Stage
from huiyin.selectors import lists, places

CHUNK = 2000
STEPS = (("assign", Stage.ASSIGNED), ("accept", Stage.HANDLING), ("attend", None))
WORDS = (
    "楼下有人养鸡，天不亮就打鸣",
    "楼道里停着电动车还拉线充电",
    "楼上装修周日还在敲墙",
    "门口的路灯黑了一个月",
    "花坛边堆着旧家具没人管",
)


def fill(count: int, at: datetime, start: int = 0) -> None:
    """Make `count` cases over the year before `at`: most filed or echoed, some in every stage. Deterministic."""
    draw = random.Random(7 + start)
    maker = Maker(draw, at)
    for done in range(0, count, CHUNK):
        maker.chunk(min(CHUNK, count - done), start + done, start + count)


class Maker:
    def __init__(self, draw: random.Random, at: datetime) -> None:
        self.draw, self.at = draw, at
        self.compounds = list(places.compounds().values())
        self.items = list(lists.in_force(at.date()).items.values())
        self.clerk = Posting.objects.filter(role="com").first()
        self.officers = {row.body_id: row for row in Posting.objects.filter(role="off")}
        self.anybody = Person.objects.first()

    def chunk(self, size: int, start: int, count: int) -> None:
        rows = [self._case(start + index, count) for index in range(size)]
        cases = Case.objects.bulk_create(row["case"] for row in rows)
        reports = Report.objects.bulk_create(self._report(case, row) for case, row in zip(cases, rows, strict=True))
        entries, words = [], []
        for case, report, row in zip(cases, reports, rows, strict=True):
            made, said = self._entries(case, report, row)
            entries += made
            words.append(said)
            case.head, case.seq, case.last_at = made[-1].hash, len(made), made[-1].at
        Entry.objects.bulk_create(entries)
        Words.objects.bulk_create(words)
        Case.objects.bulk_update(cases, ["head", "seq", "last_at"])

    def _case(self, index: int, count: int) -> dict[str, Any]:
        opened = self.at - timedelta(days=365) * (1 - index / max(count, 1)) - timedelta(minutes=self.draw.randrange(60))
        compound, item = self.draw.choice(self.compounds), self.draw.choice(self.items)
        fresh = index > count * 0.985
        lead = places.lead_body(item.lead, places.place(compound.id, compound.community, opened.date(), firm_known=True))
        stage = self.draw.choice(["reported", "assigned", "handling"]) if fresh else "handling"
        case = Case(
            number=codes.case_number(10 + index // 99_998 % 90, 1 + index // 99_998 // 90, 1 + index % 99_998),
            compound_id=compound.id,
            community_id=compound.community,
            stage=stage,
            since=opened + timedelta(minutes={"reported": 0, "assigned": 1, "handling": 2}[stage]),
            opened=opened,
            seq=0,
            last_at=opened,
            head="",
            item=item.code if stage != "reported" else "",
            item_name=item.name,
            listing=item.version.listing if stage != "reported" else "",
            version=item.version if stage != "reported" else None,
            lead_id=lead if stage != "reported" else None,
            handler=self.anybody if stage == "handling" else None,
            urgency=item.urgency,
            due_next=opened + timedelta(days=self.draw.randrange(1, 20)),
            due_resolution=opened + timedelta(days=10),
        )
        return {"case": case, "item": item, "lead": lead, "stage": stage}

    def _report(self, case: Case, row: dict[str, Any]) -> Report:
        return Report(case=case, number=case.number, code_mac=secrets.token_hex(32), channel="web", at=case.opened)

    def _entries(self, case: Case, report: Report, row: dict[str, Any]) -> tuple[list[Entry], Words]:
        salt, text = secrets.token_bytes(32), self.draw.choice(WORDS)
        held = ledger.commitment(salt, text.encode())
        first = {"report": report.pk, "channel": "web", "contact": [], "compound": case.compound_id, "words": {"words": held}}
        acts: list[tuple[str, str, str, Stage | None, dict[str, Any]]] = [("report", f"r{report.pk}", Role.RES, None, first)]
        wanted = {"reported": 0, "assigned": 1, "handling": 3}[row["stage"]]
        for action, to in STEPS[:wanted]:
            acts.append((action, f"p{self.clerk.pk if self.clerk else 0}", Role.COM, to, self._data(action, row)))
        made: list[Entry] = []
        prev = ledger.GENESIS
        for seq, (action, actor, role, to, data) in enumerate(acts, 1):
            entry = ledger.sealed(
                ledger.Entry(
                    case=case.pk, seq=seq, action=action, actor=actor, role=role, at=case.opened + timedelta(minutes=seq - 1), to=to, data=data,
                    table=NUMBER, prev=prev,
                )
            )  # fmt: skip
            prev = entry.hash
            made.append(
                Entry(
                    case=case, seq=seq, action=action, actor=actor, role=role, at=entry.at, to=to or "", data=data, table=NUMBER,
                    prev=entry.prev, hash=entry.hash,
                )
            )  # fmt: skip
        return made, Words(case=case, seq=1, report=report, field="words", text=text, salt=salt, commitment=held)

    def _data(self, action: str, row: dict[str, Any]) -> dict[str, Any]:
        item = row["item"]
        if action == "assign":
            return {
                "item": item.code,
                "listing": item.version.listing,
                "version": item.version_id,
                "lead": row["lead"],
                "cooperating": [],
            }
        return {"person": self.anybody.pk if self.anybody else 0}
