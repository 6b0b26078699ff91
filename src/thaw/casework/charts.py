"""The link chart: who and what is named together in the papers of some cases, and what joins the cases themselves.

Every line rests on sentences that can be opened. Its weight is the number of independent sources: papers that copy each
other, or say that they have it from each other, count once.
"""

from __future__ import annotations

import json
import re
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

from thaw.access import View
from thaw.casebook import accounts, co_victims, list_cases
from thaw.casebook.claims_account import Saying
from thaw.casebook.claims_sources import one_source
from thaw.errors import InputError
from thaw.intake import reading
from thaw.store import Where

from .book import Session
from .claims import accounts_by_case
from .compared import kept, state_of_papers
from .crossings import list_crossings
from .decisions import decided_pairs
from .papers_apart import ask, is_long

KINDS = ("person", "phone", "plate", "place", "vehicle", "organisation")
MOST = 300
_MOST_CASES = 12
_IN_SENTENCE = 8  # of a longer list everybody would stand beside everybody
_QUOTE = 400
Account = accounts.Account


@dataclass
class _Line:
    """What joins two nodes: the sentences that say so, or a decision."""

    kind: str = "named"
    note: str = ""
    sayings: list[Saying] = field(default_factory=list)

    def sources(self) -> int:
        """Independent sources behind it."""
        if len(self.sayings) < 2:
            return len(self.sayings)
        heads: list[list[Saying]] = []
        for saying in {s.account.document: s for s in self.sayings}.values():
            own = [g for g in heads if any(one_source(saying, other) for other in g)]
            heads = [g for g in heads if g not in own] + [[saying, *(s for g in own for s in g)]]
        return len(heads)


