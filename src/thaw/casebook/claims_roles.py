"""Who is what to whom: parts in a work, makers of a work, relatives, arrests, ranks."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from thaw.intake import Mention, reading

from .claims_account import Account, Saying, plain
from .claims_cast import cast_lines
from .claims_people import People
from .claims_pronouns import meant

_DONE_BY = (
    "arrested apprehended captured detained killed shot stabbed strangled murdered defended represented "
    "prosecuted interviewed questioned identified hired sentenced married "
    "rescued found discovered attacked robbed charged convicted played portrayed voiced replaced "
    "succeeded trained raised adopted joined"
)
_DONE = _DONE_BY.replace(" ", "|") + r"|taken\s+into\s+custody"
_SAME_DEED = {
    "portrayed": "played",
    "voiced": "played",
    "apprehended": "arrested",
    "captured": "arrested",
    "detained": "arrested",
    "taken into custody": "arrested",
}
_BY = re.compile(
    (
        rf"^,?\s*(?:\d+,\s*)?(?:(?:the|an?)\s+(?:[\w'’-]+\s+){{1,4}}?)?(?:(?:who|was|is|were|are|has been|had been|"
        rf"will be|later|also|to be|being|then|"
        rf"and)\s+)*(?P<verb>{_DONE})\s+(?:[\w\s]{{0,40}}?\s)?by\s+(?:[\w'’.-]+\s+){{0,5}}$"
    ),
    re.I,
)
_DID = re.compile(
    r"^,?\s*(?:(?:who|later|also|then|once|the \w+ who|a \w+ who)\s+)*"
    rf"(?P<verb>{_DONE})\s+(?:(?:[\w'’.-]+)\s+){{0,2}}$",
    re.I,
)
_AS = re.compile(
    (
        r"^\s*(?:,[^,.]{0,40},\s*)?(?:(?:who|also|will)\s+)*(?:stars?|plays?|played|appears?|appeared|"
        r"is cast|was cast|cast|portrays?|portrayed|leads the cast|co-stars?|returns|steps in|starring|"
        r"voices?)?\s*(?:in \S+\s+)?as\s+(?:[\w'’.-]+\s+){0,4}$"
    ),
    re.I,
)
_PLAYS = re.compile(
    (
        r"^\s*(?:,?\s*who\s+)?(?:plays?|played|portrays?|portrayed|voices)\s+(?:(?:her|his|the|a|an|their|"
        r"[A-Za-z][\w'’-]*),?\s+){0,4}$"
    ),
    re.I,
)
_MAKER = (
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
}
_MADE_VERB = re.compile(
    rf"^(?:,\s+\d+,|,\s+who(?:\s+\w+ly)?|,\s+[^,]{{3,40}},)?\s+(?:(?:also|then)\s+)*(?P<verb>{'|'.join(_MADE)})\b"
    rf"(?P<rest>[^.]{{0,80}})",
    re.I,
)
_MADE_BY = re.compile(
    rf"\b(?P<verb>{'|'.join(_MADE)})(?:\s+and\s+(?P<verb2>{'|'.join(_MADE)}))?\s+by\s+(?:[\w'’.-]+\s+){{0,3}}$", re.I
)
_RANKS = frozenset(
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


_COURTESIES = frozenset(
    ["mr", "mrs", "ms", "miss", "mx", "sir", "dame", "lord", "lady", "hon", "honorable", "father", "sister", "brother"]
)


def role_sayings(account: Account, people: People) -> Iterator[Saying]:
    """What an account says that persons are or have done to each other."""
    yield from cast_lines(account, people)
    for sentence in account.sentences:
        persons = account.inside(*sentence, "person")
        yield from _pairs(account, sentence, persons, people)
        yield from _deeds_on_pronouns(account, sentence, persons, people)
        for m in persons:
            yield from _own(account, sentence, m, people)
            yield from _makers(account, sentence, m, people)


def _say(account: Account, sentence: tuple[int, int], person: str, value: str, group: tuple[str, ...] | None) -> Saying:
    return Saying(account, sentence, "role", reading.folded(person), person, value, reading.folded(value), group)


def _pairs(account: Account, sentence: tuple[int, int], persons: list[Mention], people: People) -> Iterator[Saying]:
    for i, one in enumerate(persons):
        for other in persons[i + 1 : i + 3]:
            between = account.text[one.end : other.start]
            a, b = people.key(one.normal), people.key(other.normal)
            beside = other is persons[i + 1]
            if a == b or len(between) > 110 or re.search(r"[.;]\s", re.sub(r"\b[A-Z][a-z]{0,4}\.\s", "", between)):
                continue
            if found := _BY.match(between):
                yield from _deed(account, sentence, a, found["verb"], b)
            elif found := _DID.match(between):
                yield from _deed(account, sentence, b, found["verb"], a)
            elif (
                beside
                and (
                    _PLAYS.match(between)
                    or (_AS.match(between) and _of_a_cast(account, sentence))
                    or (re.fullmatch(r"\s+as\s+(?:[A-Z][a-z]+\.?\s+)?", between) and _of_a_work(account))
                )
                and not re.search(r"\bwith\b", between)
            ):
                yield _say(account, sentence, b, f"played by {a}", ("played by", b))
            elif (
                re.fullmatch(r"\s*\(\s*", between)
                and account.text[other.end : other.end + 1] == ")"
                and _of_a_cast(account, sentence)
            ):
                part, actor = (b, a) if _is_actor(account, sentence, one) else (a, b)
                yield _say(account, sentence, part, f"played by {actor}", ("played by", part))


_CAST_BEFORE = re.compile(r"\b(?:cast|stars?|starring|co-stars?|features?|featuring|performers|ensemble)\b", re.I)


def _is_actor(account: Account, sentence: tuple[int, int], one: Mention) -> bool:
    """Of "A (B)" the outer is the actor in a list of the cast, else the part: "Det. Nora Marlowe (Maggie Vale)"."""
    before = account.text[sentence[0] : one.start]
    # "whose brother Thomas (Rhys Pugh)": a relative in the story, so a part.
    part = one.part("title") is not None or one.rule == "person.kin" or len(one.normal.split()) == 1
    return bool(_CAST_BEFORE.search(before)) and not part


_DID_HIM = re.compile(rf"^,?\s+(?:(?:later|also|then)\s+)?(?P<verb>{_DONE})\s+(?P<whom>him|her|them)\b", re.I)


def _deeds_on_pronouns(
    account: Account, sentence: tuple[int, int], persons: list[Mention], people: People
) -> Iterator[Saying]:
    """ "Adeyemi arrested him outside his garage": whom the words before speak of."""
    for m in persons:
        found = _DID_HIM.match(account.text[m.end : m.end + 60])
        whom = meant(account, m.start, found["whom"], other_than=m.normal) if found else None
        if found and whom is not None:
            yield from _deed(account, sentence, people.key(whom.normal), found["verb"], people.key(m.normal))


_SURVIVOR = re.compile(r"\b(?:an?|one)\s+(?:[\w-]+\s+)?(?P<kin>[\w-]+),\s+(?:(?:Mr|Mrs|Ms|Miss|Dr)\.?\s+)?$")


def _survivor(account: Account, sentence: tuple[int, int], m: Mention, people: People) -> Iterator[Saying]:
    """ "He is survived by ... a sister, Ifeoma Eze": a relative of the one who died."""
    survived = re.search(r"\bsurvived by\b|\bsurvivors\b|\bleaves\b", account.text[slice(*sentence)], re.I)
    kin = _SURVIVOR.search(account.text[max(sentence[0], m.start - 50) : m.start])
    if not survived or not kin or kin["kin"].lower() not in reading.words("roles", "kin"):
        return
    dead = meant(account, sentence[0] + survived.start(), "", other_than=m.normal)
    if dead is not None:
        person, whose = people.key(m.normal), people.key(dead.normal)
        yield _say(account, sentence, person, f"{kin['kin'].lower()} of {whose}", ("kin", person, whose))


def _deed(account: Account, sentence: tuple[int, int], person: str, verb: str, by: str) -> Iterator[Saying]:
    word = _SAME_DEED.get(re.sub(r"\s+", " ", verb.lower()), verb.lower())
    yield _say(account, sentence, person, f"{word} by {by}", (f"{word} by", person))


def _of_a_cast(account: Account, sentence: tuple[int, int]) -> bool:
    return bool(
        re.search(
            (
                r"\b(?:stars?|starring|cast|plays?|played|film|series|drama|show|movie|picture|role|"
                r"character|actress|actor|portray\w*)\b"
            ),
            account.text[slice(*sentence)],
            re.I,
        )
    )


def _of_a_work(account: Account) -> bool:
    """Whether the account is about a work at all: then "A as B" is an actor and a part."""
    return any(m.kind == "title" for m in account.mentions) and _of_a_cast(account, (0, len(account.text)))


def _own(account: Account, sentence: tuple[int, int], m: Mention, people: People) -> Iterator[Saying]:
    """The role that the reading found at the name itself."""
    if m.role is None or m.role in _COURTESIES:
        if m.role is None:
            yield from _survivor(account, sentence, m, people)
        return
    person = people.key(m.normal)
    kin, of, owner = m.role.partition(" of ")
    if of and kin in reading.words("roles", "kin"):
        whose = _owner(account, m, owner, people)
        if whose != person:
            yield _say(account, sentence, person, f"{kin} of {whose}", ("kin", person, whose))
        return
    rank = m.role.split()[-1] if m.role.split()[-1] in _RANKS else None
    maker = re.fullmatch(_MAKER, m.role.split()[-1])
    past = re.search(r"\b(?:former|retired|then|ex)\b", m.role)
    if maker and m.role.split()[-1].removeprefix("co-") in (
        "creator",
        "director",
        "producer",
        "writer",
        "founder",
        "author",
        "showrunner",
        "composer",
        "star",
    ):
        work = _work_near(account, sentence, m)
        value = f"{m.role} of {work}" if work else m.role
        yield _say(account, sentence, person, value, ("maker", person, m.role.split()[-1].removeprefix("co-")))
        return
    yield _say(account, sentence, person, m.role, ("rank", person) if rank and not past else None)


def _owner(account: Account, m: Mention, owner: str, people: People) -> str:
    """Whose relative: a name as a person, "her" as the person named last before."""
    if owner in ("him", "her", "them"):
        told = meant(account, m.start, owner, other_than=m.normal)
        return people.key(told.normal) if told else owner
    if owner in ("victim", "the victim", "decedent", "deceased"):
        victims = {p.normal for p in account.mentions if p.kind == "person" and p.role == "victim"}
        return people.key(victims.pop()) if len(victims) == 1 else "the victim"
    # Written as in the sentence ("Kessler's sister"): the mention that stands there says who it is.
    whose = plain(owner)
    near = [p for p in account.mentions if p.kind == "person" and f" {whose}".endswith(f" {plain(p.text)}")]
    near.sort(key=lambda p: abs(p.start - m.start))
    return people.key(near[0].normal) if near else owner


def _makers(account: Account, sentence: tuple[int, int], m: Mention, people: People) -> Iterator[Saying]:
    text, person = account.text, people.key(m.normal)
    work = _work_near(account, sentence, m)
    after = text[m.end : min(sentence[1], m.end + 120)]
    if found := _MADE_VERB.match(after):
        role = _MADE[found["verb"].lower()]
        if role == "creator" and (other := _with(account, m.end + found.start("rest"), sentence)) is not None:
            # "A created it with B": two creators, so each is one of them.
            role = "co-creator"
            yield from _maker(account, sentence, people.key(other.normal), role, work)
        if not re.match(r"\s*by\b", found["rest"]):
            yield from _maker(account, sentence, person, role, work)
    also = re.search(r"\band\s+(?P<verb>directed|wrote|produced|composed|co-wrote|created)\b", after)
    if also and found and not account.inside(m.end, m.end + also.start(), "person") and also["verb"] != found["verb"]:
        yield from _maker(account, sentence, person, _MADE[also["verb"].lower()], work)
    before = text[max(sentence[0], m.start - 60) : m.start]
    who_with = _WITH_MADE.match(account.text[m.end : min(sentence[1], m.end + 160)])
    if who_with and account.inside(m.end, m.end + who_with.start("verb"), "person"):
        role = _MADE[who_with["verb"].lower()]
        for one in [m, *account.inside(m.end, m.end + who_with.start("verb"), "person")]:
            joint = role if role.startswith("co-") or role != "creator" else "co-creator"
            yield from _maker(account, sentence, people.key(one.normal), joint, work)
    if found := _MADE_BY.search(before):
        helped = _helpers(account, m, sentence)
        joined = bool(helped) or _joined(account, sentence, m)
        for helper in helped:
            yield from (
                _maker(account, sentence, people.key(helper.normal), "co-creator", work)
                if (_MADE[found["verb"].lower()] == "creator")
                else ()
            )
        for verb in filter(None, (found["verb"], found["verb2"])):
            role = _MADE[verb.lower()]
            yield from _maker(account, sentence, person, f"co-{role}" if joined and role == "creator" else role, work)
    yield from _is_role(account, sentence, m, person, work)
    apposed = re.match(
        rf"^,\s+(?:\d+,\s+)?(?:(?:the|a|an|its|whose|then)\s+)?(?:\w+\s+)?(?P<role>{_MAKER})\b(?:\s+of\b)?", after
    )
    if apposed and m.role is None:
        yield from _maker(account, sentence, person, apposed["role"], work)


_IS = re.compile(
    r"^(?P<and>\s+and\s+[A-Z][\w.'’-]*(?:\s+[A-Z][\w.'’-]*){0,3})?\s+(?:is|are|was|were|serves? as|"
    r"served as|will be|remains?)\s+"
    r"(?:the\s+|an?\s+|its\s+|also\s+)*(?P<roles>[a-z][^.;()]{2,90})"
)


def _is_role(
    account: Account, sentence: tuple[int, int], m: Mention, person: str, work: str | None
) -> Iterator[Saying]:
    """ "A and B are showrunners and co-creators": each role of each person."""
    found = _IS.match(account.text[m.end : min(sentence[1], m.end + 180)])
    if not found:
        return
    for part in re.split(r",\s*(?:and\s+)?|\s+and\s+", found["roles"])[:5]:
        words_ = part.strip().split()
        head = words_[-1].lower() if words_ else ""
        single = head.removesuffix("s")
        if len(words_) > 4 or not {head, single, single.removeprefix("co-")} & _all_roles():
            if not re.match(r"(?:the\s+|an?\s+)?(?:[\w-]+\s+){0,2}[\w-]+\s+(?:of|at|for|with|in)\s", part):
                return
            kept = re.match(r"(?:the\s+|an?\s+)?((?:[\w-]+\s+){0,2}[\w-]+)\s+(?:of|at|for|with|in)\s", part)
            words_ = kept.group(1).split() if kept else []
            single = words_[-1].lower() if words_ else ""
            if single not in _all_roles():
                return
        role = " ".join([*words_[:-1], single if single in _all_roles() or single.startswith("co-") else head]).lower()
        if role.removeprefix("co-") in ("creator", "director", "producer", "writer", "composer", "founder"):
            yield from _maker(account, sentence, person, role, work)
        else:
            yield _say(account, sentence, person, role, None)


def _all_roles() -> frozenset[str]:
    return reading.words("roles", "occupations") | reading.words("roles", "case_roles") | _RANKS


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
        first = re.fullmatch(r",?\s+(?:together\s+)?with\s+(?:[\w'’-]+\s+){0,3}", between)
        more = found and re.fullmatch(r",?\s+and\s+|,\s+", between)
        if not (first or more):
            break
        found.append(p)
        end = p.end
    return found


def _joined(account: Account, sentence: tuple[int, int], m: Mention) -> bool:
    """Whether the name stands beside another with "and"."""
    persons = account.inside(*sentence, "person")
    return any(
        re.fullmatch(r"\s+and\s+(?:[\w'’-]+\s+){0,2}", account.text[min(p.end, m.end) : max(p.start, m.start)])
        for p in persons
        if p is not m
    )


def _maker(account: Account, sentence: tuple[int, int], person: str, role: str, work: str | None) -> Iterator[Saying]:
    value = f"{role} of {work}" if work else role
    yield _say(account, sentence, person, value, ("maker", person, role.removeprefix("co-")))


def _with(account: Account, start: int, sentence: tuple[int, int]) -> Mention | None:
    persons = account.inside(start, sentence[1], "person")
    for p in persons[:1]:
        if re.search(r"\bwith\s+(?:[\w'’.-]+\s+){0,3}$", account.text[start : p.start]):
            return p
    return None


def _work_near(account: Account, sentence: tuple[int, int], m: Mention) -> str | None:
    """The work of the sentence, or the one the account is about when it has only one."""
    titles = account.inside(*sentence, "title")
    if titles:
        return min(titles, key=lambda t: abs(t.start - m.start)).normal
    every = Counter(plain(t.normal) for t in account.mentions if t.kind == "title")
    ranked = every.most_common(2)
    # Of several works the one that the account is about: named more often than any other.
    if not ranked:
        return None
    told = re.search(
        r"\b(?:the|this) (?:show|series|film|movie|drama|play|book|novel|"
        r"album)\b",
        account.text[slice(*sentence)],
        re.I,
    )
    if len(ranked) > 1 and ranked[0][1] == ranked[1][1] and not told:
        return None  # `most_common` keeps the order of the text: of equals the first one is what it is about
    return next(t.normal for t in account.mentions if t.kind == "title" and plain(t.normal) == ranked[0][0])


def roles_conflict(one: Saying, other: Saying) -> bool:
    """Whether two roles of one person in one group exclude each other."""
    assert one.group is not None
    sort = one.group[0]
    a, b = one.key, other.key
    if sort == "kin":
        return a.partition(" of ")[0] != b.partition(" of ")[0]
    if sort == "maker":
        return a.startswith("co-") != b.startswith("co-")
    if sort == "rank":
        return a.split()[-1] != b.split()[-1] and _close(one, other)
    return a != b


def _close(one: Saying, other: Saying) -> bool:
    """Accounts of one year: later ones may tell of a promotion."""
    first, second = one.account.date, other.account.date
    return first is None or second is None or abs((first.first - second.first).days) < 366
