"""The words of a sentence that name an event: which event, in which form; words with two meanings are sorted out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from thaw.data import read_toml
from thaw.intake import reading


@dataclass(frozen=True, slots=True)
class Cue:
    """A word that names an event, where it stands, and in which form: past, plan or noun."""

    event: str
    start: int
    end: int
    form: str


@cache
def _words() -> tuple[dict[str, tuple[str, str]], re.Pattern[str]]:
    found: dict[str, tuple[str, str]] = {}
    for name, forms in read_toml("reading/events.toml")["events"].items():
        for form in ("noun", "plan", "past"):
            for word in str(forms[form]).split():
                found[word.replace("-", " ")] = (name, form)
    listed = sorted(found, key=len, reverse=True)
    return found, re.compile(
        r"(?<![\w-])(" + "|".join(re.escape(w).replace(r"\ ", r"\s+") for w in listed) + r")(?![\w-])", re.I
    )


# Verbs of the lists that are no event as nouns.
_NO_NOUNS = frozenset(
    ["play", "plays", "stage", "stages", "air", "hold", "holds", "films", "find", "wed", "drop", "bow", "bows"]
)
_GUILTY = re.compile(r"\bguilty\b", re.I)


@lru_cache(maxsize=64)  # each day and number of a sentence asks again, and a page without full stops is one sentence
def cues_in(text: str, start: int, end: int) -> tuple[Cue, ...]:
    """The event words between two places of a text, in order of their rules."""
    words, pattern = _words()
    cues = []
    for m in pattern.finditer(text, start, end):
        event, form = words[" ".join(m.group().lower().replace("-", " ").split())]
        before = text[max(start, m.start() - 24) : m.start()].lower()
        if form == "past" and re.search(r"\b(?:to|will|would|can|could|may|might|should)\s+$", before):
            form = "plan"
        if (
            form == "plan"
            and re.search(r"(?:\b(?:the|a|an|its|his|her|their|first|this)|['’]s)\s+(?:\w+\s+)?$", before)
            and not re.search(r"\b(?:will|to)\b", before)
        ):
            form = "noun"
        if event == "trial" and form == "past" and re.match(r"\s+to\b", text[m.end() : m.end() + 4]):
            continue
        if form == "noun" and event not in ("premiere", "release") and m.group().lower() in _NO_NOUNS:
            continue  # "wrote the play", "the theater's stage"
        if (refined := _refined(event, text, m, start)) is not None:
            cues.append(Cue(refined, m.start(), m.end(), form))
    cues += [
        Cue("verdict", g.start(), g.end(), "past")
        for g in _GUILTY.finditer(text, start, end)
        if not re.match(r"\s+(?:pleas?|of\s+mind|verdicts?|conscience)\b", text[g.end() : g.end() + 12], re.I)
        and not re.search(r"not\s+$|plead(?:ed|s)?\s+$|pled\s+$", text[max(start, g.start() - 12) : g.start()], re.I)
    ]
    return tuple(cues + _phrases(text, start, end))


# "Deputies will bring Stroud back", "he was returned to Corbel County".
_BACK_HOME = re.compile(
    r"\b(?P<verb>bring|brings|brought|fly|flew|flown|return|returned|take|took|taken|drive|drove|driven)\s+"
    r"(?:(?:him|her|them|[A-Z][\w.’-]*(?:\s+[A-Z][\w.’-]*){0,3})\s+)?(?P<back>back\s+to\s+[A-Z])"
    r"|\b(?:was|were|be)\s+(?P<done>returned)\s+to\s+[A-Z]"
)
_HEARS = re.compile(
    r"\b(?:will|to|would)\s+(?P<verb>hear)\s+(?:the\s+)?(?:first\s+|opening\s+|final\s+)?(?:motions?|arguments?|appeals?)\b"
)


def _phrases(text: str, start: int, end: int) -> list[Cue]:
    """Events that are told by words which stand apart: "bring him back to Corbel County"."""
    cues = []
    for m in _BACK_HOME.finditer(text, start, end):
        group = "done" if m["done"] else "verb"
        plan = m[group] in ("bring", "fly", "return", "take", "drive") or bool(
            re.search(r"will\s+be\s+$", text[max(start, m.start() - 8) : m.start("done") if m["done"] else m.start()])
        )
        cues.append(Cue("return", m.start(group), m.end(group), "plan" if plan else "past"))
    cues += [Cue("hearing", m.start("verb"), m.end(), "plan") for m in _HEARS.finditer(text, start, end)]
    return cues


_HOW = frozenset(("shot", "stabbed", "strangled", "beaten", "murdered", "slain", "killed", "drowned", "burned"))
_FLAMES = re.compile(r"\b(?:fire|blaze|flames|inferno)\s+(?:\w+\s+)?$", re.I)
_FOUND = re.compile(r"\b(?:found|discovered)\s+(?:dead|fatally|brutally)?(?:,\s+)?\s*$", re.I)


def form_of_found(text: str, start: int, word: str) -> bool:
    """Whether a verb of violence only says in which state somebody was found: "found shot", "found stabbed"."""
    how = word in (
        "shot",
        "stabbed",
        "strangled",
        "beaten",
        "murdered",
        "slain",
        "killed",
        "drowned",
        "burned",
        "hanged",
    )
    return how and bool(_FOUND.search(text[max(0, start - 24) : start]))


_IS_ONE = re.compile(r"\b(?:a|an|the|his|her|their|as|of|by|and|two|former|,)\s+$", re.I)


def _is_named_next(text: str, place: int) -> bool:
    """Whether a person's name follows: "plays Ada Quill"; a hall or a town is none."""
    m = re.compile(r"\s+([A-Z][\w’'-]+)\s+[A-Z]").match(text, place)
    return m is not None and m.group(1).lower() in reading.words("given_names", "male") | reading.words(
        "given_names", "female"
    )


