"""Who "he", "her" or "whose" is: whom the sentence, or else the one before it, names first."""

from __future__ import annotations

import re
from functools import lru_cache

from thaw.intake import Mention, reading

from .claims_account import Account

_FAR = 900
_NEAR = 400
_SEXES = {"he": "male", "his": "male", "him": "male", "she": "female", "her": "female", "hers": "female"}
_FEMALE = frozenset(["mrs", "ms", "miss", "lady", "dame", "sister"])
_MALE = frozenset(["mr", "sir", "lord", "father", "fr", "brother"])


def meant(account: Account, place: int, word: str = "", *, other_than: str | None = None) -> Mention | None:
    """The person that a pronoun at a place stands for, or None.

    word        "he", "his", "him", "she", "her", "hers"; anything else fits both sexes
    other_than  a normal form that cannot be meant: who does it, or the relative who is named

    A guess as readers make it: the first person of the same sentence before the pronoun, else the first of the nearest
    sentence before that names one who fits. Given names and titles tell the sex; an unknown one fits both.
    """
    told = [
        m
        for m in account.mentions
        if m.kind == "person"
        and m.end <= place
        and place - m.end < _FAR
        and m.normal != other_than
        and fits(m, word)
        and _sex_fits(account, m, word)
    ]
    here = account.sentence_of(place)[0]
    namesakes = [m for m in told if other_than and _surname(m.normal) == _surname(other_than)]
    if namesakes and len(namesakes[-1].normal.split()) > 1 and official(namesakes[-1]):
        return namesakes[-1]  # "Sheriff Orrin Mabry died in 1999. His widow, Dorothy Mabry"
    # Whom an account quotes is not whom it tells of; in one sentence ("Hale said he") it is.
    main = [m for m in told if m.start >= here or not (attributed(account, m) or official(m))]
    told = main or [m for m in told if place - m.end < _NEAR]
    if not told:
        return None
    kin = [m for m in told if other_than and _surname(m.normal) == _surname(other_than)]
    if kin and len(kin[-1].normal.split()) > 1:
        return kin[-1]  # "Noreen Callahan ... Her brother, Tom Callahan"
    while True:
        sentence = account.sentence_of(told[-1].start)
        inside = [m for m in told if m.start >= sentence[0]]
        earlier = told[: len(told) - len(inside)]
        # "His body was found by two boys. He was buried": who "his" is, not who found him.
        here_too = sentence[0] <= place <= sentence[1]
        led = here_too or _PRONOUN.match(account.text[slice(*sentence)])
        if earlier and all(_OF_KIN.match(account.text, m.end) for m in inside):
            told = earlier  # "Castellanos's sisters held hands. He was arrested"
            continue
        if earlier and not here_too and all(_hangs_on_another(account, m) for m in inside):
            told = earlier  # "among them his brother-in-law, Nils Aasgaard": the next "he" is who "his" was
            continue
        free = [m for m in inside if not oblique(account, m)]
        if free or not (led and earlier):
            return (free if led and free else inside)[0]
        told = earlier


def _hangs_on_another(account: Account, m: Mention) -> bool:
    """Whether a name only tells whose relative somebody is, after a preposition: "with his aunt, Gudrun Lie"."""
    return (m.role or "").endswith((" of him", " of her", " of them")) and oblique(account, m)


_OF_KIN = re.compile(
    r"['’]s?\s+(?:[\w-]+\s+)?(?:sister|brother|son|daughter|mother|father|parent|wife|husband|widow|cousin|niece|nephew|aunt|"
    r"uncle|children|famil)(?:s|ies|y)?\b"
)
_KIN_SEX = {
    **dict.fromkeys(
        ["sister", "mother", "daughter", "wife", "widow", "aunt", "niece", "grandmother", "girlfriend", "stepmother"],
        "female",
    ),
    **dict.fromkeys(
        ["brother", "father", "son", "husband", "widower", "uncle", "nephew", "grandfather", "boyfriend", "stepfather"],
        "male",
    ),
}


def _sex_fits(account: Account, m: Mention, word: str) -> bool:
    """Whether nothing that the account tells of this person speaks against the pronoun."""
    sex = _SEXES.get(word.lower())
    return sex is None or _told_sex(account).get(m.normal, sex) == sex


