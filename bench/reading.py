"""How well and how fast the reading finds what a person would mark: an invented case file, invented articles, speed.

The case file in tests/intake/blind was written, with its answer sheet, by someone who had not seen the rules. `FIRST`
is what the first run on it gave; the rules were then mended in general ways, so the figures of today are not blind.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from bench import unseen
from bench.report import Report
from thaw.errors import InputError
from thaw.intake import Mention, read_mentions
from thaw.intake.reading import Reading
from thaw.record import PartialDate

TESTS = Path(__file__).resolve().parents[1] / "tests" / "intake"
KINDS = ("date", "person", "phone", "plate", "number")
BARS = {"date": 0.95, "person": 0.90, "phone": 0.95, "plate": 0.95, "number": 0.95}
# Found, right, on the sheet, right with the right value: the first run, before any rule was changed for this file.
FIRST = {
    "date": (42, 35, 45, 31),
    "person": (45, 43, 60, 31),
    "phone": (7, 7, 7, 6),
    "plate": (5, 2, 6, 2),
    "number": (14, 14, 21, 14),
}
_DAYS = 3


@dataclass
class Score:
    """Counts of one kind: found by the rules, right ones, those on the sheet, and right ones with the right value."""

    found: int = 0
    right: int = 0
    wanted: int = 0
    valued: int = 0
    faults: list[str] = field(default_factory=list)

    @property
    def precision(self) -> float:
        """Share of what was found that is right; 1 when nothing was found."""
        return self.right / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        """Share of the sheet that was found; 1 when the sheet has none."""
        return self.right / self.wanted if self.wanted else 1.0


def blind_scores() -> dict[str, Score]:
    """The scores of the case file in tests/intake/blind, by its own rules of scoring."""
    folder = TESTS / "blind"
    scores = {kind: Score() for kind in KINDS}
    names: list[str] = []
    for page in json.loads((folder / "answers.json").read_text("utf-8")):
        text = (folder / page["page"]).read_text("utf-8")
        written = PartialDate.from_json(page["document_date"]) if page["document_date"] else None
        found = [m for m in read_mentions(text, Reading(written, tuple(dict.fromkeys(names)))) if m.kind in KINDS]
        names += [m.normal for m in found if m.kind == "person" and " " in m.normal]
        _score_page(page["page"], found, page["mentions"], scores)
    return scores


def _score_page(
    page: str, found: Sequence[Mention], sheet: Sequence[dict[str, object]], scores: dict[str, Score]
) -> None:
    used: set[int] = set()
    for mention in found:
        score = scores[mention.kind]
        score.found += 1
        hit = next((i for i, want in enumerate(sheet) if i not in used and _overlap(mention, want)), None)
        if hit is None:
            score.faults.append(f"{page}: {mention.text!r} is not on the sheet")
            continue
        used.add(hit)
        score.right += 1
        if same_value(mention.kind, mention.normal, str(sheet[hit]["normal"])):
            score.valued += 1
        else:
            score.faults.append(f"{page}: {mention.text!r} read as {mention.normal}, want {sheet[hit]['normal']}")
    for i, want in enumerate(sheet):
        scores[str(want["kind"])].wanted += 1
        if i not in used:
            scores[str(want["kind"])].faults.append(f"{page}: {want['text']!r} was not found")


def _overlap(mention: Mention, want: dict[str, object]) -> bool:
    start, end = int(str(want["start"])), int(str(want["end"]))
    shared = min(mention.end, end) - max(mention.start, start)
    return want["kind"] == mention.kind and shared >= 0.5 * max(mention.end - mention.start, end - start)


def same_value(kind: str, one: str, other: str) -> bool:
    """Whether two normal forms agree: dates within three days at each end, names and numbers but for print."""
    if kind == "date":
        a, b = _ends(one), _ends(other)
        return one == other or bool(a and b and all(abs((x - y).days) <= _DAYS for x, y in zip(a, b, strict=True)))
    if kind == "person":
        return one.replace(".", "").lower() == other.replace(".", "").lower()
    return re.sub(r"[^A-Z0-9?]", "", one.upper()) == re.sub(r"[^A-Z0-9?]", "", other.upper())


def _ends(text: str) -> tuple[date, date] | None:
    try:
        span = PartialDate.parse(text)
    except InputError:
        return None
    return span.first, span.last


def article_scores() -> dict[str, Score]:
    """Persons and dates of the invented articles: every name once, by its fullest form."""
    scores = {"person": Score(), "date": Score()}
    for name, sheet in json.loads((TESTS / "articles" / "answers.json").read_text("utf-8"))["articles"].items():
        mentions = read_mentions((TESTS / "articles" / f"{name}.txt").read_text("utf-8"))
        for kind, key in (("person", "persons"), ("date", "dates")):
            got = {m.normal for m in mentions if m.kind == kind and m.role != "document"}
            want = set(sheet[key])
            got -= {sheet["date"]} if kind == "date" and sheet["date"] not in want else set()
            score = scores[kind]
            score.found += len(got)
            score.right += len(got & want)
            score.valued += len(got & want)
            score.wanted += len(want)
            score.faults += [f"{name}: {x} is not on the sheet" for x in sorted(got - want)]
            score.faults += [f"{name}: {x} was not found" for x in sorted(want - got)]
    return scores


def pages() -> Iterator[str]:
    """The texts that speed is measured on: case file and articles, put together to pages of about 1,800 letters."""
    page = ""
    for path in sorted([*(TESTS / "blind").glob("page_*.txt"), *(TESTS / "articles").glob("*/*.txt")]):
        page += path.read_text("utf-8") + "\n\n"
        if len(page) >= 1800:
            yield page
            page = ""


def speed(seconds: float = 5.0) -> tuple[float, float]:
    """Pages of 1,800 letters a second on one core, and the mean length of the pages measured."""
    texts = list(pages())
    read_mentions(texts[0])
    letters, started = 0, time.process_time()
    while time.process_time() - started < seconds:
        for text in texts:
            read_mentions(text)
            letters += len(text)
    return letters / 1800 / (time.process_time() - started), sum(map(len, texts)) / len(texts)


def run() -> Report:
    """Measure and judge against the bars of the issue."""
    report = Report(
        "Reading",
        "`./run bench reading`: mentions found by rule, against answer sheets, and pages read a second on one core.",
    )
    report.words(
        "**The case file of a stranger** (tests/intake/blind: 12 invented pages of 1979 to 1991, written "
        "with their sheet by "
        "someone who had not seen the rules). *First run* is the honest figure for unseen paper. *Now* "
        "is after the rules "
        "were mended in general ways from what the first run showed, so it is no longer blind."
    )
    now = blind_scores()
    rows = []
    for kind in KINDS:
        found, right, wanted, valued = FIRST[kind]
        score, bar = now[kind], BARS[kind]
        verdict = report.judge(min(score.precision, score.recall), bar, at_most=False)
        first = f"{right / found:.3f} / {right / wanted:.3f} ({valued} of {wanted} with the value)"
        today = f"{score.precision:.3f} / {score.recall:.3f} ({score.valued} of {score.wanted} with the value)"
        rows.append([kind, first, today, f">= {bar:.2f}", verdict])
    report.table(["kind", "first run: precision / recall", "now: precision / recall", "bar", ""], rows)
    faults = [f"- {kind}: {fault}" for kind in KINDS for fault in now[kind].faults]
    report.words("What is still wrong there:\n\n" + "\n".join(faults))
    report.words(
        "**Twenty invented articles** (tests/intake/articles; by the author of the rules, so no test of unseen papers)."
    )
    rows = [
        [kind, f"{score.precision:.3f} / {score.recall:.3f}", f"{score.right} of {score.wanted}"]
        for kind, score in article_scores().items()
    ]
    report.table(["kind", "precision / recall", "found"], rows)
    _unseen(report)
    rate, length = speed()
    report.words(
        f"**Speed**, one core, these pages over and over (mean {length:,.0f} letters; a page is taken as 1,800):"
    )
    verdict = report.judge(rate, 100, at_most=False)
    report.table(["what", "measured", "bar", ""], [["mentions, pages a second", f"{rate:,.0f}", ">= 100", verdict]])
    return report


_RUNS = (
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
    "twelfth",
    "thirteenth",
)


def _unseen(report: Report) -> None:
    """Papers of many hands: the first run on them beside today's, mentions and claims."""
    runs = [json.loads((unseen.FOLDER / f"{name}_run.json").read_text("utf-8")) for name in _RUNS]
    first = {part: {k: v for run in runs for k, v in run.get(part, {}).items()} for part in ("mentions", "claims")}
    report.words(
        "**Papers of many hands** (tests/intake/unseen: eight articles of one arrest, five of one drama, ten police "
        "pages of 1974 to "
        "2008; wire copy, tabloid, British, a release and its reprint, a correction, capitals, tables, a teletype, "
        "bad OCR). Written "
        "with their sheets before the reader was run on them. *First run* is the honest figure; *now* is after "
        "general mends, and "
        "after slips of the sheet were mended (errata.md). *fresh*: four papers written "
        "after those mends. *quarry*, *stage*, *train*, *missing* (18 articles) and *desks* (17 papers) were written "
        "and measured when the rules stood as those had left them, by someone who knew them. *mill*, *film*: eight "
        "articles written after the mends from those. *fair*: two articles, a follow-up, an autopsy and an "
        "e-mail about one killing, written with their sheet before a further round of mends: their first run came "
        "after that round; they were used for mends afterwards. *case1*: fourteen papers of one killing of 1979 "
        "(reports, an interview, an autopsy, property, a teletype, logs, notes, a letter, a canvass, a "
        "memo), "
        "written with their sheet by a stranger to the rules: their first run is the fairest figure for police paper. "
        "*case2*, *ford*: fourteen papers of a killing of 1983 and six articles of another, by a second stranger. "
        "*hill*, *gulf*: thirty-six papers of two more killings (1968 to 1972, 1991 to 1996), by two further "
        "strangers. "
        "*orchard*, *lantern*: twelve articles of a killing and of a play on the road, by another stranger. "
        "*ridge*, *signal*: twelve articles of a double killing and of a television series with its suit, by one more. "
        "*trail* to *lake*: 114 papers of seven killings by seven more strangers, each mended from before the next was "
        "read. *oil*: fifteen papers of the last stranger, read once after all mends: what to expect of unseen papers. "
        "*mercer*, *harbor*: twelve articles of a killing and of a fire, by yet another."
    )
    rows, faults = [], []
    for event, were in first["mentions"].items():
        scores = unseen.mention_scores(f"{event}_*", same_value)
        for kind, score in scores.items():
            if not score.wanted or kind not in were:
                continue
            found, right, wanted, _, valued = were[kind]
            then = f"{right / max(found, 1):.3f} / {right / max(wanted, 1):.3f} ({valued})"
            now = f"{score.right / max(score.found, 1):.3f} / {score.right / score.wanted:.3f} ({score.valued})"
            rows.append([event, kind, str(score.wanted), then, now])
            faults += [f"- {kind}: {fault}" for fault in score.faults]
    report.table(["papers", "kind", "on the sheet", "first run: precision / recall (right values)", "now"], rows)
    rows = []
    for event, (found, exact, wanted, conflicts, never) in first["claims"].items():
        now_found, now_exact, now_wanted, wrong = unseen.claim_faults(event)
        missed = sum(": conflict " in fault for fault in wrong)
        said = sum(", never:" in fault for fault in wrong)
        then = f"{found} ({exact}) of {wanted}, {conflicts} conflicts missed, {never} said that never should be"
        rows.append([event, then, f"{now_found} ({now_exact}) of {now_wanted}, {missed} missed, {said} said"])
        faults += [f"- claim: {fault}" for fault in wrong]
    report.table(["event", "claims found (with right documents and sources), first run", "now"], rows)
    faults += _judged(report)
    report.words("What is still wrong there:\n\n" + "\n".join(faults))