_ROUNDS = re.compile(r"\b(?:shots?|rounds?|bullets?|guns?|weapons?|pistols?|rifles?|revolvers?|slugs?)\b", re.I)
_AT_WHOM = re.compile(r"\s+(?:(?:\w+|\d+)\s+(?:shots?|times|rounds?)|shots?|rounds?|at|on|into|upon|from)\b", re.I)
_STUDENT = re.compile(r"[\s-]+(?:students?|schools?|assistants?|programs?|degrees?|work|studies|of)\b", re.I)
_IN_CUSTODY = re.compile(
    r"\s[^.;]{0,50}\b(?:jail|custody|prison|lockup|cell|bond|bail|lieu|without\s+(?:bond|bail))\b", re.I
)
_THE_DAY = re.compile(r"\s+(?:in|on)\s+(?:[A-Z]\w+\s|(?:19|20)\d\d\b)")


# For each word: what may not stand before it, and what may not stand after it, for it to name its event.
_NOT_THEN: dict[str, tuple[str, str]] = {
    **dict.fromkeys(["find", "found", "discover"], ("", r"\s+out\b")),
    "charge": (r"\b(?:in|no|of|free)\s+$", ""),
    "picked up": (r"\bbe\s+$", ""),  # a slug, a film, evidence
    "wed": ("", r"\.|\s*\d"),  # Wednesday
    "executed": (r"\b(?:return|warrant|writ|order)\b", r"[^.;]{0,20}\bby\b"),
    "parole": (r"\breports?\s+to\s+$", r"\s+(?:agent|officer|board|office)"),
    "complete": (r"\b(?:the|a|an)\s+$", ""),
    "performed": (
        r"\b(?:autops(?:y|ies)|examination|exam|tests?|surgery|operation|procedure)\s+(?:\w+\s+){0,3}$",
        r"\s*:",
    ),
    "show": (r"\b(?:to|will|not|no)\s+$", ""),
    "taped": ("", r"\s+(?:statement|interview|conversation|call)"),
    "held": ("", r"\s+(?:as|for)\s+(?:evidence|comparison|questioning|exhibits?)\b"),
    "cleared": (r"\b(?:scene|area|room|house|building|channel|units?|case|call|stop|street|road)\s+(?:\w+\s+)?$", ""),
    "death": (
        r"\b(?:any|manner\s+of|cause\s+of|(?:ask|asks|asked|asking)\s+for|seek|seeks|sought|seeking|faces?|faced|risk|risked)\s+$",
        r"\s+(?:cert|certificate|row|penalty|threat|notice|benefit)",
    ),
    "opened": (
        "",
        r"\s+(?:fire|up|(?:the|his|her|a|an)\s+(?:\w+\s+)?(?:door|gate|trunk|window|safe|drawer|box|letter|case|file))\b",
    ),
    "fire": (r"\bopen(?:ed|s|ing)?\s+$", ""),
    "walked off": ("", r"(?!\s+(?:the\s+job|their\s+jobs|the\s+line|jobs|work)\b)"),
    **dict.fromkeys(
        ["end", "start", "beginning", "conclusion"], (r"\b(?:at|by|in|near|toward|to)\s+the\s+(?:very\s+)?$", "")
    ),
    "went under": ("", r"\s+(?:an?|the)\b"),
    "went down": ("", r"\s+(?:an?|the|to|with|and)\b"),
    "open": (r"\b(?:been|is|was|be|are|were|left|wide|stays?|stayed|remains?|remained|swung|propped)\s+$", ""),
    "services": ("", r"\s+(?:department|agency|office|division|unit|bureau)"),
    "suit": (
        r"\b(?:\w+ing|blue|black|gr[ae]y|brown|dark|orange|white|tan|navy|leisure|pants|wet|business)\s+$",
        r"\s+(?:jacket|coat|and\s+tie)",
    ),
    "memorial": (
        r"\b(?!The\b|A\b|Her\b|His\b)[A-Z]\w+\s+$",
        r"\s+(?:[A-Z]|(?:hospital|park|fund|day|bridge|chapel|hall|gifts?|donations?|contributions?)\b)",
    ),
    "wake": (r"\b(?:to|in\s+the)\s+$", r"\s+(?:of|up)\b"),
    "viewing": ("", r"\s+(?:the|a|of)\b"),
    **dict.fromkeys(
        ["go before a", "goes before a"], ("", r"(?!\s+(?:\w+\s+)?(?:judge|magistrate|grand|jury|court)\b)")
    ),
    "matched": ("", r"\s+(?:the|a|his|her)\s+(?:general\s+)?description"),
    "identified": (r"\b(?:not|never|un|been|be)\s+$", r"\s+(?:himself|herself|themselves|only)\b"),
    **dict.fromkeys(
        ["returns for a", "returns for its", "return for a", "return for its"], ("", r"(?!\s+(?:\w+\s+){1,2}season\b)")
    ),
    "wedding": ("", r"\s+(?:dance|reception|party|dress|ring|band|guest|shower)"),
}
_NAMED_SO = re.compile(r"\b(?:was|were|been|is)\s+(?:\w+ly\s+|then\s+|also\s+)?$", re.I)
_CALLED = re.compile(r"\s+[A-Z]")
_MONTHS = re.compile(
    r"\s+(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|\s+(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
)
_STORMY = re.compile(
    r"\b(?:storms?|hurricanes?|tornado(?:es)?|twisters?|typhoons?|cyclones?|floods?|blizzards?|earthquakes?|quakes?|tsunami|waves?|"
    r"winds?|rains?|lightning|hail|surge|ashore|landfall|magnitude|[A-Z]\w+\s+made)\b",
    re.I,
)
_LEARNED = re.compile(
    r"\b(?:learned|heard|told|notified|informed|advised)\s+(?:\w+\s+){0,2}(?:of|about)\s+(?:(?:the|his|her|their)\s+)?$",
    re.I,
)
_IS_STRUCK = re.compile(r"\b(?:was|were|been|being)\s+(?:\w+ly\s+)?$")
_HITS = frozenset(["struck", "hit", "battered", "lashed", "slammed", "swept", "strike", "strikes", "hits", "slam"])


