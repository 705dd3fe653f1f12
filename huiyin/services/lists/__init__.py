"""The two lists as they are governed: brought in, drafted, reviewed, published, and kept true to the laws they rest on."""

from huiyin.services.lists.beside import restore_kind, restore_question, save_kind, save_question, use_kind, use_question
from huiyin.services.lists.bringing import BadList, Brought, bring_in, start_with
from huiyin.services.lists.drafts import (
    Busy,
    Changed,
    NotThere,
    drop_draft,
    new_draft,
    remove_basis,
    remove_item,
    save_basis,
    save_item,
    send_to_review,
    take_back,
)
from huiyin.services.lists.laws import designate, end_designation, save_law
from huiyin.services.lists.proposals import add_words, in_draft, open_draft, set_lead, take_out, take_up
from huiyin.services.lists.publishing import NotReady, boards_renewed, publish
from huiyin.services.lists.tables import BadWorkbook, DraftMoved, Plan, look_over, take_in

__all__ = [
    "BadList",
    "BadWorkbook",
    "Brought",
    "Busy",
    "Changed",
    "DraftMoved",
    "NotReady",
    "NotThere",
    "Plan",
    "add_words",
    "boards_renewed",
    "bring_in",
    "designate",
    "drop_draft",
    "end_designation",
    "in_draft",
    "look_over",
    "new_draft",
    "open_draft",
    "publish",
    "remove_basis",
    "remove_item",
    "restore_kind",
    "restore_question",
    "save_basis",
    "save_item",
    "save_kind",
    "save_law",
    "save_question",
    "send_to_review",
    "set_lead",
    "start_with",
    "take_back",
    "take_in",
    "take_out",
    "take_up",
    "use_kind",
    "use_question",
]
