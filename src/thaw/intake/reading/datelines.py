"""The place at the head of a news report: "PORT ELLERY, Calif. (AP) --"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .mention import Mention
from .persons import usual_print
from .tokens import Page

_DATELINE = re.compile(
    r"^[ \t]*(?P<place>[A-Z][A-Z'’.]+(?:[ -][A-Z][A-Z'’.]+){0,3}(?:,[ ](?:[A-Z][a-z]+\.?(?: [A-Z][a-z]+)"
    r"?|[A-Z]\.[A-Z]\.|[A-Z]{2}))?)"
    r"(?:,? (?:[A-Z][a-z]+\.? \d{1,2}(?:, \d{4})?))?\s*(?:\([A-Z][\w ]{1,20}\))?\s*(?:--|—|–|-|_)\s",
    re.MULTILINE,
)


def datelines(page: Page) -> Iterator[Mention]:
    """The places of datelines; normal form in usual print."""
    for m in _DATELINE.finditer(page.text):
        words = m["place"]
        name = " ".join(usual_print(w) for w in words.split(","[0])[0].split())
        state = words.partition(",")[2].strip()
        normal = f"{name}, {state}" if state else name
        yield Mention("place", words, normal, m.start("place"), m.end("place"), "place.dateline", "certain")
