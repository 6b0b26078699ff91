"""Titles of works: between quotes, after a word such as "film", or before one such as "premieres".

A word that is a title in one sentence and a person's surname in the next stays two things: the neighbours decide.
"""

from __future__ import annotations

import re
from functools import lru_cache

from .anchors import anchors_of, heads_of, matches_at
from .classify import kind_by_form
from .gazetteers import folded, words
from .mention import Mention
from .runs import Run, is_given, is_surname, may_be_given, runs_of
from .tokens import Page

_SORT = (
    r"(?:films?|movies?|feature|series|shows?|drama|dramedy|novels?|books?|albums?|songs?|single|singles|"
    r"hits?|plays?|musicals?|operas?|ballets?|sequel|prequel|spin-?offs?|podcasts?|documentary|documentaries|"
    r"comed(?:y|ies)|sitcom|thrillers?|miniseries|trilogy|franchise|soundtrack|memoir|anthology|western|"
    r"picture|production|revival|symphony|concerto|poem|painting|mural|sculpture|exhibition|exhibit|program|"
    r"procedural|whodunit)"
)
_BEFORE = re.compile(
    rf"\b(?:{_SORT}|(?:adaptation|version|cast|star|stars|creator|co-creator|director|producer|"
    rf"showrunner|showrunners|creators|co-creators|author|writer|episode|episodes|season|seasons|screening|premiere|finale|performance|"
    rf"staging|spinoff|universe|world|fans|title|titled|called|entitled|episode of|filming|sang|sings|"
    rf"performed|directed|wrote|composed|starred in|stars in|appeared in|appears in|watching|watched|"
    rf"reading|novel)\b(?: (?:of|for|in|the|a|an|new|titled|called))*)\s*,?\s*$",
    re.I,
)
_AFTER = re.compile(
    rf"^(?:['’]s?\s+(?:\w+\s+)?(?:season|cast|premiere|finale|pilot|creator|co-creator|showrunner|co-creators|creators|"
    rf"director|star|stars|debut|first|second|third|episodes?|opening|run|success|trailer|plot|story)\b"
    rf"|\s+is\s+(?:from|set to (?:bow|premiere|debut|air|drop|stream|launch))\b"
    rf"|,?\s+(?:will\s+|is set to\s+|is scheduled to\s+)?(?:premier(?:e|es|ed)|debut(?:s|ed)?|air(?:s|"
    rf"ed)|stream(?:s|ed|ing)|stars?\b|starring|follows|is based|was based|is adapted|was filmed|"
    rf"was shot|tells|has been renewed|was renewed|bows|bowed|season\b|opens in theaters|hits theaters|"
    rf"runs\b.*\bminutes|picks up|takes place|centers|is an? (?:\S+\s+){{0,4}}{_SORT})"
    rf"|,?\s+(?:an?|the|his|her|their|its)\s+(?:[\w-]+\s+){{0,5}}{_SORT}\b|\s+(?:{_SORT})\b|\s*\(\d{{4}}\))",
    re.I,
)
_QUOTED = re.compile(r"[“\"](?P<t>[^“”\"\n]{1,70}?)[,.]?[”\"]")
_SINGLE = re.compile(r"(?<![\w’'])[‘'](?P<t>[A-Z][^‘’'\"\n]{0,50}(?:[’'][a-z][^‘’'\"\n]{0,40})?)[’'](?!\w)")
_ANY_WORK = re.compile(
    rf"\b(?:{_SORT}|co-creat\w+|creators?|created|showrunners?|bow|premier\w+|debut\w*|season|starring|stars|encore|cast|episodes?)\b",
    re.I,
)
_SMALL = frozenset(
    [
        "a",
        "an",
        "and",
        "as",
        "at",
        "but",
        "by",
        "for",
        "from",
        "in",
        "into",
        "of",
        "on",
        "or",
        "over",
        "the",
        "to",
        "with",
        "vs",
    ]
)
_PERSON_AFTER = re.compile(
    r"^,?\s+(?:said|says|told|testified|asked|added|replied|walked|lived|recalled|was (?:born|arrested|"
    r"shot|killed|found|seen|taken)|died|grew up|is survived|who\b|\(played by|played by|portrayed by|"
    r"and (?:his|her)\b)"
)
_PERSON_BEFORE = re.compile(
    r"\b(?:Mr|Mrs|Ms|Miss|Dr|Det|Detective|Sgt|Officer|Lt|Capt|Chief|Judge|said|told|asked|played|plays|"
    r"portrays|portraying)\.?\s+$"
)


# "LOW COUNTRY. Written by ...": the head of a review.
_CREDITS = re.compile(
    r"^[ \t]*(?P<t>[A-Z][A-Z0-9 ,'’:&!?-]{1,60}[A-Z0-9!?])\.[ \t\n]+"
    r"(?:Written|Directed|Created|Produced|Music|Book|Lyrics|"
    r"A film|With|Starring)\b",
    re.MULTILINE,
)