IDLE = "idle"  # a verb that takes a day and names no event: the day is not that of another
_SERVICE_IS = re.compile(
    r"\s+(?:will\s+be|was|were|is|are|to\s+be)\s+(?:held|conducted|set|at\s+\d|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)\b"
)
_BODIES_NEXT = re.compile(
    r"[^.;]{0,40}\b(?:bod(?:y|ies)|remains|corpses?|skeletons?|skull|bones|dead|car|wreck(?:age)?)\b"
)
_BUILT = re.compile(
    r"\b(?:bridge|roof|building|tower|mine|dam|wall|structure|floor|balcony|crane|scaffold(?:ing)?|tunnel|house|ceiling|grandstand|bleachers|"
    r"mill|plant|garage|church|barn|levee|pier|trestle|shaft|walkway|silo|elevator|store|walls|span)s?\b",
    re.I,
)
_NOW_STREAMS = re.compile(r"\b(?:is|are|be|now|begins?|began|starts?|started|currently)\s+$", re.I)


def _has_other_sense(event: str, word: str, text: str, m: re.Match[str], start: int) -> bool:
    """Words that look like an event's and are not: shots fired, a graduate student, a man named Buckley."""
    before, end = text[max(start, m.start() - 50) : m.start()], m.end()
    if word in _NOT_THEN:
        left, right = _NOT_THEN[word]
        if (left and re.search(left, before, re.I)) or (right and re.match(right, text[end : end + 40], re.I)):
            return True
    if re.search(r"\bany\s+(?:\w+\s+){0,5}$", before, re.I):
        return True  # "interested in any robbery since": none is told
    if event == "death" and _LEARNED.search(before):
        return True  # "she learned of the death the next morning"
    if event == "landfall" and word in _HITS and not _FLAMES.search(text[max(start, m.start() - 40) : m.start()]):
        # "hit in the data bank"; a person struck is another event
        return not _STORMY.search(text, start, end + 120) and not _IS_STRUCK.search(before)
    if word == "fired":
        return bool(_ROUNDS.search(before) or _AT_WHOM.match(text, end))
    if word in ("came upon", "stumbled upon") and not _BODIES_NEXT.match(text, end):
        return True  # "came upon the couple": they lived
    if word in ("play", "plays") and re.search(r"\b(?:the|a|an|his|her|this|that|new|stage|first)\s+$", before, re.I):
        return True  # "wrote the play"
    if word.startswith("collaps"):
        return not _BUILT.search(text, max(start, m.start() - 120), end + 60)
    if word == "walked off":
        return not re.match(
            r"\s+(?:the\s+|their\s+|his\s+|her\s+)?(?:jobs?|shifts?|lines?|work|site|posts?)\b", text[end : end + 24]
        )
    if _LEARNED.search(before) and event not in ("death",):
        return True  # "the family was told of the arrest"
    if word == "streaming":
        return not _NOW_STREAMS.search(before)  # "the streaming service"
    if word == "graduate":
        return not re.search(r"\b(?:19|20)\d\d\s+$", before)  # "a 1986 graduate of"
    if word.startswith("graduate"):
        return bool(_STUDENT.match(text, end)) and word != "graduated"
    if word == "deceased":
        return not _THE_DAY.match(text, end)
    if word == "named":
        return not _NAMED_SO.search(before) or bool(re.search(r"\bto\s+be\s+$", before))
    if word == "retired":
        return bool(_CALLED.match(text, end)) and not _MONTHS.match(text, end)
    return False


