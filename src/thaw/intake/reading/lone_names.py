"""What the neighbours of a single word with a capital say: a name that people are called by, or a surname alone."""

from __future__ import annotations

import re
from functools import cache

from .date_words import WEEKDAYS
from .gazetteers import any_of, folded, is_ordinary, no_names, table, words
from .persons import Person, usual_print
from .plain_names import PLURALS, not_people
from .runs import Run, is_given, is_known_place, is_surname, may_be_given
from .sorting import Sorting

_NOT = re.compile(r",\s+(?:and\s+)?not\s+$")


def corrects(work: Sorting, run: Run) -> bool:
    """ "Ravi Subramanian, not Subramaniam": what a name is not, right after it."""
    before = work.page.text[max(0, run.start - 12) : run.start]
    return bool(_NOT.search(before)) and any(-16 < p.end - run.start <= 0 for p in work.persons)


_BADGE = re.compile(r" #\d{3,6}(?=[ \t]*(?:[/,;.)&]|\n|$|[ \t]{2})|\s+and\b)")


def has_badge(run: Run) -> bool:
    """ "Rothstein #10442 / Pagano #11873": a name by the number that stands behind it."""
    low = run.lows[0]
    return len(low) > 3 and low not in table("numbers", "labels") and bool(_BADGE.match(run.page.text, run.end))


def ends_phrase(run: Run) -> bool:
    """ "In Sorrell fire" is no place: the name is part of a longer noun."""
    after = run.after()
    return after is None or run.gap_after != " " or after.low in words("words", "function")


_CALLED = re.compile(
    r"\b(?:called|calls himself|calls herself|(?:married|maiden|first|last|real|given|regular|street|"
    r"nick)\s?name(?:\s+(?:is|was|of|thought to be|may be|poss(?:ibly)?\.?))?|it\s+was|(?:clerk|maid|waitress|"
    r"bartender|cook|barber|porter|bellhop|driver|guard|operator|secretary|cashier|neighbor|tenant|boarder|inmate|"
    r"cellmate|informant|"
    r"pathologist|attorney|lawyer|physician|technician|photographer|interpreter|analyst|examiner)|n[ée]e|call(?:s|ed)?\s+(?:him|her|himself|herself|you|me|them)|(?:friends?|family|everyone|"
    r"everybody|they|people|kids|men)\s+call|named|name\s+(?:is|was|of)|name\s+of\s+(?:this|the|that)\s+(?:man|woman|party|person|subject|boy|girl)\s+(?:is|was)|kn[eo]ws?\s+(?:him\s+|her\s+)?(?:only\s+|"
    r"simply\s+)?as|known\s+(?:to\s+\w+\s+)?(?:only\s+|"
    r"to\s+\w+\s+)?as|goes\s+by|went\s+by|nicknamed|"
    r"nickname(?:\s+(?:is|was|of))?|surname(?:\s+(?:is|was|of))?|by\s+the\s+name\s+of|first\s+name\s+is|"
    r"last\s+name\s+is|(?:[A-Za-z]+-in-law|[Bb]rother|[Ss]ister|[Ww]ife|[Hh]usband|[Mm]other|[Ff]ather|brother|sister|wife|husband|mother|father|son|daughter|boyfriend|girlfriend|uncle|aunt|"
    r"cousin|nephew|niece|landlord|roommate|partner|foreman|boss)\s+(?:is|was)|"
    r"(?:your|that|this|a|the|an|old)\s+(?:man|fellow|guy|boy|kid|girl|woman|lady)|"
    r"[Ww]ho(?:['’]s|\s+is|\s+was)|moniker\s+(?:is|of))\s*[\"“'‘]?$"
)
_PART = re.compile(
    r"\b(?:plays?|played|playing|portrays?|portrayed|(?:role|part|character)\s+of|(?:cast|stars?|starring|returns|hoot|"
    r"appears)\s+as)\s+(?:(?:the|a)\s+)?$"
)
_PART_ENDS = ("play ", "plays ", "played ", "playing ", "portrays ", "portrayed ", "of ", "as ", "the ", "a ")
_KNOWN = re.compile(
    r"\b(?:knew|know|knows|dated|married|met|hated|loved|liked|feared|told|asked|ask for|re|w/|cc|attn\.?|per|see|"
    r"given? to|gave to|"
    r"turned over to|belong(?:s|ing|ed) to|owned by|property of|registered to|signed out to|paid to|sold to)\s+$"
)
_DONE_BY = re.compile(
    r"\b(?:was|were|been|is|are|being)\s+(?:\w+\s+)?\w+(?:ed|en|t|ne|wn)\s+(?:\w+\s+)?by\s+$|\b(?:taken|cast|made|seen|driven|reported|owned|"
    r"described|told|given|filed|sworn|notarized|identified|witnessed|relieved|heard|called|checked|searched|"
    r"booked|collected|typed|written|signed|photographed|recovered|received|found|drawn|prepared)\s+by\s+$"
)


