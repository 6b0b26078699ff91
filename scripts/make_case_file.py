"""Makes the invented case file that `thaw demo` reads: about sixty pages of every sort, and what stands on them.

    python scripts/make_case_file.py [FOLDER]

Writes invented_case_file.zip and invented_case_file.json (the answer sheet: for each page its section and what it
names) to src/thaw/data/sample. Nobody and nothing in it exists, every page says so, telephone numbers are of the block
555-01xx that is kept for fiction, and the same file comes from every run. Typed pages have a text layer, scans none.
"""

from __future__ import annotations

import io
import json
import random
import re
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from scripts.make_typewriter_pages import Wear, font_file, worn

MARK = "INVENTED CASE FILE - NOBODY IN IT EXISTS"
_WIDTH, _TYPED_LINES, _SCANNED_LINES = 70, 52, 29
_SCAN_DPI = 200
_OUT = Path(__file__).resolve().parents[1] / "src" / "thaw" / "data" / "sample"
# What a page names is written as <kind:words>; the marks are taken out and become the answer sheet.
_NAMED = re.compile(r"<(\w+):([^<>]+)>")
_STREETS = ("Invented Street", "Alder Court", "Quarry Road", "Mill Lane", "Harbor Avenue")
_PEOPLE = (
    "Hollis, Ann", "Brandt, Louis", "Okafor, Grace", "Whitlow, Edgar", "Santoro, Pia", "Kessler, Ruth",
    "Dunning, Carl", "Abbot, Nell", "Varga, Imre", "Pruitt, Lorna", "Teague, Sam", "Ibarra, Luz", "Nyman, Otto",
    "Quill, Bea", "Rusk, Walter",
)  # fmt: skip


@dataclass
class Paper:
    """One file of the case: its name, section, sort, and pages of marked text."""

    name: str
    section: str
    pages: list[str]
    form: str = "typed"
    named: list[list[list[str]]] = field(default_factory=list)


def papers(seed: int = 1984) -> list[Paper]:
    """All papers of the file, their texts still marked."""
    chance = random.Random(seed)
    made = [_chronology(chance), _preliminary(), _autopsy(), _property(chance), _laboratory()]
    made += [_statement(chance, number) for number in range(8)]
    made += [_follow_up(chance, number) for number in range(10)]
    made += [_canvass(chance, start) for start in range(0, 15, 5)]
    made += [_clipping(), _teletype(), _tip(), _mail()]
    return made


def _form(title: str, body: str, written: str, by: str = "P. Marlow #4411") -> str:
    head = f"INVENTED CITY POLICE DEPARTMENT\n{title}\n<number:DR 84-0412>   Date of report: <date:{written}>\n"
    return f"{head}Reported by: <person:Det. {by}>\n\n{body}"


def _chronology(chance: random.Random) -> Paper:
    entries, day = [], 12
    what = (
        "Call from <person:{who}> at <phone:{phone}>. Will come in on Monday.",
        "Checked plate <plate:{plate}> with the state. Registered to <person:{who}>.",
        "Met <person:{who}> at the station. Statement taken, see separate report.",
        "Sent item <number:{item}> to the laboratory by messenger.",
        "No answer at <place:{street}>. Card left in the door.",
    )
    for number in range(90):
        day += chance.choice((0, 0, 1, 1, 2, 5))
        month, date = 3 + day // 30, day % 28 + 1
        words = chance.choice(what).format(**_facts(chance, number))
        entries.append(
            f"<date:{month:02}/{date:02}/84>  {chance.randint(6, 22):02}{chance.choice(('00', '15', '40'))}  {words}"
        )
    pages = ["\n\n".join(entries[start : start + 15]) for start in range(0, 90, 15)]
    head = "CHRONOLOGICAL RECORD\n<number:DR 84-0412>   Page {} of {}\n\n"
    return Paper("01 chronological record.pdf", "01", [head.format(n, len(pages)) + p for n, p in enumerate(pages, 1)])


def _facts(chance: random.Random, number: int) -> dict[str, str]:
    letters = "".join(chance.choice("ABCDEFGHJKLMNPRSTUVWXYZ") for _ in range(3))
    last, first = chance.choice(_PEOPLE).split(", ")
    return {
        "who": f"{first} {last}", "phone": f"213-555-01{chance.randint(0, 99):02}",
        "plate": f"{chance.randint(1, 9)}{letters}{chance.randint(100, 999)}", "item": f"{number % 24 + 1}",
        "street": f"{chance.randint(100, 1999)} {chance.choice(_STREETS)}",
    }  # fmt: skip