_SIDE = re.compile(r"\b(?:south|north|east|west|far|upper|lower|other|back|front|rear|dead)\s+$", re.I)
_NO_PERSON = re.compile(
    r"\b(?:dogs?|cats?|horses?|cows?|cattle|birds?|pets?|battery|engine|motor|radio|trees?|wind|puppy)\s+$", re.I
)


def _is_turn_of_phrase(event: str, word: str, text: str, m: re.Match[str], start: int) -> bool:
    """ "At the end of a scene", "in the service": words that name an event elsewhere."""
    if event in ("start", "end") and re.search(
        r"\b(?:at|by|near|toward|until|in|from)\s+the\s+$", text[max(start, m.start() - 16) : m.start()]
    ):
        return True  # "at the end of a scene"
    before = text[max(start, m.start() - 20) : m.start()]
    if word == "put off" and not re.search(r"\b(?:was|were|is|are|been|be|being)\s+(?:\w+ly\s+)?$", before):
        return True  # "put off two trespassers"
    if event == "death" and _NO_PERSON.search(before):
        return True  # "the dog died"
    if event == "end" and _SIDE.search(before):
        return True  # "the south end of the yard"
    if event == "festival" and re.match(
        r"\s+(?:board|committee|association|commission|queen|hall|room|grounds|goers?|tickets?|box|program|house)\b",
        text[m.end() : m.end() + 16],
    ):
        return True  # "the fair board met"
    return word in ("service", "services") and not _SERVICE_IS.match(text, m.end())


