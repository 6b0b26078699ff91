"""The commands. Each opens what it needs, calls one function of casework and prints its document.

Heavy imports sit inside the commands: `thaw --help` loads none of them.
"""

from __future__ import annotations

import getpass
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from .output import print_json, say, tell

if TYPE_CHECKING:
    from thaw.casework import Session

app = typer.Typer(
    name="thaw",
    help="Workbench of a cold-case unit: reads old files, finds which cases look alike and why, keeps a ledger.",
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
_Paths = Annotated[list[Path], typer.Argument(metavar="FILE...", show_default=False)]
_Top = Annotated[int, typer.Option("--top", min=1, max=1000, help="How many to list.")]
_Where = Annotated[
    list[str] | None, typer.Option("--where", metavar="FIELD=VALUE", help="Only cases that meet this; may be repeated.")
]


class Ended(Exception):
    """The command has printed its document and ends with this exit code."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


@dataclass
class _Options:
    book: Path
    as_json: bool
    person: str
    purpose: str


@app.callback()
def options(
    context: typer.Context,
    book: Annotated[Path, typer.Option(envvar="THAW_BOOK", metavar="DIR", help="Folder of the casebook.")] = Path(
        "casebook"
    ),
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")] = False,
    person: Annotated[
        str, typer.Option("--as", envvar="THAW_AS", metavar="PERSON", help="Who is at work, for the ledger.")
    ] = "",
    purpose: Annotated[str, typer.Option("--purpose", metavar="TEXT", help="Why you look, for the ledger.")] = "",
) -> None:
    """Options that stand before the command."""
    context.obj = _Options(book, as_json, person or _login(), purpose or "not stated")


@app.command()
def init(
    context: typer.Context,
    key: Annotated[Path | None, typer.Option(metavar="FILE", help="Where the log key goes; must not exist.")] = None,
) -> None:
    """Make a new casebook and its log key."""
    from thaw.casework import init_book, key_lies_inside, utc_now

    chosen: _Options = context.obj
    made = init_book(chosen.book, key, utc_now, chosen.person)
    if key_lies_inside(chosen.book):
        tell("Warning: the log key lies inside the book. Whoever copies the book can forge it; move the key elsewhere.")
    _print(context, made, f"Made {made['book']}.\nNote this public key outside this machine:\n  {made['public_key']}")


@app.command("import")
def import_command(
    context: typer.Context,
    files: _Paths,
    format_name: Annotated[str | None, typer.Option("--format", help="Format, if it is not found by itself.")] = None,
    data_set: Annotated[
        str | None, typer.Option("--data-set", metavar="NAME", help="Data set they are of, whose keys are its own.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Count what would happen; writes no row.")] = False,
) -> None:
    """Import registers: each row is stored, already held, superseding, sealed, or a reject that you can see."""
    from thaw.casework.importing import import_files

    from . import show

    with _session(context) as session, show.progress("Importing") as progress:
        document = import_files(
            session, files, format_name=format_name, data_set=data_set, dry_run=dry_run, progress=progress
        )
    _print(context, document, show.imports(document, dry_run=dry_run))
    problems = [file["problem"] for file in document["files"] if file["problem"]]
    for problem in problems:
        tell(f"thaw: {problem}")
    if problems:
        raise Ended(3)


@app.command()
def rejects(context: typer.Context) -> None:
    """List the rows that were set aside, each with its reason and its words."""
    from thaw.casework.ledger import rejects as find

    from . import show

    with _session(context) as session:
        found = find(session, purpose=context.obj.purpose)
    _print(context, found, show.rejects(found))


@app.command()
def add(
    context: typer.Context,
    files: _Paths,
    case: Annotated[str | None, typer.Option(metavar="ID", help="Case they belong to.")] = None,
    new_case: Annotated[str | None, typer.Option(metavar="TITLE", help="Make a case for them.")] = None,
    box: Annotated[str | None, typer.Option(metavar="LABEL", help="Label of the box they came in.")] = None,
    wait: Annotated[bool, typer.Option("--wait", help="Read them now; else `work` or `serve` does.")] = False,
) -> None:
    """Take in documents (text, PDF with a text layer): bytes first, then the entry, then reading."""
    from thaw.casework.documents import add_documents
    from thaw.errors import InputError

    from . import show

    if case is not None and new_case is not None:
        raise InputError(where="add", got="--case and --new-case", want="one of them", fix="Leave one out.")
    with _session(context) as session, show.progress("Taking in") as progress:
        document = add_documents(
            session, files, case_id=case, new_title=new_case, box=box, wait=wait, progress=progress
        )
    _print(context, document, show.added(document))
    if any(file["state"] == "failed" for file in document["files"]):
        raise Ended(3)


@app.command()
def work(context: typer.Context) -> None:
    """Read the documents that wait to be read."""
    from thaw.casework.documents import read_waiting

    from . import show

    with _session(context) as session, show.progress("Reading") as progress:
        document = read_waiting(session, progress)
    _print(context, document, show.worked(document))
    if document["failed"]:
        raise Ended(3)


@app.command()
def cases(
    context: typer.Context,
    where: _Where = None,
    count: Annotated[bool, typer.Option("--count", help="Only how many.")] = False,
) -> None:
    """List or count cases; fields and values are those of docs/reference/vocabulary.md."""
    from thaw.casework.cases import case_count
    from thaw.casework.cases import cases as find

    from . import show

    with _session(context) as session:
        if count:
            number = case_count(session, where or [], purpose=context.obj.purpose)
            _print(context, {"count": number}, str(number))
            return
        found = find(session, where or [], purpose=context.obj.purpose)
    _print(context, found, show.cases(found))


@app.command()
def case(context: typer.Context, case_id: Annotated[str, typer.Argument(metavar="ID")]) -> None:
    """Show one case: its statements, who says so, and what disagrees."""
    from thaw.casework.cases import case as find

    from . import show

    with _session(context) as session:
        found = find(session, case_id, purpose=context.obj.purpose)
    _print(context, found, show.case(found))


@app.command()
def new(context: typer.Context, file: Annotated[Path, typer.Argument(metavar="FILE.json")]) -> None:
    """Enter a new incident from a file."""
    from thaw.casework.cases import new_case

    with _session(context) as session:
        made = new_case(session, file)
    _print(context, made, f"Made case {made['case_id']}. Next: thaw similar {made['case_id']}")


@app.command()
def similar(
    context: typer.Context,
    case_id: Annotated[str | None, typer.Argument(metavar="CASE_ID")] = None,
    incident: Annotated[
        Path | None, typer.Option(metavar="FILE.json", help="An incident that is not in the book.")
    ] = None,
    top: _Top = 10,
    where: _Where = None,
) -> None:
    """List the cases that look most like one, with what speaks for and against each."""
    from thaw.casework.similar import similar as find
    from thaw.errors import InputError

    from . import show

    if (case_id is None) == (incident is None):
        got = "neither a case nor an incident" if case_id is None else "a case and an incident"
        raise InputError(where="similar", got=got, want="CASE_ID or --incident FILE.json", fix="Give one of them.")
    with _session(context) as session:
        found = find(session, case_id, incident=incident, top=top, where=where or [], purpose=context.obj.purpose)
    _print(context, found, show.similar(found))


@app.command()
def search(
    context: typer.Context,
    query: Annotated[str, typer.Argument(metavar="QUERY")],
    purpose: Annotated[str | None, typer.Option(metavar="TEXT", help="Why you search; it goes into the log.")] = None,
    top: _Top = 20,
    case: Annotated[str | None, typer.Option(metavar="ID", help="Only in this case.")] = None,
) -> None:
    """Search words and "phrases" in pages and records; all of them must be there."""
    from thaw.casework.searching import search as find

    from . import show

    stated = "" if context.obj.purpose == "not stated" else context.obj.purpose
    why = purpose or stated
    if not why and sys.stdin.isatty() and not context.obj.as_json:
        why = typer.prompt("Why do you search? (for the log)", err=True)
    with _session(context) as session:
        found = find(session, query, purpose=why, top=top, case_id=case)
    _print(context, found, show.search(found))


@app.command()
def log(
    context: typer.Context,
    case: Annotated[str | None, typer.Option(metavar="ID", help="Only entries on this case.")] = None,
    actor: Annotated[str | None, typer.Option(metavar="PERSON", help="Only entries by this person.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=1_000_000, help="At most this many, newest first.")] = 100,
) -> None:
    """List ledger entries: who did what when, looks included."""
    from thaw.casework.ledger import log as find

    from . import show

    with _session(context) as session:
        found = find(session, case_id=case, person=actor, limit=limit, purpose=context.obj.purpose)
    _print(context, found, show.log(found))


@app.command()
def checkpoint(
    context: typer.Context,
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="Also write it to this new file.")] = None,
) -> None:
    """Print the newest signed checkpoint. Keep it outside: it shows later whether history was changed."""
    from thaw.casework.ledger import checkpoint as find

    with _session(context) as session:
        found = find(session, out)
    _print(context, found, found["note"].rstrip("\n"))


@app.command()
def verify(
    context: typer.Context,
    everything: Annotated[
        bool, typer.Option("--all", help="Also rebuild and compare all tables, and hash all files.")
    ] = False,
    against: Annotated[
        list[Path] | None, typer.Option(metavar="CHECKPOINT", help="A checkpoint kept elsewhere; may be repeated.")
    ] = None,
    public_key: Annotated[
        str, typer.Option("--public-key", metavar="VKEY", help="The log's public key as you noted it elsewhere.")
    ] = "",
) -> None:
    """Check that nothing was changed outside the ledger. Needs no log key and writes nothing."""
    from thaw.casework.ledger import verify as check

    from . import show

    with show.progress("Verifying") as progress:
        verdict = check(
            context.obj.book,
            everything=everything,
            against=against or [],
            public_key=public_key,
            progress=progress,
        )
    _print(context, verdict, f"{show.verdict(verdict)}\nChecked against the public key {verdict['public_key']}.")
    if verdict["status"] != "ok":
        raise Ended(1 if verdict["status"] == "tampered" else 3)


@app.command()
def backup(context: typer.Context, folder: Annotated[Path, typer.Argument(metavar="DIR")]) -> None:
    """Copy the book to a new folder while others work, and check the copy. The log key is not copied."""
    from thaw.casework.keeping import backup as copy

    from . import show

    with _session(context) as session, show.progress("Copying") as progress:
        made = copy(session, folder, progress)
    _print(
        context,
        made,
        f"Copied {made['entries']} entries to {made['backup']}; entries, tables and files of the copy verify.",
    )


@app.command()
def restore(context: typer.Context, folder: Annotated[Path, typer.Argument(metavar="DIR")]) -> None:
    """Copy a backup to the folder of --book, which must not hold a book, after checking it."""
    from thaw.casework.keeping import restore as copy

    from . import show

    with show.progress("Restoring") as progress:
        made = copy(folder, context.obj.book, progress)
    words = f"Restored {made['entries']} entries to {made['book']}; entries, tables and files verify."
    if not made["log_key_there"]:
        words += (
            f"\nPut the log key at {made['log_key']}, or name its place in casebook.toml: nothing opens without it."
        )
    _print(context, made, words)


@app.command()
def rebuild(context: typer.Context) -> None:
    """Make all tables anew from the ledger; the answers stay the same."""
    from thaw.casework.keeping import rebuild as make

    with _session(context, repair=True) as session:
        made = make(session)
    _print(context, made, f"Made {', '.join(made['rebuilt'])} anew from {made['entries']} entries.")


@app.command()
def serve(
    context: typer.Context,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port on this machine; 0 takes a free one.")] = 0,
) -> None:
    """Open the workbench for the browser on this machine. Prints one line with the address to open."""
    from thaw.web import serve_book

    with _session(context) as session:
        serve_book(session, port=port, announce=lambda url: _print(context, {"url": url}, url))


@app.command()
def demo(
    context: typer.Context,
    no_serve: Annotated[bool, typer.Option("--no-serve", help="End after the answer.")] = False,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port of the workbench; 0 takes a free one.")] = 0,
) -> None:
    """The main job on the bundled FBI records: an invented new killing, and the old cases that look like it."""
    from thaw.casework import utc_now
    from thaw.casework.demo import open_demo, run_demo

    from . import show

    chosen: _Options = context.obj
    folder = chosen.book if chosen.book != Path("casebook") else Path("demo-casebook")
    session = open_demo(folder, utc_now, chosen.person)
    try:
        with show.progress("Reading the sample") as progress:
            document = run_demo(session, progress)
        _print(context, document, show.demo(document))
        if document["problem"] or document["verify"]["status"] != "ok":
            raise Ended(3 if document["problem"] else 1)
        if not no_serve:
            from thaw.web import serve_book

            # Stdout already holds the one JSON document.
            serve_book(session, port=port, announce=tell if chosen.as_json else say)
    finally:
        session.book.close()


@contextmanager
def _session(context: typer.Context, *, repair: bool = False) -> Iterator[Session]:
    from thaw.casework import open_book, session

    chosen: _Options = context.obj
    book = open_book(chosen.book, repair=repair)
    try:
        yield session(book, chosen.person)
    finally:
        book.close()


def _login() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return f"uid-{os.getuid()}"


def _print(context: typer.Context, document: Any, words: str) -> None:
    if context.obj.as_json:
        print_json(document)
    else:
        say(words)