_BRACKETED = re.compile(r", (?:the )?([a-z-]+)\)")


def _of_a_work(text: str) -> bool:
    return bool(
        re.search(r"\b(?:film|movie|series|drama|musical|play|theat(?:er|re)|actor|actress|cast|sitcom|opera)\b", text)
    )


def _not_a_surname() -> frozenset[str]:
    return any_of("titles.ranks", "roles.occupations", "roles.case_roles", "roles.kin")


def called(run: Run) -> bool:
    """After "called", "named", "last name is"; or after a passive "by"; or before ", the deputy who"."""
    if run.lows[0] in _not_a_surname() or (run.text.isupper() and len(run.text) < 4 and not is_given(run.lows[0])):
        return False
    text = run.page.text
    before = text[max(0, run.start - 40) : run.start].replace("\n", " ")
    if _CALLED.search(before):
        return True
    if (
        before.endswith(_PART_ENDS)
        and _PART.search(before)
        and ends_phrase(run)
        and not is_known_place(run.text)
        and _of_a_work(run.page.text)
    ):
        return True
    if _KNOWN.search(before) and not is_known_place(run.text) and ends_phrase(run):
        return True
    if (
        before.endswith("by ")
        and _DONE_BY.search(before)
        and run.lows[0] not in _not_a_surname()
        and not is_known_place(run.text)
        and not run.text.isupper()
        and ends_phrase(run)
    ):
        return True
    after = run.after()
    if (
        run.tokens[-1].possessive
        and after is not None
        and after.low in words("roles", "kin")
        and not is_known_place(run.text)
    ):
        return True
    if run.gap_before.endswith("(") and (bracketed := _BRACKETED.match(text, run.end)):
        return bracketed[1] in any_of("roles.occupations", "roles.case_roles", "roles.kin")
    apposed = re.match(
        r",\s+(?:the|a|an|his|her)\s+(?:[\w'’-]+\s+){0,3}?([a-z-]+)(?:,|\s+(?:who|that|of|at|for|with|in)\b)",
        text[run.end : run.end + 60],
    )
    return bool(apposed and apposed.group(1) in any_of("roles.occupations", "roles.case_roles", "titles.ranks"))


def told_alone(run: Run) -> str | None:
    """The rule by which a surname that the text never gives with a first name is a person's; None when none is.

    "Tschetter was shown eight photographs", "re-interviewed Haugland", "the Loomis boy".
    """
    low, word = run.lows[0], run.tokens[0].core
    if (
        len(low) < 3
        or low in _not_a_surname()
        or low.endswith(PLURALS)
        or (not word[1:].islower() and not _cased(word))
    ):
        return None
    plain = low not in no_names() and low not in any_of("organizations.heads", "organizations.known")
    plain = plain and low.replace("’", "'").partition("'")[0] not in words("words", "function")  # "You've told us"
    if not plain or is_known_place(word) or low in _short_states() or low in words("roles", "no_persons"):
        return None
    if done_to(run):
        return "told"
    before = run.before()
    if before is not None and run.gap_before == " " and before.low in words("roles", "done_by_us") and ends_phrase(run):
        return "told"
    if _SPOKE.search(run.page.text, max(0, run.start - 24), run.start) and ends_phrase(run):
        return "told"
    after = run.after()
    if after is not None and run.gap_after == " " and after.low in words("roles", "somebody") and is_surname(low):
        return "the" if before is not None and before.low == "the" and run.gap_before == " " else None
    return None