_INITIAL_FIRST = re.compile(r"(?:[A-Z]\. ?){1,2}[A-Z][\w'’-]+$")


_GIVEN_TO = re.compile(r"\b(?:to|by|from|as|named|with|called|alias|signed|is|was|really|for)\s$")


def _is_person(text: str, start: int, title: str) -> bool:
    """Whether two words in quotes are a given name and a surname behind a word that persons follow."""
    parts = title.split()
    named = len(parts) == 2 and may_be_given(parts[0].lower()) and is_surname(parts[1].lower())
    return named and bool(_GIVEN_TO.search(text, max(0, start - 10), start))


def find_works(page: Page, closed: list[tuple[int, int]]) -> list[Mention]:
    """The titles of works in a text outside places that are closed; normal form the title without quotes."""
    text = page.text
    found: dict[int, Mention] = {}
    if not _speaks_of_works(text) and not _CREDITS.search(text):
        return []
    learned: dict[str, bool] = {}
    for m in (*_QUOTED.finditer(text), *_SINGLE.finditer(text)):
        title = m["t"].strip()
        if _INITIAL_FIRST.match(title) or _is_person(text, m.start(), title):
            continue  # 'signed "S. Kessler"', 'wired to "Bill Hamby"'
        if not _is_title_case(title) or not _quoted_work(text, m):
            continue
        start = m.start("t")
        found[start] = _work(text, start, start + len(m["t"].rstrip()), "title.quoted", "certain")
        learned[title] = True
    for m in _CREDITS.finditer(text):
        found[m.start("t")] = _work(text, m.start("t"), m.end("t"), "title.credits", "likely")
    for run in runs_of(page, closed):
        title = _named(page, run)
        if title is not None and title.start not in found:
            found[title.start] = title
            learned.setdefault(title.text, False)
    for title, quoted in learned.items():
        for m in re.finditer(rf"(?<![\w-]){re.escape(title)}(?![\w-])", text):
            if m.start() in found or any(w.start < m.end() and m.start() < w.end for w in found.values()):
                continue
            if _again(text, m.start(), m.end(), quoted and len(title.split()) > 1):
                found[m.start()] = _work(text, m.start(), m.end(), "title.again", "likely")
    return sorted(found.values(), key=lambda w: w.start)


_WORK_WORDS = (
    "film movie feature series show drama novel book album song single hit play musical opera ballet sequel prequel "
    "spinoff podcast documentary comedy sitcom thriller miniseries trilogy franchise soundtrack memoir anthology "
    "western picture production revival symphony concerto poem painting mural sculpture exhibition program "
    "procedural whodunit co creator created showrunner bow premiere debut season starring stars encore cast episodes"
)
_WORK_HEADS = heads_of(_WORK_WORDS.split())


def _speaks_of_works(text: str) -> bool:
    """Whether a text has any word of works."""
    return next(matches_at(_ANY_WORK, text, anchors_of(text).at(_WORK_HEADS)), None) is not None


def _named(page: Page, run: Run) -> Mention | None:
    """A run right after "the film" or right before "premieres"."""
    text = page.text
    start, end = run.start, run.end
    first = run.tokens[0]
    if page.headline[run.first] or (len(run.tokens) == 1 and first.low in words("words", "function")):
        return None  # "It premieres Sunday"
    after = text[end : end + 90]
    if _may_name_a_work(run) and _sort_before(text[max(0, start - 40) : start]):
        if (
            len(run.tokens) > 6
            or run.lows[-1] in words("organizations", "heads")
            or run.lows[0] in words("titles", "ranks")
        ):
            return None
        if _looks_personal(run, after):
            return None
        return _work(text, start, end, "title.after_sort", "likely")
    strong = _TOLD_AFTER.match(after)
    kind_after = _SORT_AFTER.match(after) if after[:1] == "," else None
    if (strong or kind_after) and len(run.tokens) <= 5 and run.lows[-1] not in words("organizations", "heads"):
        if _looks_personal(run, after) or first.low in words("titles", "ranks"):
            return None
        return _work(text, start, end, "title.before_verb", "likely")
    return None


