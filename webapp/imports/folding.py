"""Comparing words as people write them: without regard to case, accents, spaces and punctuation."""

from __future__ import annotations

import unicodedata


def fold_key(text: str) -> str:
    """Letters and digits only, in lower case and without accents: "E-mail " is "email"."""
    expanded = unicodedata.normalize("NFKD", text.replace("œ", "oe").replace("Œ", "oe")).casefold()
    return "".join(char for char in expanded if char.isalnum())
