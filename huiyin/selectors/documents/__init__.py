"""Documents of cases: what can be made and what it would say, who may see those that were made, what they hold, and their register."""

from huiyin.selectors.documents.access import (
    LOCAL,
    WHOLE,
    bodies_of,
    body_of,
    final,
    find,
    handed_over,
    may_bind,
    may_make,
    may_see,
    number_of,
    of_case,
    signatures,
    title_of,
)
from huiyin.selectors.documents.kept import checkpoint, content, lasting, sealed_context, signed_words, word_of
from huiyin.selectors.documents.offers import Offer, full_name, offer, offers
from huiyin.selectors.documents.register import PAGE, Registered, register, registers
from huiyin.selectors.documents.sheaf import Sheaf, sheaf

__all__ = [
    "LOCAL",
    "PAGE",
    "WHOLE",
    "Offer",
    "Registered",
    "Sheaf",
    "bodies_of",
    "body_of",
    "checkpoint",
    "content",
    "final",
    "find",
    "full_name",
    "handed_over",
    "lasting",
    "may_bind",
    "may_make",
    "may_see",
    "number_of",
    "of_case",
    "offer",
    "offers",
    "register",
    "registers",
    "sealed_context",
    "sheaf",
    "signatures",
    "signed_words",
    "title_of",
    "word_of",
]