def _preliminary() -> Paper:
    one = _form(
        "PRELIMINARY INVESTIGATION REPORT",
        "On <date:March 12, 1984> at 0610 hours officers responded to a radio call at <place:1419 Invented Street>. "
        "They met <person:Edgar Whitlow>, who had found the victim, <person:Lena Corvin>, in the rear yard beside the "
        "canal. A red sedan, plate <plate:2GAT415>, stood in the alley with its door open.\n\n"
        "The victim lay on her back. She had been dead for some hours. No weapon was seen. <person:Officer T. Reyes> "
        "kept the scene until detectives arrived at 0655 hours.",
        "03/12/84", "T. Reyes #2207",
    )  # fmt: skip
    other = (
        "PRELIMINARY INVESTIGATION REPORT (continued)   Page 2 of 2\n<number:DR 84-0412>\n\n"
        "<person:Edgar Whitlow> stated that he heard three shots between 2230 and 2300 hours and thought of "
        "firecrackers. He gave his telephone as <phone:213-555-0142>. He had seen the sedan on <date:March 10, 1984> "
        "too."
    )
    return Paper("03 preliminary report.tif", "03", [one, other], "scan")


def _autopsy() -> Paper:
    pages = [
        _form("COUNTY OF INVENTED - MEDICAL EXAMINER\nAUTOPSY REPORT", "The body is that of an adult woman, 24 to 30 "
              "years of age, 5'4\" tall, weighing 121 pounds, identified as <person:Lena Corvin>.\n\nEXTERNAL "
              "EXAMINATION: Rigor mortis is complete. There are two gunshot wounds of the chest.", "03/14/84",
              "A. Feld, M.D."),
        "AUTOPSY REPORT   Page 2 of 4\n\nINTERNAL EXAMINATION: Wound 1 passes through the left lung. A deformed "
        "projectile was recovered and booked as item <number:7>.",
        "AUTOPSY REPORT   Page 3 of 4\n\nTOXICOLOGY: Blood alcohol 0.04 percent. No other drugs were found. "
        "Sample sent on <date:03/15/84>.",
        "AUTOPSY REPORT   Page 4 of 4\n\nCAUSE OF DEATH: Gunshot wounds of the chest.\nMANNER OF DEATH: Homicide.\n\n"
        "Signed <person:A. Feld, M.D.> <date:04/02/84>",
    ]  # fmt: skip
    return Paper("05 autopsy.pdf", "05", pages)


def _property(chance: random.Random) -> Paper:
    things = ("red scarf", "house key", "shell casing, .38", "wallet, empty", "letter, torn", "glass with prints")
    rows = [f"Item <number:{n}>  {chance.choice(things)}  found at marker {n}" for n in range(1, 25)]
    pages = ["\n".join(rows[:12]), "Page 2 of 2\n" + "\n".join(rows[12:])]
    return Paper("06 property report.tif", "06", [_form("PROPERTY REPORT", page, "03/12/84") for page in pages], "scan")


def _laboratory() -> Paper:
    one = "Items <number:3> and <number:7> were compared. The projectile is of caliber .38 Special."
    other = "LABORATORY REPORT   Page 2 of 2\n\nThe print on item <number:6> was compared with that of <person:Louis " \
        "Brandt>: no match. Request of <date:03/20/84>."  # fmt: skip
    return Paper("07 laboratory report.pdf", "07", [_form("LABORATORY REPORT", one, "04/11/84", "I. Sorel #93"), other])


def _statement(chance: random.Random, number: int) -> Paper:
    fact, other = _facts(chance, number), chance.choice(_PEOPLE)
    body = (
        f"I, <person:{fact['who']}>, of <place:{fact['street']}>, telephone <phone:{fact['phone']}>, state: On the "
        f"night of <date:March {chance.randint(9, 12)}, 1984> I was at home. At about {chance.randint(9, 11)} p.m. I "
        f"heard {chance.choice(('two', 'three', 'four'))} shots. A red sedan, plate <plate:{fact['plate']}>, drove off "
        f"toward the canal. I know a <person:{other}> from the bar. I have read this statement and it is true."
    )
    pages = [_form(f"WITNESS STATEMENT\nStatement of: <person:{fact['who']}>", body, f"03/{13 + number}/84")]
    if number % 2:
        pages.append(f"Page 2 of 2\n\nQ. Did you know her?\nA. By sight. Her sister <person:Mary Corvin> used to shop "
                     f"with us. She called on <date:{number}/5/84>.")  # fmt: skip
    form = "scan" if number in (2, 5) else "typed"
    return Paper(f"11 statement {number + 1}.{'tif' if form == 'scan' else 'pdf'}", "11", pages, form)


