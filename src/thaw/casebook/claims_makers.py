"""Who made a work, and what else a sentence says that somebody is: creators, directors, presidents of boards."""

from __future__ import annotations

import re
from collections.abc import Iterator

from thaw.intake import Mention, reading

from .claims_account import Account, Saying, plain
from .claims_people import People
from .claims_pronouns import meant
from .claims_works import leans, main_work

MAKER = (
    r"(?:co-)?(?:creator|director|producer|executive producer|writer|author|composer|founder|owner|"
    r"showrunner|screenwriter|playwright|choreographer|editor|designer|architect|star|host|promoter|curator|"
    r"publisher)"
)
_MADE = {
    "created": "creator",
    "co-created": "co-creator",
    "directed": "director",
    "co-directed": "co-director",
    "directs": "director",
    "wrote": "writer",
    "co-wrote": "co-writer",
    "writes": "writer",
    "produced": "producer",
    "co-produced": "co-producer",
    "composed": "composer",
    "founded": "founder",
    "co-founded": "co-founder",
    "designed": "designer",
    "choreographed": "choreographer",
    "developed": "developer",
    "written": "writer",
    "co-written": "co-writer",
    "hosts": "host",
    "executive produce": "executive producer",
    "executive produces": "executive producer",
    "executive produced": "executive producer",
}
# What somebody will do: the plain form of a verb, after "will" or "to" only.
_WILL_MAKE = {
    "direct": "director",
    "write": "writer",
    "produce": "producer",
    "executive produce": "executive producer",
    "create": "creator",
    "develop": "developer",
    "host": "host",
    "design": "designer",
    "choreograph": "choreographer",
}
_MADE_VERB = re.compile(
    rf"^(?:\s+\([^)]{{1,60}}\))?(?:,\s+\d+,|,\s+who(?:\s+\w+ly)?|,\s+[^,]{{3,40}},)?\s+(?:(?:also|then)\s+)*"
    rf"(?:(?P<verb>{'|'.join(_MADE)})|(?:will|is\s+(?:set\s+)?to|are\s+(?:set\s+)?to)\s+(?:also\s+)?"
    rf"(?P<plan>{'|'.join(sorted(_WILL_MAKE, key=len, reverse=True))}))\b"
    rf"(?P<rest>[^.]{{0,80}})",
    re.I,
)
_MADE_BY = re.compile(
    rf"\b(?P<verb>{'|'.join(_MADE)})(?:\s+and\s+(?P<verb2>{'|'.join(_MADE)}))?\s+by\s+(?:[\w'’.-]+\s+){{0,3}}$", re.I
)
RANKS = frozenset(
    [
        "officer",
        "detective",
        "sergeant",
        "lieutenant",
        "captain",
        "corporal",
        "deputy",
        "sheriff",
        "chief",
        "trooper",
        "inspector",
        "investigator",
        "constable",
        "superintendent",
        "commander",
        "commissioner",
    ]
)


def say(account: Account, sentence: tuple[int, int], person: str, value: str, group: tuple[str, ...] | None) -> Saying:
    """One saying of kind `role` about a person."""
    return Saying(account, sentence, "role", reading.folded(person), person, value, reading.folded(value), group)


def makers(account: Account, sentence: tuple[int, int], m: Mention, people: People) -> Iterator[Saying]:
    """Creators, directors and other makers of works, and what else a sentence says that this person is."""
    person = people.key(m.normal)
    work = work_near(account, sentence, m)
    after = account.text[m.end : min(sentence[1], m.end + 120)]
    yield from _who_made(account, sentence, m, people, work)
    yield from _made_with(account, sentence, m, people, work)
    yield from _was_made_by(account, sentence, m, people, work)
    yield from _is_role(account, sentence, m, person, work)
    yield from _several(account, sentence, m, people, work)
    yield from _and_maker(account, sentence, m, person, work)
    apposed = re.match(
        rf"^,\s+(?:\d+,\s+)?(?:(?:the|a|an|its|whose|then)\s+)?(?:(?!(?:is|was|are|were)\b)\w+\s+)?(?P<role>{MAKER})\b"
        r"(?:\s+of\b)?",
        after,
    )
    if apposed and m.role is None:
        yield from made(account, sentence, person, apposed["role"], work)