@dataclass
class _Graph:
    nodes: dict[str, dict[str, Any]] = field(default_factory=dict)
    lines: dict[tuple[str, str], _Line] = field(default_factory=dict)

    def node(self, key: str, label: str, kind: str, **more: Any) -> str:
        self.nodes.setdefault(key, {"key": key, "label": label, "kind": kind, **more})
        return key

    def line(self, one: str, other: str, kind: str = "named", note: str = "") -> _Line:
        return self.lines.setdefault((min(one, other), max(one, other)), _Line(kind, note))

    def beside(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {key: set() for key in self.nodes}
        for one, other in self.lines:
            found[one].add(other)
            found[other].add(one)
        return found


def chart(
    session: Session,
    case_ids: Sequence[str],
    *,
    kinds: Sequence[str] = KINDS,
    crossing: bool = False,
    around: str = "",
    steps: int = 0,
    path: tuple[str, str] | None = None,
    most: int = MOST,
    purpose: str = "",
    kept_only: bool = False,
) -> dict[str, Any] | None:
    """Nodes and lines of some cases, at most `most` nodes; what was left out is counted.

    kinds     of things to draw
    crossing  whether values that also stand in other cases are looked for (reads all texts on the first question)
    around    a node: with `steps` only what is that near to it
    path      two nodes: the shortest way between them, over lines with more sources where there is a choice
    kept_only  None when the papers of a long case would have to be read first
    Raises InputError for a case that is not there, too many cases, or a node of `around` or `path` that is none.
    """
    views, found = _looks(session, case_ids, crossing=crossing, purpose=purpose)
    asked = {"kinds": list(kinds), "crossings": found, "around": around, "steps": steps, "path": path, "most": most}
    return _answered(session, views, asked, kept_only=kept_only)


def _drawn(
    graph: _Graph,
    listed: list[dict[str, Any]],
    *,
    kinds: Sequence[str],
    around: str,
    steps: int,
    path: Sequence[str] | None,
    most: int,
) -> dict[str, Any]:
    """Nodes and lines of a graph as `chart` gives them."""
    weights = {pair: line.sources() for pair, line in graph.lines.items()}
    for key in (around, *(path or ())):
        if key and key not in graph.nodes:
            raise InputError(where="chart", got=repr(key[:60]), want="a node of this chart", fix="Choose it again.")
    way = _path(graph, weights, path[0], path[1]) if path else []
    kept = set(graph.nodes) if not around else _near(graph, around, max(steps, 1))
    chosen = _heaviest(graph, weights, kept, {around, *way} - {""}, most)
    lines = [
        {"one": a, "other": b, "kind": line.kind, "note": line.note, "sources": weights[a, b],
         "documents": len({s.account.document for s in line.sayings})}
        for (a, b), line in graph.lines.items() if a in chosen and b in chosen
    ]  # fmt: skip
    return {
        "cases": listed,
        "nodes": [node for key, node in graph.nodes.items() if key in chosen],
        "lines": lines,
        "all_nodes": len(graph.nodes),
        "all_lines": len(graph.lines),
        "hidden_kinds": sorted(set(KINDS) - set(kinds)),
        "left_out": len(kept) - len(chosen),
        "path": way,
        "no_path": bool(path) and not way,
        "names": sorted(((n["label"], key) for key, n in graph.nodes.items()), key=lambda x: (x[0].casefold(), x[1])),
    }


def chart_line(
    session: Session,
    case_ids: Sequence[str],
    one: str,
    other: str,
    *,
    crossing: bool = False,
    purpose: str = "",
    kept_only: bool = False,
) -> dict[str, Any] | None:
    """The sentences behind one line of the chart, each with its document and page.

    kept_only  None when the papers of a long case would have to be read first
    Raises InputError for a line that the chart of these cases does not have.
    """
    views, found = _looks(session, case_ids, crossing=crossing, purpose=purpose)
    asked = {"kinds": list(KINDS), "crossings": found, "line": [one, other]}
    return _answered(session, views, asked, kept_only=kept_only)


def _behind(graph: _Graph, listed: list[dict[str, Any]], one: str, other: str) -> dict[str, Any]:
    """The sentences behind a line as `chart_line` gives them."""
    line = graph.lines.get((min(one, other), max(one, other)))
    if line is None:
        raise InputError(
            where="chart",
            got="two nodes that no line joins",
            want="a line of this chart",
            fix="Open it from the chart.",
        )
    quotes = {(s.account.document, s.sentence): s for s in line.sayings}
    return {
        "cases": listed,
        "one": graph.nodes[one],
        "other": graph.nodes[other],
        "kind": line.kind,
        "note": line.note,
        "sources": line.sources(),
        "quotes": [
            {
                "document": s.account.document,
                "file": s.account.name.rpartition(" > ")[2],
                "page": s.account.page_of(s.sentence[0]),
                "text": s.account.quote(s.sentence)[:_QUOTE],
                "marks": [graph.nodes[key]["label"] for key in (one, other)],
            }
            for s in quotes.values()
        ],
    }


def _looks(
    session: Session, case_ids: Sequence[str], *, crossing: bool, purpose: str
) -> tuple[list[View], dict[str, list[dict[str, Any]]]]:
    """A look at each case, so that the log of each shows it; and by case what it shares with others, if asked for."""
    asked = list(dict.fromkeys(case_ids))
    if not 1 <= len(asked) <= _MOST_CASES:
        raise InputError(
            where="chart",
            got=f"{len(asked)} cases",
            want=f"1 to {_MOST_CASES} cases",
            fix="Choose fewer to begin with.",
        )
    views: dict[str, View] = {}
    for case_id in asked:
        view = session.look(purpose, detail={"command": "chart"}, about=case_id)
        assert view.about is not None
        views.setdefault(view.about, view)
    shared = {
        case_id: list_crossings(session, case_id=case_id, purpose=purpose)["crossings"]
        for case_id in (views if crossing else ())
    }
    return list(views.values()), shared


def _answered(
    session: Session, views: Sequence[View], asked: Mapping[str, Any], *, kept_only: bool
) -> dict[str, Any] | None:
    """The answer, by a process of its own where the papers are many; that one is kept while nothing changes."""
    if not any(is_long(view) for view in views):
        return answer_chart(session, views, asked)
    seen = views[-1]
    name = ("chart", seen.visible, json.dumps(asked), *(view.about for view in views))
    changed = [seen.changed_seq(one) for one in ("casebook", "decisions")]
    state = repr([changed, [state_of_papers(view) for view in views]])

    def make() -> dict[str, Any]:
        return {"chart": ask(session, views, "chart", asked)}

    found = kept(session, name, state, "chart", None if kept_only else make)
    return None if found is None else dict(found)


def answer_chart(session: Session, views: Sequence[View], asked: Mapping[str, Any]) -> dict[str, Any]:
    """The chart of the cases of some looks, or what stands behind one `line` of it; also the answer of that process.

    crossings  by case what it shares with others
    """
    graph, listed = _graph(session, views, asked["kinds"], asked["crossings"])
    if "line" in asked:
        return _behind(graph, listed, *asked["line"])
    return _drawn(graph, listed, **{name: asked[name] for name in ("kinds", "around", "steps", "path", "most")})


def _graph(
    session: Session, views: Sequence[View], kinds: Sequence[str], shared: Mapping[str, Sequence[Mapping[str, Any]]]
) -> tuple[_Graph, list[dict[str, Any]]]:
    graph = _Graph()
    ids = []
    for view in views:
        assert view.about is not None
        ids.append(view.about)
        told = accounts_by_case(session, view).get(view.about, [])
        names = _promoted(view)
        (row,) = list_cases(view, [Where("case_id", "=", view.about)])
        graph.node(view.about, row["title"], "case", invented=row["invented"])
        for account in told:
            _read(graph, view.about, account, kinds, names)
    last = views[-1]
    _among_cases(graph, last, ids)
    for crossings in shared.values():
        _crossings(graph, crossings, kinds)
    _tidy(graph)
    return graph, list_cases(last, [Where("case_id", "in", ids)])


def _promoted(view: View) -> dict[tuple[str, int, int], str]:
    """The names that people gave: by document, page and place on the page."""
    where = [Where("state", "=", "promoted"), Where("case_id", "=", view.about)]
    rows = view.select("promoted", ["mention_id", "document_id", "page", "start", "name"], where, order=["seq"])
    head = {row[0]: row[0] for row in rows}
    for one, other in view.select("same_mention", ["one", "other"], [Where("status", "=", "one")], order=["seq"]):
        if one in head and other in head:
            kept, gone = head[one], head[other]
            head = {m: kept if h == gone else h for m, h in head.items()}
    name = {row[0]: row[4] for row in rows}
    return {(document, page, start): name[head[mention]] for mention, document, page, start, _ in rows}


def _read(
    graph: _Graph,
    case_id: str,
    account: Account,
    kinds: Sequence[str],
    names: Mapping[tuple[str, int, int], str],
) -> None:
    """Everything named in one sentence is joined; so is the case with everything that its papers name."""
    by_sentence: dict[tuple[int, int], dict[str, None]] = {}
    page_starts = [0, *(i + 1 for i, c in enumerate(account.text) if c == "\f")]
    for m in account.mentions:
        if m.kind not in kinds or m.rule == "place.dateline":
            continue
        page = account.page_of(m.start)
        given = names.get((account.document, page, m.start - page_starts[page - 1]))
        label = given or m.normal
        key = graph.node(f"{m.kind}:{reading.folded(label)}", _shown(m.kind, label), m.kind, promoted=given is not None)
        if given:
            graph.nodes[key]["promoted"] = True
        sentence = account.sentence_of(m.start)
        by_sentence.setdefault(sentence, {})[key] = None
        graph.line(case_id, key).sayings.append(_saying(account, sentence))
    for sentence, keys in by_sentence.items():
        if len(keys) <= _IN_SENTENCE:
            for one, other in combinations(keys, 2):
                graph.line(one, other).sayings.append(_saying(account, sentence))


def _saying(account: Account, sentence: tuple[int, int]) -> Saying:
    return Saying(account, sentence, "named", "", "", None, "")


def _shown(kind: str, label: str) -> str:
    if kind == "phone" and re.fullmatch(r"\d{10}", label):
        return f"{label[:3]}-{label[3:6]}-{label[6:]}"
    return label


def _among_cases(graph: _Graph, view: View, ids: Sequence[str]) -> None:
    """What joins the cases themselves: decisions, known series, one incident."""
    inside = set(ids)
    for (one, other), row in decided_pairs(view).items():
        if inside & {one, other} and row["decision"] in ("accept", "undecided"):
            _add_cases(graph, view, [one, other])
            fact = f" ({row['fact'].replace('_', ' ')})" if row["fact"] else ""
            kind = "certain" if row["fact"] else "decided"
            graph.line(one, other, kind, f"{_DECIDED[row['decision']]}{fact}: {row['reason']}")
    rows = view.select("cases", ["case_id", "incident_id"], [Where("case_id", "in", list(ids))])
    for case_id, incident in rows:
        for victim in co_victims(view, incident, case_id):
            _add_cases(graph, view, [victim["case_id"]])
            graph.line(case_id, victim["case_id"], "certain", "Victims of the same incident")
    members: dict[str, list[str]] = {}
    for series, case_id in sorted(view.select("series_cases", ["series", "case_id"])):
        members.setdefault(series, []).append(case_id)
    for series, some in members.items():
        if inside & set(some) and len(some) <= 60:
            _add_cases(graph, view, some)
            first = next(case_id for case_id in some if case_id in inside)
            for case_id in some:
                if case_id != first:
                    graph.line(first, case_id, "decided", f"Both in the known series {series}")


_DECIDED = {"accept": "Accepted as linked", "undecided": "Left open"}


def _add_cases(graph: _Graph, view: View, ids: Sequence[str]) -> None:
    new = [case_id for case_id in ids if case_id not in graph.nodes]
    for row in list_cases(view, [Where("case_id", "in", new)]) if new else []:
        graph.node(row["case_id"], row["title"], "case", invented=row["invented"])


def _crossings(graph: _Graph, found: Sequence[Mapping[str, Any]], kinds: Sequence[str]) -> None:
    """Values of a case that stand in the papers or records of another."""
    for crossing in found:
        kind = _KIND_OF.get(crossing["kind"], crossing["kind"])
        if kind not in kinds:
            continue
        key = f"{kind}:{reading.folded(crossing['value'])}"
        graph.node(key, _shown(kind, crossing["forms"][0] if crossing["forms"] else crossing["value"]), kind)
        for place in crossing["places"]:
            graph.node(place["case_id"], place["case_title"] or place["case_id"], "case", invented=place["invented"])
            line = graph.line(key, place["case_id"])
            line.note = line.note or f"Crossing: {crossing['how_ordinary']}"


_KIND_OF = {"telephone": "phone", "name": "person", "address": "place"}


def _tidy(graph: _Graph) -> None:
    """A case is not joined to what is joined to something else already: the picture would be one star."""
    degree = dict.fromkeys(graph.nodes, 0)
    for one, other in graph.lines:
        if "case" not in (graph.nodes[one]["kind"], graph.nodes[other]["kind"]):
            degree[one] += 1
            degree[other] += 1
    for pair, line in list(graph.lines.items()):
        kinds = {key: graph.nodes[key]["kind"] for key in pair}
        if list(kinds.values()).count("case") != 1 or line.kind != "named" or line.note:
            continue
        thing = next(key for key, kind in kinds.items() if kind != "case")
        documents = {s.account.document for s in line.sayings}
        if degree[thing] and len(documents) < 2:
            del graph.lines[pair]


def _near(graph: _Graph, start: str, steps: int) -> set[str]:
    beside = graph.beside()
    found, edge = {start}, {start}
    for _ in range(steps):
        edge = {n for key in edge for n in beside[key]} - found
        found |= edge
    return found


def _path(graph: _Graph, weights: Mapping[tuple[str, str], int], start: str, end: str) -> list[str]:
    """The shortest way; among equally short ones, over the lines with most sources."""
    beside = graph.beside()
    came: dict[str, str | None] = {start: None}
    waiting = deque([start])
    while waiting:
        here = waiting.popleft()
        if here == end:
            way: list[str] = []
            at: str | None = end
            while at is not None:
                way.append(at)
                at = came[at]
            return way[::-1]
        for key in sorted(beside[here], key=lambda n: (-weights[min(here, n), max(here, n)], n)):
            if key not in came:
                came[key] = here
                waiting.append(key)
    return []


def _heaviest(
    graph: _Graph, weights: Mapping[tuple[str, str], int], kept: Iterable[str], must: set[str], most: int
) -> set[str]:
    weight = dict.fromkeys(kept, 0)
    for (one, other), sources in weights.items():
        for key in (one, other):
            if key in weight:
                weight[key] += max(sources, 1)
    order = sorted(weight, key=lambda key: (key not in must, graph.nodes[key]["kind"] != "case", -weight[key], key))
    return set(order[:most])
