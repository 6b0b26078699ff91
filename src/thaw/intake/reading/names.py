"""Sorts the capitals of a text into persons, organisations and places, and joins what means one person.

Three passes: names that their own form gives away; names that the rest of the text gives away; then surnames, ranks
with surnames and given names that stand alone.
"""

from __future__ import annotations

import re

from .capital_lines import in_capitals, surname_first
from .capitals import labelled, last_first
from .classify import is_suffix, kind_by_form, split_title, title_before, trimmed
from .datelines import datelines
from .gazetteers import any_of, folded, is_ordinary, no_names, words
from .lone_names import (
    among_kin,
    among_names,
    among_the_ranked,
    before_a_phone,
    called,
    corrects,
    done_to,
    ends_phrase,
    followed_by_something,
    given_alone,
    has_badge,
    is_called,
    is_kin,
    is_kin_title,
    nicknames_before_surnames,
    opens_or_signs,
    pairs,
    signed_out,
    surname_alone,
    told_alone,
    under_a_head,
)
from .mention import Mention
from .name_joins import again_in_capitals, aliases, first_named, named_again, shared_surnames, surnames_of_many_words
from .persons import Person, accepted, display, name_parts, weigh
from .plain_names import PLURALS, plain_in_capitals, plain_names, row_ends
from .roles import role_of
from .roster import Roster
from .runs import Run, alone_in_cell, is_given, is_known_place, is_surname, may_be_given, runs_of, taken_tokens
from .short_names import in_mail_heads, in_person_columns, initials, signed_entries, two_persons
from .sorting import Sorting
from .tokens import Page


def find_names(page: Page, taken: list[tuple[int, int]], works: list[Mention], names: tuple[str, ...]) -> list[Mention]:
    """Persons, organisations and places of a text, outside what is taken by dates, numbers and works."""
    spans = sorted([*taken, *((w.start, w.end) for w in works)])
    work = Sorting(page, Roster(names))
    blocked = _blocked_tokens(page, spans)
    for rule in (in_mail_heads, last_first, surname_first, labelled, in_person_columns, in_capitals):
        for person in rule(page, blocked):
            if not work.holds(person.start, person.end):
                work.persons.append(person)
    work.others += [m for m in datelines(page) if not work.holds(m.start, m.end)]
    held = [(p.start, p.end) for p in work.persons] + [(m.start, m.end) for m in work.others]
    for run in runs_of(page, sorted([*spans, *held])):
        _sort_run(work, run)
    for person in work.persons:
        if len(person.parts) > 1:
            work.roster.add(person.name)
    _weigh_open(work)
    aliases(work)
    nicknames_before_surnames(work)
    surnames_of_many_words(work)
    _singles(work)
    among_the_ranked(work)
    pairs(work)
    shared_surnames(work)
    signed_entries(work)
    two_persons(work)
    row_ends(work)
    plain_names(work)
    named_again(work)
    initials(work)
    _local_places(work)
    again_in_capitals(work, blocked)
    plain_in_capitals(work, blocked)
    return sorted([*(_mention(work, p) for p in work.persons), *work.others], key=lambda m: m.start)


def _sort_run(work: Sorting, run: Run) -> None:
    cut = trimmed(run)
    if cut is None:
        return
    form = kind_by_form(cut)
    if form is not None:
        _other(work, cut, form)
        return
    cut = _without_lead(cut)
    left, title, rest = split_title(cut)
    if title is None and len(cut.lows) > 1 and is_kin_title(cut):
        title, rest = cut.lows[0], cut.cut(1, len(cut.lows) - 1)  # "Aunt Dolores", "Grandson James Earl"
    if left is not None:
        _sort_run(work, left)
    if (
        title is not None
        and (inner := kind_by_form(rest)) is not None
        and not (len(rest.lows) > 1 and is_given(rest.lows[0]))
        and len(rest.lows) > 1
    ):
        _other(work, rest, inner)
        return
    if len(rest.lows) == 1 or (len(rest.lows) == 2 and is_suffix(rest.lows[1]) and may_be_given(rest.lows[0])):
        work.singles.append((rest, title))
    else:
        work.open_runs.append((rest, title))


def _without_lead(run: Run) -> Run:
    """ "Located Bonnie Tveit", "Pal Big Stan Majewski": first words with a capital for beginning the sentence."""
    if len(run.lows) > 1 and run.lows[0] in words("roles", "done_by_us") and run.nickname is None:
        return run.cut(1, len(run.lows) - 1)  # "Re-interviewed Haugland"
    fresh = run.begins_sentence or run.gap_before.endswith(("  ", "\t"))
    if not fresh or run.nickname is not None:
        return run
    lows, skip = run.lows, 0
    while skip < 2 and len(lows) - skip >= 3 and _is_lead(lows[skip]):
        skip += 1
        initialed = skip + 2 < len(lows) and len(lows[skip + 1]) == 1
        if initialed or may_be_given(lows[skip]) or len(lows[skip].replace(".", "")) == 1 or "." in lows[skip]:
            return run.cut(skip, len(lows) - 1)
    return run


