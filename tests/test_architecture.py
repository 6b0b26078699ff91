"""docs/architecture.md is true of every file of the package; and each rule can fail, shown on invented sources."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest

from architecture_rules import (
    Module,
    exception_faults,
    face_faults,
    face_names,
    import_faults,
    make_module,
    outside_faults,
    read_module,
    read_rooms,
    shape_faults,
    sql_faults,
)

TOP = Path(__file__).resolve().parents[1]
PACKAGE = TOP / "src" / "thaw"
ROOMS = read_rooms((TOP / "docs" / "architecture.md").read_text("utf-8"))
MODULES = [read_module(PACKAGE, file) for file in sorted(PACKAGE.rglob("*.py"))]
FACES = {m.room: set(face_names(m) or ()) for m in MODULES if m.is_face}


def _all(rule: Callable[[Module], Iterable[str]], modules: Iterable[Module] = MODULES) -> list[str]:
    return [fault for module in modules for fault in rule(module)]


def _none(faults: list[str]) -> None:
    assert not faults, "\n" + "\n".join(faults)


def _imports(module: Module) -> Iterator[str]:
    return import_faults(module, ROOMS, FACES)


def _one(fault: Iterable[str]) -> str:
    """The words of the only fault, without its place."""
    (text,) = fault
    return text.split(": ", 1)[1]


# The package keeps the rules


def test_the_table_names_the_rooms_in_their_order():
    order = (
        "errors data record ledger outside store access intake casebook search linkage identify triage report casework "
        "web cli"
    )
    assert " ".join(ROOMS) == order
    assert ROOMS["search"].line == ROOMS["linkage"].line == ROOMS["identify"].line == ROOMS["triage"].line


def test_every_module_lies_in_a_room_of_the_table():
    unknown = {module.room for module in MODULES} - set(ROOMS) - {"", "__main__"}
    assert not unknown, "add a row to docs/architecture.md, or move the module"


def test_every_room_is_a_package_with_a_face():
    rooms = {module.room for module in MODULES} & set(ROOMS)
    assert rooms - {"errors"} == set(FACES)


def test_rooms_import_only_the_faces_of_rooms_above_them():
    _none(_all(_imports))


def test_faces_are_short_sorted_and_without_logic():
    _none(_all(face_faults, [module for module in MODULES if module.is_face]))


def test_files_and_functions_are_short_and_named_after_a_thing():
    _none(_all(shape_faults))


def test_only_the_store_knows_sql():
    _none(_all(lambda module: sql_faults(module, ROOMS)))


def test_pure_rooms_touch_neither_disk_nor_clock_nor_network():
    _none(_all(lambda module: outside_faults(module, ROOMS)))


def test_no_exception_is_swallowed():
    _none(_all(exception_faults))


# Each rule can fail


@pytest.mark.parametrize(
    "source",
    [
        "from thaw.casework import open_book",
        "def f():\n    from thaw.casework import open_book",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from thaw.casework import Book",
        "from ..casework import open_book",
        "import importlib\nimportlib.import_module('thaw.casework')",
        "__import__('thaw.casework.book')",
    ],
)
def test_an_import_from_a_room_below_is_found_wherever_it_hides(source: str):
    assert _one(_imports(make_module("linkage.scoring", source))) == (
        "linkage may not import casework, which is not above it"
    )


def test_siblings_do_not_import_each_other():
    fault = _one(_imports(make_module("linkage.scoring", "from thaw.search import find")))
    assert fault == "linkage may not import search, which is not above it"


@pytest.mark.parametrize("source", ["from thaw.record.place import Place", "import thaw.record"])
def test_other_rooms_are_known_by_their_face_alone(source: str):
    fault = _one(_imports(make_module("linkage.scoring", source)))
    assert fault == "write `from thaw.record import Name`: other rooms know only its face"


def test_a_room_cannot_be_taken_out_of_the_package_as_a_whole():
    fault = _one(_imports(make_module("casework.book", "from thaw import store")))
    assert fault == "write `from thaw.room import Name`"


def test_a_name_that_the_face_does_not_export_is_hidden():
    faces = {"record": {"Place"}}
    module = make_module("linkage.scoring", "from thaw.record import Place, place")
    assert _one(import_faults(module, ROOMS, faces)) == "place is not in the face of record"


def test_a_room_that_is_not_in_the_table_is_unknown():
    fault = _one(_imports(make_module("cli.app", "from thaw.magic import wand")))
    assert fault == "imports thaw.magic, which is no room"


def test_a_module_name_that_only_the_run_knows_is_refused():
    module = make_module("cli.app", "from importlib import import_module\nimport_module(name)")
    assert _one(_imports(module)) == "imports a module whose name cannot be read here"


@pytest.mark.parametrize("source", ["from .place import Place", "from thaw.errors import InputError", "import json"])
def test_own_modules_and_rooms_above_may_be_imported(source: str):
    assert list(_imports(make_module("record.statement", source))) == []


def test_the_doors_know_casework_by_module_but_not_its_private_names():
    assert list(_imports(make_module("cli.app", "from thaw.casework.similar import similar"))) == []
    assert _one(_imports(make_module("cli.app", "from thaw.casework.similar import _f"))) == "_f is private to casework"


def test_the_packaged_data_may_be_imported_by_module():
    assert list(_imports(make_module("linkage.scoring", "from thaw.data.places import county"))) == []


@pytest.mark.parametrize("room", ["casework", "casebook", "search", "web"])
def test_only_access_may_know_the_reader(room: str):
    module = make_module(f"{room}.desk", "def f():\n    from thaw.store import Reader")
    assert _one(_imports(module)) == "only access may know the store's Reader; ask for a view"
    assert list(_imports(make_module("access.view", "from thaw.store import Reader"))) == []


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        ("from .a import b\n__all__ = ['b']", "a face has a docstring"),
        ("'''Room.'''\nfrom .a import b", "a face has a plain list __all__"),
        (
            "'''Room.'''\nfrom .a import b, a\n__all__ = ['b', 'a']",
            "__all__ is not sorted: CONSTANTS, Classes, functions",
        ),
        ("'''Room.'''\nfrom .a import b, c\n__all__ = ['b']", "imported and public names differ: c"),
        ("'''Room.'''\nfrom .a import b\nb()\n__all__ = ['b']", "a face has no logic"),
        ("'''Room.'''\nfrom .a import b\nx = 1\n__all__ = ['b']", "a face has no logic"),
    ],
)
def test_a_face_with_anything_else_in_it_is_found(source: str, fault: str):
    assert _one(face_faults(make_module("record", source, is_package=True))) == fault


def test_a_face_of_more_than_twenty_names_is_found():
    names = [f"n{i:02}" for i in range(21)]
    module = make_module("record", f"'''Room.'''\nfrom .a import {', '.join(names)}\n__all__ = {names}", True)
    assert _one(face_faults(module)) == "21 names in the face, at most 20"


def test_a_module_with_a_vague_name_is_found():
    assert _one(shape_faults(make_module("record.utils", ""))) == "name the thing that the module holds"


def test_a_long_file_is_found_unless_it_explains_itself():
    text = "x = 1\n" * 501
    assert _one(shape_faults(make_module("record.a", text))) == "501 lines, at most 500"
    assert list(shape_faults(make_module("record.a", "# Long: one table of the standard\n" + text))) == []


def test_a_long_function_is_found_unless_it_explains_itself():
    text = "def f():\n    '''Two\n    lines.'''\n" + "    x = 1\n" * 60
    assert _one(shape_faults(make_module("record.a", text))) == "f has 61 lines, at most 60"
    assert list(shape_faults(make_module("record.a", "# Long: one formula\n" + text))) == []


def test_a_long_literal_is_data():
    module = make_module("record.a", f"codes = {list(range(41))}")
    assert _one(shape_faults(module)) == "a literal of 41 rows is data"


def test_pickle_is_found():
    assert _one(shape_faults(make_module("store.a", "import pickle"))) == "pickle runs what it reads"


@pytest.mark.parametrize(
    "text", ["SELECT a\nFROM b ", "INSERT OR REPLACE INTO a ", "PRAGMA wal", "CREATE VIRTUAL TABLE a ", "WITH a AS ("]
)
def test_sql_outside_the_store_is_found(text: str):
    module = make_module("casebook.fold", f"x = {text!r}")
    assert _one(sql_faults(module, ROOMS)) == "SQL stands in store only"
    assert list(sql_faults(make_module("store.reader", f"x = {text!r}"), ROOMS)) == []


def test_words_about_sql_are_not_sql():
    module = make_module("casebook.fold", "'''SELECT a FROM b.'''\nx = 'Select a case from the list'")
    assert list(sql_faults(module, ROOMS)) == []


def test_a_database_library_outside_its_room_is_found():
    fault = _one(sql_faults(make_module("casework.book", "def f():\n    import apsw"), ROOMS))
    assert fault == "casework may not import apsw"
    assert list(sql_faults(make_module("intake.tables", "import duckdb\nx = 'SELECT a FROM b '"), ROOMS)) == []


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        ("open('a')", "may not call open"),
        ("from pathlib import Path\nPath('a').read_text()", "may not call .read_text"),
        ("from datetime import datetime\ndatetime.now()", "may not call datetime.now"),
        ("import datetime\ndatetime.date.today()", "may not call datetime.date.today"),
        ("def f():\n    import time", "may not import time"),
        ("from urllib.request import urlopen", "may not import urllib.request"),
        ("import socket", "may not import socket"),
        ("import os\nos.listdir('a')", "may not call os.listdir"),
    ],
)
def test_a_pure_room_that_reaches_outside_is_found(source: str, fault: str):
    module = make_module("linkage.scoring", source)
    assert _one(outside_faults(module, ROOMS)) == f"linkage touches nothing, so it {fault}"
    assert list(outside_faults(make_module("casework.book", source), ROOMS)) == []


@pytest.mark.parametrize(
    ("handler", "fault"),
    [
        ("except:\n    raise", "a bare except"),
        ("except Exception:\n    pass", "catches Exception and does not say why: # Caught: ..."),
        ("except (KeyError, BaseException):\n    f()", "catches BaseException and does not say why: # Caught: ..."),
        ("except TamperError:\n    f()", "catches TamperError and does not say why: # Caught: ..."),
        ("except errors.ThawError:\n    f()", "catches ThawError and does not say why: # Caught: ..."),
    ],
)
def test_a_handler_that_catches_too_much_is_found(handler: str, fault: str):
    assert _one(exception_faults(make_module("intake.rows", f"try:\n    f()\n{handler}"))) == fault


def test_suppressing_every_exception_is_found():
    module = make_module("intake.rows", "import contextlib\nwith contextlib.suppress(Exception):\n    f()")
    assert _one(exception_faults(module)) == "suppresses too much"


@pytest.mark.parametrize(
    ("room", "handler"),
    [
        ("cli", "except Exception:\n    f()"),
        ("store", "except BaseException:\n    f()\n    raise"),
        ("intake", "except Exception as error:\n    # Caught: recorded as failed, the others go on\n    f(error)"),
        ("intake", "except ValueError:\n    pass"),
    ],
)
def test_a_handler_that_knows_what_it_does_may_stand(room: str, handler: str):
    assert list(exception_faults(make_module(f"{room}.a", f"try:\n    f()\n{handler}"))) == []
