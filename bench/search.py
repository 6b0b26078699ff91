"""Search: speed and memory on 300,000 pages, quality on planted spellings, crossings in 500 case files; peers too.

THAW_BENCH_PAGES sets another number of pages. Peers run in this process where they are installed.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from bench.planted_crossings import planted_crossings
from bench.report import Report
from bench.search_pages import COMMON, Sought, pages, planted_names
from bench.search_peers import RawFts5, Tantivy, lucene, timed
from bench.search_queries import percentile
from thaw.access import View
from thaw.casework import init_book, open_book, session
from thaw.casework.book import utc_now
from thaw.search import LEAST_WEIGHT, BookEngine, Conditions, Spot, crossings, find_texts, parse_query, read_values
from thaw.store import Transaction

_TOP = 20
_AT_ONCE = 5_000
_BARS = {"common surname": 50.0, "rare phrase": 5.0, "fuzzy name": 60.0}


def run() -> Report:
    """Measure everything in a scratch folder and judge it against the bars of the issue."""
    count = int(os.environ.get("THAW_BENCH_PAGES", "300000"))
    report = Report(
        "Search",
        f"`./run bench search`: {count:,} invented pages of 250 words (Zipf, 60,000 words, three surnames a page), "
        "top 20 with snippets, warm, one thread. Times in milliseconds. *With the access commit* is the whole of `thaw "
        "search` in a running workbench: two durable entries more.",
    )
    with tempfile.TemporaryDirectory() as folder:
        _speed(report, Path(folder), count)
    with tempfile.TemporaryDirectory() as folder:
        _quality(report, Path(folder))
    _crossings(report)
    return report


def _speed(report: Report, folder: Path, count: int) -> None:
    wall, cpu = fill(folder / "book", pages(count))
    size = (folder / "book" / "casebook.db").stat().st_size / 1e6
    command = [sys.executable, "-m", "bench.search_queries", str(folder / "book")]
    found: dict[str, Any] = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    # On a machine that others use, the clock measures them too: then the processor's time is judged.
    busy = os.getloadavg()[1] > len(os.sched_getaffinity(0)) * 0.75
    rate, bar = count / (cpu if busy else wall), 8_000
    if busy:
        report.words("The machine was busy with other work: what is judged is processor time, not the clock.")
    rows = [["index, pages a second", f"{count / wall:,.0f} ({count / cpu:,.0f} a CPU second)", f">= {bar:,}",
             report.judge(rate, bar, at_most=False)]]  # fmt: skip
    for name, got in found["classes"].items():
        for what, times, more in (("", got["bare"], 0), (", with the access commit", got["logged"], 25)):
            limit = _BARS[name] + more if name in _BARS else None
            shown = "; ".join(
                f"{t[0]:.1f} / {t[1]:.1f}{unit}" for t, unit in zip(times, ("", " of the processor"), strict=True)
            )
            judged = report.judge(times[busy][1], limit, at_most=True) if limit else ""
            rows.append(
                [
                    f"{name}, about {got['hits']:,.0f} hits{what}: p50 / p95",
                    shown,
                    f"p95 < {limit:g}" if limit else "",
                    judged,
                ]
            )
    memory, new = found["memory_mb"], found["new_page"]
    rows.append(
        ["memory of the searching process", f"{memory:.0f} MB", "< 500 MB", report.judge(memory, 500, at_most=True)]
    )
    rows.append(["a new page is found after", f"{new:.2f} s", "< 1 s", report.judge(new, 1, at_most=True)])
    rows.append(
        ["a command by itself: texts and words read first", f"{found['cold']:.1f} s, {found['words']:,} words", "", ""]
    )
    rows.append(["a workbench reads them in the background", f"{found['prepared']:.1f} s of the processor", "", ""])
    first = found["first"]
    rows.append(
        ["first search of a workbench after that", f"{first:.2f} s", "< 1 s", report.judge(first, 1, at_most=True)]
    )
    rows.append(["the book on disk", f"{size:,.0f} MB", "", ""])
    report.table(["what", "measured", "bar", ""], rows)
    _peer_speed(report, folder, count)


def _peer_speed(report: Report, folder: Path, count: int) -> None:
    texts = list(pages(count))
    rows = []
    for make in (RawFts5, Tantivy.make):
        peer: Any = make(folder, texts)
        if peer is None:
            rows.append(["tantivy", "not installed", "", "", ""])
            continue
        names = timed([partial(peer.find, name) for name in COMMON[:10]], 3)
        words = [" ".join(texts[i].split()[100:102]) for i in range(0, len(texts), max(1, len(texts) // 10))][:10]
        phrase = timed([partial(peer.find, f'"{text}"') for text in words], 3)
        fuzzy = None
        if isinstance(peer, Tantivy):
            fuzzy = timed([partial(peer.fuzzy, [name]) for name in COMMON[:10]], 3)
        shown = [_both(t) if t else "none" for t in (names, phrase, fuzzy)]
        rows.append([peer.name, f"{count / peer.seconds:,.0f} ({count / peer.cpu:,.0f} a CPU second)", *shown])
    rows.append(_lucene(folder, texts))
    report.words(
        "Peers on the same pages in the same run, p50 / p95. Lucene runs from the jar inside the package pyserini "
        "where that is installed (or named by `THAW_LUCENE_JAR`), in Java, by the clock, without snippets."
    )
    report.table(["engine", "index, pages a second", "common surname", "phrase", "fuzzy name"], rows)


def _lucene(folder: Path, texts: Sequence[str]) -> list[str]:
    words = [" ".join(texts[i].split()[100:102]) for i in range(0, len(texts), max(1, len(texts) // 10))][:10]
    queries = [*(("term", name) for name in COMMON[:10]), *(("phrase", text) for text in words)]
    found = lucene(folder, texts, [*queries, *(("fuzzy", name.lower()) for name in COMMON[:10])])
    if found is None:
        return ["Lucene", "not installed", "", "", ""]
    seconds, times = found
    shown = [
        f"{percentile(times[kind], 50):.1f} / {percentile(times[kind], 95):.1f}" for kind in ("term", "phrase", "fuzzy")
    ]
    return ["Lucene 9", f"{len(texts) / seconds:,.0f}", *shown]


def _both(times: tuple[list[float], list[float]]) -> str:
    wall, cpu = (f"{percentile(t, 50):.1f} / {percentile(t, 95):.1f}" for t in times)
    return f"{wall}; {cpu} of the processor"


def fill(folder: Path, texts: Iterator[str]) -> tuple[float, float]:
    """A book with these pages in its word index; wall and CPU seconds of writing, without making the pages up."""
    init_book(folder, None, utc_now, "bench")
    book = open_book(folder)
    wall = cpu = 0.0
    number = 0
    while batch := [text for _, text in zip(range(_AT_ONCE), texts, strict=False)]:
        rows = [_page(number + i, text) for i, text in enumerate(batch)]
        number += len(batch)
        started, used = time.perf_counter(), time.process_time()
        book.store.commit(_writing(rows))
        wall, cpu = wall + time.perf_counter() - started, cpu + time.process_time() - used
    book.close()
    return wall, cpu


def _writing(rows: Sequence[dict[str, Any]]) -> Callable[[Transaction], None]:
    def plan(transaction: Transaction) -> None:
        for row in rows:
            transaction.rows.add("texts", row)

    return plan


def _page(number: int, body: str) -> dict[str, Any]:
    """A row of the word index as the projection makes it: 50 pages a document, 10 documents a case."""
    document, case_id = f"{number // 50:064x}", f"c_{number // 500}"
    row = {
        "kind": "page",
        "ref": document,
        "page": number % 50 + 1,
        "place": case_id,
        "version": "0" * 16,
        "source": "a.txt",
    }
    row |= {
        "case_id": case_id,
        "document_id": document,
        "size": len(body),
        "seq": 0,
        "type": "text/plain",
        "body": body,
    }
    return row


def _quality(report: Report, folder: Path) -> None:
    texts, sought = planted_names(each=20)
    fill(folder / "book", iter(texts))
    book = open_book(folder / "book")
    view: View = session(book, "bench").look("bench")
    engine = BookEngine(view, {})

    def ours(query: str) -> list[int]:
        found = find_texts(engine, parse_query(query), Conditions(view, engine.directory))
        return [hit.id - 1 for hit in found.best(_TOP)]

    raw, tantivy = RawFts5(folder, texts), Tantivy.make(folder, texts)
    finders: dict[str, Callable[[str], list[int]]] = {"Thaw": ours, raw.name: raw.find}
    if tantivy is not None:
        finders["tantivy"] = tantivy.find
        finders["tantivy, every word fuzzy"] = lambda query: tantivy.fuzzy(query.split())
    rows = []
    for name, find in finders.items():
        recall, precision = measured(sought, find)
        judged = ""
        if name == "Thaw":
            judged = report.judge(recall, 0.95, at_most=False) + ", " + report.judge(precision, 0.8, at_most=False)
        rows.append([name, f"{recall:.3f}", f"{precision:.3f}", judged])
    book.close()
    report.words(
        f"Quality: {len(sought)} people on 20 of {len(texts):,} pages each, a third as typed, else misread, mistyped, "
        "turned round or by a nickname; three pages each with another of the same given or family name. Typed: given "
        "and family name. Bars: recall@20 >= 0.95 at precision@20 >= 0.8."
    )
    report.table(["engine", "recall@20", "precision@20", ""], rows)


def measured(sought: Sequence[Sought], find: Callable[[str], list[int]]) -> tuple[float, float]:
    """Mean over people: share of their pages among the first 20, and share of what is shown that is theirs."""
    recalls, precisions = [], []
    for one in sought:
        shown = find(one.query)[:_TOP]
        hits = len(one.pages.intersection(shown))
        recalls.append(hits / len(one.pages))
        precisions.append(hits / len(shown) if shown else 0.0)
    return sum(recalls) / len(recalls), sum(precisions) / len(precisions)


def _crossings(report: Report) -> None:
    rows = []
    for seed in (7, 8, 9):
        planted = planted_crossings(seed=seed)
        started, held, number = time.perf_counter(), {}, 0
        for case_id, texts in planted.pages.items():
            for text in texts:
                number += 1
                for value in read_values(text):
                    spot = Spot(case_id, number, case_id, value.start, value.end)
                    held.setdefault((value.kind, value.normal), []).append(spot)
        every = crossings(held, len(planted.pages))
        seconds = time.perf_counter() - started
        found = [(c.kind, frozenset(s.case_id for s in c.spots)) for c in every if c.weight >= LEAST_WEIGHT]
        truth = set(planted.truth)
        precision, recall = sum(f in truth for f in found) / len(found), len(truth.intersection(found)) / len(truth)
        judged = report.judge(precision, 0.9, at_most=False) + ", " + report.judge(recall, 0.95, at_most=False)
        rows.append(
            [str(seed), str(len(truth)), str(len(found)), f"{precision:.3f}", f"{recall:.3f}", f"{seconds:.1f}", judged]
        )
    report.words(
        "Crossings: 500 invented case files; each planted value stands in two of them, some written otherwise, with a "
        "near miss in a third. What two files share by chance counts as wrong. Bars: precision >= 0.9, recall >= 0.95."
    )
    report.table(["seed", "planted", "listed", "precision", "recall", "s", ""], rows)
