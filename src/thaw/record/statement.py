"""The statement, atom of the casebook: subject, predicate, value, and who said so where.

`Said` is the nucleus without subject and source. The same words stand in thousands of rows of a register, so a
reader makes one `Said` for them and shares it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields
from typing import Any, ClassVar, Generic, TypeVar

from thaw.errors import InputError

from .values import Value, value_from_json, value_to_json

POLARITIES = ("asserted", "denied", "unknown")
STATUSES = ("proposed", "confirmed", "disputed", "withdrawn")


@dataclass(frozen=True, slots=True)
class Said:
    """What is said: a predicate of the vocabulary, its value, the words as recorded, the polarity.

    `denied` is a no, `unknown` is a stated "not known"; both differ from nothing said at all.
    """

    predicate: str
    value: Value | None
    words: str | None = None
    polarity: str = "asserted"

    def __post_init__(self) -> None:
        if self.polarity not in POLARITIES:
            raise InputError(
                where=f"polarity of {self.predicate}",
                got=repr(self.polarity),
                want="one of " + ", ".join(POLARITIES),
                fix="Use one of these.",
            )


@dataclass(frozen=True, slots=True)
class Citation:
    """Where it stands: a document (digest, page, box on the page, quote) or a row of a data set.

    row   1-based data row of the file
    box   left, top, right, bottom in points (1/72 inch) from the top left corner of the page
    layer, span   digest of the text layer that was read, and first and one past the last character in the page's text
    entry  ledger entry of the extraction that it was promoted from
    """

    document: str | None = None
    data_set: str | None = None
    row: int | None = None
    page: int | None = None
    box: tuple[float, float, float, float] | None = None
    quote: str | None = None
    layer: str | None = None
    span: tuple[int, int] | None = None
    entry: int | None = None

    def to_json(self) -> dict[str, Any]:
        """The known parts only."""
        return {f.name: v for f in fields(self) if (v := getattr(self, f.name)) is not None}


@dataclass(frozen=True, slots=True)
class Source:
    """Who said it, who wrote it down, who or what took it from there (a person, or a reader with its version)."""

    citation: Citation
    said_by: str | None = None
    recorded_by: str | None = None
    extracted_by: str | None = None

    def to_json(self) -> dict[str, Any]:
        """The known parts only."""
        people = {"said_by": self.said_by, "recorded_by": self.recorded_by, "extracted_by": self.extracted_by}
        return {"citation": self.citation.to_json()} | {k: v for k, v in people.items() if v is not None}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Source:
        """The source behind its JSON form."""
        citation = dict(data.get("citation", {}))
        for name in ("box", "span"):
            if name in citation:
                citation[name] = tuple(citation[name])
        return cls(Citation(**citation), data.get("said_by"), data.get("recorded_by"), data.get("extracted_by"))


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement in the casebook.

    seq    the ledger entry that holds it
    index  its place in the list of what that entry says about one role
    """

    subject: str
    said: Said
    source: Source
    seq: int
    index: int
    status: str = "confirmed"
    certainty: str | None = None

    def __post_init__(self) -> None:
        if self.status not in STATUSES:
            raise InputError(
                where=f"status of {self.said.predicate}",
                got=repr(self.status),
                want="one of " + ", ".join(STATUSES),
                fix="Use one of these.",
            )


def pack_said(said: Said) -> dict[str, Any]:
    """The JSON form of a `Said` inside a payload: `p`, `v`, and `w`, `n` where they say more than the default."""
    packed: dict[str, Any] = {"p": said.predicate}
    if said.value is not None:
        packed["v"] = value_to_json(said.value)
    if said.words is not None:
        packed["w"] = said.words
    if said.polarity != "asserted":
        packed["n"] = said.polarity
    return packed


def unpack_said(packed: dict[str, Any]) -> Said:
    """The `Said` behind its JSON form."""
    value = value_from_json(packed["v"]) if "v" in packed else None
    return Said(packed["p"], value, packed.get("w"), packed.get("n", "asserted"))


_Result = TypeVar("_Result")
_KEPT = 50_000


class PerSaying(Generic[_Result]):
    """A function of one packed saying whose results are kept; stands above its definition as `@PerSaying`.

    A reader hands out the same object for the same cells of a million rows, so identity is the cheapest key. Nobody
    changes a saying that was handed out.
    """

    _every: ClassVar[list[PerSaying[Any]]] = []

    def __init__(self, function: Callable[[dict[str, Any]], _Result]) -> None:
        PerSaying._every.append(self)
        self._function = function
        # Each saying stands with its result, so that its identity cannot be given to another one while the result is
        # kept: in one table, since other threads read it and give it up.
        self._kept: dict[int, tuple[dict[str, Any], _Result]] = {}

    @classmethod
    def forget(cls) -> None:
        """Let go of all that is kept, by every such function: for the end of an import."""
        for one in cls._every:
            one._kept = {}

    def __call__(self, packed: dict[str, Any]) -> _Result:
        """The result for one saying."""
        found = self._kept.get(id(packed))
        if found is not None:
            return found[1]
        if len(self._kept) >= _KEPT:
            self._kept = {}
        result = self._function(packed)
        self._kept[id(packed)] = (packed, result)
        return result

    def each(self, sayings: Iterable[dict[str, Any]]) -> list[_Result]:
        """The results for several sayings, in their order."""
        sayings = list(sayings)
        # The look-up runs without Python, which halves what this takes of an import.
        pairs = list(map(self._kept.get, map(id, sayings)))
        return [pair[1] if pair is not None else self(packed) for packed, pair in zip(sayings, pairs, strict=True)]
