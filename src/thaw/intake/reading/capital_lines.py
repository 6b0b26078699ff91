"""Names in lines typed in capitals only: a rank and a word, or a known given name and a word that is in no list."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

from .anchors import anchors_of, matches_at
from .capitals import written_in_names
from .classify import is_suffix
from .gazetteers import any_of, is_ordinary, no_names, table, words
from .persons import NO_MIDDLE, Person, usual_print
from .runs import is_given, is_known_place, is_surname, may_be_given
from .tokens import Page, Token

_TOLD_OF = re.compile(r"(?:DOB|D\.O\.B|BORN|AGE\b|[WBHNMCOI]/?[MF][AJ]?\b|[MF]/[WBHAIO]\b)")
_TOLD_HEADS = (
    *("dob", "d", "bor", "age", "m", "f"),
    *(
        f"{race}{sex}{adult}"
        for race in "wbhnmcoi"
        for sex in ("", "m", "f")
        for adult in ("", "a", "j")
        if sex or not adult
    ),
)


def surname_first(page: Page, blocked: set[int]) -> Iterator[Person]:
    """ "MACKLIN DONALD WAYNE  DOB 6-27-40": turned round without a comma, before a birth date or a description."""
    tokens = page.tokens
    places = anchors_of(page.text).at(_TOLD_HEADS) if True in page.caps else []
    for m in matches_at(_TOLD_OF, page.text, places):
        last = bisect_right(page.starts, m.start() - 1) - 1
        if last < 1 or not page.caps[last] or not is_given(tokens[last].low):
            continue
        first = last - 1 if is_given(tokens[last - 1].low) and tokens[last].gap == " " else last
        at = first - 1
        if at < 0 or not page.caps[at] or tokens[first].gap != " " or not is_given(tokens[first].low):
            continue
        low = tokens[at].low
        before = tokens[at - 1] if at and tokens[at].gap == " " else None
        plain = not may_be_given(low) and not _not_in_names(tokens[at]) and not is_ordinary(low) and len(low) > 2
        if plain and at not in blocked and tokens[last].full_end <= m.start() and before is None:
            name = " ".join(written_in_names(page, tokens[i]) for i in (*range(first, last + 1), at))
            yield Person(tokens[at].start, tokens[last].end, name, "last_first", "likely")


def in_capitals(page: Page, blocked: set[int]) -> Iterator[Person]:
    """Names in lines of capitals: a rank and a word, or a known given name and a word that is in no list."""
    tokens = page.tokens
    i = 0
    while i < len(tokens):
        if not page.caps[i] or i in blocked:
            i += 1
            continue
        found = _caps_name(page, i, blocked)
        if found is None:
            i += 1
            continue
        first, last, title, rule = found
        begin = first
        nick = first + 1 if last - first >= 2 and tokens[first + 1].gap[-1:] in _QUOTES else None
        kept = [t for j, t in enumerate(tokens[begin : last + 1], begin) if j != nick and t.low not in NO_MIDDLE]
        name = " ".join(written_in_names(page, t) for t in kept)
        # A rank stays outside when it is longer than the name, as does a relative's word.
        short = kept[0].start - tokens[i].start <= max(6, 6 * (kept[0].end - kept[0].start) // 5)
        short = (short and title not in words("roles", "kin")) or _of_a_church(page, i)
        start = tokens[i].start if title and len(kept) == 1 and short else kept[0].start
        end = kept[-1].full_end if len(kept[-1].low) == 1 or is_suffix(kept[-1].low) else kept[-1].end
        called = usual_print(tokens[nick].core) if nick is not None and tokens[nick].low not in NO_MIDDLE else None
        yield Person(start, end, name, rule, "likely" if rule == "capitals" else "possible", None, title, called)
        i = last + 1


def _of_a_church(page: Page, i: int) -> bool:
    """Whether a rank is one that people are called by ("SISTER LAVERNE"), and nobody's sister."""
    owned = i > 0 and (page.tokens[i - 1].possessive or page.tokens[i - 1].low in _OWNERS)
    return page.tokens[i].low in words("titles", "part_of_name") and not owned


