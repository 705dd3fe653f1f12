"""A version of a list as a workbook holds it: its content with every field, and what it is read against."""

from __future__ import annotations

from typing import Any

from huiyin.records.models import LegalBasis, ListItem, ListVersion
from huiyin.rules.list_tables import CHECKED, Around, Content
from huiyin.rules.workflow.vocabulary import CAN_LEAD, BodyKind
from huiyin.selectors import governance, places

#: Fields of an item that belong to the list; everything but where it stands.
ITEM_FIELDS = (
    "code", "category_code", "category_name", "category_name_en", "name", "name_en", "plain", "plain_en", "phrases", "keywords", "lead",
    "cooperating", "duties", "measures", "ladder", "handling", "notes", "scope_check", "prior_step", "urgency", "dispatch_working_hours",
    "onsite_hours", "recheck_days", "close_workdays", "rectify_default", "persuadable", "safety_baseline", "police", "proofs", "tests",
    "turns_into",
)  # fmt: skip
BASIS_FIELDS = (
    "law", "law_code", "article", "kind", "quote", "verified", "source", "valid_from", "valid_to", "applies", "supersedes", "requires_first",
    "unless", "authority", "designated", "places", "fine",
)  # fmt: skip


def content(row: ListVersion) -> Content:
    """Items with their clauses and the boundary rules, as they stand."""
    bases: dict[int, list[dict[str, Any]]] = {}
    for basis in LegalBasis.objects.filter(item__version=row).order_by("item", "position"):
        bases.setdefault(basis.item_id, []).append({name: getattr(basis, name) for name in BASIS_FIELDS})
    items = tuple(
        {**{name: getattr(item, name) for name in ITEM_FIELDS}, "bases": tuple(bases.get(item.pk, ()))}
        for item in ListItem.objects.filter(version=row).order_by("position")
    )
    return Content(items=items, boundaries=tuple(row.boundaries))


def around() -> Around:
    """The county's bodies by what they are called, codes that are used up, and quotations that were checked in any version."""
    bodies = [body for body in places.bodies().values() if body.active]
    able = [
        body for body in bodies if BodyKind(body.kind) in CAN_LEAD and body.kind not in {BodyKind.COMMUNITY, BodyKind.PROPERTY}
    ]
    helping = [body for body in bodies if BodyKind(body.kind) in {BodyKind.UTILITY, BodyKind.COURT}]
    leads = {
        "wuye": ("小区物业",),
        "zhenjie": ("乡镇街道",),
        **{body.code: tuple(dict.fromkeys(name for name in (body.name, body.short_name) if name)) for body in able},
    }
    partners = leads | {body.code: (body.name,) for body in helping}
    checked = LegalBasis.objects.filter(verified=CHECKED).order_by().values_list("law_code", "article", "quote")
    return Around(leads=leads, partners=partners, retired=governance.retired(), checked=frozenset(checked.distinct()))
