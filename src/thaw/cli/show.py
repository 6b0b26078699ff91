"""What the commands print for people: plain words, numbers with their meaning, nothing that only a program wants."""

from __future__ import annotations

import shlex
import shutil
import sys
import textwrap
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

Document = Mapping[str, Any]
# log10 of 1.05: what lies nearer to 0 prints as "1.0 times".
_SAYS_NOTHING = 0.0212


@contextmanager
def progress(what: str) -> Iterator[Callable[[str, int, int], None]]:
    """A progress bar on stderr for work over one second; silent when stderr is no terminal."""
    if not sys.stderr.isatty():
        yield lambda name, done, total: None
        return
    import time

    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[count]}"), TimeElapsedColumn())
    bar = Progress(*columns, console=Console(stderr=True), transient=True)
    task = bar.add_task(what, total=None, count="")
    started, running, shown = time.monotonic(), False, 0.0

    def update(name: str, done: int, total: int) -> None:
        nonlocal running, shown
        now = time.monotonic()
        if not running and now - started > 1:
            bar.start()
            running = True
        # By the clock: a page under OCR takes seconds, a row of a register microseconds.
        if running and (now - shown > 0.1 or done == total):
            shown = now
            bar.update(task, description=f"{what} {name}", total=total or None, completed=done, count=f"{done:,}")

    try:
        yield update
    finally:
        if running:
            bar.stop()


def guessed(document: Document) -> str:
    """One line per table."""
    lines = []
    for one in document["guessed"]:
        left = f" Left out: {', '.join(one['left_out'])}." if one["left_out"] else ""
        lines.append(f"{one['file']}: a first guess stands in {one['spec']}; read and correct it.{left}")
    return "\n".join(lines)


def imports(document: Document, *, dry_run: bool) -> str:
    """One block per file: what became of its rows."""
    lines = []
    for file in document["files"]:
        rate = f", {file['read'] / file['seconds']:,.0f} {file['unit']} a second" if file["seconds"] > 0.5 else ""
        realm = "/".join(filter(None, (file["format"], file["data_set"])))
        lines.append(f"{file['file']} ({realm}): {file['read']:,} {file['unit']} read{rate}")
        for name, words in _ROWS.items():
            if file[name]:
                lines.append(f"  {file[name]:>9,}  {words or _stored(file)}")
        lines += [f"  {note}" for note in file["notes"]]
        lines += [f"  {r['rows']:>9,}  set aside: {r['field']}, want {_cut(r['want'], 70)}" for r in file["reasons"]]
        for one in file["preview"]:
            told = [f"{s['predicate']} {s['value']}" for sayings in one["said"].values() for s in sayings]
            lines.append(_cut(f"  row {one['row']}, {one['source_key']}: {'; '.join(told)}", _width()))
        if file["missing_since"]:
            lines.append(f"  {len(file['missing_since']):>9,}  held before, not in this issue of the data set")
        if file["alerts"]:
            lines.append(f"  {file['alerts']:>9,}  pairs look alike enough to be told: see `thaw alerts`")
        if file["alerts_held_back"]:
            lines.append(f"  {file['alerts_held_back']:>9,}  more such pairs, too many to be told at once")
        if file["alerts_waiting"]:
            lines.append(f"  {file['alerts_waiting']:>9,}  cases not yet held against the others: `thaw work` goes on")
        if file["rejected"]:
            lines.append("  See `thaw rejects` for each row that was set aside.")
    return "\n".join([*lines, "No row was written: this was a dry run."] if dry_run else lines)


_ROWS = {
    "stored": "",
    "already_held": "held already, the same",
    "superseded": "changed since; both versions are kept",
    "sealed": "sealed by order, not taken in",
    "rejected": "set aside because they could not be read",
}


def _stored(file: Document) -> str:
    """What the rows that were new became: a row of a register may be a case, a person, several cases, or neither."""
    made = [_count(file[name], name[:-1]) for name in ("cases", "persons") if file[name]]
    if [file["cases"] + file["persons"]] == [file["stored"]] and len(made) == 1:
        return "stored as new " + ("cases" if file["cases"] else "persons")
    return f"stored, making {' and '.join(made)}" if made else "stored; they make no case and no person"