def _who_made(
    account: Account, sentence: tuple[int, int], m: Mention, people: People, work: str | None
) -> Iterator[Saying]:
    """ "A and B created it", "A will direct and executive produce", "A created it with B"."""
    person, after = people.key(m.normal), account.text[m.end : min(sentence[1], m.end + 120)]
    found = _MADE_VERB.match(after)
    if found is None:
        return
    role = _MADE[found["verb"].lower()] if found["verb"] else _WILL_MAKE[found["plan"].lower()]
    done_by = re.match(r"\s*by\b", found["rest"])
    if work is None and role in ("writer", "designer"):
        return  # "he wrote the number on a match book"
    rest = m.end + found.start("rest")
    beside = [] if done_by else _row_before(account, m, sentence)
    other = _with(account, rest, sentence)
    if role == "creator" and (beside or other):
        role = "co-creator"  # "A created it with B": two creators, so each is one of them
    others = [*beside, *([other] if other else [])]
    if role == "executive producer":
        others += _alongside(account, rest, sentence)
    for one in others:
        yield from made(account, sentence, people.key(one.normal), role, work)
    if not done_by:
        yield from made(account, sentence, person, role, work)
    also = _ALSO_MADE.search(after, found.end("verb") if found["verb"] else found.end("plan"))
    if also and not account.inside(m.end, m.end + also.start(), "person"):
        second = _MADE[also["verb"].lower()] if also["verb"] else _WILL_MAKE[also["plan"].lower()]
        if bool(also["verb"]) == bool(found["verb"]) and second != role:
            yield from made(account, sentence, person, second, work)


_ALSO_MADE = re.compile(
    r"\band\s+(?:will\s+)?(?:(?P<verb>directed|wrote|produced|composed|co-wrote|created)|"
    r"(?P<plan>executive produce|produce|direct|write))\b"
)


def _made_with(
    account: Account, sentence: tuple[int, int], m: Mention, people: People, work: str | None
) -> Iterator[Saying]:
    """ "A, who with B created it": each of them."""
    found = _WITH_MADE.match(account.text[m.end : min(sentence[1], m.end + 160)])
    others = account.inside(m.end, m.end + found.start("verb"), "person") if found else []
    if found is None or not others:
        return
    role = _MADE[found["verb"].lower()]
    for one in [m, *others]:
        joint = "co-creator" if role == "creator" else role
        yield from made(account, sentence, people.key(one.normal), joint, work)


def _was_made_by(
    account: Account, sentence: tuple[int, int], m: Mention, people: People, work: str | None
) -> Iterator[Saying]:
    """ "Created by A, B and C", "written and directed by A", "created by A with B"."""
    lead = max(sentence[0], m.start - 60)
    found = _MADE_BY.search(account.text[lead : m.start])
    if found is None or account.inside(lead + found.start(), m.start, "person"):
        return
    run = [m, *row_after(account, m, sentence)]
    helped = _helpers(account, m, sentence)
    for verb in filter(None, (found["verb"], found["verb2"])):
        role = _MADE[verb.lower()]
        if role == "creator" and (helped or len(run) > 1):
            role = "co-creator"
        for one in [*run, *(helped if role == "co-creator" else [])]:
            yield from made(account, sentence, people.key(one.normal), role, work)


_AND_MAKER = re.compile(
    rf"^,\s+(?:\d{{1,3}},\s+)?(?:(?:the|a|an|its|his|her)\s+)?(?:[\w'’-]+\s+){{1,4}}and\s+(?:the\s+)?(?P<role>{MAKER})\s+of\b"
)


def _and_maker(
    account: Account, sentence: tuple[int, int], m: Mention, person: str, work: str | None
) -> Iterator[Saying]:
    """ "Quill, the novelist and co-creator of the show": the second of two roles."""
    found = _AND_MAKER.match(account.text[m.end : min(sentence[1], m.end + 120)])
    if found:
        yield from made(account, sentence, person, found["role"].lower(), work)


_SEVERAL = re.compile(rf"\b(?P<role>{MAKER})(?:s\s+|s?\s+(?:are|were|is|was|include[sd]?|:)\s+)$", re.I)


def _several(
    account: Account, sentence: tuple[int, int], m: Mention, people: People, work: str | None
) -> Iterator[Saying]:
    """ "Co-creators A and B": each of them."""
    found = _SEVERAL.search(account.text[max(sentence[0], m.start - 30) : m.start])
    if found is None:
        return
    last = m
    for one in [m, *account.inside(m.end, sentence[1], "person")]:
        if one is not m and not re.fullmatch(r",?\s+and\s+|,\s+", account.text[last.end : one.start]):
            break
        yield from made(account, sentence, people.key(one.normal), found["role"].lower(), work)
        last = one


_THE_ONE = re.compile(
    rf"^\W*(?:The|This)\s+(?:[\w-]+\s+){{0,2}}?(?P<noun>[\w-]+)(?:,\s+(?:now\s+)?\d{{1,3}},)?\s+"
    rf"(?:is|was)\s+(?:the|a|an)\s+(?P<role>{MAKER})\b"
)