def _follow_up(chance: random.Random, number: int) -> Paper:
    fact = _facts(chance, number)
    body = (
        f"<person:{fact['who']}> was spoken to again at <place:{fact['street']}>. He now says that the sedan had plate "
        f"<plate:{fact['plate']}>. A call to <phone:{fact['phone']}> was not answered. The lead is open."
    )
    page = _form("FOLLOW-UP INVESTIGATION", body, f"{4 + number % 6}/{number + 3}/8{4 + number // 5}")
    form = "scan" if number in (1, 6) else "typed"
    more = [page, "FOLLOW-UP INVESTIGATION   Page 2 of 2\n\nNothing further."] if number % 3 == 0 else [page]
    return Paper(f"15 follow-up {number + 1:02}.{'tif' if form == 'scan' else 'pdf'}", "15", more, form)


def _canvass(chance: random.Random, start: int) -> Paper:
    pages = []
    for number in range(start, start + 5):
        fact, name = _facts(chance, number), _PEOPLE[number]
        heard = chance.choice(("Heard nothing.", "No answer at door.", "Heard a car at 2245 hours."))
        body = f"House: <place:{fact['street']}>\nName: <person:{name}>\nTelephone: <phone:{fact['phone']}>\n\n{heard}"
        pages.append(_form("NEIGHBORHOOD CANVASS", body, "03/13/84"))
    form = "scan" if start == 5 else "typed"
    return Paper(f"21 canvass {start // 5 + 1}.{'tif' if form == 'scan' else 'pdf'}", "21", pages, form)


def _clipping() -> Paper:
    text = (
        "THE INVENTED GAZETTE\n<date:March 14, 1984>\n\nWOMAN FOUND DEAD BY CANAL\n\nBy <person:Nora Lindqvist>\n\n"
        "A woman found dead in a yard on Invented Street was <person:Lena Corvin>, 27, police said Tuesday. Neighbors "
        "heard three shots late on Sunday. Anyone with information is asked to call <phone:213-555-0199>."
    )
    return Paper("23 clipping.png", "23", [text], "clipping")


def _teletype() -> Paper:
    text = (
        "TELETYPE\n<date:03/16/84>\nATTENTION ALL UNITS\n\nRED SEDAN, PLATE <plate:2GAT415>, WANTED IN HOMICIDE "
        "<number:DR 84-0412>. CALL <person:DET. MARLOW>, <phone:213-555-0100>."
    )
    return Paper("22 teletype.txt", "22", [text], "text")


def _tip() -> Paper:
    text = (
        "CLUE SHEET No. 14\nDate received: <date:03/21/84>\n\nCaller stated that a man called <person:Louis Brandt> "
        "had said that he knew who did it. Caller declined to give a name. Number shown: <phone:310-555-0177>."
    )
    return Paper("20 clue 14.docx", "20", [text], "word")


def _mail() -> Paper:
    text = (
        "Detective, the list of calls that you asked for is attached. The line of <person:Grace Okafor> was "
        "<phone:213-555-0155>. We close the request <number:84-0412> on <date:June 3, 2011>."
    )
    return Paper("26 telephone company.eml", "26", [text], "mail")


def unmarked(text: str) -> tuple[str, list[list[str]]]:
    """The text without its marks, and what was marked: kind and words."""
    return _NAMED.sub(r"\2", text), [[kind, words] for kind, words in _NAMED.findall(text)]


def lines_of(text: str, most: int = _TYPED_LINES) -> list[str]:
    """A page as lines of a typewriter, the mark that it is invented first."""
    found = [MARK, ""]
    for paragraph in text.split("\n"):
        line = ""
        for word in re.findall(r" *\S+", paragraph) or [""]:
            if len(line) + len(word) > _WIDTH:
                found.append(line)
                line, word = "", word.strip()
            line += word
        found.append(line)
    assert len(found) <= most, f"a page of {len(found)} lines"
    return found


def content(paper: Paper, seed: int) -> bytes:
    """The bytes of a file."""
    texts = [unmarked(page)[0] for page in paper.pages]
    match paper.form:
        case "typed":
            return _typed(texts)
        case "scan":
            return _scanned(texts, seed)
        case "clipping":
            return _printed(texts[0])
        case "word":
            return _word(texts[0])
        case "mail":
            return _posted(texts[0])
    return "\n".join(lines_of(texts[0])).encode()


