"""The commands, in the order in which `thaw --help` lists them; a new group of commands is one more line here.

Each command opens what it needs, calls one function of casework and prints its document. Heavy imports sit inside the
commands: `thaw --help` loads none of them.
"""

from __future__ import annotations

import typer

from . import (
    cases,
    claims,
    crossings,
    documents,
    identify,
    keeping,
    kinship,
    ledger,
    linkage,
    named,
    namesakes,
    outside,
    persons,
    registers,
    sealing,
    search,
    series,
    serving,
)
from .door import options

app = typer.Typer(
    name="thaw",
    help="Workbench of a cold-case unit: reads old files, finds which cases look alike and why, keeps a ledger.",
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    callback=options,
)
app.add_typer(keeping.commands)
app.add_typer(registers.commands)
app.add_typer(documents.commands)
app.add_typer(cases.commands)
app.add_typer(persons.commands)
app.add_typer(linkage.commands)
app.add_typer(series.commands)
app.add_typer(identify.commands)
app.add_typer(kinship.commands)
app.add_typer(search.commands)
app.add_typer(crossings.commands)
app.add_typer(claims.commands)
app.add_typer(named.commands)
app.add_typer(namesakes.commands)
app.add_typer(ledger.commands)
app.add_typer(outside.commands)
app.add_typer(sealing.commands)
app.add_typer(serving.commands)
