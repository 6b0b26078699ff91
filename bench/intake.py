"""Bench `intake`: letters of scans beside plain Tesseract, words of PDFs beside pdftotext, speed, memory, power cuts.

Every page is invented and made here from a seed, but the FUNSD forms (real scanned forms with their words typed by
people; for research only, so they lie beside the checkout and never in it). What is absent on a machine is said.
"""

from __future__ import annotations

import io
import json
import os
import random
import shutil
import subprocess
import tempfile
import time
import zipfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench import reading_cuts
from bench.reading_cuts import cut_readings
from bench.report import Report
from scripts.make_typewriter_pages import DPI, WEAR, pages
from thaw.intake.documents.pages import Page
from thaw.intake.documents.pdf import read_pdf
from thaw.intake.ocr import ocr_engine
from thaw.intake.ocr.engine import read_letters
from thaw.intake.ocr.page import read_page

_FUNSD = Path(__file__).resolve().parents[2] / "shared" / "data" / "documents" / "funsd_train_60.zip"
_FORMS = int(os.environ.get("THAW_BENCH_FORMS", "60"))
_TYPED = int(os.environ.get("THAW_BENCH_PAGES", "6"))
_CUTS = int(os.environ.get("THAW_BENCH_CUTS", "40"))
_LETTER_INCHES = 11.0
Placed = tuple[float, float, float, float, str]


def run() -> Report:
    """All parts; each that cannot run here says so."""
    report = Report(
        "Intake",
        "Characters right = 1 - edit distance over the length of the true text, blanks run together. CPU is that of "
        "this process and of the engine, one thread. Plain is `tesseract` as it comes, on the same pictures, in the "
        "same run. `THAW_BENCH_FORMS` and `THAW_BENCH_PAGES` make it smaller; large files stand in intake-long.md.",
    )
    os.environ["OMP_THREAD_LIMIT"] = "1"
    if ocr_engine() is None:
        report.words("Tesseract is not installed: the letters of scans were not measured.")
    else:
        _typewriter(report)
        _forms(report)
    with tempfile.TemporaryDirectory() as folder:
        _pdf(report, Path(folder))
        (Path(folder) / "cuts").mkdir()
        _cuts(report, Path(folder) / "cuts")
    return report


def right(text: str, true: str) -> float:
    """Share of characters that are right, 0 to 1."""
    from rapidfuzz.distance import Levenshtein

    text, true = " ".join(text.split()), " ".join(true.split())
    return max(0.0, 1 - Levenshtein.distance(text, true) / max(len(true), 1))


def _cpu() -> float:
    return sum(os.times()[:4])


def _typewriter(report: Report) -> None:
    """Worn pages of which the text is known; the bars are those of the issue."""
    bars = {"clean": (0.97, 1.2), "moderate": (0.97, 2.5), "bad": (0.90, 2.5), "hopeless": (None, 2.5)}
    rows, silent = [], 0
    for level in WEAR:
        plain, ours, costs, alarms, total = [], [], [], 0, [0.0, 0.0]
        for text, picture in pages(level, _TYPED):
            start = _cpu()
            seen = read_letters(picture, DPI)
            middle = _cpu()
            found = read_page(picture, DPI)
            total = [total[0] + middle - start, total[1] + _cpu() - middle]
            costs.append((_cpu() - middle) / (middle - start))
            plain.append(right(" ".join(word.text for word in seen), text))
            ours.append(right(found["page"]["text"], text))
            alarms += bool(found["alarm"])
            silent += ours[-1] < 0.6 and not found["alarm"]
        least, most = bars[level]
        mean = sum(ours) / len(ours)
        judged = report.judge(mean, least, at_most=False) if least else "-"
        cost = total[1] / total[0]
        words = f"{sum(plain) / len(plain):.1%}", f"{mean:.1%}", f"{min(ours):.1%}", f"{least:.0%}" if least else "-"
        costly = f"{cost:.2f}", f"{max(costs):.2f}", f"{most}", report.judge(cost, most, at_most=True)
        rows.append([level, *words, judged, str(alarms), *costly])
    report.words(f"## Typewriter pages, {_TYPED} of each level (`scripts/make_typewriter_pages.py`)")
    head = ["level", "plain", "ours", "worst page", "bar", "", "alarms", "CPU over plain", "worst page", "bar", ""]
    report.table(head, rows)
    report.words(f"Pages below 60 % without an alarm: {silent} ({report.judge(silent, 0, at_most=True)}; bar 0).")


@dataclass
class Errors:
    """Edits and lengths, summed over pages."""

    letters: int = 0
    of_letters: int = 0
    words: int = 0
    of_words: int = 0
    same: int = 0
    cpu: float = 0.0

    def add(self, found: Sequence[Placed], true: Sequence[Placed]) -> None:
        """One page, both sides put into one order of reading by where their words stand."""
        from rapidfuzz.distance import Levenshtein

        mine, theirs = _in_order(found), _in_order(true)
        self.letters += Levenshtein.distance(" ".join(mine), " ".join(theirs))
        self.of_letters += len(" ".join(theirs))
        self.words += Levenshtein.distance(mine, theirs)
        self.of_words += len(theirs)
        self.same += (Counter(mine) & Counter(theirs)).total()