def _typed(texts: list[str]) -> bytes:
    import typst  # type: ignore[import-untyped]

    pages = [json.dumps("\n".join(lines_of(text))) for text in texts]
    head = "#set document(date: none)\n#set page(width: 8.5in, height: 11in, margin: 1in)\n"
    head += '#set text(font: "DejaVu Sans Mono", size: 9.5pt)\n'
    return bytes(
        typst.compile((head + "\n#pagebreak()\n".join(f"#raw({page}, block: true)" for page in pages)).encode())
    )


def _scanned(texts: list[str], seed: int) -> bytes:
    font = ImageFont.truetype(str(font_file()), 46)
    pictures = []
    for number, text in enumerate(texts):
        chance = np.random.default_rng([seed, number])
        wear = Wear(jitter=1.0, uneven_ink=30, ink=60, paper=235, skew=float(chance.uniform(-1.5, 1.5)))
        page = worn(lines_of(text, _SCANNED_LINES), font, wear, chance)
        page = page.resize((round(8.5 * _SCAN_DPI), 11 * _SCAN_DPI), Image.Resampling.BOX)
        # In one bit, as the machines of record rooms save it.
        pictures.append(page.point(lambda gray: 255 if gray > 165 else 0).convert("1"))
    return _saved(pictures, "TIFF", compression="group4")


def _printed(text: str) -> bytes:
    page = Image.new("L", (900, 1100), 228)
    draw, font = ImageDraw.Draw(page), ImageFont.load_default(26)
    lines, line = [MARK, ""], ""
    for paragraph in text.split("\n"):
        for word in paragraph.split() or [""]:
            if draw.textlength(f"{line} {word}", font=font) > 780:
                lines.append(line)
                line = ""
            line = f"{line} {word}".strip()
        lines.append(line)
        line = ""
    for number, words in enumerate(lines):
        draw.text((60, 50 + 38 * number), words, font=font, fill=30)
    return _saved([page], "PNG", optimize=True)


def _saved(pictures: list[Image.Image], kind: str, **options: Any) -> bytes:
    out = io.BytesIO()
    more = {"save_all": True, "append_images": pictures[1:]} if len(pictures) > 1 else {}
    pictures[0].save(out, kind, dpi=(_SCAN_DPI, _SCAN_DPI) if kind == "TIFF" else (150, 150), **more, **options)
    return out.getvalue()


def _word(text: str) -> bytes:
    import docx

    document = docx.Document()
    for line in [MARK, *text.split("\n")]:
        document.add_paragraph(line)
    out = io.BytesIO()
    document.save(out)
    return _dated(out.getvalue())


def _posted(text: str) -> bytes:
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Calls"
    for row in [
        (MARK,),
        ("Number called", "Date", "Minutes"),
        ("213-555-0142", "1984-03-11", 4),
        ("310-555-0177", "1984-03-12", 1),
    ]:
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    message = EmailMessage()
    heads = {"From": "Records <records@example.org>", "To": "cold case unit <unit@example.org>"}
    heads |= {"Subject": f"Your request 84-0412 ({MARK})", "Date": "Fri, 03 Jun 2011 10:12:00 -0700"}
    for name, value in {**heads, "Message-ID": "<840412@example.org>"}.items():
        message[name] = value
    message.set_content(f"{MARK}\n\n{text}\n")
    message.add_attachment(
        _dated(out.getvalue()), maintype="application", subtype="octet-stream", filename="calls.xlsx"
    )
    message.set_boundary("invented-case-file")
    return message.as_bytes()


def _dated(package: bytes) -> bytes:
    """An office file without the time of its making, so that the same bytes come from every run."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", b"2026-11-21T00:00:00Z", old.read(name))
            new.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def sheet_of(made: list[Paper]) -> Iterator[dict[str, Any]]:
    """The answer sheet, page by page: file, page, section, and what is named there as kind and words."""
    for paper in made:
        for number, text in enumerate(paper.pages, start=1):
            yield {"file": paper.name, "page": number, "section": paper.section, "named": unmarked(text)[1]}


def main(folder: Path) -> None:
    """Write archive and answer sheet."""
    made = papers()
    with zipfile.ZipFile(folder / "invented_case_file.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for number, paper in enumerate(made):
            archive.writestr(zipfile.ZipInfo(paper.name), content(paper, number), zipfile.ZIP_DEFLATED)
    answers = {
        "source": "scripts/make_case_file.py; invented, nobody in it exists", "date": "2026-11-21",
        "pages": list(sheet_of(made)),
    }  # fmt: skip
    lines = json.dumps(answers, ensure_ascii=False, indent=1)
    (folder / "invented_case_file.json").write_text(lines + "\n", encoding="utf-8")
    print(f"{len(made)} files, {len(answers['pages'])} pages")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else _OUT)
