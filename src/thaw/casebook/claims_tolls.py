"""Tolls without a noun: "killing five and injuring 40 or more", "ten died, 52 were hurt", "the dead number nine"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from thaw.intake import reading

from .claims_account import Account, Saying

_TENS = "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
_ONES = "one|two|three|four|five|six|seven|eight|nine"
_NUMBER = (
    rf"(?P<n>\d{{1,3}}(?:,\d{{3}})+|\d+|(?:{_TENS})(?:-(?:{_ONES}))?|{_ONES}|ten|eleven|twelve|thirteen|fourteen|fifteen|"
    r"sixteen|seventeen|eighteen|nineteen)(?![\w-])(?!\s*(?:percent|%|years?|hours?|minutes?|days?|p\.m|a\.m))"
)
_ABOUT = r"(?:(?P<about>at least|more than|about|some|nearly|an estimated|as many as|up to|around|over)\s+)?"
_KILLED = r"(?P<killed>kill(?:ed|ing)|died|dead|perished|drowned|slain|lost their lives)"
_HURT = r"(?P<hurt>injur(?:ed|ing)|hurt(?:ing)?|wound(?:ed|ing))"
_MISSING = r"(?P<missing>missing)"
_RULES = (
    re.compile(
        rf"\b(?:kill(?P<killed>ed|ing)|(?P<hurt>injur(?:ed|ing)|hurt(?:ing)?|wound(?:ed|ing)))\s+{_ABOUT}{_NUMBER}"
        r"(?P<more>\s+or\s+more)?(?:\s+others?)?(?=\s*[.,;]|\s+(?:and|in|on|at|when|early|late|as)\b)",
        re.I,
    ),
    re.compile(
        rf"\b{_ABOUT}{_NUMBER}(?:\s+others?|\s+more)?\s+(?:(?:were|was|are|have|had|has|been|confirmed|reported|known|"
        rf"lay|still)\s+)*(?:{_KILLED}|{_HURT}|{_MISSING})\b",
        re.I,
    ),
    re.compile(
        r"\b(?P<killed>death toll|toll|number of (?:the )?dead|the dead)\s+"
        r"(?:(?:rose|climbed|stood|stands|grew|reached|"
        rf"number(?:ed|s)?|was|is|now|had|has|risen|to|at|from|put)\s+){{1,4}}{_ABOUT}{_NUMBER}",
        re.I,
    ),
)


_TIMES = re.compile(
    rf"\b(?P<verb>shot|stabbed|struck|hit|beaten|slashed|cut)\s+(?:(?:her|him|\w+ly|at\s+least|about|some|more\s+than|with\s+an?\s+\w+)\s+)*"
    rf"(?P<times>twice|(?:{_NUMBER}\s+times))",
    re.I,
)
_BLOWS = {"shot": "shots that hit", "stabbed": "stab wounds", "slashed": "cuts", "cut": "cuts"}


def _blows(account: Account) -> Iterator[Saying]:
    """ "Was shot twice", "stabbed 17 times": how often somebody was hit."""
    for m in _TIMES.finditer(account.text):
        number = 2 if m["times"].lower() == "twice" else reading.number_of(m["n"])
        if number is None:
            continue
        subject = _BLOWS.get(m["verb"].lower(), "blows")
        about = re.search(r"at least|about|some|more than", m.group(), re.I)
        yield Saying(
            account,
            account.sentence_of(m.start()),
            "count",
            subject,
            subject,
            {"number": number, "noun": subject.split(" that")[0]},
            f"{number} {subject}",
            ("count", subject),
            more={"about": about.group().lower()} if about else {},
        )


_A_RANGE = re.compile(r"(?:\bthru|\d\s+(?:through|to)|\d-|\bno\.|#)\s*$", re.I)


def tolls(account: Account) -> Iterator[Saying]:
    """How many were killed, hurt or missing where the number has no noun beside it."""
    yield from _blows(account)
    counts = [(m.start, m.end) for m in account.mentions if m.kind in ("count", "date", "age", "money", "time")]
    taken: list[tuple[int, int]] = []
    for rule in _RULES:
        for m in rule.finditer(account.text):
            start, end = m.span("n")
            if _A_RANGE.search(account.text[max(start - 12, 0) : start]):
                continue  # "checks 388 thru 400 missing"
            if any(a < end and start < b for a, b in (*counts, *taken)):
                continue
            number = reading.number_of(m["n"])
            if number is None:
                continue
            taken.append((start, end))
            found = m.groupdict()
            outcome = next(name for name in ("killed", "hurt", "missing") if found.get(name))
            about = "at least" if found.get("more") else (m["about"] or "").lower()
            yield _toll(account, start, number, outcome, about)


def _toll(account: Account, at: int, number: int, outcome: str, about: str) -> Saying:
    subject = f"people {outcome}"
    return Saying(
        account,
        account.sentence_of(at),
        "count",
        subject,
        subject,
        {"number": number, "noun": "people"},
        f"{number} {subject}",
        ("count", subject),
        more={"about": about} if about else {},
    )