def _forms(report: Report) -> None:
    if not _FUNSD.exists():
        report.words("## FUNSD forms\n\nThe forms are not on this machine: not measured.")
        return
    from PIL import Image

    plain, ours = Errors(), Errors()
    with zipfile.ZipFile(_FUNSD) as archive:
        names = sorted(name for name in archive.namelist() if name.startswith("annotations/"))[:_FORMS]
        for name in names:
            form = json.loads(archive.read(name))["form"]
            true = [(*map(float, w["box"]), w["text"]) for part in form for w in part["words"] if w["text"].strip()]
            data = archive.read(name.replace("annotations", "images").replace(".json", ".png"))
            picture = Image.open(io.BytesIO(data)).convert("L")
            dpi = max(picture.size) / _LETTER_INCHES
            start = _cpu()
            plain.add([(*w.box, w.text) for w in read_letters(picture, 70)], true)
            middle = _cpu()
            page = read_page(picture, dpi)["page"]
            ours.add([(*(v * dpi / 72 for v in box), page["text"][s:e]) for s, e, box, _ in page["words"]], true)
            plain.cpu += middle - start
            ours.cpu += _cpu() - middle
    rows = []
    for name, e in (("plain Tesseract", plain), ("ours", ours)):
        shares = (e.letters / e.of_letters, e.words / e.of_words, e.same / e.of_words)
        rows.append([name, *(f"{share:.1%}" for share in shares), f"{e.cpu / len(names):.2f}"])
    report.words(f"## FUNSD forms, {len(names)} real forms scanned at about 90 dots an inch")
    report.table(["", "character error", "word error", "words found", "CPU s/page"], rows)
    better = ours.letters < plain.letters and ours.words < plain.words
    report.words(f"Ours better in both: {report.judge(float(better), 1, at_most=False)}. Case and punctuation count.")


def _in_order(words: Sequence[Placed]) -> list[str]:
    """Words line by line from the top, each line from the left: the same rule for every engine and for the truth."""
    lines: list[tuple[float, list[Placed]]] = []
    for word in sorted(words, key=lambda w: (w[1] + w[3]) / 2):
        middle = (word[1] + word[3]) / 2
        if lines and middle < lines[-1][0]:
            lines[-1][1].append(word)
        else:
            lines.append((word[3] - 0.3 * (word[3] - word[1]), [word]))
    return [word[4] for _, line in lines for word in sorted(line)]


def _pdf(report: Report, folder: Path) -> None:
    path = invented_pdf(folder / "text.pdf", 200)
    count, plain = _timed_pages(path, boxes=False)
    _, boxed = _timed_pages(path, boxes=True)
    rows = [
        _judged(report, "text", count / plain, 500),
        _judged(report, "text with a box for every word", count / boxed, 120),
    ]
    if shutil.which("pdftotext"):
        recall = _recall(path)
        rows.append(
            ["words that pdftotext finds", f"{recall:.4f}", "0.999", report.judge(recall, 0.999, at_most=False)]
        )
    report.words(f"## PDF with a text layer, {count} pages of about 380 words, one core (CPU time)")
    report.table(["", "measured", "bar", ""], rows)


def _judged(report: Report, name: str, speed: float, bar: int) -> list[str]:
    return [name, f"{speed:,.0f} pages/s", str(bar), report.judge(speed, bar, at_most=False)]


def _timed_pages(path: Path, *, boxes: bool) -> tuple[int, float]:
    start = time.process_time()
    count = sum(isinstance(one, Page) for one in read_pdf(path, 1, boxes=boxes))
    return count, time.process_time() - start


def _recall(path: Path) -> float:
    """Share of the words of pdftotext, page by page, that we have too; a soft hyphen counts as one."""
    done = subprocess.run(["pdftotext", str(path), "-"], capture_output=True, check=True)
    theirs = done.stdout.decode().replace("\u00ad", "-").split("\f")
    found = total = 0
    for page in read_pdf(path, 1, boxes=False):
        if isinstance(page, Page):
            wanted = Counter(theirs[page.number - 1].split())
            found += (wanted & Counter((page.text or "").split())).total()
            total += wanted.total()
    return found / total


_TEXT = (
    "the detective interviewed witness regarding investigation of automobile observed near residence approximately "
    "extraordinary circumstances and statement photographed DR 84-1123 213-555-0101 03/12/84 O'Brien item #14 $20.00"
)


def invented_pdf(path: Path, count: int, seed: int = 1) -> Path:
    """A PDF of `count` pages of invented police words, each page of about 380; the same seed, the same words."""
    import typst

    chance, words = random.Random(seed), _TEXT.split()
    source = path.with_suffix(".typ")
    text = "#set page(width: 8.5in, height: 11in, margin: 0.9in)\n#set text(size: 9.5pt)\n#set par(justify: true)\n"
    bodies = (" ".join(chance.choice(words) for _ in range(380)) for _ in range(count))
    escaped = (body.replace("#", "\\#").replace("$", "\\$") for body in bodies)
    source.write_text(text + "\n#pagebreak()\n".join(escaped), encoding="utf-8")
    path.write_bytes(typst.compile(str(source)))
    return path


def _cuts(report: Report, folder: Path) -> None:
    found = cut_readings(folder, _CUTS, seed=11)
    wrong = len(found.faults)
    verdict = report.judge(wrong, 0, at_most=True)
    report.words(
        f"## Power cuts while {reading_cuts.FILES} files of {reading_cuts.PAGES} pages are read\n\n"
        f"{found.cuts} random moments out of {found.moments:,} writes, syncs and files made safe; after each the disk "
        "holds what was synced and a random part of what was not. Read on, each book must hold every page and every "
        f"text once (`verify --all` after some): {wrong} went wrong ({verdict}; bar 0)."
    )
