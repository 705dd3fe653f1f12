"""How the longer forms of 三查 are laid out: in the order of the work, what is seldom needed folded away."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

_WHO, _WHAT, _HOW, _WHEN = _("对谁"), _("什么事"), _("处罚或者措施"), _("时间、地点")
_DONE, _SIGNED, _TOLD = _("现场做到了"), _("签字"), _("告知")

#: Parts of a form by act: a heading and its fields. Fields that no part names come after them: what must be given plainly, the rest folded.
PARTS: Mapping[str, tuple[tuple[Any, tuple[str, ...]], ...]] = {
    "name_party": ((_WHO, ("party_kind", "party_name", "party_id", "party_address", "party_phone")),),
    "approve": (("", ("of", "yes", "why")),),
    "open_file": (
        (_WHAT, ("filing", "basis", "offence_on", "suspected", "why")),
        (_WHO, ("party",)),
        (_SIGNED, ("second",)),
    ),
    "inspect": (
        (_WHEN, ("began", "ended", "where")),
        (_WHAT, ("found", "party")),
        (_DONE, ("id_shown", "signing", "witness", "second")),
    ),
    "interview": (
        (_WHO, ("subject", "party", "guardian")),
        (_WHEN, ("began", "ended", "where")),
        (_WHAT, ("answers",)),
        (_DONE, ("id_shown", "rights_told", "signing", "witness", "second")),
    ),
    "preserve": ((_WHAT, ("things", "kept_where", "until", "party")), (_SIGNED, ("witness", "second"))),
    "advance_notice": (
        (_WHO, ("party",)),
        (_WHAT, ("suspected", "basis", "reasons")),
        (_HOW, ("penalties", "amount")),
        (_TOLD, ("hearing_told", "delivered_on", "due")),
    ),
    "decide": (
        (_HOW, ("decision", "penalties", "amount", "removal")),
        (_WHAT, ("basis", "reasons", "mitigation")),
        (_("决定之前"), ("circumstances", "educated")),
    ),
    "spot_penalty": (
        (_WHO, ("party",)),
        (_WHAT, ("suspected", "offence_on", "basis")),
        (_HOW, ("spot_kinds", "amount", "collection", "ticket")),
        (_DONE, ("id_shown", "rights_told", "heard_there", "signing", "witness", "second")),
    ),
    "seize": (
        (_WHAT, ("measure", "basis", "things", "kept_where", "until", "party")),
        (_DONE, ("id_shown", "rights_told", "heard_there", "necessities", "urgent", "signing", "witness", "second")),
    ),
    "enforce": (
        (_HOW, ("means", "of", "done")),
        (_WHEN, ("began", "dwelling", "contested")),
        (_DONE, ("id_shown", "witness", "second")),
    ),
}