_ON_APPEAL = re.compile(
    r"\b(?:upheld|upholds|affirmed|affirms|appealed|appealing|reversed|overturned|vacated|voided|threw\s+out|set\s+aside|quashed|reinstated|"
    r"appeal\s+(?:of|from|against)|review(?:ed)?(?:\s+of)?)\s+(?:the|his|her|their|[A-Z][\w-]+['’]s)\s+(?:[\w-]+\s+){0,2}$",
    re.I,
)


def _refined(event: str, text: str, m: re.Match[str], start: int) -> str | None:
    """Words with two meanings: "set", "found guilty", "played by", "hit song"."""
    after = text[m.end() : m.end() + 30].lower()
    word = " ".join(m.group().lower().split())
    if word == "found" and after.lstrip().startswith("guilty"):
        return "verdict"
    if (
        word in ("played", "plays", "play", "playing")
        and (re.match(r"\s+(?:by|a|an|the|her|his)\b", after) or _is_named_next(text, m.end()))
        and not re.match(r"\s+(?:a|the)\s+(?:show|concert|set|gig|benefit)", after)
    ):
        return None  # a part in a work, not a concert
    if _is_turn_of_phrase(event, word, text, m, start):
        return None
    if event in ("verdict", "sentence", "plea") and _ON_APPEAL.search(text, max(start, m.start() - 50), m.start()):
        return IDLE  # "upheld the conviction in 1983": the day is that of the appeal
    if event == "start" and re.match(r"\s+[a-z]+ing\b", after):
        return IDLE  # "began acting in 1966"
    if word in ("find", "finds", "found") and re.match(
        r"[^.]{0,50}\bguilty\b", after + text[m.end() + 30 : m.end() + 60], re.I
    ):
        return None  # the verdict has its own word
    if form_of_found(text, m.start(), word):
        return None  # "was found shot to death": how, not when
    if word in ("killing", "shooting", "crash") and re.search(r",\s+$", text[max(start, m.start() - 3) : m.start()]):
        return None  # "fire swept a mill Monday, killing a watchman": what came of it
    if _has_other_sense(event, word, text, m, start):
        return None
    if word == "held" and _IN_CUSTODY.match(text, m.end()):
        return "detention"
    if word == "fire" and re.match(
        r"\s+(?:escape|alarm|department|chief|marshal|truck|engine|station|hydrant|insurance|code|wood)\b", after
    ):
        return None
    if word in ("struck", "hit") and re.search(
        r"\b(?:was|were|been|being)\s+(?:\w+ly\s+)?$", text[max(start, m.start() - 24) : m.start()]
    ):
        by = re.match(
            r"[^.]{0,40}\bby\s+(?:an?|the)\s+(?:\w+\s+)?(?:storm|hurricane|tornado|flood|blizzard|quake|earthquake)",
            after,
        )
        return event if by else "run_down"
    if event == "landfall" and _FLAMES.search(text[max(start, m.start() - 40) : m.start()]):
        return "fire"
    is_one = word in ("retired", "fired", "dismissed", "married") and _IS_ONE.search(text[start : m.start()])
    if is_one and re.match(r"\s+[a-z]+\b(?<!\bin)(?<!\bon)(?<!\bfrom)(?<!\bafter)", after):
        return None  # "a retired millwright": what he is, not what happened
    if word in ("sold", "sell") and after.lstrip().startswith("out"):
        return None
    if word in ("strike", "strikes") and re.search(
        r"\b(?:on|the|a|of|since|during|this|their)\s+(?:\w+\s+)?$", text[start : m.start()], re.I
    ):
        return "walkout"
    if word == "shot" and re.search(
        r"\b(?:film|movie|picture|series|show|scenes?|video|season|it)\s+(?:was|were|is|being)\s+$",
        text[start : m.start()],
        re.I,
    ):
        return "filming"
    return event
