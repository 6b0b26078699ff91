"""Names where print does not help: LAST, FIRST; names after a label; lines typed in capitals only."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .classify import is_suffix
from .gazetteers import any_of, given_names, is_ordinary, no_names, phrases, table, words
from .persons import Person, usual_print
from .places import known_places, states
from .runs import is_given, is_known_place, may_be_given
from .tokens import Page, Token

_BLANKS = re.compile(r"\s*")
_SEPARATOR = re.compile(r":|\s-{1,2}\s|\.{2,}")
# "TAKEN BY Seymour": a label in capitals needs no colon before a name in usual print.
_LABEL_ENDS = re.compile(r"(?<=[A-Z] )(?:BY|TO|FROM)(?= [A-Z][a-z])")
_SEX_RACE = re.compile(
    (
        r"^[,;]?\s*\(?(?:[MFmf][/-]?[WBHAIwbhai]|[WBHAI][/-]?[MF]|\d{1,3}\b|DOB|D\.O\.B|male|female|age|b\.|"
        r"born|#|\(|w/m|\d{1,2}/\d)"
    ),
    re.I,
)


# What stands right before a surname that is followed by its given name, on forms and printouts.
_LED = re.compile(
    r"\b(?:[Ww]itness|[Vv]ictim|[Ss]uspect|[Ss]ubject|[Cc]omplainant|[Dd]efendant|[Pp]assenger|"
    r"R/?O|R\.O\.|O/O|owner|driver|subj?|susp?|vict?|wit|comp|inf|by|vs?\.?|re|CONTACTED|"
    r"INTERVIEWED|ARRESTED|ADVISED|LOCATED|NOTIFIED)\s*:?\s*$"
)


def _led(page: Page, i: int) -> bool:
    at = page.tokens[i].start
    return bool(_LED.search(page.text[max(0, at - 24) : at]))


def last_first(page: Page, blocked: set[int]) -> Iterator[Person]:
    """ "HALE, Robert J." and "Hale, Robert": the surname first."""
    tokens = page.tokens
    for i in range(len(tokens) - 1):
        last, first = tokens[i], tokens[i + 1]
        if not (first.gap.startswith(",") and last.capital and first.capital) or i in blocked or last.possessive:
            continue
        if first.gap == ", " and first.low in ("mr", "mrs", "ms", "miss", "dr") and not page.caps[i]:
            if (couple := _titled_after(page, i)) is not None:
                yield couple
            continue
        if first.gap.rstrip(" \t") != "," or len(first.gap) > 3 or is_suffix(first.low) or DEGREE.match(first.core):
            continue
        if DEGREE.match(last.core) or (len(last.core) < 3 and last.low in no_names()):
            continue  # "M.D., Coroner", "LAUNDRY RM, REAR"
        told = (
            page.caps[i]
            and first.core.isupper()
            and ((first.low not in no_names() and _label_at(page, last.start)) or _described(page, i + 1))
        )
        told = told or _two_in_capitals(page, i)
        if (
            len(first.low) > 1
            and not may_be_given(first.low)
            and not told
            and not (last.core.isupper() and len(last.core) > 2 and not page.caps[i] and not first.core.isupper())
        ):
            continue
        pair = f"{first.low} {tokens[i + 2].low}" if i + 2 < len(tokens) else ""
        if first.low.replace(".", "") in states() or (
            not told and ({first.low, pair} & known_places()) and not is_given(first.low)
        ):
            continue
        if len(first.low) > 1 and not may_be_given(first.low) and not told and not _stands_by_itself(page, i):
            continue  # "COOPER, Yes. I did": who speaks, and what
        if not told and (not _surname(page, i) or not _is_first(page, i)):
            continue
        if not page.caps[i] and (_whole_before(page, i) or _place_after(page, i) or _in_a_row_of_names(page, i)):
            continue  # "Lieut. Frank Costigan, Riverton Jct.", "YMCA, Calder Bluff", "Hubert Stroud, J. D. Mackey"
        begin = i
        while (
            begin > 0
            and tokens[begin].gap == " "
            and tokens[begin - 1].low in words("titles", "particles")
            and tokens[begin - 1].core[0].isalpha()
        ):
            begin -= 1
        if begin > 0 and tokens[begin].gap == " " and tokens[begin - 1].capital and _led(page, begin - 1):
            begin -= 1  # "RO Iron Cloud, Wm": whatever stands between the label and the comma
        end, extra, suffix = _rest(page, i + 1)
        family = " ".join(written_in_names(page, t) for t in tokens[begin : i + 1])
        name = " ".join([*(written_in_names(page, t) for t in tokens[i + 1 : end + 1] if not is_suffix(t.low)), family])
        name += f" {suffix}" if suffix else ""
        last_token = tokens[end]
        yield Person(
            tokens[begin].start,
            last_token.full_end if len(last_token.low) == 1 else last_token.end,
            name,
            "last_first",
            "certain" if last.core.isupper() or extra else "likely",
        )


DEGREE = re.compile(r"(?:M\.?D|D\.?O|Ph\.?D|D\.?D\.?S|R\.?N|M\.?T|J\.?D|Esq|M\.?S|B\.?S|M\.?A)\.?$")


def _titled_after(page: Page, i: int) -> Person | None:
    """ "PETERS, Mr. & Mrs. Lloyd": the courtesy between surname and given name."""
    m = _COURTESY.match(page.text, page.tokens[i].end)
    if m is None or (not page.tokens[i].core.isupper() and not _is_first(page, i)):
        return None
    name = f"{m['given']} {usual_print(page.tokens[i].core)}"
    return Person(page.tokens[i].start, m.end("given"), name, "last_first", "likely")


_COURTESY = re.compile(
    r",\s(?:(?:Mr|Mrs|Ms|Miss|Dr)\.?(?:\s(?:&|and)\s)?\s?){1,2}"
    r"(?P<given>[A-Z][\w'’-]+(?:\s[A-Z]\.)?)(?=\s*(?:[-–,;.()\n]|$| {2}))"
)


def _in_a_row_of_names(page: Page, i: int) -> bool:
    """Whether a word before makes it the end of a whole name, and another name begins after the comma."""
    tokens = page.tokens
    before = tokens[i - 1] if i and tokens[i].gap == " " else None
    whole = (
        before is not None
        and before.capital
        and before.low not in any_of("titles.ranks", "titles.particles")
        and (not _led(page, i - 1) or page.text[max(0, before.start - 3) : before.start] == "by ")
        and (may_be_given(before.low) or len(before.low) == 1 or before.low not in no_names())
        and not tokens[i].core.isupper()
    )
    rest, _, _ = _rest(page, i + 1)
    after = tokens[rest + 1] if rest + 1 < len(tokens) else None
    goes_on = after is not None and after.gap in (" ", ". ") and after.capital and not is_suffix(after.low)
    return whole and goes_on


def _two_in_capitals(page: Page, i: int) -> bool:
    """ "R/O HOSSEINI, PARISA" in a line of small letters: both in capitals, and neither an ordinary word."""
    last, first = page.tokens[i], page.tokens[i + 1]
    both = (
        not page.caps[i] and last.core.isupper() and first.core.isupper() and min(len(last.core), len(first.core)) > 2
    )
    return both and not any(is_ordinary(t.low) or t.low in no_names() or is_known_place(t.core) for t in (last, first))


def _whole_before(page: Page, i: int) -> bool:
    """Whether a given name stands right before a surname, so that the comma ends a whole name."""
    before, tokens = page.tokens[i - 1] if i else None, page.tokens
    near = before is not None and tokens[i].gap == " " and before.capital and not tokens[i].core.isupper()
    return bool(
        near and before and may_be_given(before.low) and not is_given(tokens[i + 1].low) and not _led(page, i - 1)
    )


def _place_after(page: Page, i: int) -> bool:
    """Whether what follows the comma is made of ordinary words, as names of places are, and of no given name."""
    first, more = page.tokens[i + 1], page.tokens[i + 2] if i + 2 < len(page.tokens) else None
    if may_be_given(first.low) or len(first.low) == 1:
        return False
    place = (
        more is not None and more.gap == " " and more.capital and is_ordinary(more.low) and not may_be_given(more.low)
    )
    return place or page.tokens[i].core in words("organizations", "known")


_DESCRIBED = re.compile(
    r"[,;]?\s*\(?(?:[MFmf]\s*[/-]\s*[WBHAIOwbhaio]\b|[WBHAIO]\s*[/-]\s*[MF]\b|[WBHAIO][MF][AJ]?\b|(?:D\.?O\.?B|BORN|"
    r"AGED?)\b)"
    r"|,\s+(?:THE\s+)?(?:VICTIM|SUSPECT|WITNESS|DECEDENT|HIS|HER)\b|\s+(?:AKA|A\.K\.A|ALIAS|NMN)\b",
    re.I,
)


def _described(page: Page, first: int) -> bool:
    """Whether sex and race, a birth date or kinship follow at most three given names: "TRAN, DUC VAN  M/A"."""
    tokens, end = page.tokens, first
    while end + 1 < len(tokens) and end - first < 2 and tokens[end + 1].gap == " " and tokens[end + 1].core.isupper():
        if _DESCRIBED.match(page.text, tokens[end].full_end):
            break
        end += 1
    return bool(_DESCRIBED.match(page.text, tokens[end].full_end))


def _stands_by_itself(page: Page, i: int) -> bool:
    """Whether "HALE, Xanthe" ends its line or field, or goes on as forms do, and its second word is no common one."""
    first = page.tokens[i + 1]
    rest, _, _ = _rest(page, i + 1)
    after = page.text[page.tokens[rest].full_end : page.tokens[rest].full_end + 30]
    stops = bool(re.match(r"\s*(?:$|\n|[;)]|  |\t)", after)) or bool(_SEX_RACE.match(after))
    return stops and first.low not in no_names()


def _surname(page: Page, i: int) -> bool:
    token = page.tokens[i]
    if len(token.low) < 2 or token.low in words("words", "function") or is_suffix(token.low):
        return False
    if (
        token.low in no_names()
        and not (token.core.isupper() and not page.caps[i])
        and not is_given(page.tokens[i + 1].low)
    ):
        return False
    return not (is_known_place(token.core) and not token.core.isupper()) and token.low not in words(
        "organizations", "heads"
    )


def _is_first(page: Page, i: int) -> bool:
    """Whether "X, Y" is a name turned round and not a list or an address of somebody ("Yes, Mary")."""
    tokens, text = page.tokens, page.text
    last, first = tokens[i], tokens[i + 1]
    before = text[max(0, last.start - 40) : last.start]
    fresh = (
        not before.strip()
        or bool(_LED.search(before))
        or (i > 0 and last.gap == " " and tokens[i - 1].capital and _led(page, i - 1))
        or (i > 0 and re.fullmatch(r"\.?\s", last.gap) is not None and tokens[i - 1].low in words("titles", "ranks"))
        or bool(re.search(r"[\n\t:;|]\s*$|[-–—]\s$|\d[.)]\s*$|\(\s*$|  $", before))
        or bool(re.search(r"[:.]\s*$", before) and _label_before(before.rstrip(" :."), len(before.rstrip(" :."))))
    )
    rest, more, _ = _rest(page, i + 1)
    after = text[tokens[rest].full_end : tokens[rest].full_end + 30]
    stops = bool(re.match(r"\s*(?:$|\n|[;)]|  |\t)", after)) or bool(_SEX_RACE.match(after))
    if last.core.isupper() and len(last.core) > 2 and not first.core.isupper():
        return True
    if page.caps[i]:
        return fresh or stops or more
    alone = not (i and last.gap == " " and tokens[i - 1].capital)
    follows = tokens[rest + 1] if rest + 1 < len(tokens) else None
    ends = follows is None or follows.gap != " " or not follows.capital
    if more and alone and ends and is_given(first.low) and not is_given(last.low) and after[:1] in ",;":
        return True  # "a Plymouth Reliant, Gagnon, Roland R Jr, Biddeford"
    return (
        (fresh and (stops or more or is_given(first.low)))
        or (stops and more)
        or (stops and bool(_SEX_RACE.match(after)))
    )


def _rest(page: Page, first: int) -> tuple[int, bool, str]:
    """The last word of the given names, whether there is an initial or second name, and a suffix."""
    tokens, end, more, suffix = page.tokens, first, False, ""
    while end + 1 < len(tokens):
        if page.caps[end] and end - first < 2 and _DESCRIBED.match(page.text, tokens[end].full_end):
            break
        after = tokens[end + 1]
        if after.gap in (" ", ", ") and is_suffix(after.low) and after.capital:
            suffix = after.core + ("." if after.low in ("jr", "sr") else "")
            if page.caps[end + 1]:
                suffix = {"jr": "Jr.", "sr": "Sr."}.get(after.low, after.core)
            end += 1
            break
        if after.gap != " " or end - first >= 2 or not after.capital:
            break
        described = page.caps[end + 1] and end == first and _DESCRIBED.match(page.text, after.full_end)
        if (
            len(after.low) == 1
            or (after.low in given_names() and (page.caps[end + 1] or not page.caps[end]))
            or (described and after.low not in no_names())
            or (end == first and _second_given(page, first, after))
        ):
            end, more = end + 1, True
            continue
        break
    return end, more or bool(suffix), suffix


def _second_given(page: Page, first: int, after: Token) -> bool:
    """ "PHAN, Huong Thi (called Helen)": what stands between the given name and the end of the field."""
    family, given = page.tokens[first - 1].core, page.tokens[first].core
    turned = len(family) > 2 and family.isupper() and not given.isupper() and not after.core.isupper()
    plain = after.low not in no_names() and after.core.isalpha() and after.low not in words("titles", "ranks")
    return turned and plain and bool(_FIELD_ENDS.match(page.text, after.full_end))


_FIELD_ENDS = re.compile(r"[ \t]*(?:[(;\n]|$| {2}|,\s*[a-z\d])")


def labelled(page: Page, blocked: set[int]) -> Iterator[Person]:
    """A name after "VICTIM:", "Reviewed by:" and the like, though its words are in no list."""
    starts = {token.start: i for i, token in enumerate(page.tokens)}
    ends = [(m.start(), m.end()) for m in _SEPARATOR.finditer(page.text)]
    if any(page.caps):
        ends += [(m.end(), m.end()) for m in _LABEL_ENDS.finditer(page.text)]
    for at, stop in ends:
        i = starts.get(stop + len(_BLANKS.match(page.text, stop).group()))  # type: ignore[union-attr]
        label = _label_before(page.text, at) if i is not None else None
        if label is None or i is None or i in blocked or not page.tokens[i].capital:
            continue
        if page.tokens[i].low in words("titles", "nobody"):
            continue
        end, title = _name_from(page, i)
        if end is None:
            continue
        begin = i + (len(title.split()) if title else 0)
        kept = page.tokens[begin : end + 1]
        if not kept or (
            len(kept) == 1 and (kept[0].low in no_names() or len(kept[0].low) < 3 or is_known_place(kept[0].core))
        ):
            continue
        if len(kept) == 1 and kept[0].low in any_of("titles.ranks", "roles.occupations", "roles.case_roles"):
            continue  # "cc: Prosecutor, Tallis County"
        following = page.text[kept[-1].full_end : kept[-1].full_end + 24]
        if len(kept) == 1 and re.match(r" (?:[a-z]|[\"“(][A-Z])", following):
            continue
        if following[:2] == ", " and _last_first_here(page, page.tokens.index(kept[-1])):
            continue
        if len(kept) > 1 and kept[-1].low in words("places", "suffixes") and not may_be_given(kept[0].low):
            continue  # "Notified by: Calder Bluff Police"
        if any(t.low in words("organizations", "heads") for t in kept) or (
            kept[0].low in no_names() and not may_be_given(kept[0].low)
        ):
            continue
        label = label.replace("'s", "").removesuffix(" name")
        role = table("labels", "roles").get(label, table("labels", "roles").get(label.rstrip("s")))
        start = page.tokens[i].start if len(kept) == 1 else kept[0].start
        name = " ".join(written_in_names(page, t) for t in kept)
        last = kept[-1]
        yield Person(
            start,
            last.full_end if len(last.low) == 1 or is_suffix(last.low) else last.end,
            name,
            "label",
            "likely",
            role,
            title,
        )


def _label_before(text: str, at: int) -> str | None:
    """The label of a form that ends at a place, if one stands there at the head of a line or field."""
    line = text[max(text.rfind("\n", 0, at) + 1, at - 36) : at].rstrip().lower().replace("’", "'")
    line = re.sub(r"\s*(?:\(s\)|#\s?\d|no\.?\s*\d|\d)$", "", line)
    parts = list(re.finditer(r"\S+", line))
    for count in (3, 2, 1):
        if len(parts) < count:
            continue
        start = parts[-count].start()
        label = re.sub(r"\s+", " ", line[start:])
        if label in phrases("labels", "labels") or (count > 1 and label.endswith(" by") and "  " not in line[start:]):
            rest = line[:start]
            return label if len(rest.strip()) < 5 or re.search(r"(?:  |\t|[;.)]\s)$", rest) else None
    return None


def _label_at(page: Page, start: int) -> bool:
    """Whether a label with its colon stands right before a place."""
    before = page.text[max(0, start - 40) : start]
    return (
        bool(re.search(r"(?::|\s-)\s*$", before))
        and _label_before(before.rstrip(" :-"), len(before.rstrip(" :-"))) is not None
    )


def _last_first_here(page: Page, i: int) -> bool:
    """Whether "X, Y" begins at a word: then it is not X alone."""
    after = page.tokens[i + 1] if i + 1 < len(page.tokens) else None
    return (
        after is not None
        and after.gap == ", "
        and after.capital
        and not DEGREE.match(after.core)
        and (after.low in given_names() or after.core.isupper())
    )


def _name_from(page: Page, i: int) -> tuple[int | None, str | None]:
    """The last word of the name that begins at a word, and a rank in front of it."""
    tokens, at, title = page.tokens, i, []
    while (
        at < len(tokens) - 1
        and tokens[at].low in words("titles", "ranks")
        and re.fullmatch(r"\.?\s", tokens[at + 1].gap)
        and tokens[at + 1].capital
    ):
        title.append(tokens[at].low)
        at += 1
    end = at
    if tokens[at].low in words("words", "function") and not (
        len(tokens[at].low) == 1 and tokens[at].full_end > tokens[at].end
    ):
        return None, None
    while end + 1 < len(tokens) and end - at < 3:
        after = tokens[end + 1]
        if (
            after.gap != " "
            or not after.capital
            or (after.low in no_names() and not (len(after.low) == 1 and after.full_end > after.end))
            or tokens[end].possessive
            or after.low in words("titles", "ranks")
        ):
            if after.capital and is_suffix(after.low) and after.gap in (" ", ", "):
                end += 1
            break
        end += 1
    return end, " ".join(title) or None


def written_in_names(page: Page, token: Token) -> str:
    """A word of a name in the usual print, an initial with its point."""
    word = usual_print(token.core)
    return (
        word + "."
        if (len(token.low) == 1 or token.full_end > token.end) and page.text[token.end : token.end + 1] == "."
        else word
    )