_SPOKE = re.compile(
    r"\b(?:(?:[Ss]poke|[Tt]alked|[Mm]et|[Ss]peak|[Tt]alk) (?:to|with)|[Aa]ccording to|"
    r"contact with|statement (?:of|from)|interview (?:of|with))\s$"
)
_BE = re.compile(
    r" (?:was|is|were|has been|had been|had|has|could be|can be)\s(?:(?:again|also|then|later|not|never|very|still|"
    r"apparently|both|first|finally)\s)*([a-z][\w'’-]*)"
)
_ACTS = re.compile(
    r" (?:(?:also|then|further|again|later|first|never|still|freely|finally|at first)\s)?([a-z][\w'’-]*)"
)


_DIED = re.compile(r" (?:d\.|b\.|dec['’]d|died)(?: in| abt| about)? (?:19|20)\d\d\b")
_TO_DO = re.compile(r" to [a-z][a-z-]+\b")
_POINT = re.compile(r"(?:^|\n)[ \t]*(?:\(?[a-z\d]{1,2}[.)]|[-*•])[ \t]*$")


@cache
def _short_states() -> frozenset[str]:
    return frozenset(low.lower() for low in words("vehicles", "short_states"))


def _cased(word: str) -> bool:
    """McCabe, O'Dell, DeWitt: capitals within a name."""
    return bool(
        re.fullmatch(r"(?:Mc|Mac|O['’]|De|La|Le|Di|Van|St|Fitz|D['’])[A-Z][a-z]+|[A-Z][a-z]+-[A-Z][a-z]+", word)
    )


def done_to(run: Run) -> bool:
    """Whether a verb behind a word is one that people do or suffer, and the word is no common one."""
    if run.tokens[0].possessive or not run.gap_after.startswith(" "):
        return False
    text, end = run.page.text, run.end
    verb = _BE.match(text, end)
    low = run.lows[0]
    if verb and (
        verb[1] in words("roles", "done_to")
        or (verb[1] in words("roles", "done_to_many") and is_surname(low) and low not in not_people())
    ):
        return True
    if _DIED.match(text, end):
        return True  # "Fancher d. 1994"
    if _TO_DO.match(text, end) and _POINT.search(text, max(0, run.start - 12), run.start):
        return True  # "3. Brancheau to see the parents"
    verb = _ACTS.match(text, end)
    plain = verb[1].replace("’", "'") if verb else ""
    if plain in words("roles", "acts"):
        return True
    many = plain in words("roles", "acts_of_many")
    if plain in ("is", "was"):
        many = _ACTS_NEXT.match(text, end + len(verb.group()) if verb else end) is None
    fits = many and is_surname(low) and low not in not_people()
    return fits and not re.search(rf"\b(?:in|at|near|of|from)\s{re.escape(run.text)}\b", text)


_ACTS_NEXT = re.compile(
    r" (?:not |still |also |completely |partly |half )?(?:empty|full|loaded|unloaded|cocked|dry|wet|damp|cold|hot|warm|"
    r"locked|unlocked|broken|bent|rust\w*|stolen|parked|damaged|torn|open|closed|shut|running|flat|stamped|engraved|fired|"
    r"clean|dirty|cut|burned|jammed|missing from|blue|green|red|white|black|gray|grey|brown|tan|made|manufactured|"
    r"purchased|bought|recovered)\b"
)