_AFTER_SORT = re.compile(rf"\b{_SORT}(?:[ ](?:titled|called|named|entitled))?,?[ ]$", re.I)
_SHOWS = re.compile(
    r"\b(?:show|shows|play|plays|book|books|series|hit|hits|program|production|feature|single|picture)\s+$", re.I
)
_AFTER_THE_SHOW = re.compile(
    r"\b(?:the|new|hit|TV|drama|crime|television|streaming|spinoff|spin-off|a|her|his) (?:show|"
    r"play|book|series|novel|hit|program|production|feature|single|musical|film|"
    r"movie)s?\s+(?:titled |called )?$"
)
_TOLD_AFTER = re.compile(
    r"(?:['’]s?\s+(?:\w+\s+)?(?:season|premiere|finale|pilot|showrunner|debut season)\b|"
    r",?\s+(?:will\s+|is set to\s+|is scheduled to\s+)?(?:premier(?:e|es|ed)|debut(?:s|ed)?|air(?:s|"
    r"ed)|stream(?:s|ed|ing)|season (?:one|two|three|four|\d)|has been renewed|was renewed))\b",
    re.I,
)
_SORT_AFTER = re.compile(
    r",\s+(?:an?|the|his|her|their|its)\s+(?:[\w-]+\s+){0,5}(?:film|movie|series|show|drama|novel|"
    r"album|musical|opera|sequel|spinoff|spin-off|documentary|comedy|sitcom|thriller|miniseries|"
    r"memoir|ballet)\b(?!\s+(?:star|director|producer|critic|writer|maker|editor))",
    re.I,
)


def _sort_before(before: str) -> bool:
    """Whether a sort of work stands right before: "the film", "the drama titled"."""
    if _AFTER_SORT.search(before) and not _SHOWS.search(before.replace("the ", "")):
        return True
    return bool(_AFTER_THE_SHOW.search(before))


def _may_name_a_work(run: Run) -> bool:
    """Whether the word before a run is a sort of work, or "titled" and the like; asked before the long rules."""
    last = run.before()
    return last is not None and _is_sort(last.low)


@lru_cache(maxsize=4096)
def _is_sort(word: str) -> bool:
    more = "titled|called|named|entitled|shows?|plays?|books?|programs?|hits?|productions?|features?|singles?"
    sorts = rf"(?:[\w-]+-)?{_SORT}|{more}"
    return re.fullmatch(sorts, word, re.I) is not None or re.search(rf"\b{_SORT}$", word, re.I) is not None


def _looks_personal(run: Run, after: str) -> bool:
    two = len(run.tokens) in (2, 3) and (is_given(run.lows[0]) or len(run.lows[1]) == 1)
    if kind_by_form(run) is not None:
        return True
    return two or bool(_PERSON_AFTER.match(after))


def _again(text: str, start: int, end: int, sure: bool) -> bool:
    """Whether a known title stands here as a title and not as a person's name."""
    before, after = text[max(0, start - 40) : start], text[end : end + 90]
    if _PERSON_BEFORE.search(before) or _PERSON_AFTER.match(after):
        return False
    if sure:
        return True
    if re.search(r"[A-Z][\w'’.-]*\s+$", before) and not re.search(r"(?:^|[.!?]\s+)[A-Z]\w*\s+$", before):
        return False  # the last part of a longer name
    return bool(_BEFORE.search(before) or _AFTER.match(after) or re.search(r"(?:[“\"‘])\s*$", before))


def _quoted_work(text: str, m: re.Match[str]) -> bool:
    before, after = text[max(0, m.start() - 60) : m.start()], text[m.end() : m.end() + 90]
    if re.search(r"\b(?:said|says|asked|replied|shouted|yelled|wrote|told \w+|added)[,:]?\s*$", before):
        return False
    if re.search(r"[A-Z][a-z]+\s+$", before) and re.match(r"\s+[A-Z][a-z]+", after):
        return False  # a nickname inside a name
    if _BEFORE.search(before) or _AFTER.match(after):
        return True
    near = re.search(
        rf"\b(?:{_SORT}|premier\w+|debut\w*|stars?|starring|directed|sang|sing|encore|performed|episode|"
        rf"season|screening|soundtrack|composer|playwright|novelist|adapted|author|chorus|setlist|"
        rf"audience)\b",
        text[max(0, m.start() - 120) : m.end() + 120],
        re.I,
    )
    opens = not before.strip() or before.rstrip()[-1:] in ".!?"
    small = bool(re.match(r"\s+[a-z]", after)) and not re.match(r"\s+(?:said|says|asked|told|was|is|had)\b", after)
    one_word = bool(re.search(r"\b(?:of|in|on|for|and|with|see)\s+$", before)) or (opens and small)
    within = bool(re.search(r"\b(?:in|of|on|for|with|see|watch|watched|called|titled|from)\s+$", before))
    if within and len(m["t"].split()) > 1 and not re.match(r"\s+(?:said|says)\b", after):
        return True
    return bool(near) and (len(m["t"].split()) > 1 or one_word)


def _is_title_case(title: str) -> bool:
    parts = re.findall(r"[^\W\d_][\w'’-]*|\d+", title)
    if not parts or len(parts) > 9 or title.rstrip().endswith((",", ";")):
        return False
    big = [w for w in parts if folded(w) not in _SMALL]
    return (
        parts[0][0].isupper() | parts[0].isdigit() and bool(big) and all(w[0].isupper() or w[0].isdigit() for w in big)
    )


def _work(text: str, start: int, end: int, rule: str, certainty: str) -> Mention:
    written = text[start:end]
    return Mention("title", written, re.sub(r"\s+", " ", written).strip(" ,."), start, end, rule, certainty)