def rejects(found: Sequence[Document]) -> str:
    """One paragraph per reject."""
    if not found:
        return "Nothing was set aside."
    lines = []
    for reject in found:
        line = f" line {reject['line']}" if reject["line"] is not None else ""
        field = f", {reject['field']}" if reject["field"] else ""
        lines.append(f"{str(reject['id'])[:16]}  {reject['file']}{line}{field}: ")
        lines[-1] += f"got {reject['got']}, want {_cut(reject['want'], 100)}"
        if reject["raw"] is not None:
            lines.append("    " + _cut(reject["raw"].replace("\x1f", ", "), _width() - 6))
    return "\n".join([*lines, f"{len(found):,} set aside."])


def cases(found: Sequence[Document]) -> str:
    """One line per case."""
    lines = [f"{case['case_id']}  {_title(case)}  {case['source_key'] or ''}".rstrip() for case in found]
    return "\n".join([*lines, _count(len(found), "case")])


def case(found: Document) -> str:
    """Heading, then one line per statement with its source, conflicts below."""
    lines = [_title(found), f"Case {found['case_id']}  {' '.join(found['source_keys'])}".rstrip()]
    if found["missing_since"]:
        lines.append(f"Not in the newest issue of its data set since {found['missing_since'][:10]}.")
    usual = _usual_source(found["statements"])
    lines += [f"Source, where no other is named: {usual}", ""] if usual else [""]
    for statement in found["statements"]:
        lines += _statement(statement, usual)
    if found["incident"] and found["incident"]["co_victims"]:
        lines += ["", "Victims of the same incident:"]
        lines += [f"  {other['case_id']}  {other['title']}" for other in found["incident"]["co_victims"]]
    if found["same_as"]:
        lines += ["", "Accepted as the same killing: " + ", ".join(found["same_as"])]
    if found["incidents"]:
        lines += ["", "Decided on incidents in which, as reported, nobody was killed:"]
        lines += [
            f"  {_RELATION[one['relation']]}: {one['decision']}  {one['source_key']}" for one in found["incidents"]
        ]
    if found["documents"]:
        lines += ["", "Documents:"]
        lines += [f"  {d['document_id'][:12]}  {d['file']} ({d['state']})" for d in found["documents"]]
    return "\n".join(lines)


_RELATION = {"same": "the same event", "link": "one offender"}


def _usual_source(statements: Sequence[Document]) -> str:
    """The source of most lines, told once; empty when none stands behind three or more."""
    sources = Counter(_source(s["preferred"] or s["sources"][0]) for s in statements)
    source, lines = sources.most_common(1)[0] if sources else ("", 0)
    return source if lines > 2 else ""


def _statement(statement: Document, usual: str) -> list[str]:
    """The value with who says so; below it what others say now, and what the same source said before."""
    source = statement["preferred"] or statement["sources"][0]
    words = statement["words"] if statement["preferred"] else "withdrawn"
    recorded = source["words"] or ""
    # "Female (F)" says already what the record says with "Female".
    told = recorded if recorded.lower() not in str(words).lower() else ""
    lines = [f"  {statement['predicate'] + ':':<24}{words}" + (f' as "{told}"' if told else "") + _said(source, usual)]
    for conflict in statement["conflicts"]:
        lines.append(f"  {'':<24}but: {conflict['in_words']}{_said(conflict, usual)}")
    for before in statement["sources"]:
        if before["status"] == "superseded" and before["in_words"] != words:
            lines.append(f"  {'':<24}before: {before['in_words']}{_said(before, usual)}")
    return lines


def _said(source: Document, usual: str) -> str:
    words = _source(source)
    return "" if words == usual else f"  [{words}]"


def _source(source: Document) -> str:
    return f"{source['said_by'] or source['recorded_by'] or 'unknown'}, entry {source['entry']}"