def nicknames_before_surnames(work: Sorting) -> None:
    """'"Tiny" Brandt', "Marvin LNU", "FNU Castellanos": a name of which the paper has half."""
    text = work.page.text
    for m in _NICK_SURNAME.finditer(text) if '"' in text or "“" in text else ():
        nick, surname = folded(m["n"]), folded(m["s"])
        known = nick in words("nicknames", "alone") or may_be_given(nick) or is_surname(surname)
        if _NAME_ENDS.search(text, max(0, m.start() - 20), m.start()):
            continue  # 'Harold "Hap" Lindgren'
        if work.holds(*m.span()) or not known or surname in no_names() or is_known_place(m["s"]) or nick in no_names():
            continue
        owners = work.roster.by_surname(m["s"])
        name = owners[0] if len(owners) == 1 else f"{m['n']} {m['s']}"
        work.persons.append(Person(*m.span(), name, "person.nickname", "likely", nickname=m["n"]))
        work.roster.call(m["n"], work.roster.add(name))
    for m in _HALF_KNOWN.finditer(text) if "NU" in text else ():
        name = m["given"] or m["surname"]
        if not work.holds(*m.span()):
            start, end = m.span("given") if m["given"] else m.span("surname")
            work.persons.append(Person(start, end, usual_print(name), "person.half", "likely"))


def is_kin(title: str) -> bool:
    """Whether a title in front of a name is a word for a relative: aunt, grandson, landlord."""
    return title in words("roles", "kin") or title in ("auntie", "tia", "tio", "mama", "papa", "hubby")


def is_kin_title(run: Run) -> bool:
    """Whether a run begins with a relative's word that is no rank: "Daughter Kathleen", not "Sister Joan"."""
    low = run.lows[0]
    ranks = low in words("titles", "ranks") or low in ("widow", "widower", "victim")
    return is_kin(low) and not ranks and run.nickname is None


def opens_or_signs(run: Run) -> bool:
    """ "Walt -" at the head of a note, "Gene" at its foot: a given name alone on its line."""
    low, text = run.lows[0], run.page.text
    start = text.rfind("\n", 0, run.start) + 1
    stop = text.find("\n", run.end)
    stop = len(text) if stop < 0 else stop
    before, after = text[start : run.start].strip(), text[run.end : stop].strip()
    if before not in ("", "Dear", "-", "--", "—", "s/", "/s/") or after not in ("", ",", "-", "--", "—", ":", "."):
        return False
    signs = start and run.start - start >= _INDENT and not text[stop:].strip(" \t\n")[:1].islower()
    if run.text.isupper():
        return False
    edge = not text[:start].strip() or not text[stop:].strip()
    addressed = after in (",", "-", "--", "—") or before != "" or bool(signs)
    return addressed or edge if is_given(low) else may_be_given(low) and addressed and after != ","


_INDENT = 12


_OWNED = re.compile(r"['’]s?\s[a-z]")
# A town may bear a person's name.
_AT_PLACES = frozenset(
    ["in", "at", "near", "from", "to", "of", "through", "around", "via", "outside", "on", "toward", "towards", "into"]
)


# "Fred and Albert Lund" share a surname.
_SHARED = re.compile(r"\s(?:and|&)\s[A-Z][\w'’-]+\s[A-Z]")


def given_alone(run: Run) -> bool:
    """A plain given name inside a sentence, behind a small word: "that makes two people for Butch"."""
    before, after = run.before(), run.after()
    if before is not None and run.gap_before in (", ", " ") and before.low in words("roles", "occupations"):
        return ends_phrase(run)  # "a maid, Consuelo"
    if run.begins_sentence or before is None or before.capital or run.gap_before != " ":
        return False
    dated = after is not None and after.low.rstrip(".") in WEEKDAYS
    if (
        after is not None
        and run.gap_after == " "
        and ((after.capital and not dated) or after.low in words("organizations", "heads"))
    ):
        return False
    if run.tokens[0].possessive:
        return bool(_OWNED.match(run.page.text, run.end))
    if before.low in _AT_PLACES or _SHARED.match(run.page.text, run.end):
        return False
    return before.low in words("words", "function") or before.low in any_of("roles.verbs_of_speech", "roles.done_by_us")


def signed_out(run: Run) -> bool:
    """'signed out to "Tollefsen"', 'a man named "Dray"': a word before the quote that persons follow."""
    return bool(_TO_QUOTED.search(run.page.text, max(0, run.start - 24), run.start))