@lru_cache(maxsize=256)  # asked for every pronoun of an account
def _told_sex(account: Account) -> dict[str, str]:
    """The sex that courtesies and kinship tell anywhere in the account: "Ms. Castellanos", "his sister Ida"."""
    found: dict[str, str] = {}
    for m in account.mentions:
        if m.kind != "person":
            continue
        title = (m.part("title") or "").split()[:1]
        kin = (m.role or "").partition(" of ")[0].split()[-1:]
        if title and title[0] in _FEMALE | _MALE:
            found[m.normal] = "female" if title[0] in _FEMALE else "male"
        elif kin and kin[0] in _KIN_SEX:
            found.setdefault(m.normal, _KIN_SEX[kin[0]])
    return found


_PRONOUN = re.compile(r"\W*(?:(?:Born|Raised|Educated|Married)\b[^.;]{0,80}?,\s+(?:he|she)\b|(?:He|She|His|Her)\b)")
_SPEECH = r"(?:said|says|told|tells|testified|added|recalled|announced|reported|stated|explained|noted|confirmed)"
_SAYS = re.compile(rf"(?:['’]s\s+\w+)?(?:,[^.;]{{0,70}},|,)?\s+{_SPEECH}\b")
_DOES = re.compile(
    r"(?:,\s+(?:age\s+)?\d{1,3},)?(?:,?\s+of\s+[A-Z][\w.]*(?:\s+[A-Z][\w.]*)?,?)?\s+(?:would|will|was|were|is|are|has|have|had|did|could|may|might|should|must|never|died|\w+ed)\b"
)
_SAID = re.compile(rf"\b(?:{_SPEECH}|according\s+to)\s+(?:[\w'’.-]+,?\s+){{0,6}}$")


def attributed(account: Account, m: Mention) -> bool:
    """Whether the account only quotes this person there: "X said", "said Lt. X", "according to the coroner, X"."""
    if _SAYS.match(account.text, m.end):
        return True
    first = max(account.sentence_of(m.start)[0], m.start - 60)
    said = _SAID.search(account.text[first : m.start])
    if said is None or _DOES.match(account.text, m.end):
        return False  # "Rand said Poole would be arraigned"
    # "Sheriff Rand said Ida Poole, 34, of Linden was arrested": Rand said it.
    return not any(p.end == first + said.start() - 1 for p in account.inside(first - 40, m.start, "person"))


_BODY = re.compile(
    r"\b(?:body|remains|corpse|skeleton|role|part|murder|death|killing|slaying|disappearance)\s+of\s+$", re.I
)
_AFTER_PREPOSITION = re.compile(
    r"\b(?:[Bb]esides|for|with|from|to|opposite|against|by|after|near|at|of|than|like|including|among\s+them)\s+"
    r"(?:(?:his|her|their)\s+(?:[\w-]+\s+)?[\w-]+,\s+|(?:[\w'’.-]+\s+){0,3})$"
)


def oblique(account: Account, p: Mention) -> bool:
    """Whether a name hangs on a preposition ("found by Stroud"); "the body of Stroud" is he himself."""
    lead = account.text[max(account.sentence_of(p.start)[0], p.start - 40) : p.start]
    if re.match(r"['’]s\s+(?:[\w-]+\s+)?\w", account.text[p.end : p.end + 24]):
        return True  # "Kowal's sisters held hands"
    return bool(_AFTER_PREPOSITION.search(lead)) and not _BODY.search(lead)


def official(m: Mention) -> bool:
    """Whether a rank or office stands with the name: a judge, a sheriff, a lawyer."""
    words_ = f"{m.part('title') or ''} {m.role or ''}".split()
    return any(word in reading.words("roles", "officials") for word in words_)


def _surname(name: str) -> str:
    return reading.folded(name).split()[-1]


def fits(m: Mention, word: str) -> bool:
    """Whether a person can be "he" or "she", by title and given name."""
    sex = _SEXES.get(word.lower())
    if sex is None:
        return True
    title = (m.part("title") or "").split()[:1]
    if title and title[0] in _FEMALE | _MALE:
        return (title[0] in _FEMALE) == (sex == "female")
    given = reading.folded(m.normal).split()[0]
    other = "male" if sex == "female" else "female"
    return given not in reading.words("given_names", other) or given in reading.words("given_names", sex)