def described(account: Account, people: People) -> Iterator[Saying]:
    """ "The composer, now 44, is the creator of it": whom the sentences before speak of."""
    for sentence in account.sentences:
        found = _THE_ONE.match(account.text[slice(*sentence)])
        if found is None or found["noun"].lower() not in all_roles():
            continue
        told = meant(account, sentence[0])
        if told is not None:
            yield from made(
                account, sentence, people.key(told.normal), found["role"].lower(), _work_of(account, sentence)
            )


_PRONOUN_MADE = re.compile(rf"\b(?P<who>He|She|he|she)\s+(?:also\s+|then\s+|later\s+)?(?P<verb>{'|'.join(_MADE)})\b")


def made_by_pronoun(account: Account, people: People) -> Iterator[Saying]:
    """ "He co-founded Third Tide Pictures": whom the sentences before speak of, and what he made."""
    for found in _PRONOUN_MADE.finditer(account.text):
        sentence = account.sentence_of(found.start())
        told = meant(account, found.start(), found["who"])
        things = account.inside(found.end(), sentence[1], "title", "organisation")
        if told is not None and things and things[0].start - found.end() < 40:
            role = _MADE[found["verb"].lower()]
            yield from made(account, sentence, people.key(told.normal), role, things[0].normal)


def _work_of(account: Account, sentence: tuple[int, int]) -> str | None:
    titles = account.inside(*sentence, "title")
    return titles[0].normal if titles else None


_IS = re.compile(
    r"^(?:,\s+\d+)?(?:,\s+(?:now\s+\d+,\s+)?who)?"
    r"(?:(?<=who)\b[^.;]{3,90}?,)?"
    r"(?P<and>\s+and\s+[A-Z][\w.'’-]*(?:\s+[A-Z][\w.'’-]*){0,3})?\s+"
    r"(?:is|are|was|were|serves? as|"
    r"served as|will be|remains?|became|has been)\s+"
    r"(?:the\s+|an?\s+|its\s+|also\s+)*(?P<roles>[a-z][^.;()]{2,150})"
)


def _is_role(
    account: Account, sentence: tuple[int, int], m: Mention, person: str, work: str | None
) -> Iterator[Saying]:
    """ "A and B are showrunners and co-creators": each role of each person."""
    found = _IS.match(account.text[m.end : min(sentence[1], m.end + 240)])
    if not found:
        return
    for part in re.split(r",\s*(?:and\s+)?|\s+and\s+", found["roles"])[:5]:
        if re.search(r"\bby\b", part):
            return  # "is repped by Larkspur Artists"
        words_ = part.strip().split()
        if words_[:1] in (["elected"], ["appointed"], ["named"], ["hired"], ["re-elected"]):
            continue  # what came to somebody, not what somebody is
        head = words_[-1].lower() if words_ else ""
        single = head.removesuffix("s")
        if len(words_) > 4 or not {head, single, single.removeprefix("co-")} & all_roles():
            if not re.match(r"(?:the\s+|an?\s+)?(?:[\w-]+\s+){0,2}[\w-]+\s+(?:of|at|for|with|in)\s", part):
                return
            kept = re.match(r"(?:the\s+|an?\s+)?((?:[\w-]+\s+){0,2}[\w-]+)\s+(?:of|at|for|with|in)\s", part)
            words_ = kept.group(1).split() if kept else []
            single = words_[-1].lower() if words_ else ""
            if single not in all_roles():
                return
        whole = _OF_A_FIRM.match(part.strip())
        if whole and not any(t.normal in whole["what"] for t in account.titles):
            told = re.sub(r"^(?:an?|the)\s+", "", " ".join(whole.group().split())).rstrip(".,")
            yield say(account, sentence, person, told, None)  # "director of the Water District"
            continue
        role = " ".join([*words_[:-1], single if single in all_roles() or single.startswith("co-") else head]).lower()
        if role.removeprefix("co-") in _OF_A_WORK:
            yield from made(account, sentence, person, role, work)
        else:
            yield say(account, sentence, person, role, None)


_OF_A_FIRM = re.compile(
    r"(?:[a-z][\w-]*\s+){0,2}[a-z][\w-]+\s+(?:of|at|for)\s+(?P<what>(?:the\s+)?[A-Z][\w'’.&-]*(?:\s+(?:of\s+|the\s+)?[A-Z][\w'’.&-]*)*)"
)
_OF_A_WORK = frozenset(
    [
        "creator",
        "director",
        "producer",
        "executive producer",
        "writer",
        "screenwriter",
        "composer",
        "founder",
        "showrunner",
    ]
)


def all_roles() -> frozenset[str]:
    """Every word for what somebody is: occupations, roles in a case, ranks."""
    return reading.words("roles", "occupations") | reading.words("roles", "case_roles") | RANKS


