"""Queries on a book of many pages, in a process of their own so that its memory is only theirs.

`python -m bench.search_queries BOOK`: prints one JSON document.
"""

from __future__ import annotations

import json
import random
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

from bench.search_pages import COMMON, vocabulary
from bench.search_peers import timed
from thaw.casework import Session, open_book, session
from thaw.casework.documents import add_documents
from thaw.casework.searching import prepare_search, search
from thaw.search import BookEngine, Conditions, find_texts, parse_query


def main(folder: Path) -> dict[str, Any]:
    """Milliseconds by class of query, without and with the access commit; cold start; new page; memory."""
    desk = session(open_book(folder), "bench")
    started = time.perf_counter()
    view = desk.look("bench")
    kept: dict[Any, Any] = {}
    engine = BookEngine(view, kept)
    count = len(engine.lexicon)
    cold = time.perf_counter() - started
    used = time.process_time()
    prepare_search(desk, view)
    prepared = time.process_time() - used
    started = time.perf_counter()
    search(desk, COMMON[0][:2] + COMMON[0][3] + COMMON[0][2] + COMMON[0][4:], purpose="bench")
    first = time.perf_counter() - started
    pairs = phrases(engine)

    def bare(text: str) -> Callable[[], int]:
        def run() -> int:
            here = BookEngine(view, kept)
            found = find_texts(here, parse_query(text), Conditions(view, here.directory))
            found.best(20)
            return found.total

        return run

    classes = {
        "common surname": [*COMMON[:10]],
        "rare phrase": [f'"{a} {b}"' for a, b in pairs],
        "fuzzy name": [f"{name}~1" for name in COMMON[:10]],
        "misspelt name": [name[:2] + name[3] + name[2] + name[4:] for name in COMMON[:10] if len(name) > 5],
        "two names": [f"{a} {b}" for a, b in zip(COMMON[:10], COMMON[10:20], strict=True)],
        "prefix": [f"{name[:4]}*" for name in COMMON[:10]],
        "form": ["/sm[iy]th.*/", "/[jg]ohns+on/"],
    }
    found: dict[str, Any] = {
        "cold": cold,
        "prepared": prepared,
        "first": first,
        "words": count,
        "texts": engine.directory.count,
        "classes": {},
    }
    for name, queries in classes.items():
        calls = [bare(query) for query in queries]
        times = timed(calls, 5)
        logged = timed([partial(search, desk, query, purpose="bench") for query in queries], 2)
        found["classes"][name] = {
            "hits": statistics.median(call() for call in calls),
            "bare": [[statistics.median(t), percentile(t, 95)] for t in times],
            "logged": [[statistics.median(t), percentile(t, 95)] for t in logged],
        }
    found["new_page"] = new_page(desk)
    found["memory_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    desk.book.close()
    return found


def phrases(engine: BookEngine) -> list[tuple[str, str]]:
    """Pairs of uncommon words that stand side by side on some page."""
    rank = {word: i for i, word in enumerate(vocabulary())}
    draw = random.Random(5)
    found: list[tuple[str, str]] = []
    while len(found) < 20:
        (body,) = engine.bodies([draw.randrange(1, engine.directory.count)]).values() or [""]
        words = body.lower().split()
        found += [(a, b) for a, b in pairwise(words) if min(rank.get(a, 0), rank.get(b, 0)) > 3_000][:1]
    return found


def new_page(desk: Session) -> float:
    """Seconds from giving a new file to the end of the search that finds its page."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "new.txt"
        path.write_text("The quaxolotl stood by the canal.", encoding="utf-8")
        started = time.perf_counter()
        add_documents(desk, [path], wait=True)
        found = search(desk, "quaxolotl", purpose="bench")
        seconds = time.perf_counter() - started
    assert found["total"] == 1
    return seconds


def percentile(values: list[float], percent: int) -> float:
    """A percentile of measured values."""
    return statistics.quantiles(values, n=100, method="inclusive")[percent - 1]


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]))))
