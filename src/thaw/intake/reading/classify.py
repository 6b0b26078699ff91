"""Decides what a run of capitals is: an organisation, a place, a person as far as its own words and neighbours say."""

from __future__ import annotations

import re
from functools import cache

from .gazetteers import any_of, folded, no_names, phrases, table, words
from .places import is_place_name, known_places, states
from .runs import Run, is_given, may_be_given

_AT_PLACE = frozenset(
    [
        "at",
        "on",
        "near",
        "in",
        "to",
        "from",
        "around",
        "outside",
        "inside",
        "along",
        "across",
        "through",
        "toward",
        "towards",
        "via",
        "off",
    ]
)


# Short forms of ranks that are words or parts of words too: ranks only with a capital.
_WORDS_TOO = frozenset(["off", "po", "sa", "inv", "sr", "di", "ds", "dc", "pc", "const", "invest"])


@cache
def known_organizations() -> frozenset[str]:
    """Folded names of organisations that need no sign."""
    return frozenset(folded(name).rstrip(".") for name in phrases("organizations", "known_names"))


@cache
def _ranks() -> frozenset[tuple[str, ...]]:
    return frozenset(tuple(rank.split()) for rank in words("titles", "ranks"))


def trimmed(run: Run) -> Run | None:
    """The run without words that begin a sentence or a heading ("On", "The", "But"); None when nothing is left."""
    first, last = 0, len(run.tokens) - 1
    lows = run.lows
    if first < last and lows[first] in ("a", "q") and _answers(run, first):
        first += 1  # "A. Wanda Purcell", "Q. Did Marlene": who answers or asks, no initial
    if first < last and lows[first].endswith(("'d", "’d")) and lows[first][:-2] in ("id", "ok", "dq", "ko"):
        first += 1  # "She ID'd Samir's ring"
    while (
        first <= last
        and lows[first] in words("words", "function")
        and not (lows[first] == "new" and first < last)
        and not (len(lows[first]) == 1 and run.tokens[first].full_end > run.tokens[first].end)  # an initial
        and not (may_be_given(lows[first]) and first < last and lows[first] not in ("may", "will", "in", "an"))
    ):
        if lows[first] == "the":
            run.notes.append("the")
        first += 1
    while last > first and lows[last] == "i" and run.tokens[last].full_end == run.tokens[last].end:
        last -= 1  # "Lt. Raymond Necaise I checked"
    while (
        last >= first and lows[last] in words("words", "function") and len(lows[last]) > 1 and not is_suffix(lows[last])
    ):
        last -= 1
    while first < last and len(lows[first]) == 1 and run.tokens[first].gap.endswith(("/", "&")):
        first += 1  # "R/O Philip Sandoval", "B&P Feed"
    while (
        first < last
        and run.tokens[first].gap.startswith(",")
        and lows[first].replace(".", "").upper() in table("places", "usps")
        and "." in lows[first]
    ):
        first += 1  # "of Keene, N.H. Damage was slight"
    # "ID C. Bauer": letters of a unit before a name.
    if (
        first + 1 < last
        and len(lows[first]) in (2, 3, 4)
        and run.tokens[first].core.isupper()
        and not run.tokens[last].core.isupper()
    ) and (len(lows[first + 1]) == 1 or (lows[first + 1],) in _ranks()):
        first += 1
    lead = run.before()
    if (
        first < last
        and len(lows[first]) == 1
        and (_in_outline(run, first) or (first == 0 and lead is not None and lead.low in _LETTERED))
    ):
        first += 1  # "A. Perforation of the lung", "B. Laceration": points of a list
    while (
        first < last and len(lows[last]) == 1 and run.page.text[run.tokens[last].end : run.tokens[last].end + 1] == "/"
    ):
        last -= 1  # "Latrice Fobbs L/F/26"
    if last - first >= 2 and lows[first] in ("ada", "dda", "ausa") and run.tokens[first].core.isupper():
        first += 1
    if first < last and lows[first] in ("p.s", "n.b"):
        first += 2 if lows[first + 1] in words("words", "function") else 1
    if first > last:
        return None
    cut = run.cut(first, last)
    cut.notes = run.notes if first <= 2 else []
    return cut


