"""Values that a spreadsheet would run, made plain text (OWASP, "CSV Injection")."""

from __future__ import annotations

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""How a formula begins, in the full width of East Asian keyboards as well."""


def harmless(text: str) -> str:
    """The text, with an apostrophe before it where it begins as a formula does."""
    return f"'{text}" if text.startswith(FORMULA) else text