_WITH_MADE = re.compile(
    rf"^(?:,\s+(?:an?|the)\s+[\w' -]{{2,40}}?)?(?:,)?\s+(?:who,?\s+)?(?:together\s+)?with\s+[^.;]{{3,60}}?,\s+"
    rf"(?:\w+ly\s+)?(?P<verb>{'|'.join(_MADE)})\b"
)


def _helpers(account: Account, m: Mention, sentence: tuple[int, int]) -> list[Mention]:
    """ "Created by A with B and C": B and C."""
    found: list[Mention] = []
    end = m.end
    for p in account.inside(m.end, sentence[1], "person"):
        between = account.text[end : p.start]
        first = re.fullmatch(r",?\s+(?:together\s+)?with\s+(?:(?!by\b)[\w'’-]+\s+){0,3}", between)
        more = found and re.fullmatch(r",?\s+and\s+|,\s+", between)
        if not (first or more):
            break
        found.append(p)
        end = p.end
    return found


def _row_before(account: Account, m: Mention, sentence: tuple[int, int]) -> list[Mention]:
    """The names before one in a row: of "A, B and C created it" A and B, when asked for C."""
    found: list[Mention] = []
    last = m
    for p in reversed(account.inside(sentence[0], m.start, "person")):
        between = account.text[p.end : last.start]
        link = r",?\s+(?:and|&)\s+" if last is m else r",\s+"
        if not re.fullmatch(rf"{link}(?:[a-z][\w'’-]*\s+){{0,2}}", between):
            break
        found.insert(0, p)
        last = p
    return found


def _alongside(account: Account, start: int, sentence: tuple[int, int]) -> list[Mention]:
    """The names after "alongside" or "with": of "alongside B, C and D" all three."""
    for p in account.inside(start, sentence[1], "person")[:1]:
        if re.search(
            r"\b(?:alongside|with|together with|along with)\s+(?:[a-z][\w'’-]*\s+){0,3}$", account.text[start : p.start]
        ):
            return [p, *row_after(account, p, sentence)]
    return []


# Another verb ends a row: "created by A and starring B".
_NO_VERB = r"(?!(?:\w+ing|\w+ed|stars?|written|by|from|with|for|to|is|was|are|were|of|in|on|at)\b)"
_NEXT_IN_A_ROW = re.compile(
    rf"(?:,\s+\d{{1,3}}|\s+\(\d{{1,3}}\))?(?:,\s+|,?\s+(?:and|&)\s+)(?:{_NO_VERB}[a-z][\w'’-]*\s+){{0,2}}"
)


def row_after(account: Account, m: Mention, sentence: tuple[int, int]) -> list[Mention]:
    """The names that go on from one in a row: "A, B and C" gives B and C; nothing where no "and" ends it."""
    found: list[Mention] = []
    last, ended = m, False
    for p in account.inside(m.end, sentence[1], "person"):
        between = account.text[last.end : p.start]
        if not _NEXT_IN_A_ROW.fullmatch(between):
            break
        found.append(p)
        last = p
        if re.search(r"\b(?:and|&)\s", between):
            ended = True
            break
    return found if ended else []


def made(account: Account, sentence: tuple[int, int], person: str, role: str, work: str | None) -> Iterator[Saying]:
    """One maker of a work; of two makers in one role each is one of them."""
    value = f"{role} of {work}" if work else role
    yield say(account, sentence, person, value, ("maker", person, role.removeprefix("co-")))


def _with(account: Account, start: int, sentence: tuple[int, int]) -> Mention | None:
    persons = account.inside(start, sentence[1], "person")
    for p in persons[:1]:
        if re.search(r"\bwith\s+(?:[\w'’.-]+\s+){0,3}$", account.text[start : p.start]):
            return p
    return None


def _in_brackets(text: str, m: Mention, sentence: tuple[int, int]) -> bool:
    """ "Desmond Achebe ("Salt Ledger") directs": what else he made."""
    before = text[sentence[0] : m.start]
    return before.rfind("(") > before.rfind(")")


def work_near(account: Account, sentence: tuple[int, int], m: Mention) -> str | None:
    """The work of the sentence, or the one the account is about when it has only one."""
    titles = [t for t in account.inside(*sentence, "title") if not _in_brackets(account.text, t, sentence)]
    own = [t for t in titles if not leans(account, t)]
    if own or len({plain(t.normal) for t in account.titles}) == 1:
        return min(own or account.titles, key=lambda t: abs(t.start - m.start)).normal
    told = re.search(
        r"\b(?:the|this) (?:show|series|film|movie|drama|play|book|novel|"
        r"album)\b",
        account.text[slice(*sentence)],
        re.I,
    )
    # Of several works the one that the account is about.
    return main_work(account, sure=not told)