_QUESTION = re.compile(r"^[ \t]*Q(?:[.:)]|[ \t]{2,}|\t)", re.M)


def _answers(run: Run, at: int) -> bool:
    """Whether a letter at the head of a line stands for "answer" or "question", as in a transcript."""
    start, text = run.tokens[at].start, run.page.text
    head = text[text.rfind("\n", 0, start) + 1 : start]
    return not head.strip() and bool(_QUESTION.search(text))


_LETTERED = frozenset(
    ["group", "type", "class", "grade", "vitamin", "item", "exhibit", "wound", "side", "plan", "cell", "side"]
)


def _in_outline(run: Run, at: int) -> bool:
    """Whether a letter heads its line as the line of the letter before or after it does."""
    start, text, letter = run.tokens[at].start, run.page.text, run.tokens[at].core
    if not letter.isupper() or text[text.rfind("\n", 0, start) + 1 : start].strip():
        return False
    near = f"{chr(ord(letter) - 1)}{chr(ord(letter) + 1)}".replace("@", "")
    return bool(re.search(rf"^[ \t]*[{re.escape(near)}]\.[ \t]", text, re.M))


def is_suffix(low: str) -> bool:
    """Jr., Sr., III."""
    return low in words("titles", "suffixes")


def split_title(run: Run) -> tuple[Run | None, str | None, Run]:
    """What stands before a title, the title in full words, and what stands after it.

    "Los Angeles Police Detective Ann Marsh" gives "Los Angeles", "police detective", "Ann Marsh".
    """
    lows = run.lows
    if len(lows) >= 2 and lows[0] in ("don", "dona") and is_given(lows[1]):
        return None, lows[0], run.cut(1, len(lows) - 1)
    for width in (3, 2, 1):
        for at in range(len(lows) - width - 1, -1, -1):
            phrase = tuple(lows[at : at + width])
            if phrase not in _ranks() and not (width == 1 and _is_occupation(phrase[0]) and (at + 1 < len(lows))):
                continue
            if width == 1 and at > 0 and at + 2 == len(lows) and may_be_given(phrase[0]):
                continue  # "Mayor Dean Hollis": a name that is a rank elsewhere
            if phrase[0] in ("st",) or not _name_follows(run, at + width):
                continue
            start = at
            while start > 0 and lows[start - 1] in words("roles", "occupation_before") | {
                "police",
                "detective",
                "chief",
                "deputy",
            }:
                start -= 1
            title = " ".join(_full(low) for low in lows[start : at + width])
            left = run.cut(0, start - 1) if start else None
            return left, title, run.cut(at + width, len(lows) - 1)
    return None, None, run


def _name_follows(run: Run, at: int) -> bool:
    rest = run.lows[at:]
    if not rest or len(rest) > 5:
        return False
    return not any(
        low in words("organizations", "heads") or low in ("of", "for")
        for low in rest
        if not (len(rest) > 1 and low in no_names() and is_given(rest[0]))
    )


@cache
def _occupations() -> frozenset[str]:
    return any_of("roles.occupations", "roles.case_roles")


def _is_occupation(low: str) -> bool:
    return low in _occupations()


def _full(low: str) -> str:
    return str(table("titles", "full").get(low, low))


def title_before(run: Run) -> str | None:
    """A rank or occupation in small letters, or a short form, right before the run: "director Anton Kessler"."""
    title: list[str] = []
    for back in range(1, 5):
        token = run.before(back)
        gap = run.gap_before if back == 1 else run.page.tokens[run.first - back + 1].gap
        wide = len(gap) > 2 and "\n" not in gap
        if token is None or not gap.isspace() or "\n\n" in gap or token.possessive or wide:
            break
        low = token.low
        if low in _WORDS_TOO and not token.capital:
            break  # "Rigor is passing off. Stomach: rice"
        known = (low,) in _ranks() or _is_occupation(low) or low in words("roles", "case_roles")
        joined = low.split("-")[-1] in words("roles", "occupations") if "-" in low else False
        if not title and not (known or joined):
            break
        if title and not (known or low in words("roles", "occupation_before") or low in ("of",)):
            break
        title.insert(0, _full(low))
    while title and title[0] == "of":
        title.pop(0)  # "the strangling of teacher Ann Poole"
    return " ".join(title) or None