_OWNERS = frozenset(["his", "her", "has", "had", "my", "a", "and", "with", "of", "our", "their", "the", "only"])
_QUOTES = ('"', "“", "'", "(")
_CLOSING = frozenset(mark + " " for mark in "\"”')")


def _nick_next(page: Page, at: int) -> bool:
    """Whether a word in quotes or brackets and a surname follow: DWAYNE "PEANUT" GIBBS, JESSE (NMI) BOONE."""
    if at + 2 >= len(page.tokens):
        return False
    nick, surname = page.tokens[at + 1 : at + 3]
    inside = len(nick.gap) == 2 and nick.gap[0] == " " and nick.gap[1] in _QUOTES and surname.gap in _CLOSING
    return inside and page.caps[at + 2] and not _not_in_names(surname)


def _caps_name(page: Page, i: int, blocked: set[int]) -> tuple[int, int, str | None, str] | None:
    tokens = page.tokens
    title: list[str] = []
    at = i
    while (
        at < len(tokens) - 1
        and tokens[at].low in words("titles", "ranks")
        and page.caps[at + 1]
        and re.fullmatch(
            r" |\n ?" if tokens[at].low in words("titles", "whole_ranks") else r"\.? |\n ?", tokens[at + 1].gap
        )
    ):
        if tokens[at].low == "off" and tokens[at].full_end == tokens[at].end:
            break  # "TAPED OFF DRIVE"
        title.append(tokens[at].low)
        at += 1
    if at in blocked:
        return None
    low = tokens[at].low
    if title:
        after = tokens[at + 1] if at + 1 < len(tokens) else None
        if (
            after is not None
            and after.gap == " "
            and after.low in ("county", "co", "parish", "dept", "department", "office")
        ):
            return None  # "SHERIFF TALLASO COUNTY"
        if is_given(low) or len(low) == 1:
            end = _caps_end(page, at, blocked)
            after = tokens[end + 1] if end + 1 < len(tokens) else None
            if after is not None and after.gap == " " and after.low in any_of("places.suffixes", "organizations.heads"):
                return None  # "PRINCE GEORGE COUNTY"
            return at, end, " ".join(title), "capitals"
        if may_be_given(low) and _unknown_next(page, at, blocked):
            return at, at + 1, " ".join(title), "capitals"
        if (
            low in no_names()
            or len(low) < 3
            or not re.search(r"[aeiouy]", low)
            or _verbal(low)
            or low in any_of("roles.verbs_of_people", "roles.verbs_of_speech")
        ):
            return None
        return at, at, " ".join(title), "capitals_title"
    kin = i > 0 and tokens[i - 1].low in words("roles", "kin") | {"boy", "girl"} and tokens[i].gap in (" ", ", ")
    if is_given(low) or (kin and may_be_given(low)):
        end = _caps_end(page, at, blocked)
        if end > at and (tokens[end].low in _NO_ENDS or tokens[end].core in table("places", "usps")):
            return None  # "HARLAN CO", "MARCEL LA"
        if low == "al" and end > at and tokens[end].low in _OF_STATES:
            return None  # "AL TAG"
        if end > at or kin:
            return at, end, None, "capitals"
    if low not in _MONTHS and may_be_given(low) and _surname_next(page, at, blocked):
        return at, at + 1, None, "capitals_given"
    if low not in _MONTHS and may_be_given(low) and _unknown_next(page, at, blocked) and _in_mixed_print(page, at + 1):
        return at, at + 1, None, "capitals_given"
    if len(low) == 1 and page.text[tokens[at].end : tokens[at].end + 1] == ".":
        return _after_initials(page, at, blocked)
    return None


_OFFICES = frozenset(["county", "co", "parish", "dept", "department", "office"])
_NO_ENDS = frozenset(["co", "twp", "inc", "corp", "cty"])
_OF_STATES = frozenset(["tag", "tags", "lic", "license", "plate", "plates", "reg", "registration", "dl", "ol", "lp"])
_MONTHS = frozenset(["april", "may", "june", "august"])


