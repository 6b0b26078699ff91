"""Names cut short: initials of persons that a page names, one who signs an entry, and names in columns of capitals."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .columns import cells_under
from .gazetteers import any_of, folded, no_names, table, words
from .persons import Person, name_parts, usual_print
from .runs import is_known_place, is_surname
from .sorting import Sorting
from .tokens import Page

# "C.V.", "Y. T.": with points, wherever they stand.
_POINTED = re.compile(r"(?<![\w.])(?P<a>[A-Z])\. ?(?:[A-Z]\. ?)?(?P<b>[A-Z])\.(?![\w.]|\s[A-Z][a-z])")
# "LK", "YT & LK": without points only where a person signs or does something.
_PLAIN = re.compile(r"(?<![\w.&/'’-])(?P<a>[A-Z])[A-Z]?(?P<b>[A-Z])(?![\w.'’/-])")
_SIGNS = re.compile(
    r"(?:[-–—]\s?|[.!?)\"”]\s{1,2}|^[ \t]*|\(|\bby:? |\bper |\bmarked |\binit\w*:? |\) |\bsee |\bask |\btell |"
    r"\bw/ ?|\band |& ?)$",
    re.MULTILINE,
)
_ENDS = re.compile(r"[ \t]*(?:[).;,]?[ \t]*(?:\n|$)|\)|\s&|\sand\b|/[A-Z]{2}\b)")
_AFTER_ANOTHER = re.compile(r"(?<![\w.])[A-Z]{2,3} (?:&|and) $")
_TITLED = re.compile(
    r"\b(?:Mrs?|Ms|Miss|Dr|Sgt|Det|Lt|Capt|Rev|Off|Ofc|Officer|Detective|Sergeant)\b\.?\s(?P<letter>[A-Z])\.(?!\w|\s?[A-Z])"
)
_FOOT = re.compile(r"^[> \t]*[-–—~]{0,2}[ ]?(?P<letter>[A-Z])\.?[ \t]*$", re.MULTILINE)


def initials(work: Sorting) -> None:
    """ "LK", "C.V.", "Mrs. B.": one person of the page whose names begin with those letters, and no other."""
    text, names = work.page.text, work.roster.names
    whole = [(name, parts) for name in names if len(parts := name_parts(name)) > 1]
    if not whole:
        return
    letters: dict[tuple[str, str], list[str]] = {}
    for name, parts in whole:
        letters.setdefault((parts[0][0], parts[-1][0]), []).append(name)
    for m in (*_POINTED.finditer(text), *_PLAIN.finditer(text)):
        fit = letters.get((m["a"].lower(), m["b"].lower()))
        if fit and (_no_degree(text, m) if m.re is _POINTED else _signs(work, m)):
            _take(work, m, fit)
    for m in _TITLED.finditer(text):
        fit = [name for name, parts in whole if parts[-1].startswith(m["letter"].lower())]
        ranked = {p.name for p in work.persons if p.title and p.surname.startswith(m["letter"].lower())}
        _take(work, m, fit if len(fit) == 1 else [*{work.roster.fullest(name) for name in ranked}], sure=True)
    for m in _FOOT.finditer(text):
        ended = text[: m.start()].rstrip("> \t\n")[-1:] in (".", "!", "?", ",", ":", ")")
        last = not text[m.end() :].strip(">- \t\n") or text[m.end() :].lstrip("> \t").startswith("\n")
        fit = [name for name, parts in whole if parts[0].startswith(m["letter"].lower())]
        if ended and last:
            _take(work, m, fit, at="letter")


def _no_degree(text: str, m: re.Match[str]) -> bool:
    """Whether letters with points are no degree or office behind a name: "Alvin Merrow, M.D.", "Calder Bluff P.D."."""
    low = re.sub(r"[. ]", "", m.group()).lower()
    if _AFTER_A_NAME.search(text, max(0, m.start() - 4), m.start()):
        return False  # "Philip Rourke, D.D.S."
    return low not in words("words", "no_initials") or not _NAMED_BEFORE.search(text, max(0, m.start() - 30), m.start())


_NAMED_BEFORE = re.compile(r"[A-Z][\w'’-]*,?\s$")
_AFTER_A_NAME = re.compile(r"[a-z],\s$")


def _signs(work: Sorting, m: re.Match[str]) -> bool:
    text, low = work.page.text, m.group().lower()
    if low in words("words", "no_initials") or m.group() in table("places", "usps") or _in_capitals(text, m):
        return False
    before, ends = _SIGNS.search(text, max(0, m.start() - 6), m.start()), _ENDS.match(text, m.end())
    does = re.match(r" ([a-z]+)\b", text[m.end() : m.end() + 20])
    acts = any_of("roles.verbs_of_people", "roles.verbs_of_speech", "roles.acts", "roles.acts_of_many")
    second = _AFTER_ANOTHER.search(text, max(0, m.start() - 10), m.start())
    return bool(before and (ends or (does and (second or does[1] in acts or does[1] in ("to", "and", "will", "re")))))


def _in_capitals(text: str, m: re.Match[str]) -> bool:
    line = text[text.rfind("\n", 0, m.start()) + 1 : (text + "\n").find("\n", m.end())]
    return sum(map(str.islower, line)) < 3


def _take(work: Sorting, m: re.Match[str], names: list[str], *, sure: bool = False, at: str = "") -> None:
    start, end = (m.start(at), m.end()) if at else m.span()
    if work.holds(start, end) or (len(names) != 1 and not sure):
        return
    end = start + len(work.page.text[start:end].rstrip())
    name = names[0] if len(names) == 1 else work.page.text[start:end]
    work.persons.append(Person(start, end, name, "person.initials", "possible"))


_TWO = re.compile(r"(?P<a>[A-Z][\w'’-]+) & (?P<b>[A-Z][\w'’-]+)$")
_BOTH = re.compile(r"(?:^|[.] )(?P<a>[A-Z]{2,3}) & (?P<b>[A-Z]{2,3})$")
_COUPLE = re.compile(r"(?:[A-Z]\. ?& ?[A-Z]\.|[A-Z] & [A-Z]) (?P<name>[A-Z][\w'’-]+)$")
_FIRM = re.compile(r"(?:,? (?:Inc|Co|Ltd|LLC|Corp|Sons|Bros|Associates|Company|Hardware|Realty)\b|['’]s\b)")


def _fits(work: Sorting, letters: str) -> bool:
    """Whether the names of one person of the page begin with two letters."""
    whole = [parts for name in work.roster.names if len(parts := name_parts(name)) > 1]
    return sum((p[0][0], p[-1][0]) == (letters[0].lower(), letters[-1].lower()) for p in whole) == 1


def two_persons(work: Sorting) -> None:
    """ "Ostrander & Okonkwo", "H. & M. Castellano": two persons where the page knows one of them, and no firm."""
    text = work.page.text
    known = {p.surname or folded(p.name) for p in work.persons}
    for other in [m for m in work.others if m.kind == "organisation" and "&" in m.text]:
        if (both := _BOTH.search(other.text)) and _fits(work, both["a"]) and _fits(work, both["b"]):
            work.give_back(other)  # `initials` reads them
            continue
        couple, two = _COUPLE.match(other.text), _TWO.match(other.text)
        if _FIRM.match(text, other.end):
            continue
        if couple and folded(couple["name"]) not in no_names():
            work.give_back(other)
            work.persons.append(Person(other.start, other.end, other.text, "person.couple", "likely"))
        elif two and {folded(two["a"]), folded(two["b"])} & known:
            work.give_back(other)
            for part in ("a", "b"):
                owners = work.roster.by_surname(two[part])
                name = owners[0] if len(owners) == 1 else two[part]
                start = other.start + two.start(part)
                work.persons.append(Person(start, start + len(two[part]), name, "person.pair", "likely"))


_SIGNED = re.compile(
    r"(?<=[.!?)\"”])[ \t]+(?:--|—|–|-)[ \t]?(?P<name>[A-Z][a-z]+(?:[-'’][A-Z][a-z]+|[A-Z][a-z]+)?)\.?[ \t]*(?=\n|$)"
)


def signed_entries(work: Sorting) -> None:
    """'Will come in. -- Pribyl': who wrote the entry, behind a dash at its end."""
    text = work.page.text
    for m in _SIGNED.finditer(text):
        name = m["name"]
        low = folded(name)
        if work.holds(*m.span("name")) or low in no_names() or is_known_place(name) or low in _no_signature():
            continue
        owners = work.roster.by_surname(name)
        known = owners[0] if len(owners) == 1 else name
        work.persons.append(Person(*m.span("name"), known, "person.signed", "likely"))


def _no_signature() -> frozenset[str]:
    return any_of("titles.ranks", "roles.occupations", "roles.case_roles", "organizations.heads", "titles.nobody")


_PERSONS_OF_ROWS = re.compile(
    r"(?<![\w/-])(?:FROM|TO|BY|RECEIVED BY|REC'?D BY|REC'?D FROM|RELEASED (?:BY|TO)|OFFICER|OFCR?|DET|INVESTIGATOR|"
    r"DEPUTY|OWNER|CALLER|DRIVER|ASSIGNED(?: TO)?|NAME|INMATE|VISITOR)S?\b(?=[ \t]{2}|[ \t]*\n)"
)
_FROM_TO = re.compile(r"\b(?:FROM|BY)\b.*\bTO\b|\b(?:REC|ITEM|DATE|TIME)")
_CELL_NAME = re.compile(r"(?:[A-Z]\. ?)?(?P<name>[A-Z][A-Z'’-]{2,})(?:,? (?:PROP|EVID|LAB|ID|DET|RM|UNIT|DEPT)\b.*)?$")


def in_person_columns(page: Page, blocked: set[int]) -> Iterator[Person]:
    """Surnames of capitals under FROM, TO, BY and the like, in a table that has days, hours or items too."""
    text = page.text
    tabled = "FROM" in text or "BY" in text or "REC" in text or "ITEM" in text or "DATE" in text
    heads = [
        m
        for m in (_PERSONS_OF_ROWS.finditer(text) if tabled and "  " in text else ())
        if _FROM_TO.search(_line(text, m.start()))
    ]
    starts = {page.tokens[i].start for i in blocked}
    for start, end in cells_under(text, _PERSONS_OF_ROWS) if heads else ():
        m = _CELL_NAME.match(text[start:end])
        if m is None or start + m.start("name") in starts:
            continue
        low = folded(m["name"])
        plain = low not in no_names() and low not in _no_signature() and low not in words("words", "abbreviations")
        if plain and (is_surname(low) or not is_known_place(m["name"])):
            yield Person(start, start + m.end("name"), usual_print(m["name"]), "person.cell", "likely")


def _line(text: str, at: int) -> str:
    return text[text.rfind("\n", 0, at) + 1 : (text + "\n").find("\n", at)]


_MAIL_HEAD = re.compile(
    r"^[> \t]*(?:From|To|Cc|CC|Bcc|Reply-To|FROM|TO)[ \t]*:[ \t]*(?P<rest>.+)$",
    re.MULTILINE,
)
_ADDRESSED = re.compile(
    r"[\"']?(?P<last>(?=[^,]{2,40},)[A-Z][^\W\d_]*(?:[-'’][^\W\d_]+){0,3}), "
    r"(?P<first>[A-Z][^\W\d_]+(?:[ -][A-Z][\w.]*){0,2})[\"']?"
    r"(?=\s*[<;\[(]|\s*$)"
)


def in_mail_heads(page: Page, blocked: set[int]) -> Iterator[Person]:
    """ "From: "Sorel, Maëlle K." <...>": the surname first, though no list has its words."""
    text = page.text
    starts = {page.tokens[i].start for i in blocked}
    for head in _MAIL_HEAD.finditer(text) if ":" in text else ():
        at, stop = head.start("rest"), head.end("rest")
        for m in _ADDRESSED.finditer(text, at, stop):
            low = folded(m["last"])
            if text[at : m.start("last")].rstrip()[-1:] not in ("", ";", ",", '"', "'", ">"):
                continue  # "TO: Lieut. Frank Costigan, Riverton Jct."
            mail = "@" in head["rest"] or _is_mail(text, head.start())
            if mail and m.start("last") not in starts and low not in _no_signature() and low not in no_names():
                name = f"{usual_print(m['first'])} {usual_print(m['last'])}"
                yield Person(m.start("last"), m.end("first"), name, "last_first", "certain")


def _is_mail(text: str, at: int) -> bool:
    return bool(_SUBJECT.search(text, max(0, at - 300), at + 300))


_SUBJECT = re.compile(r"^[> \t]*(?:Subject|Sent|SUBJECT|Subj)[ \t]*:", re.MULTILINE)
