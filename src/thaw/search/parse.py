"""Reads a search as a person types it; the grammar stands in docs/methods/search.md. Errors point at the character."""

from __future__ import annotations

import re
from datetime import date

from thaw.errors import InputError
from thaw.record import PartialDate

from .automaton import PatternFault, regex
from .query import KINDS, All, Any, Condition, Kept, Node, Not, Pattern, Phrase, Query, Regex, Word
from .tokens import folded

_RANGED = ("date", "filed", "quality", "written", "year")
CONDITIONS = (*_RANGED, "box", "case", "document", "near", "role", "section", "source", "type")
_QUOTES = str.maketrans(dict.fromkeys("“”„«»‟〝〞", '"') | dict.fromkeys("‘’‚‛", "'") | {"\0": " "})
_MAX_LENGTH, _MAX_PARTS, _MAX_DEPTH, _MAX_EDITS, _MAX_WITHIN = 2_000, 100, 20, 2, 100
_BREAKS = ' \t\r\n\v\f\u00a0()"'
_SPAN = re.compile(r"\[\s*(\S+?)\s+TO\s+(\S+?)\s*\]")
_COMPARED = re.compile(r"(<=|>=|<|>)\s*([^\s()]+)")
_OPERATOR = re.compile(r'(?:AND|OR|NOT|&&|\|\|)(?=[\s()"]|$)')
_NEAR = re.compile(r"(-?\d{1,3}(?:\.\d+)?),(-?\d{1,3}(?:\.\d+)?)~(\d{1,5}(?:\.\d+)?)(?:km)?")
# (310) 555-12?? is one number: its brackets group nothing.
_AREA = re.compile(r"\((\d{3})\)[ .-]?((?=[\d?]*\d)[\d?]{3})[ .-]([\d?]{4})(?=[\s)]|$)")
_US_DATE = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")


def parse_query(text: str) -> Query:
    """The query that a text means.

    Words side by side must all be there; `OR` binds closer than that, `AND` closer still, `NOT`, `-` and `+` closest.
    Raises InputError for a text that cannot be understood, naming the character, counted from 1.
    """
    plain = text.translate(_QUOTES)
    if len(plain) > _MAX_LENGTH:
        raise InputError(
            where="search",
            got=f"{len(plain):,} characters",
            want=f"at most {_MAX_LENGTH:,}",
            fix="Search for fewer words.",
        )
    return Query(_Reader(plain).whole(text))