def _in_mixed_print(page: Page, at: int) -> bool:
    """Whether a word of capitals stands elsewhere as a name in usual print: PRUSZYNSKI and Pruszynski."""
    return bool(re.search(rf"\b{re.escape(usual_print(page.tokens[at].core))}\b", page.text))


def _unknown_next(page: Page, at: int, blocked: set[int]) -> bool:
    """Whether a word in no list follows a word that may be a given name: "FOUND DALE PRUSZYNSKI GUILTY"."""
    if at + 1 >= len(page.tokens) or at + 1 in blocked:
        return False
    word = page.tokens[at + 1]
    plain = word.gap == " " and page.caps[at + 1] and len(word.low) > 3 and word.core.isalpha()
    return plain and not _not_in_names(word) and not _verbal(word.low) and not is_known_place(word.core)


def _surname_next(page: Page, at: int, blocked: set[int]) -> bool:
    """Whether a surname and no ordinary word follows, and nothing that makes a place of both: "GENE HOLCOMB"."""
    if not _unknown_next(page, at, blocked):
        return False
    if not is_surname(page.tokens[at + 1].low) or is_ordinary(page.tokens[at + 1].low):
        return False
    after = page.tokens[at + 2] if at + 2 < len(page.tokens) else None
    return after is None or after.gap != " " or after.low not in _places_and_firms()


def _places_and_firms() -> frozenset[str]:
    return any_of("places.suffixes", "organizations.heads") | {"co", "twp", "mfg", "inc", "corp"}


def _after_initials(page: Page, at: int, blocked: set[int]) -> tuple[int, int, str | None, str] | None:
    """ "R. T. HAUGEN": one to three initials with their points and a word that is no common one."""
    tokens, end = page.tokens, at
    if at and tokens[at].gap == " " and tokens[at - 1].core[0].isdigit():
        return None  # "1109 E. CORLISS"
    if at and tokens[at].gap == " " and (len(tokens[at - 1].low) == 1 or tokens[at - 1].low in ("letters", "letter")):
        return None  # "LETTERS S K."
    while end + 1 < len(tokens) and end - at < 3 and tokens[end + 1].gap in (" ", ""):
        end += 1
        word = tokens[end]
        if len(word.low) == 1:
            continue
        fits = (
            end not in blocked and not _not_in_names(word) and not _verbal(word.low) and not is_known_place(word.core)
        )
        return (at, end, None, "capitals_initials") if fits and word.capital and len(word.low) > 2 else None
    return None


def _caps_end(page: Page, at: int, blocked: set[int]) -> int:
    tokens, end = page.tokens, at
    while end + 1 < len(tokens) and end - at < 3 and end + 1 not in blocked:
        after = tokens[end + 1]
        if end == at and _nick_next(page, at):
            return at + 2
        if after.low in NO_MIDDLE and end == at:
            end += 1
            continue
        if tokens[end].possessive or not page.caps[end + 1] or after.gap != " ":
            break
        if is_suffix(after.low):
            return end + 1
        further = tokens[end + 2] if end + 2 < len(tokens) else None
        goes_on = (
            further is not None
            and further.gap == " "
            and page.caps[end + 2]
            and not _not_in_names(further)
            and not _verbal(further.low)
        )
        middle = len(after.low) == 1 or (may_be_given(after.low) and end == at and goes_on)
        if not middle and (_not_in_names(after) or _verbal(after.low)):
            break
        end += 1
        if not middle:
            break
    while end > at and len(tokens[end].low) == 1:
        end -= 1
    return end


def _not_in_names(token: Token) -> bool:
    return token.low in no_names() or token.low in any_of(
        *("roles.verbs_of_people", "roles.verbs_of_speech", "roles.kin", "roles.case_roles", "titles.ranks")
    )


def _verbal(low: str) -> bool:
    return len(low) > 5 and low.endswith(("ed", "ing", "ly", "tion"))