def kind_by_form(run: Run) -> str | None:
    """Organisation or place by the words of the run itself; None when they do not say."""
    lows = run.lows
    name = " ".join(lows)
    if name in known_organizations():
        return "organisation"
    if (
        len(lows) == 1
        and run.text.replace(".", "").isupper()
        and lows[0].replace(".", "").upper() in words("organizations", "known")
    ):
        return "organisation"
    given = is_given(lows[0]) or (len(lows) > 1 and len(lows[0]) == 1)
    if len(lows) > 1 and run.tokens[-1].core in table("places", "usps") and not given:
        return "place"  # "Dothan AL"
    before = run.before()
    at_place = before is not None and before.low in _AT_PLACE
    if _is_organisation(run, lows, given):
        return "organisation"
    if name.replace(".", "") in known_places() and not _person_like_place(run, lows):
        return "place"
    named = given or (len(lows) == 2 and may_be_given(lows[0])) or any(len(low) == 1 for low in lows[1:-1])
    if is_place_name(lows, given_first=named and len(lows) <= 3, at_place=at_place):
        if len(lows) == 1 or (lows[0] in words("places", "prefixes") and given):
            return "place" if not given else None
        return "place"
    if _state_follows(run) and not (given and len(lows) >= 2):
        return "place"
    return None


def _is_organisation(run: Run, lows: list[str], given: bool) -> bool:
    heads = words("organizations", "heads")
    if "of" in lows[1:-1] or "for" in lows[1:-1]:
        at = lows.index("of") if "of" in lows else lows.index("for")
        return lows[at - 1] in heads or lows[at - 1] in words("organizations", "before_of")
    if "&" in run.text:
        return True
    if lows[-1] in heads and len(lows) > 1:
        if lows[-1] in (
            "house",
            "order",
            "times",
            "post",
            "press",
            "brothers",
            "church",
            "court",
            "school",
            "hospital",
            "office",
            "guild",
            "club",
            "station",
        ):
            return True
        return not (
            given
            and len(lows) == 2
            and lows[-1]
            in (
                "company",
                "brigade",
                "church",
                "marshal",
                "school",
                "bank",
                "house",
                "college",
                "union",
                "order",
                "post",
                "press",
                "board",
                "service",
                "herald",
                "lodge",
            )
        )
    if len(lows) > 2 and "co" in lows[1:-1] and (lows[lows.index("co", 1) + 1],) in _ranks():
        return False  # "Call Co. Atty. Abernathy"
    return len(lows) > 2 and any(low in ("inc", "corp", "ltd", "llc", "co") for low in lows[1:])


def _person_like_place(run: Run, lows: list[str]) -> bool:
    """A city whose name is a person's too stands for the city only after a word of place or before its state."""
    if len(lows) > 1 or not may_be_given(lows[0]):
        return False
    before = run.before()
    return not (before is not None and before.low in _AT_PLACE | {"of"}) and not _state_follows(run)


def _state_follows(run: Run) -> bool:
    after = run.after()
    if after is None or after.gap not in (", ", ",\n"):
        return False
    following = run.after(2)
    pair = f"{after.low} {following.low}" if following and following.gap == " " else ""
    if after.low in ("m.d", "d.o", "r.n"):
        return False  # "A. T. Merrow, M.D."
    if after.low == "miss" and after.full_end == after.end and following and following.capital and following.gap == " ":
        return False  # "Inv. H. Lindholm, Miss Prewitt"
    if after.low.replace(".", "") in states() or pair in states():
        return True
    usps = len(after.core) == 2 and after.core.isupper() and after.core in table("places", "usps")
    return usps
