"""The rules of docs/architecture.md as functions: a parsed module in, a list of broken rules out.

They know syntax, not meaning: an import, a call or a text that looks like the forbidden thing is taken for it.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

MAX_FILE_LINES, MAX_FUNCTION_LINES, MAX_FACE_NAMES, MAX_LITERAL_ROWS = 500, 60, 20, 40
DOORS = {"cli", "web"}
KNOWN_BY_MODULE = {"casebook", "casework", "data", "intake", "linkage", "report"}
VAGUE_NAMES = {"base", "common", "helper", "helpers", "misc", "util", "utils"}
PICKLES = {"dill", "marshal", "pickle", "shelve"}
DATABASES = {"apsw", "duckdb", "psycopg", "sqlite3"}
OUTSIDE = {"asyncio", "http", "shutil", "socket", "ssl", "subprocess", "tempfile", "time", "urllib.request"}
FILE_METHODS = {
    "is_dir", "is_file", "iterdir", "mkdir", "open", "read_bytes", "read_text", "rglob", "touch", "unlink",
    "write_bytes", "write_text",
}  # fmt: skip
HARMLESS_OS = {"os.fsdecode", "os.fsencode", "os.fspath", "os.path.basename", "os.path.join", "os.urandom"}
TOO_MUCH = {"BaseException", "Exception", "TamperError", "ThawError"}
CLOCKS = {"datetime.now", "datetime.today", "datetime.utcnow", "date.today"}
SQL = re.compile(
    r"\s*(SELECT\s.*\sFROM\s|INSERT\s+(OR\s+\w+\s+)?INTO\s|UPDATE\s+\w+\s+SET\s|DELETE\s+FROM\s|PRAGMA\s+\w"
    r"|(CREATE|DROP)\s+(TEMP\s+|UNIQUE\s+|VIRTUAL\s+)?(TABLE|INDEX|TRIGGER|VIEW)\s|BEGIN\s+(IMMEDIATE|EXCLUSIVE)"
    r"|ATTACH\s|WITH\s+(RECURSIVE\s+)?\w+\s+AS\s*\()",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Room:
    """One row of the table in docs/architecture.md; `line` is its place in the order."""

    name: str
    line: int
    touches: str
    sql: str


@dataclass(frozen=True, slots=True)
class Module:
    """One source file: its dotted path below the package (`()` for the package itself), text and tree."""

    path: tuple[str, ...]
    is_package: bool
    text: str
    tree: ast.Module

    @property
    def room(self) -> str:
        return self.path[0] if self.path else ""

    @property
    def is_face(self) -> bool:
        return self.is_package and len(self.path) == 1

    def nodes(self) -> Iterator[ast.AST]:
        return ast.walk(self.tree)

    def at(self, node: ast.AST, words: str) -> str:
        name = "/".join(self.path) or "thaw"
        return f"{name}{'/__init__' if self.is_package else ''}.py:{getattr(node, 'lineno', 1)}: {words}"


@dataclass(frozen=True, slots=True)
class Import:
    """A module that is imported, and the names taken out of it (none for `import x`)."""

    node: ast.AST
    module: str
    names: tuple[str, ...]


def read_module(root: Path, file: Path) -> Module:
    parts = list(file.relative_to(root).with_suffix("").parts)
    return make_module(".".join(p for p in parts if p != "__init__"), file.read_text("utf-8"), parts[-1] == "__init__")


def make_module(dotted: str, text: str, is_package: bool = False) -> Module:
    return Module(tuple(dotted.split(".")) if dotted else (), is_package, text, ast.parse(text))


def read_rooms(markdown: str) -> dict[str, Room]:
    row = re.compile(r"^\| *(\d+) *\| *`(\w+)` *\|[^|]*\| *(\w+) *\| *(\w+) *\|$", re.MULTILINE)
    return {name: Room(name, int(line), touches, sql) for line, name, touches, sql in row.findall(markdown)}


# What a module imports


def imports(module: Module) -> Iterator[Import]:
    for node in module.nodes():
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(node, alias.name, ())
        elif isinstance(node, ast.ImportFrom):
            yield Import(node, _absolute(module, node), tuple(alias.name for alias in node.names))
        elif isinstance(node, ast.Call) and _dotted(node.func).split(".")[-1] in {"import_module", "__import__"}:
            first = node.args[0] if node.args else None
            name = first.value if isinstance(first, ast.Constant) and isinstance(first.value, str) else "?"
            yield Import(node, name, ())


def _absolute(module: Module, node: ast.ImportFrom) -> str:
    if not node.level:
        return node.module or ""
    package = ["thaw", *module.path][: None if module.is_package else -1]
    package = package[: len(package) - node.level + 1]
    return ".".join([*package, *([node.module] if node.module else [])])


def _dotted(node: ast.AST) -> str:
    if isinstance(node, ast.Attribute):
        return f"{_dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""


def import_faults(module: Module, rooms: Mapping[str, Room], faces: Mapping[str, set[str]]) -> Iterator[str]:
    """Rules 1 and 3: the order of rooms, siblings, faces, and who may know the Reader."""
    for found in imports(module):
        if found.module == "?":
            yield module.at(found.node, "imports a module whose name cannot be read here")
        if found.module.split(".")[0] != "thaw":
            continue
        if found.module == "thaw":
            if set(found.names) - {"__version__"}:
                yield module.at(found.node, "write `from thaw.room import Name`")
            continue
        room, _, inside = found.module.removeprefix("thaw.").partition(".")
        if room == module.room:
            continue
        if room not in rooms:
            yield module.at(found.node, f"imports {found.module}, which is no room")
        elif module.path == ("__main__",):
            if room != "cli":
                yield module.at(found.node, "may only start the command line")
        elif module.room not in rooms or rooms[room].line >= rooms[module.room].line:
            yield module.at(found.node, f"{module.room or 'the package'} may not import {room}, which is not above it")
        else:
            yield from _face_faults(module, found, room, inside, faces)


def _face_faults(module: Module, found: Import, room: str, inside: str, faces: Mapping[str, set[str]]) -> Iterator[str]:
    if hidden := [name for name in found.names if name.startswith("_")]:
        yield module.at(found.node, f"{hidden[0]} is private to {room}")
    if found.names and room in KNOWN_BY_MODULE:
        return
    if inside or not found.names:
        yield module.at(found.node, f"write `from thaw.{room} import Name`: other rooms know only its face")
    elif hidden := set(found.names) - faces.get(room, set(found.names)):
        yield module.at(found.node, f"{', '.join(sorted(hidden))} is not in the face of {room}")
    if room == "store" and "Reader" in found.names and module.room != "access":
        yield module.at(found.node, "only access may know the store's Reader; ask for a view")


# The face of a room


def face_names(module: Module) -> list[str] | None:
    """The names in `__all__`, or None where there is no plain list of texts."""
    for node in module.tree.body:
        if isinstance(node, ast.Assign) and _dotted(node.targets[0]) == "__all__" and isinstance(node.value, ast.List):
            values = [e.value for e in node.value.elts if isinstance(e, ast.Constant) and isinstance(e.value, str)]
            return values if len(values) == len(node.value.elts) else None
    return None


def face_faults(module: Module) -> Iterator[str]:
    """Rule 2. The loader `data` is a face with functions of its own."""
    names = face_names(module)
    if ast.get_docstring(module.tree) is None:
        yield module.at(module.tree, "a face has a docstring")
    if names is None:
        yield module.at(module.tree, "a face has a plain list __all__")
        return
    if len(names) > MAX_FACE_NAMES:
        yield module.at(module.tree, f"{len(names)} names in the face, at most {MAX_FACE_NAMES}")
    if names != sorted(names, key=_ruff_order) or len(set(names)) != len(names):
        yield module.at(module.tree, "__all__ is not sorted: CONSTANTS, Classes, functions")
    if module.room == "data":
        return
    public = set()
    for node in module.tree.body:
        if isinstance(node, ast.ImportFrom):
            public |= {a.asname or a.name for a in node.names} if node.module != "__future__" else set()
        elif not _is_docstring(node) and not (isinstance(node, ast.Assign) and _dotted(node.targets[0]) == "__all__"):
            yield module.at(node, "a face has no logic")
    if odd := public ^ set(names):
        yield module.at(module.tree, f"imported and public names differ: {', '.join(sorted(odd))}")


def _is_docstring(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _ruff_order(name: str) -> tuple[int, str]:
    return (0 if name.isupper() else 1 if name[:1].isupper() else 2, name)


# Names, lengths, literals


def shape_faults(module: Module) -> Iterator[str]:
    """Rules 4, 5 and 8."""
    lines = module.text.splitlines()
    if module.path and module.path[-1] in VAGUE_NAMES:
        yield module.at(module.tree, "name the thing that the module holds")
    if len(lines) > MAX_FILE_LINES and not any(line.startswith("# Long:") for line in lines[:5]):
        yield module.at(module.tree, f"{len(lines)} lines, at most {MAX_FILE_LINES}")
    for node in module.nodes():
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            first = min([node.lineno, *(d.lineno for d in node.decorator_list)])
            explained = lines[first - 2 : first - 1] and lines[first - 2].strip().startswith("# Long:")
            if (length := _length(node)) > MAX_FUNCTION_LINES and not explained:
                yield module.at(node, f"{node.name} has {length} lines, at most {MAX_FUNCTION_LINES}")
        rows = len(node.keys) if isinstance(node, ast.Dict) else len(getattr(node, "elts", ()))
        if rows > MAX_LITERAL_ROWS:
            yield module.at(node, f"a literal of {rows} rows is data")
    for found in imports(module):
        if found.module.split(".")[0] in PICKLES:
            yield module.at(found.node, f"{found.module} runs what it reads")


def _length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    total = (node.end_lineno or node.lineno) - node.lineno + 1
    if ast.get_docstring(node) is None:
        return total
    text = node.body[0]
    return total - ((text.end_lineno or text.lineno) - text.lineno + 1)


# Databases, and the world outside


def sql_faults(module: Module, rooms: Mapping[str, Room]) -> Iterator[str]:
    """The SQL column: `sqlite` allows everything, `duckdb` allows SQL in files that import DuckDB, `no` allows none."""
    allowed = rooms[module.room].sql if module.room in rooms else "no"
    if allowed == "sqlite":
        return
    used = {found.module.split(".")[0]: found.node for found in imports(module)}
    for name in sorted(DATABASES & set(used)):
        if name != allowed:
            yield module.at(used[name], f"{module.room} may not import {name}")
    if allowed == "duckdb" and "duckdb" in used:
        return
    docstrings = {id(node.value) for node in module.nodes() if isinstance(node, ast.Expr)}
    for node in module.nodes():
        text = node.value if isinstance(node, ast.Constant) and id(node) not in docstrings else None
        if isinstance(text, str) and SQL.match(text):
            yield module.at(node, "SQL stands in store only")


def outside_faults(module: Module, rooms: Mapping[str, Room]) -> Iterator[str]:
    """Rule 6: rooms that touch nothing open no file and ask no clock and no network."""
    if module.room not in rooms or rooms[module.room].touches != "nothing":
        return
    for found in imports(module):
        if found.module in OUTSIDE or found.module.split(".")[0] in OUTSIDE:
            yield module.at(found.node, f"{module.room} touches nothing, so it may not import {found.module}")
    for node in module.nodes():
        name = _dotted(node.func) if isinstance(node, ast.Call) else ""
        method = node.func.attr if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) else ""
        system = name.startswith("os.") and name not in HARMLESS_OS
        if system or name == "open" or method in FILE_METHODS or ".".join(name.split(".")[-2:]) in CLOCKS:
            yield module.at(node, f"{module.room} touches nothing, so it may not call {name or method}")


# Exceptions


def exception_faults(module: Module) -> Iterator[str]:
    """Rule 7. A handler that ends by raising again has swallowed nothing."""
    lines = module.text.splitlines()
    for node in module.nodes():
        if isinstance(node, ast.Call) and _dotted(node.func).split(".")[-1] == "suppress":
            if {_dotted(a).split(".")[-1] for a in node.args} & TOO_MUCH:
                yield module.at(node, "suppresses too much")
        elif isinstance(node, ast.ExceptHandler) and node.type is None:
            yield module.at(node, "a bare except")
        elif isinstance(node, ast.ExceptHandler) and not isinstance(node.body[-1], ast.Raise):
            near = lines[node.lineno - 2 : node.body[0].lineno]
            explained = module.room in DOORS or any("# Caught:" in line for line in near)
            if (caught := sorted(set(_caught(node)) & TOO_MUCH)) and not explained:
                yield module.at(node, f"catches {caught[0]} and does not say why: # Caught: ...")


def _caught(node: ast.ExceptHandler) -> Iterable[str]:
    kinds = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type] if node.type else []
    return (_dotted(kind).split(".")[-1] for kind in kinds)