_TO_QUOTED = re.compile(r"\b(?:to|by|from|named?|as|with|signed|marked|called|asked for)\s[\"“]$")


def followed_by_something(run: Run) -> bool:
    """ "Roy something": a given name whose surname nobody knows."""
    return bool(
        re.match(r" (?:something|somebody|so-and-so|what['’]s-his-name)\b", run.page.text[run.end : run.end + 22])
    )


def among_kin(run: Run) -> bool:
    """ "Children: Gary, U.S. Army; Carol": a given name behind a label of relatives, or farther on in its line."""
    return bool(_KIN_LABEL.search(run.page.text, max(0, run.start - 90), run.start))


_KIN_LABEL = re.compile(
    r"(?i:\b(?:children|sons?|daughters?|brothers?|sisters?|siblings|wife|husband|spouse|mother|father|parents|kids|"
    r"survivors|next of kin)(?:\(s\))?)\s*[:=]\s*(?:[^:\n]{0,60}[,;]\s)?$"
)


def before_a_phone(run: Run) -> bool:
    """ "Ricky 555-0168": a given name and the number to reach it."""
    return bool(_PHONE_NEXT.match(run.page.text, run.end))


_PHONE_NEXT = re.compile(r"\s*[-–:,(@]?\s*(?:\(\d{3}\)\s?)?\d{3}[-. ]\d{4}\b")


def surname_alone(run: Run) -> bool:
    """A frequent surname behind a small word that people have: "lineup for Navarro", "copy to Amos"."""
    before, after = run.before(), run.after()
    if before is None or before.capital or run.gap_before != " ":
        return False
    if run.tokens[0].possessive and _OWNED.match(run.page.text, run.end):
        return not re.search(rf"\b(?:in|at|near)\s{re.escape(run.text)}\b", run.page.text)
    if before.low not in _OF_PEOPLE:
        return False
    ends = after is None or run.gap_after != " " or after.low in words("words", "function")
    return ends and not re.search(rf"\b(?:in|at|near|the|from)\s{re.escape(run.text)}\b", run.page.text)


_OF_PEOPLE = frozenset(
    ["for", "with", "by", "re", "w", "told", "that", "if", "and", "asked", "ex", "man", "fellow", "guy", "against"]
)


def under_a_head(run: Run) -> bool:
    """Whether a word stands in a column whose head says that persons do: DRIVER, CALLER, ASSIGNED."""
    text = run.page.text
    line = text.rfind("\n", 0, run.start) + 1
    column = run.start - line
    for _ in range(_HEAD_LINES):
        if line < 2:
            return False
        stop, line = line - 1, text.rfind("\n", 0, line - 1) + 1
        found = _PERSONS_HEAD.match(text, max(line, line + column - 1), stop) or _PERSONS_HEAD.match(
            text, line + column, stop
        )
        if found:
            return True
    return False


_HEAD_LINES = 40
_PERSONS_HEAD = re.compile(
    r"[ \t]?(?:DRIVER|CALLER|ASSIGNED|NAMES?|"
    r"OWNER|OFFICERS?|DET(?:ECTIVE)?|INVESTIGATOR|WITNESS|SUBJECT|CONTACT|PERSON|BY|FROM|TO|"
    r"RECEIVED BY|RELEASED (?:BY|TO)|Driver|Caller|Assigned|Names?|Owner|Officer|Detective|Contact|Assigned to)\b"
)


def among_names(work: Sorting, run: Run, least: int = 2) -> bool:
    """Whether a word stands in the column of a table in which other names begin, turned round or whole."""
    text = work.page.text

    def column(at: int) -> int:
        return at - text.rfind("\n", 0, at)

    mine = column(run.start)
    line = text[text.rfind("\n", 0, run.start) + 1 : (text + "\n").find("\n", run.end)].strip()
    if line == run.text:
        return False  # a line of its own is no row
    return (
        sum(abs(column(p.start) - mine) <= 1 and p.start != run.start and len(p.parts) > 1 for p in work.persons)
        >= least
    )