def _is_lead(low: str) -> bool:
    names = may_be_given(low) or is_surname(low)
    return len(low) > 2 and not names and low not in any_of("titles.ranks", "titles.particles")


def _other(work: Sorting, run: Run, kind: str) -> None:
    text = re.sub(r"\s+", " ", run.text)
    rule = "gazetteer" if (is_known_place(run.text) or len(run.lows) == 1) else "head"
    work.others.append(Mention(kind, run.text, text, run.start, run.end, f"{kind}.{rule}", "likely"))


def _weigh_open(work: Sorting) -> None:
    """Runs of several words, strong ones first: each accepted name speaks for its surname elsewhere."""
    spoken, alone = _speakers(work)
    weighed = [(run, title, weigh(run, title, spoken, alone)) for run, title in work.open_runs]
    for _ in range(3):
        later = []
        for run, title, (weight, rule) in weighed:
            by_itself = weight, rule
            if _in_list(work, run):
                weight, rule = weight + 2, rule if weight > 0 else "list"
            known = run.lows[-1] in work.roster.surnames and (may_be_given(run.lows[0]) or _new_given(run))
            certainty = accepted(weight + (2 if known else 0))
            if certainty is None or run.lows[-1] in words("words", "function"):
                later.append((run, title, by_itself))
                continue
            name, nick = display(run)
            end = run.end
            person = Person(run.start, end, name, f"person.{rule}", certainty, None, title or title_before(run), nick)
            work.persons.append(person)
            full = work.roster.add(name)
            if nick:
                work.roster.call(nick, full)
        if len(later) == len(weighed):
            break
        weighed = later
    for run, title, _ in weighed:
        # "Detective Marsh Testified" in a heading: the first word may still be a surname that stands alone.
        if len(run.lows) >= 2 and run.lows[0] in work.roster.surnames:
            work.singles.append((run.cut(0, 0), title))
        elif (
            run.lows[-1] in work.roster.surnames
            and len(run.lows) == 2
            and run.lows[0] in any_of("words.function", "words.things", "titles.ranks")
        ):
            work.singles.append((run.cut(1, 1), None))


def _new_given(run: Run) -> bool:
    """A first word in no list ("Lesia") before a surname that the text has: a relative of whom it tells."""
    low = run.lows[0]
    plain = len(run.lows) == 2 and low not in no_names() and low not in any_of("titles.ranks", "organizations.heads")
    return plain and not run.begins_sentence and not is_known_place(run.tokens[0].core) and len(low) > 2


def _in_list(work: Sorting, run: Run) -> bool:
    """Whether the neighbour in a list ("A, B and C") is a person."""
    text = work.page.text
    for person in work.persons:
        if not -60 < person.start - run.start < 60 or len(person.parts) < 2:
            continue
        if person.end <= run.start and re.fullmatch(
            r"(?:\s*\([^)]{0,30}\))?(?:,| and|, and| &)\s+", text[person.end : run.start]
        ):
            return True
        if run.end <= person.start and re.fullmatch(
            r"(?:\s*\([^)]{0,30}\))?(?:,| and|, and| &)\s+", text[run.end : person.start]
        ):
            return True
    return False


def _speakers(work: Sorting) -> tuple[set[str], set[str]]:
    speech = words("roles", "verbs_of_speech")
    spoken, alone = set(), set()
    for run, title in work.singles:
        low = run.lows[0]
        if low in no_names() or low.endswith(PLURALS):
            continue
        after, before = run.after(), run.before()
        says = (after and after.low in speech and run.gap_after == " ") or (
            before and before.low in ("said", "says") and run.gap_before == " "
        )
        if says or title:
            spoken.add(low)
        elif not run.begins_sentence:
            alone.add(low)
    return spoken, alone


def _singles(work: Sorting) -> None:
    """One word: a surname, a rank with a surname, a given name, a relative's name."""
    for run, title in work.singles:
        if work.holds(run.start, run.end):
            continue
        person = _single(work, run, title)
        if person is not None:
            work.persons.append(person)


