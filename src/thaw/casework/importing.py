"""Imports registers: every row is stored, already held, superseding, sealed or rejected, and the sum is kept.

Rows go in by batches, each one transaction; a stopped import is finished by giving the same command again.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from thaw.access import View
from thaw.errors import InputError
from thaw.intake import RowReader, reader_for
from thaw.intake.spec_guess import guess_spec
from thaw.intake.spec_table import SpecTable

from .book import Progress, Session, no_progress
from .import_run import ImportRun

# A month's update is scored while somebody waits; a register of decades is not, `thaw work` or the workbench does that.
_SCORED_AT_ONCE = 5_000


def import_files(
    session: Session,
    paths: Sequence[Path],
    *,
    format_name: str | None = None,
    data_set: str | None = None,
    spec: str | None = None,
    dry_run: bool = False,
    progress: Progress = no_progress,
) -> dict[str, Any]:
    """Import files one after the other; returns the document of `thaw import`.

    data_set  name of the data set that the files are of: its keys are its own, so that key 1 of another is another row

    spec      import specification of a table that no reader knows: a TOML file or a name; see `reader_for`

    All files are looked at before the first is read. With `dry_run` no row is written, only that somebody looked.
    Ctrl-C, a full disk and a file that turns out to be damaged half-way end the file at hand with `problem` set and
    leave out the rest; what was committed stays. Raises InputError when a file is of no known format, the name of
    the data set is none, or the book is a demo.
    """
    if data_set is not None and not re.fullmatch(r"[A-Za-z0-9-]{1,40}", data_set):
        raise InputError(
            where="--data-set",
            got=repr(data_set),
            want="1 to 40 letters (A to Z), digits and dashes",
            fix="Use a name such as utah-1976.",
        )
    if session.book.store.kind == "demo" and not dry_run:
        raise InputError(
            where=str(session.book.folder),
            got="a demo book",
            want="a book of your own, so that invented and real cases never mix",
            fix="Make one with `thaw --book DIR init`.",
        )
    files = [(path, reader_for(path, format_name, spec)) for path in paths]
    return {"files": import_checked(session, files, dry_run, progress, data_set, alert=True)}


def import_checked(
    session: Session,
    files: Sequence[tuple[Path, RowReader]],
    dry_run: bool,
    progress: Progress,
    data_set: str | None = None,
    alert: bool = False,
) -> list[dict[str, Any]]:
    """Import files whose readers are known; see `import_files`.

    alert  score what came in against all cases when the files are in, a whole register later; the counts stand with
           the last file
    """
    done: list[dict[str, Any]] = []
    looked: View | None = None
    for path, reader in files:
        own = reader.spec.name if isinstance(reader, SpecTable) else None
        run = ImportRun(session, path, reader, dry_run, progress, data_set or own)
        run.go()
        if run.view is not None and run.tally.cases and not run.tally.problem:
            # What compares is loaded where it is used: most of the start of a small import was its loading.
            from .same_case import propose_same_cases

            run.tally.proposed = propose_same_cases(session, run.view, since=run.import_seq)
        if run.view is not None and not dry_run and run.tally.persons + run.tally.counts["superseded"]:
            from .person_alerts import alert_on_people
            from .same_number import join_same_numbers

            join_same_numbers(session, run.view, since=run.import_seq)
            alert_on_people(session, run.view, since=run.import_seq)
        looked = run.view or looked
        done.append(run.tally.to_json())
        if run.tally.problem:
            break
    if alert and looked is not None:
        from .import_alerts import alert_on_import

        told = alert_on_import(session, looked, always=True, at_most=_SCORED_AT_ONCE, progress=progress)
        done[-1] |= {"alerts": told.raised, "alerts_held_back": told.held_back, "alerts_waiting": told.waiting}
    return done


def guess_specs(paths: Sequence[Path], out: Path | None) -> dict[str, Any]:
    """Write a first specification for each table; returns `{"guessed":[{"file","spec","left_out"}]}`.

    out  where to write it, for one table; else NAME.toml in the current folder
    Raises InputError when that file exists.
    """
    if out is not None and len(paths) > 1:
        raise InputError(where="--spec", got="one name for several tables", want="one table", fix="Guess one by one.")
    done = []
    for path in paths:
        target = out or Path(f"{path.stem}.toml")
        text, left_out = guess_spec(path)
        try:
            with target.open("x", encoding="utf-8") as file:
                file.write(text)
        except OSError as error:
            raise InputError(
                where=str(target), got=error.strerror or "an error", want="a new file", fix="Name another with --spec."
            ) from None
        done.append({"file": path.name, "spec": str(target), "left_out": left_out})
    return {"guessed": done}