class _Reader:
    """Reads from left to right; `place` is the next character."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.place = 0
        self.depth = 0
        self.parts = 0

    def whole(self, typed: str) -> Node:
        found = self._row()
        if self.place < len(self.text):
            raise self._bad(self.place, "a bracket that closes nothing", "brackets in pairs", "Take it out.")
        if found is None:
            raise InputError(
                where="search",
                got=repr(typed[:80]),
                want="at least one word",
                fix="Type a word, or a phrase between quotes.",
            )
        if not _asks(found):
            raise self._bad(0, "only what must not be there", "something to look for", "Add a word to look for.")
        return found

    def _row(self) -> Node | None:
        """Parts side by side."""
        found: list[Node] = []
        while True:
            part = self._either()
            if part is None:
                if self._at_end():
                    break
                continue
            found.append(part)
        return _joined(All, found)

    def _either(self) -> Node | None:
        first = self._both()
        parts = [first] if first else []
        while word := self._word("OR", "||"):
            if not parts:
                raise self._bad(word[1], "OR without a word before it", "a word on each side of OR", _LITERAL)
            part = self._both()
            if part is None:
                raise self._bad(word[1], "OR without a word behind it", "a word on each side of OR", _LITERAL)
            parts.append(part)
        if any(isinstance(part, Not) for part in parts) and len(parts) > 1:
            raise self._bad(self.place - 1, "OR with something that must not be there", "words on both sides", _NOT)
        return _joined(Any, parts)

    def _both(self) -> Node | None:
        first = self._signed()
        parts = [first] if first else []
        while word := self._word("AND", "&&"):
            if not parts:
                raise self._bad(word[1], "AND without a word before it", "a word on each side of AND", _LITERAL)
            part = self._signed()
            if part is None:
                raise self._bad(word[1], "AND without a word behind it", "a word on each side of AND", _LITERAL)
            parts.append(part)
        return _joined(All, parts)

    def _signed(self) -> Node | None:
        negative, word = False, None
        while found := self._word("NOT"):
            negative, word = not negative, found
        self._skip()
        here, after = self.text[self.place : self.place + 1], self.text[self.place + 1 : self.place + 2]
        if here and here in "+-" and after and (after in '"(' or after not in _BREAKS):
            self.place += 1
            negative = negative is not (here == "-")
        part = self._primary()
        if part is None and word:
            raise self._bad(word[1], "NOT without a word behind it", "a word behind NOT", _LITERAL)
        return _negated(part) if part is not None and negative else part

    def _primary(self) -> Node | None:
        self._skip()
        start, here = self.place, self.text[self.place : self.place + 1]
        if not here or here == ")" or _OPERATOR.match(self.text, start):
            return None
        area = _AREA.match(self.text, start)
        if here == "(" and not area:
            return self._bracket()
        self.parts += 1
        if self.parts > _MAX_PARTS:
            raise self._bad(start, f"more than {_MAX_PARTS} words", f"at most {_MAX_PARTS}", "Search for fewer words.")
        if area:
            self.place = area.end()
            return Phrase(tuple(_parts("-".join(area.groups()), start)), None, joined=True, at=start)
        if here == '"':
            return self._phrase()
        if here == "/" and (found := self._regex()):
            return found
        if field := re.compile(r"([A-Za-z_]{2,20}):(?!//)(?=[^\s:)])").match(self.text, start):
            return self._field(field.group(1).lower(), start, field.end())
        return self._bare()

    def _bracket(self) -> Node | None:
        opened = self.place
        self.depth += 1
        if self.depth > _MAX_DEPTH:
            raise self._bad(opened, "too many brackets inside each other", f"at most {_MAX_DEPTH}", "Use fewer.")
        self.place += 1
        found = self._row()
        if self.text[self.place : self.place + 1] != ")":
            raise self._bad(opened, "a bracket that is not closed", "brackets in pairs", "Close the bracket.")
        self.place += 1
        self.depth -= 1
        return found

    def _phrase(self) -> Node | None:
        start = self.place
        inside = self._quoted()
        within = self._tilde(_MAX_WITHIN, "words")
        parts = _parts(inside, start + 1, exact=True)
        if len(parts) < 2:
            return parts[0] if parts else None
        return Phrase(tuple(parts), within, at=start)

    def _quoted(self) -> str:
        start = self.place
        end = self.text.find('"', start + 1)
        if end < 0:
            got = f"a quote at character {start + 1} that is not closed"
            raise InputError(where="search", got=got, want="quotes in pairs", fix="Close the quote.")
        self.place = end + 1
        return self.text[start + 1 : end]

    def _regex(self) -> Node | None:
        start = self.place
        found = re.compile(r"/((?:[^/\\]|\\.)+)/(?=[\s)]|$)").match(self.text, start)
        if not found:
            return None
        try:
            regex(found.group(1))
        except PatternFault as fault:
            raise self._bad(start + 1 + fault.place, "a pattern that cannot be read", fault.want, _LITERAL) from None
        self.place = found.end()
        return Regex(found.group(1), start)

    def _bare(self) -> Node | None:
        start = self.place
        end = next((i for i in range(start, len(self.text)) if self.text[i] in _BREAKS), len(self.text))
        piece = self.text[start:end]
        self.place = end
        if (found := re.search(r"~(\d*)$", piece)) and found.start():
            self.place = start + found.start()
            piece = piece[: found.start()]
            edits = self._tilde(_MAX_EDITS, "letters")
        else:
            edits = None
        parts = _parts(piece, start)
        if not parts:
            if "*" in piece or "?" in piece.strip("?!.,"):
                want = "at least one letter or digit beside the wildcard"
                raise self._bad(start, repr(piece[:40]), want, "Type more of the word.")
            return None
        if len(parts) > 1:
            return Phrase(tuple(parts), None, joined=True, at=start)
        if edits is not None and isinstance(parts[0], Word):
            return Word(parts[0].text, edits=edits, at=start)
        return parts[0]

    def _tilde(self, most: int, what: str) -> int | None:
        found = re.compile(r"~(\d*)").match(self.text, self.place)
        if not found:
            return None
        number = int(found.group(1)[:6] or min(most, 2))
        if number > most:
            raise self._bad(self.place, f"~{found.group(1)[:9]}", f"at most {most} {what}", "Give a smaller number.")
        self.place = found.end()
        return number

    def _field(self, name: str, start: int, behind: int) -> Node | None:
        if name in KINDS:
            self.place = behind
            if self.text[behind] == "(":
                part = self._bracket()
            else:
                self.depth += 1
                part = self._primary() if self.depth <= _MAX_DEPTH else None
                self.depth -= 1
            if part is None or not _asks(part):
                raise self._bad(start, f"{name}: without a word behind it", "a word to look for", "Type it behind.")
            return Kept(name, part)
        if name not in CONDITIONS:
            known = ", ".join(sorted([*KINDS, *CONDITIONS]))
            raise self._bad(
                start, f"the field {name!r}", f"one of {known}", "Put it between quotes to find it as words."
            )
        self.place = behind
        return self._condition(name, start)

    def _condition(self, name: str, start: int) -> Condition:
        ranged = name in _RANGED
        if ranged and (span := _SPAN.match(self.text, self.place)):
            self.place = span.end()
            return self._range(name, start, span.group(1), span.group(2))
        if ranged and (compared := _COMPARED.match(self.text, self.place)):
            self.place = compared.end()
            sign, value = compared.groups()
            return (
                self._range(name, start, "*", value, sign)
                if "<" in sign
                else self._range(name, start, value, "*", sign)
            )
        if self.text[self.place] == '"':
            value = self._quoted().strip()
        else:
            end = next((i for i in range(self.place, len(self.text)) if self.text[i] in _BREAKS), len(self.text))
            value, self.place = self.text[self.place : end], end
        if ranged:
            return self._range(name, start, value, value)
        if name == "near":
            value = self._near(value, start)
        if not value:
            raise self._bad(start, f"{name}: without a value", "a value behind it", "Type it behind.")
        return Condition(name, value)

    def _near(self, value: str, start: int) -> str:
        found = _NEAR.fullmatch(value)
        if not found or abs(float(found.group(1))) > 90 or abs(float(found.group(2))) > 180:
            want = "latitude, longitude and kilometers such as near:40.77,-111.93~50"
            raise self._bad(start, f"near:{value[:40]}", want, "Write degrees with a point.")
        return f"{found.group(1)},{found.group(2)}~{found.group(3)}"

    def _range(self, name: str, start: int, low: str, high: str, sign: str = "=") -> Condition:
        if low == high == "*":
            raise self._bad(start, f"{name}: open on both sides", "a bound on one side", "Give one, or leave it out.")
        read = self._number if name == "quality" else self._day
        first = None if low == "*" else read(name, start, low)[1 if sign == ">" else 0]
        last = None if high == "*" else read(name, start, high)[0 if sign == "<" else 1]
        if sign in ("<", ">"):
            first, last = _beyond(first, 1), _beyond(last, -1)
        if first is not None and last is not None and last < first:  # type: ignore[operator]
            raise self._bad(start, f"{name} from {low} to {high}", "the smaller one first", "Swap them.")
        return Condition("date" if name == "year" else name, None, first, last)

    def _number(self, name: str, start: int, value: str) -> tuple[float, float]:
        if not re.fullmatch(r"[01](\.\d{1,6})?|\.\d{1,6}", value) or float(value) > 1:
            raise self._bad(start, f"{name} {value[:20]!r}", "a number from 0 to 1", "Write it as 0.8.")
        return float(value), float(value)

    def _day(self, name: str, start: int, value: str) -> tuple[date, date]:
        try:
            if us := _US_DATE.fullmatch(value):
                day = date(int(us.group(3)), int(us.group(1)), int(us.group(2)))
                return day, day
            found = PartialDate.parse(value)
        except (InputError, ValueError):
            want = 'a date such as 1984, 1984-07, 1984-07-03, 07/03/1984 or "late summer 1984"'
            raise self._bad(start, f"{name} {value[:40]!r}", want, "Write it in one of these ways.") from None
        return found.first, found.last

    def _word(self, *words: str) -> tuple[str, int] | None:
        """Take the next of these words, if it stands there alone."""
        self._skip()
        for word in words:
            behind = self.text[self.place + len(word) : self.place + len(word) + 1]
            if self.text.startswith(word, self.place) and (not behind or behind in _BREAKS):
                start, self.place = self.place, self.place + len(word)
                return word, start
        return None

    def _skip(self) -> None:
        while self.place < len(self.text) and self.text[self.place].isspace():
            self.place += 1

    def _at_end(self) -> bool:
        self._skip()
        return self.place >= len(self.text) or self.text[self.place] == ")"

    def _bad(self, place: int, got: str, want: str, fix: str) -> InputError:
        return InputError(where=f"search, character {place + 1}", got=got, want=want, fix=fix)


_LITERAL = "Put it between quotes to find it as a word."
_NOT = "Put what must not be there outside of the OR."


def _parts(text: str, at: int, *, exact: bool = False) -> list[Word | Pattern]:
    """The words of a piece of text; `*` and `?` inside or beside a word make it a pattern."""
    marked = "".join(c if c in "*?" else f or "\0" for c, f in ((c, folded(c)) for c in text)).replace("\0", "")
    found: list[Word | Pattern] = []
    for piece in marked.split():
        word = re.sub(r"\*+", "*", piece)
        if not word.strip("*?"):
            continue
        if "*" in word or "?" in word:
            found.append(Pattern(word, at))
        else:
            found.append(Word(word, exact, at=at))
    return found


def _joined(kind: type[All] | type[Any], parts: list[Node]) -> Node | None:
    flat: list[Node] = []
    for part in parts:
        flat += part.parts if isinstance(part, kind) else [part]
    return (kind(tuple(flat)) if len(flat) > 1 else flat[0]) if flat else None


def _negated(part: Node) -> Node:
    return part.part if isinstance(part, Not) else Not(part)


def _asks(node: Node) -> bool:
    """Whether there is anything to look for: a word, or a condition such as date:1984."""
    match node:
        case Not():
            return False
        case All(parts=parts):
            return any(map(_asks, parts))
        case Any(parts=parts):
            return all(map(_asks, parts))
        case Kept(part=part):
            return _asks(part)
    return True


def _beyond(value: date | float | None, step: int) -> date | float | None:
    if value is None:
        return None
    if isinstance(value, date):
        return date.fromordinal(min(max(value.toordinal() + step, 1), date.max.toordinal()))
    return min(max(value + step * 1e-6, 0.0), 1.0)
