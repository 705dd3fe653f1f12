"""The record cannot be changed quietly: the database refuses, and `verify` finds what was done behind its back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from huiyin.jobs import sweep, verify
from huiyin.records import triggers
from huiyin.records.models import Attachment, Case, Entry, Words
from huiyin.selectors import verifying
from tests.guards import lift_guards
from tests.world import World


def troubles() -> list[str]:
    return [str(trouble) for trouble in (*verifying.missing_triggers(), *verifying.check_all())]


def change_entry(entry: Entry, change: str) -> None:
    match change:
        case "update":
            Entry.objects.filter(pk=entry.pk).update(action="note")
        case "delete":
            Entry.objects.filter(pk=entry.pk).delete()
        case "insert again":
            entry.pk = None
            entry.save(force_insert=True)
        case "replace":
            verb = "INSERT OR REPLACE INTO" if connection.vendor == "sqlite" else "INSERT INTO"
            with connection.cursor() as cursor:
                cursor.execute(f"{verb} records_entry SELECT * FROM records_entry WHERE id = %s", [entry.pk])


@pytest.mark.parametrize("change", ["update", "delete", "replace", "insert again"])
def test_the_database_refuses_to_change_an_entry(world: World, change: str) -> None:
    world.report()
    entry = Entry.objects.get()
    with pytest.raises(DatabaseError):
        with transaction.atomic():
            change_entry(entry, change)
    assert Entry.objects.get(case=entry.case).action == "report"


def test_an_honest_county_verifies(world: World) -> None:
    world.echoed(phone="19900000001")
    assert troubles() == []
    assert verify.main([]) == 0


def test_missing_triggers_are_named(world: World) -> None:
    lift_guards()
    assert len(verifying.missing_triggers()) == len(triggers.NAMES[connection.vendor])
    triggers.ensure(connection)
    assert verifying.missing_triggers() == []


@pytest.mark.parametrize(
    ("forge", "says"),
    [
        (lambda: Entry.objects.filter(seq=2).update(data={"lead": 1}), "does not match its hash"),
        (lambda: Entry.objects.filter(seq=2).delete(), "expected entry 2"),
        (lambda: Entry.objects.filter(seq=2).update(at="2026-01-01T00:00:00Z"), "does not match its hash"),
        (lambda: Case.objects.update(disputes=7), "copy's disputes differs"),
        (lambda: Words.objects.filter(seq=1).update(text="别的话"), "were changed"),
        (lambda: Words.objects.filter(seq=1).update(commitment="0" * 64), "known to no entry"),
    ],
)
def test_what_is_done_behind_the_record_is_found_and_named(world: World, forge: object, says: str) -> None:
    world.handled()
    lift_guards()
    forge()  # type: ignore[operator]
    triggers.ensure(connection)
    assert any(says in trouble for trouble in troubles()), troubles()


def test_the_sweep_files_a_case_fifteen_days_after_its_echo_and_not_before(world: World) -> None:
    receipt = world.echoed()
    echoed = world.now
    assert sweep.run(echoed + timedelta(days=15)) == 0
    assert sweep.run(echoed + timedelta(days=16)) == 1
    assert world.case(receipt.number).stage == "closed"
    assert sweep.run(echoed + timedelta(days=17)) == 0


def test_a_firm_whose_contract_ended_hands_its_cases_to_the_community(world: World) -> None:
    receipt = world.report(words="旧沙发扔在楼下半个月", item="FS-02")
    world.do("wangxiulan", receipt.number, "assign", item="FS-02", lead=world.firm())
    contract = world.compound().contracts.get()
    contract.ends = world.now.date()
    contract.save()
    assert sweep.run(world.now + timedelta(days=1)) == 1
    case = world.case(receipt.number)
    assert (case.stage, case.lead_id) == ("assigned", case.community.office_id)


def test_no_photo_belongs_to_a_case_without_its_entry(world: World) -> None:
    assert not Attachment.objects.exclude(case=None).exists()