def _single(work: Sorting, run: Run, title: str | None) -> Person | None:
    token = run.tokens[0]
    low, word = token.low, token.core
    heading = work.page.headline[run.first] and low not in work.roster.surnames and not title
    if len(low) < 2 or is_suffix(low) or (heading and not has_badge(run) and not among_kin(run)):
        return None
    kin = run.before()
    relative = (
        kin and kin.low in words("roles", "kin") and not kin.capital and run.gap_before in (" ", ", ", " (", ", (")
    )
    named = low not in no_names() and not is_known_place(word) and not run.gap_before.endswith("(")
    if relative and (may_be_given(low) or (named and low not in words("titles", "ranks"))):
        return Person(run.start, run.end, _by_given(work, word, exact=True) or word, "person.kin", "likely", None, None)
    if low in words("titles", "ranks") and not may_be_given(low) and not is_surname(low):
        return None
    if title and is_kin(title) and title not in words("titles", "ranks") and low not in no_names():
        return Person(run.start, run.end, _by_given(work, word, exact=True) or word, "person.kin", "likely", None, None)
    title = title or title_before(run)
    if title and "\n" in run.gap_before and (_LABEL_HERE.match(work.page.text, run.end) or is_ordinary(low)):
        return None  # "Deputy Coroner", and the next line begins "ASSISTING:"; "Special Agent", and "Noted 10/23"
    rank = title if title and _is_rank(title) else None
    start = run.start
    if rank:
        start = _rank_start(run, rank)
    if low in work.roster.surnames and not _is_place_here(run, low):
        full = work.roster.by_surname(word, rank)
        name = full[0] if len(full) == 1 else first_named(work, full, run.start)
        if not (run.begins_sentence and low in no_names() and not rank):
            return Person(
                start, run.end, name, "person.surname", "likely" if len(full) == 1 else "possible", None, title
            )
    addressed = rank in ("mr", "mrs", "ms", "miss", "dr", "doctor") or (kin is not None and kin.full_end > kin.end)
    plain = low not in any_of("words.function", "words.things", "organizations.heads")
    if rank and (plain or addressed) and low not in words("words", "function") and not is_known_place(word):
        return Person(start, run.end, word, "person.title_surname", "likely", None, title)
    free = low not in no_names() and (not run.begins_sentence or _acts(run) or run.gap_after[:1] in (" ", ","))
    known = low in work.roster.givens and (is_given(low) or (not run.begins_sentence and may_be_given(low)) or free)
    if known and (owner := _by_given(work, word)) is not None and not _is_place_here(run, low):
        return Person(run.start, run.end, owner, "person.given_name", "likely", None, title)
    short = is_given(low) and (not run.begins_sentence or _acts(run)) and not is_known_place(word)
    if short and (owner := _by_given(work, word)) is not None:
        return Person(run.start, run.end, owner, "person.given_name", "likely", None, title)  # "Lorrie" of Lorraine
    if low in work.roster.givens and may_be_given(low) and _alone_on_line(run):
        owner = _by_given(work, word)
        if owner is not None:
            return Person(run.start, run.end, owner, "person.signed", "likely", None, title)  # "Pat" under a letter
    if (alias := work.roster.by_alias(word)) is not None:
        return Person(run.start, run.end, alias, "person.alias", "likely", None, title)
    acts = _acts(run) or done_to(run) or _did(run)
    if is_given(low) and _by_given(work, word) is None and acts and not is_known_place(word):
        return Person(run.start, run.end, word, "person.given_name", "possible", None, title)
    rule, certainty = _by_neighbours(work, run)
    return Person(run.start, run.end, word, f"person.{rule}", certainty, None, title) if rule else None


def _alone_on_line(run: Run) -> bool:
    text = run.page.text
    line = text[text.rfind("\n", 0, run.start) + 1 : (text + "\n").find("\n", run.end)]
    return line.strip(" \t>,-–—.") == run.text and not run.page.caps[run.first]


_LABEL_HERE = re.compile(r"(?: [A-Z][A-Za-z]*){0,2}[ \t]*:")


def _by_neighbours(work: Sorting, run: Run) -> tuple[str, str]:
    """Rule and certainty of a single word that no list or name of the text explains; empty when nothing speaks."""
    low, word = run.lows[0], run.tokens[0].core
    strange = low not in no_names() and not is_known_place(word)
    if has_badge(run) and strange and not low.endswith(PLURALS):
        return "badge", "possible"
    quoted = run.gap_before[-1:] in '"“' and run.gap_after[:1] in '"”,'
    if (is_given(low) or (is_surname(low) and strange and signed_out(run))) and run.gap_before and quoted:
        return "quoted", "possible"
    before = run.before()
    if before is not None and before.low == "not" and low not in no_names() and corrects(work, run):
        return "corrected", "possible"
    if low not in no_names() and called(run):
        return "called", "likely"
    if is_called(run):
        return "nickname", "likely"
    if (rule := told_alone(run)) is not None:
        return rule, "possible"
    if opens_or_signs(run) or (is_given(low) and followed_by_something(run)):
        return "signed", "likely"
    cell = (
        strange
        and not is_kin(low)
        and low not in words("roles", "occupations")
        and alone_in_cell(run)
        and not run.tokens[0].possessive
        and not low.endswith(PLURALS)
        and (is_surname(low) or not is_ordinary(low))
    )
    if cell and (among_names(work, run, 1 if is_surname(low) else 2) or under_a_head(run)):
        return "cell", "possible"
    if may_be_given(low) and among_kin(run):
        return "kin", "likely"
    if strange and is_given(low) and (given_alone(run) or before_a_phone(run)):
        return "given_alone", "possible"
    if strange and is_surname(low) and surname_alone(run):
        return "surname_alone", "possible"
    after = run.after()
    speaks = after is not None and after.low in words("roles", "verbs_of_speech") and run.gap_after == " "
    if speaks and strange and not run.begins_sentence and not low.endswith(PLURALS):
        return "speaks", "possible"
    return "", ""