def similar(found: Document) -> str:
    """The list with what speaks for and against each, and how many of it are expected to be true."""
    low, high = found["expected_true_interval"]
    title = found["query"]["title"]
    lines = [
        (f"{title}\n" if title else "") + f"{_count(found['cases_searched'], 'case')} searched. Of these "
        f"{len(found['results'])}, {_expected(found['expected_true'])} are expected to be by the same offender "
        f"(90 % interval {low} to {high}), {_expected(found['expected_false'])} to look alike by chance.",
        f"Probabilities are {found['calibration']}.",
    ]
    for match in found["results"]:
        lines += ["", f"{match['rank']:>3}. {_title(match)}  [{match['source_key'] or match['case_id']}]"]
        lines.append(
            f"     {_support(match['log10_bf'])}; {match['how_rare']}; probability {_share(match['posterior'])}"
        )
        speaking = [part for part in match["parts"] if part["log10_bf"] > 0 and not _silent(part)]
        against = [part for part in match["against"] if not _silent(part)]
        silent = [part for part in match["parts"] if _silent(part)]
        lines += _wrapped(
            "for: ", "; ".join(f"{_told(part)} ({part['how_common_in_words']})" for part in speaking[:6]) or "nothing"
        )
        lines += _wrapped("against: ", "; ".join(_told(part) for part in against) or "nothing known")
        if silent:
            lines += _wrapped("neither: ", "; ".join(map(_shared, silent)))
        if match["ask_next"]:
            lines += _wrapped("look up next: ", match["ask_next_label"])
    for series in found["series"]:
        if series["log10_bf"] > 0:
            many = f"{_count(len(series['cases']), 'case')}, probability {_share(series['posterior'])}"
            lines += ["", f"     Known series {series['series']}: {_support(series['log10_bf'])}; {many}"]
    for co_victim in found["certain"]:
        edge = {"linked": "Certain to be linked", "apart": "Certain to be apart"}.get(co_victim.get("edge"), "Certain")
        lines += ["", f"     {edge}, {co_victim['why']}: {_title(co_victim)}"]
    return "\n".join(lines)


def search(found: Document) -> str:
    """The query in words, then one paragraph per hit with the words marked."""
    lines = [f"{found['query_in_words']}: {found['total']:,} found, {len(found['hits'])} shown"]
    for hit in found["hits"]:
        title = hit["case_title"] or ""
        mark = "(invented) " if hit["invented"] == "yes" and not title.startswith("Invented") else ""
        page = f", page {hit['page']}" if hit["page"] else ""
        where = f"{hit['source']}{page}: " if hit["document"] else f"{hit['kind']}: "
        lines += ["", f"{where}{mark}{title}  [{hit['case_id'] or 'no case'}]"]
        lines.append("    " + _bracketed(hit["snippet"], hit["marks"]).replace("\n", " "))
        lines += [f"    ({hit['why']})"] if any(m["how"] not in ("exact", "pattern") for m in hit["matches"]) else []
    return "\n".join(lines)


def _bracketed(snippet: str, marks: Sequence[Sequence[int]]) -> str:
    """The snippet with its matched words in brackets; from the end, so that places stay right."""
    for start, end in reversed(marks):
        snippet = f"{snippet[:start]}[{snippet[start:end]}]{snippet[end:]}"
    return snippet


def log(found: Sequence[Document]) -> str:
    """One line per entry, newest first; a line feed in a name or purpose must not look like one entry more."""
    lines = []
    for entry in found:
        about = f"  {_cut(_one_line(entry['about']), 60)}" if entry["about"] else ""
        purpose = f"  (purpose: {_cut(_one_line(entry['purpose']), 200)})" if entry["purpose"] else ""
        when = entry["at"][:19].replace("T", " ")
        lines.append(f"{entry['seq']:>8}  {when}  {entry['kind']:<20} {_one_line(entry['by'])}{about}{purpose}")
    return "\n".join(lines) or "No entries."


def verdict(found: Document) -> str:
    """The verdict in one sentence, then each finding with its entry, then what to do."""
    if found["status"] == "ok":
        rest = "" if found["everything"] else " Tables and files were not checked: `thaw verify --all` does."
        whole = "The ledger is whole, tables and files too" if found["everything"] else "The ledger is whole"
        return f"{whole}: {found['entries']:,} entries, root {found['root'][:16]}.{rest}"
    words = {"tampered": "Something was changed outside the ledger.", "incomplete": "Not everything could be checked."}
    lines = [words[found["status"]]]
    for finding in found["findings"][:20]:
        lines.append(f"  {finding['kind']}: {finding['detail']}")
    if len(found["findings"]) > 20:
        lines.append(f"  and {len(found['findings']) - 20} more; --json lists all.")
    if found["status"] == "tampered":
        lines.append(
            "Stop working in this book, keep its folder as it is, compare with a backup and a kept checkpoint."
        )
    return "\n".join(lines)


