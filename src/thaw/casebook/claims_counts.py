"""What accounts count: things with their noun, sums of money, ages of persons."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from thaw.intake import Mention
from thaw.record import PartialDate

from .claims_account import Account, Saying
from .claims_ages import age_sayings
from .claims_people import People
from .claims_tolls import tolls

_OUTCOMES = {
    "killed": (
        r"\b(?:kill(?:ed|s|ing)?|die[ds]?|(?<!the )(?<!and )(?<!or )dead(?!\s+(?:wo)?man)|deaths?|drown(?:ed)?|"
        r"perish(?:ed)?|slain|lost their lives|toll)\b"
    ),
    "hurt": r"\b(?:hurt|injur(?:ed|ies|ing)|wounded)\b",
    "missing": r"\bmissing\b",
    "arrested": r"\b(?:arrest(?:ed|s)?|detained|in custody|jailed)\b",
    "without power": r"\b(?:without (?:power|electricity)|dark|lost power|in the dark|blackout|outages?)\b",
    "homeless": r"\b(?:homeless|displaced|left without homes)\b",
    "evacuated": r"\b(?:evacuat\w+|to leave|fled|flee)\b",
    "rescued": r"\brescued\b",
    "attending": (
        r"\b(?:attend(?:ed|ing|ance)?|came(?!\s+(?:back|out|home|up|down|from|off|forward))|"
        r"crowd|audience|fill(?:ed|ing)?|drew|turned out|gathered|fans|"
        r"spectators|seats?|expects?)\b"
    ),
    "destroyed": r"\b(?:destroy(?:ed|ing)|damaged?|burned|flattened|leveled)\b",
    "fired": r"\b(?:fired|shots?)\b",
    "stolen": r"\b(?:stolen|stole|theft)\b",
    "aboard": r"\b(?:aboard|on board)\b",
    "interviewed": r"\b(?:interview(?:ed|ing)|questioned|talked (?:to|with)|spoken? (?:to|with)|canvassed)\b",
}
_PEOPLE = frozenset(
    [
        "people",
        "persons",
        "residents",
        "men",
        "women",
        "fans",
        "spectators",
        "victims",
        "passengers",
        "visitors",
        "guests",
        "souls",
        "others",
        "worshippers",
        "concertgoers",
        "moviegoers",
        "officers",
    ]
)
_WITH_OUTCOME = {
    "without power": frozenset(["homes", "customers", "houses", "households", "businesses", "residences"]),
    "destroyed": frozenset(
        [
            "homes",
            "houses",
            "buildings",
            "structures",
            "cars",
            "vehicles",
            "boats",
            "businesses",
            "barns",
            "stores",
            "bridges",
        ]
    ),
    "fired": frozenset(["shots", "rounds", "bullets"]),
    "missing": frozenset(["children", "boats", "hikers"]),
    "killed": frozenset(["children", "sailors", "soldiers", "workers", "miners", "students"]),
    "hurt": frozenset(["children", "sailors", "soldiers", "workers", "miners", "students", "firefighters"]),
    "evacuated": frozenset(["homes", "families", "households"]),
}
_MONEY_FOR = re.compile(
    (
        r"\b(worth|valued|value|cost|costs|budget|reward|ransom|bail|bond|damage|damages|rent|debt|loan|owed|"
        r"paid|pay|price|prize|raised|stole|stolen|took(?!\s+in\b)|fine|fined|award|awarded|sold|grossed|gross|earned|"
        r"fled with|made off with|got away with|escaped with|robbed of|loot|haul|"
        # Anybody gets and takes money; who robs steals it.
        r"(?:robbers?|gunm[ae]n|bandits?|burglars?|thief|thieves|hold-?up m[ae]n)\s+(?:got|took|had taken)|"
        r"taken\s+(?:in|during)\s+the\s+(?:hold-?up|robbery|burglary|theft)|"
        r"taken\s+from\s+the\s+(?:till|register|cash\s+(?:register|drawer|box)|safe)|"
        r"settlement|tickets?|insured|insurance|salary|fee|grant|donated|took in)\b"
    ),
    re.I,
)


_DREW = re.compile(r"drew|crowd|audience|attendance|fill|expects?|attended", re.I)


def count_sayings(account: Account, people: People) -> Iterator[Saying]:
    """Counts, sums and ages of one account.

    Of several numbers of one noun ("the 12 episodes ... turns up in three episodes") only the largest compares.
    """
    found = list(_count_sayings(account, people))
    most: dict[tuple[str, ...], float] = {}
    for s in found:
        if s.group and s.group[0] == "count":
            most[s.group] = max(most.get(s.group, 0), s.value["number"])
    for s in found:
        part = s.group is not None and s.group[0] == "count" and s.value["number"] < most[s.group]
        yield replace(s, group=None) if part and s.value["noun"] == s.subject else s


def _count_sayings(account: Account, people: People) -> Iterator[Saying]:
    for m in account.mentions:
        sentence = account.sentence_of(m.start)
        if m.kind == "count":
            yield _count(account, m, sentence)
        elif m.kind == "money":
            said = _money(account, m, sentence)
            if said.subject not in _SET_BY_COURT or not _WANTED.search(account.text, sentence[0], m.start):
                yield said  # "asked that bond be set at $50,000": it was not
    yield from age_sayings(account, people)
    yield from tolls(account)


def _count(account: Account, m: Mention, sentence: tuple[int, int]) -> Saying:
    number, noun = int(m.part("number") or 0), m.part("noun") or ""
    outcome = _outcome(account, m, sentence)
    people_noun = noun in _PEOPLE
    if not people_noun and outcome and noun not in _WITH_OUTCOME.get(outcome, ()):
        outcome = None
    subject = " ".join(filter(None, ["people" if people_noun and outcome else noun, outcome]))
    if noun in ("shots", "rounds") and outcome == "fired":
        subject = noun
    # "Two men" of one sentence are not the "two men" of another: only a counted outcome or a noun of its own compares.
    compares = bool(outcome) or not people_noun
    more = {"about": m.part("about")} if m.part("about") else {}
    return Saying(
        account,
        sentence,
        "count",
        subject,
        subject,
        {"number": number, "noun": noun},
        f"{number} {subject}",
        ("count", subject) if compares else None,
        more=more,
    )


def _outcome(account: Account, m: Mention, sentence: tuple[int, int]) -> str | None:
    """The outcome word nearest to a count within its clause."""
    start, end = sentence
    clause_start = max(
        (account.text.rfind(mark, start, m.start) for mark in (", and ", "; ", " while ", " but ")), default=-1
    )
    first = max(start, clause_start, m.start - 60)
    stops = [
        i
        for mark in (", and ", "; ", " while ", " but ", " and leaving ", ". ")
        if (i := account.text.find(mark, m.end, end)) >= 0
    ]
    another = _ANOTHER_COUNT.search(account.text, m.end, end)
    last = min([end, m.end + 60, *stops, *([another.start()] if another else [])])
    best: tuple[int, str] | None = None
    for name, pattern in _OUTCOMES.items():
        for found in re.finditer(pattern, account.text[first:last], re.I):
            at = first + found.start()
            if m.start <= at < m.end and name not in ("fired", "attending"):
                continue
            if at >= m.end and _ends_aside(account.text, sentence[0], m, at):
                continue  # "Thorvaldsen, who brought 19 passengers ashore, died"
            # What comes after the noun is about it; what comes before may end with another count.
            gap = at - m.end if at >= m.end else (m.start - (first + found.end())) + 3
            between = account.text[m.end : at] if at >= m.end else account.text[first + found.end() : m.start]
            if name == "attending" and at < m.start and not _DREW.match(found.group()):
                continue  # "the verdict came after eleven hours by seven women"
            gap += 40 * len(re.findall(r"\d|\b(?:two|three|four|five|six|seven|eight|nine|ten)\b", between))
            if best is None or gap < best[0]:
                best = (max(gap, 0), name)
    return best[1] if best else None


def _ends_aside(text: str, start: int, m: Mention, place: int) -> bool:
    """Whether a count stands in a clause that is put in and has ended before a place."""
    return "," in text[m.end : place] and bool(re.search(r",\s+(?:who|which|whose)\s[^,]*$", text[start : m.start]))


_ANOTHER_COUNT = re.compile(
    r",\s+(?:\d+|(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)?-?(?:one|two|three|four|five|six|seven|eight|nine|"
    r"ten|eleven|twelve|\w+teen|\w+ty))\s+(?!of\b)",
    re.I,
)


@lru_cache(maxsize=64)  # asked for every sum of a sentence, and a page without full stops is one sentence
def _money_words(text: str, start: int, end: int) -> tuple[re.Match[str], ...]:
    return tuple(_MONEY_FOR.finditer(text, start, end))


# What a holdup brings; "took in $61,000" is what a fair does.
_MONEY_VERBS = frozenset(["raised", "paid", "pay", "took", "sold", "award", "awarded"])


def _money_gap(word: re.Match[str], m: Mention) -> int:
    """How far a word of money stands from a sum; what it is for goes before what was done with it."""
    gap = min(abs(word.end() - m.start), abs(word.start() - m.end))
    return gap + (20 if word.group(1).lower() in _MONEY_VERBS else 0)


_WAS_TAKEN = re.compile(r"\s+(?:in\s+(?:cash|bills|coins)\s+)?(?:(?:was|were|had\s+been)\s+)?(?:taken|stolen)\b")
_I_TOOK = re.compile(r"\bI (?:took|got)$")  # what was given


def _money(account: Account, m: Mention, sentence: tuple[int, int]) -> Saying:
    currency, _, amount = m.normal.partition(" ")
    near = [
        w
        for w in _money_words(account.text, *sentence)
        if not _I_TOOK.search(account.text[max(w.end() - 8, 0) : w.end()])
    ]
    word = min(near, key=lambda f: _money_gap(f, m), default=None)
    if word is None and re.search(r"\bit\b", account.text[sentence[0] : m.start], re.I):
        # "He asked for a lower bail. The judge kept it at $500,000."
        before = account.sentence_of(max(sentence[0] - 2, 0))
        word = (
            list(_MONEY_FOR.finditer(account.text, *before))[-1:][0]
            if _MONEY_FOR.search(account.text, *before)
            else None
        )
    subject = _money_word(word.group(1).lower()) if word else "sum of money"
    if subject in ("ticket", "sum of money") and _WAS_TAKEN.match(account.text, m.end):
        subject = "stolen"  # "$11,400 taken"
    noun = {"USD": "dollars", "EUR": "euros", "GBP": "pounds"}.get(currency, currency)
    number = float(amount)
    value = {"number": int(number) if number == int(number) else number, "noun": noun}
    return Saying(
        account,
        sentence,
        "count",
        subject,
        subject,
        value,
        f"{amount} {noun} {subject}",
        ("money", subject) if subject != "sum of money" else None,
    )


_SET_BY_COURT = frozenset(["bail", "bond", "fine", "award"])
_WANTED = re.compile(
    r"\b(?:ask(?:s|ed|ing)?|request(?:s|ed|ing)?|mov(?:es|ed)|urg(?:es|ed)|sought|seek(?:s|ing)?|recommend(?:s|ed)|want(?:s|ed)|argu(?:es|ed))\b[^.;]{0,80}$"
)


def _money_word(word: str) -> str:
    same = {
        "worth": "worth",
        "valued": "worth",
        "value": "worth",
        "costs": "cost",
        "damages": "damage",
        "owed": "debt",
        "loan": "debt",
        "stole": "stolen",
        "took": "stolen",
        **dict.fromkeys(
            [
                "fled with",
                "made off with",
                "got away with",
                "escaped with",
                "robbed of",
                "loot",
                "haul",
            ],
            "stolen",
        ),
        "fined": "fine",
        "awarded": "award",
        "grossed": "gross",
        "insured": "insurance",
        "pay": "paid",
        "tickets": "ticket",
    }
    stolen = word.startswith("taken") or word.endswith((" got", " took", " taken"))
    return "stolen" if stolen else same.get(word, word)


def numbers_conflict(one: Saying, other: Saying) -> bool:
    """Whether two counts of one thing contradict: "about" allows a tenth, "at least" only less."""
    a, b = one.value["number"], other.value["number"]
    if a == b:
        return False
    if one.group and one.group[0] == "age":
        return _ages_conflict(a, b, one.account.date, other.account.date)
    words = (one.more.get("about") or "", other.more.get("about") or "")
    for word, mine, theirs in ((words[0], a, b), (words[1], b, a)):
        if word in ("at least", "more than", "over") and theirs >= mine:
            return False
        if word in ("up to", "as many as", "fewer than", "less than") and theirs <= mine:
            return False
    loose = any(
        w in ("about", "around", "some", "nearly", "almost", "roughly", "approximately", "an estimated") for w in words
    )
    return abs(a - b) > 0.1 * max(a, b) if loose else True


def _ages_conflict(a: int, b: int, first: PartialDate | None, second: PartialDate | None) -> bool:
    """Ages may differ by the years between the accounts; on one day a birthday cannot explain a year."""
    if first is None or second is None:
        return abs(a - b) > 1
    days = (second.first - first.first).days
    if abs(days) <= 31:
        return a != b
    return abs((b - a) - days / 365.25) > 1