def pairs(work: Sorting) -> None:
    """ "Tibbs and Maldonado see a truck": a strange word beside a single name of a person is one too."""
    text = work.page.text
    alone = [p for p in work.persons if " " not in text[p.start : p.end]]
    ends, starts = {p.end for p in alone}, {p.start for p in alone}
    for run, title in (*work.singles, *reversed(work.singles)):
        low, first, last = run.lows[0], run.start, run.end
        before = next((first - gap for gap in _GAPS if first - gap in ends), None)
        after = next((last + gap for gap in _GAPS if last + gap in starts), None)
        if before is None and after is None:
            continue
        strange = low not in no_names() and low not in _not_a_surname() and not is_known_place(run.text)
        if not strange or low.endswith(PLURALS) or work.holds(first, last) or run.text.isupper():
            continue
        listed = not is_ordinary(low) and low not in not_people()
        # "Born in Bergen, Thorvaldsen came": no list.
        rules = (_PAIR, _LIST) if listed and not _PLACED.search(text, max(0, first - 10), first) else (_PAIR,)
        links = ((before, first), (last, after))
        if any(a is not None and b is not None and rule.fullmatch(text, a, b) for rule in rules for a, b in links):
            work.persons.append(Person(first, last, run.text, "person.pair", "possible", None, title))
            ends.add(last)
            starts.add(first)


_GAPS = range(1, 13)  # as long as what stands between two names: " and ", a comma and the end of a line
_PLACED = re.compile(r"\b(?:in|at|near|from|to|of|on)\s$")
_PAIR = re.compile(r"\s(?:and|&|or|\+)\s")
_LIST = re.compile(r"(?:,|,? and|;| /|/| [&+])\s?(?:\n[ \t]{0,6})?")


def among_the_ranked(work: Sorting) -> None:
    """ "Dets. Huff and Sabatini": a rank in the plural is of all who follow it."""
    text = work.page.text
    ends = {p.end: p for p in work.persons if p.rule == "person.title_surname"}
    many: set[int] = set()
    for run, title in work.singles:
        joined = _AND.search(text, max(0, run.start - 6), run.start)
        first = ends.get(joined.start()) if joined else None
        if (
            first is None
            or title
            or run.lows[0] in words("titles", "particles")
            or run.lows[0] in no_names()
            or work.holds(run.start, run.end)
        ):
            continue
        if first.start not in many and not _MANY.match(text, first.start):
            continue
        many.add(run.start)
        person = Person(run.start, run.end, run.text, "person.title_surname", "likely", None, first.title)
        work.persons.append(person)
        ends[run.end] = person


_NICK_SURNAME = re.compile(r"[\"“](?P<n>[A-Z][\w'’-]+)[\"”]\s(?P<s>[A-Z][\w'’-]+)(?![\w’'-])")
_NAME_ENDS = re.compile(r"[A-Z][\w'’.-]*\s$")
_HALF_KNOWN = re.compile(r"(?P<given>[A-Z][\w'’-]+),?\s\(?LNU\b\)?|\(?FNU\b\)?,?\s(?P<surname>[A-Z][\w'’-]+)")
_AND = re.compile(r"(?:,|,? and|,? &|/)\s*$")
_MANY = re.compile(
    r"(?:[Dd]ets|[Dd]etectives|[Oo]fficers|[Oo]fcs|[Ss]gts|[Ss]ergeants|[Dd]eps|[Dd]eputies|[Tt]roopers|[Tt]prs|"
    r"[Aa]gents|[Ll]ts|[Cc]apts|[Mm]essrs|[Dd]rs|[Ii]nspectors|[Pp]atrolmen|[Pp]tlmn?)\b"
)


def is_called(run: Run) -> bool:
    """A nickname of the list where it can be nothing else: in quotes, or told of like a person."""
    low = run.lows[0]
    if low not in words("nicknames", "alone"):
        return False
    if run.gap_before[-1:] in '"“' and run.gap_before and run.gap_after[:1] in '"”,':
        return True
    return low not in no_names() and not is_given(low) and done_to(run)