def demo_records(found: Document) -> str:
    """What became of the sample's rows."""
    held = f"{found['already_held']:,} held from before" if found["already_held"] else f"{found['stored']:,} stored"
    if found["already_held"] and found["stored"]:
        held += f", {found['stored']:,} stored"
    return (
        f"{found['records']:,} homicide records of eight western states, 1976-2018 (FBI, no names): {held}, "
        f"{found['rejected']:,} rejected, in {found['import_seconds']:.1f} s."
    )


def demo(found: Document) -> str:
    """The demo from records to verdict."""
    lines = [
        demo_records(found),
        "An invented new killing, and the old cases that look most like it:",
        "",
        similar(found["similar"]),
        "",
        f"Ranked in {found['similar_seconds']:.2f} s. {verdict(found['verify'])} ({found['verify_seconds']:.1f} s)",
        "People decide what a likeness means; Thaw ranks cases, never suspects.",
        *_case_file(found["case_file"]),
        f"All of this lies in {found['book']}. To ask it more: `thaw cases --where weapon=80 --count`, `thaw log`.",
    ]
    # Nobody typed --book for the demo, and without it these commands would look for another book.
    return "\n".join(lines).replace("`thaw ", f"`thaw --book {shlex.quote(found['book'])} ")


def _case_file(found: Document) -> list[str]:
    waiting = found["queued"] + found["waiting"]
    state = "the workbench or `thaw work` reads it now" if waiting else f"read, {_count(found['read'], 'file')}"
    return [f"A box of {found['pages']} invented pages lies in case {found['case_id']}: {state}."]


def _told(part: Document) -> str:
    """A feature with what both have in common, how far apart they are, or the two values."""
    far = part["apart"] and part["feature"] != "victim_age"
    if part["ours"] == part["theirs"]:
        values = f"{part['ours']} in both"
    else:
        values = f"{_apart(part['apart'])} apart" if far else f"{part['ours']} here, {part['theirs']} there"
    return f"{part['label'].lower()} {values}"


def _silent(part: Document) -> bool:
    """Whether a feature says so little that its factor reads as 1.0 times: neither for nor against."""
    return abs(float(part["log10_bf"])) < _SAYS_NOTHING


def _shared(part: Document) -> str:
    """Why a feature says nothing, where that is because cases share the value: what all have tells none apart."""
    return _told(part) + (f" ({part['how_common_in_words']})" if part["ours"] == part["theirs"] else "")


def _apart(apart: Document) -> str:
    value, unit = apart["value"], apart["unit"]
    if unit == "days" and value > 700:
        return f"{value / 365.25:.0f} years"
    return f"{value:,.0f} {unit}"


def _support(log10_bf: float) -> str:
    if abs(log10_bf) < _SAYS_NOTHING:
        return "as likely to look like this whether one offender did both or not"
    times = 10 ** abs(log10_bf)
    shown = f"{times:,.0f}" if times >= 10 else f"{times:.1f}"
    return f"{shown} times {'more' if log10_bf >= 0 else 'less'} likely to look like this if one offender did both"


def _expected(number: float) -> str:
    # "0.00" would read as never.
    return f"{number:.2f}" if number >= 0.005 or number == 0 else "fewer than 0.01"


def _share(value: float) -> str:
    return f"{value:.0%}" if value >= 0.1 else f"{value:.1%}" if value >= 0.01 else f"1 in {1 / value:,.0f}"


def _title(found: Document) -> str:
    invented = found.get("invented") in (True, "yes") and not found["title"].startswith("Invented")
    return ("(invented) " if invented else "") + _one_line(found["title"])


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _count(number: int, thing: str) -> str:
    return f"{number:,} {thing}" + ("" if number == 1 else "s")


def _wrapped(label: str, words: str) -> list[str]:
    lead = " " * 5 + f"{label:<10}"
    return textwrap.wrap(words, _width(), initial_indent=lead, subsequent_indent=" " * len(lead)) or [lead]


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else text[: width - 1] + "…"


def _width() -> int:
    return max(60, min(shutil.get_terminal_size((110, 24)).columns, 130))
