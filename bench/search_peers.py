"""Raw FTS5, tantivy and Lucene on the same pages and queries as our search, as plainly as their examples use them."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import apsw


class RawFts5:
    """SQLite's FTS5 with its porter tokenizer, bm25 and snippets."""

    name = "FTS5 (porter, bm25)"

    def __init__(self, folder: Path, texts: Sequence[str]) -> None:
        self._db = apsw.Connection(str(folder / "raw.db"))
        self._db.execute(
            "PRAGMA page_size=8192; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-32000"
        )
        self._db.execute("CREATE VIRTUAL TABLE texts USING fts5(body, tokenize='porter unicode61 remove_diacritics 2')")
        started, cpu = time.perf_counter(), time.process_time()
        for first in range(0, len(texts), 5_000):
            with self._db:
                rows = ((i, texts[i]) for i in range(first, min(len(texts), first + 5_000)))
                self._db.executemany("INSERT INTO texts (rowid, body) VALUES (?, ?)", rows)
        self.seconds, self.cpu = time.perf_counter() - started, time.process_time() - cpu

    def find(self, query: str, top: int = 20) -> list[int]:
        """Numbers of the best pages; their snippets are made too."""
        sql = (
            "SELECT rowid, snippet(texts, 0, '[', ']', '...', 24) FROM texts WHERE texts MATCH ? ORDER BY rank LIMIT ?"
        )
        return [row[0] for row in self._db.execute(sql, (query, top))]

    def fuzzy(self, word: str) -> str | None:
        """It has no search for misspellings."""
        return None


def lucene_jar() -> Path | None:
    """The jar with Lucene: `THAW_LUCENE_JAR`, or the one inside the package pyserini, which is not imported."""
    named = os.environ.get("THAW_LUCENE_JAR")
    if named:
        return Path(named)
    found = importlib.util.find_spec("pyserini")
    folders = found.submodule_search_locations if found is not None else None
    jars = [jar for folder in folders or () for jar in Path(folder).glob("resources/jars/*fatjar.jar")]
    return jars[0] if jars else None


def lucene(
    folder: Path, texts: Sequence[str], queries: Sequence[tuple[str, str]]
) -> tuple[float, dict[str, list[float]]] | None:
    """Seconds of indexing and milliseconds by kind of query (term, phrase, fuzzy); None without Java or the jar.

    Texts go through a file and Java's own start is not counted. Processor time cannot be told apart from the clock.
    """
    jar, java = lucene_jar(), shutil.which("java")
    if jar is None or java is None:
        return None
    with (folder / "pages.txt").open("w", encoding="utf-8") as out:
        out.writelines(" ".join(text.split()) + "\n" for text in texts)
    (folder / "queries.txt").write_text("".join(f"{kind}\t{text}\n" for kind, text in queries), encoding="utf-8")
    source = Path(__file__).parent / "lucene" / "Lucene.java"
    command = [java, "-cp", str(jar), str(source), str(folder / "pages.txt"), str(folder / "queries.txt")]
    done = subprocess.run([*command, str(folder / "lucene")], check=True, capture_output=True, text=True)
    seconds, times = 0.0, dict[str, list[float]]()
    for line in done.stdout.splitlines():
        match line.split("\t"):
            case ["index", value]:
                seconds = float(value)
            case [kind, _, value]:
                times.setdefault(kind, []).append(float(value))
    return seconds, times


class Tantivy:
    """tantivy with its default tokenizer, scores and snippets; `None` where the package is absent."""

    name = "tantivy"

    @classmethod
    def make(cls, folder: Path, texts: Sequence[str]) -> Tantivy | None:
        """Index the pages, if tantivy is installed here."""
        try:
            import tantivy
        except ImportError:
            return None
        return cls(tantivy, folder, texts)

    def __init__(self, tantivy: Any, folder: Path, texts: Sequence[str]) -> None:
        builder = tantivy.SchemaBuilder()
        builder.add_integer_field("id", stored=True)
        builder.add_text_field("body", stored=True)
        (folder / "tantivy").mkdir()
        self._tantivy = tantivy
        schema = builder.build()
        self._schema = schema
        self._index = tantivy.Index(schema, path=str(folder / "tantivy"))
        writer = self._index.writer(heap_size=128_000_000, num_threads=1)
        started, cpu = time.perf_counter(), time.process_time()
        for i, text in enumerate(texts):
            writer.add_document(tantivy.Document(id=i, body=text))
        writer.commit()
        writer.wait_merging_threads()
        self.seconds, self.cpu = time.perf_counter() - started, time.process_time() - cpu
        self._index.reload()
        self._searcher = self._index.searcher()

    def find(self, query: str, top: int = 20) -> list[int]:
        """Numbers of the best pages; their snippets are made too."""
        return self._run(self._index.parse_query(query, ["body"], conjunction_by_default=True), top)

    def fuzzy(self, words: Iterable[str], top: int = 20) -> list[int]:
        """All words, each at most two letters away, as its fuzzy query does it."""
        query = self._tantivy.Query
        parts = [
            (
                self._tantivy.Occur.Must,
                query.fuzzy_term_query(self._schema, "body", word, 1 if len(word) < 6 else 2, True),
            )
            for word in words
        ]
        return self._run(query.boolean_query(parts), top)

    def _run(self, query: Any, top: int) -> list[int]:
        hits = self._searcher.search(query, top).hits
        make = self._tantivy.SnippetGenerator.create(self._searcher, query, self._schema, "body")
        found = []
        for _, address in hits:
            document = self._searcher.doc(address)
            make.snippet_from_doc(document)
            found.append(int(document["id"][0]))
        return found


def timed(calls: Sequence[Callable[[], object]], times: int) -> tuple[list[float], list[float]]:
    """Milliseconds of each call by the clock and of the processor, all calls `times` over after one warm round."""
    for call in calls:
        call()
    wall, cpu = [], []
    for _ in range(times):
        for call in calls:
            started, used = time.perf_counter(), time.process_time()
            call()
            wall.append((time.perf_counter() - started) * 1000)
            cpu.append((time.process_time() - used) * 1000)
    return wall, cpu