def _judged(report: Report) -> list[str]:
    """Each claim judged by its own sentence, whether a sheet has it or not."""
    rows, faults, sums = [], [], [[0, 0, 0, 0], [0, 0, 0, 0]]
    for event, then in unseen.judged_first().items():
        now = unseen.judged(event)
        counts = [now.said, now.on_sheet, len(now.false), now.odd]
        sums = [[a + b for a, b in zip(x, y, strict=True)] for x, y in zip(sums, (then, counts), strict=True)]
        rows.append([event, *map(_of_said, (then, counts)), str(len(now.unjudged))])
        faults += [f"- claim, false: {one}" for one in now.false]
        faults += [f"- claim, not judged yet: {one}" for one in now.unjudged]
    rows.append(["all", *map(_of_said, sums), ""])
    report.words(
        "Every claim that is made of these papers (dates, counts, roles, places, lists; not forms of names), judged "
        "by its own sentence (judged.json; by the author of the rules): *false* says what the sentence does not, *odd* "
        "is true in a way that misleads. *Before*: when the papers of *ford* came in."
    )
    report.table(["event", "before: said, on the sheet, false, odd", "now", "not judged yet"], rows)
    return faults


def _of_said(counts: Sequence[int]) -> str:
    said, on_sheet, false, odd = counts
    return f"{said}, {on_sheet}, {false}, {odd} ({1 - false / max(said, 1):.3f} not false)"