def _local_places(work: Sorting) -> None:
    """A name that the head of a report has as its place, or that stands after "in" and is nothing else."""
    heads = {folded(m.normal.partition(",")[0]) for m in work.others if m.rule == "place.dateline"}
    for run in [run for run, _ in work.singles] + [run for run, _ in work.open_runs]:
        if work.holds(run.start, run.end) or work.page.headline[run.first]:
            continue
        name, before = " ".join(run.lows), run.before()
        unknown = not any(low in no_names() or may_be_given(low) for low in run.lows)
        if name in heads:
            work.others.append(
                Mention("place", run.text, run.text, run.start, run.end, "place.dateline_again", "likely")
            )
        elif (
            before is not None
            and before.low in ("in", "near")
            and run.gap_before == " "
            and unknown
            and len(run.lows) <= 3
            and ends_phrase(run)
        ):
            work.others.append(Mention("place", run.text, run.text, run.start, run.end, "place.after_in", "possible"))


def _by_given(work: Sorting, word: str, *, exact: bool = False) -> str | None:
    found = work.roster.by_given(word)
    if exact:
        found = [name for name in found if name_parts(name)[0] == folded(word)]
    return found[0] if len(found) == 1 else None


def _acts(run: Run) -> bool:
    after = run.after()
    acts = any_of("roles.verbs_of_people", "roles.verbs_of_speech", "roles.acts", "roles.acts_of_many")
    return bool(after and run.gap_after == " " and after.low in acts)


def _did(run: Run) -> bool:
    after = run.after()
    return after is not None and run.gap_after == " " and after.low in words("roles", "deeds")


def _is_rank(title: str) -> bool:
    ranks, full = words("titles", "ranks"), title.split()
    return title in ranks or full[-1] in ranks or " ".join(full[-2:]) in ranks


def _rank_start(run: Run, title: str) -> int:
    """Where the rank right before a surname begins: "Det. Osei" is one mention.

    A rank much longer than the name stays outside, but for those that people are called by: "Sister Joan".
    """
    first = run.first
    least = run.start - max(6, 6 * (run.end - run.start) // 5)
    for _ in range(4):
        if first == 0 or not run.page.tokens[first].gap.isspace():
            break
        low = run.page.tokens[first - 1].low
        if low not in words("titles", "ranks") and not any(
            low in rank.split() for rank in words("titles", "ranks") if " " in rank and rank in title
        ):
            break
        if not run.page.tokens[first - 1].capital and low in words("roles", "kin"):
            break
        if run.page.tokens[first - 1].start < least and low not in words("titles", "part_of_name"):
            break
        first -= 1
    return run.page.tokens[first].start


def _is_place_here(run: Run, low: str) -> bool:
    before = run.before()
    return is_known_place(run.text) and bool(before and before.low in ("in", "at", "from", "near", "to", "of"))


def _blocked_tokens(page: Page, spans: list[tuple[int, int]]) -> set[int]:
    return set(taken_tokens(page, spans))


def _mention(work: Sorting, person: Person) -> Mention:
    name = work.roster.fullest(person.name) if len(person.parts) > 1 else _full_of_one(work, person)
    detail = tuple(
        (key, value)
        for key, value in (("title", person.title), ("nickname", person.nickname), ("written", person.name))
        if value
    )
    rule = person.rule if person.rule.startswith("person.") else f"person.{person.rule}"
    role = person.role or role_of(work.page, person.start, person.end, person.title)
    text = work.page.text[person.start : person.end]
    return Mention("person", text, name, person.start, person.end, rule, person.certainty, role, None, detail)


def _full_of_one(work: Sorting, person: Person) -> str:
    if person.rule in ("capitals", "capitals_title", "label", "person.title_surname"):
        full = work.roster.by_surname(person.surname, person.title)
        if len(full) == 1:
            return full[0]
        given = _by_given(work, person.name) if person.rule == "capitals" else None
        if given is not None:
            return given
    return person.name
