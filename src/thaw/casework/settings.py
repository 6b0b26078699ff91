"""The settings of a book, in `casebook.toml`: what may be set, its default, and what it means."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from thaw.errors import InputError

FILE = "casebook.toml"


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: type, default and meaning; the name is `section.key`. Numbers lie within `low` and `high`."""

    type: type
    default: Any
    help: str
    low: float = float("-inf")
    high: float = float("inf")


SETTINGS: Mapping[str, Setting] = {
    "log.key": Setting(str, "", "Path of the log key file. Keep it outside the book, readable by its owner only."),
    "log.public_key": Setting(str, "", "The log's public key, written by `thaw init`; `thaw verify` needs only this."),
    "log.policy": Setting(
        str, "", "Path of the policy file: keys of the log and of witnesses, and how many of them must sign."
    ),
    "seal.cap": Setting(float, 500.0, "A destruction of more entries than this is refused.", 1, 1e9),
    "seal.cooling_off_hours": Setting(
        float, 72.0, "Hours between an order to destroy and the destruction, in which it can still be stopped.", 0, 8760
    ),
    "intake.reissue_share": Setting(
        float,
        0.5,
        "A file is a newer issue of a data set when it holds at least this share of the rows held from it.",
        0.01,
        1,
    ),
    "linkage.preset": Setting(str, "homicide", "Named set of curves and consistencies that the linkage uses."),
    "linkage.serial_share": Setting(
        float, 0.02, "Share of homicides that belong to a series, before looking.", 1e-6, 1
    ),
    "linkage.series_length": Setting(float, 4.0, "Mean number of cases in a series, before looking.", 1.01, 1000),
    "linkage.false_alarms_per_month": Setting(
        float, 5.0, "How many pairs of cases that only look alike you are willing to be told of in a month.", 1e-3, 1e4
    ),
    "linkage.alert_from": Setting(
        float,
        10.0,
        "Tell nobody of two cases that are less than so many times likelier to look alike under one offender.",
        1,
        1e6,
    ),
    "linkage.cases_per_month": Setting(
        float, 0.0, "New cases a month, for the threshold of alerts; 0 counts those of the book's last year.", 0, 1e6
    ),
}


def read_settings(folder: Path) -> dict[str, Any]:
    """All settings of the book in `folder`, defaults filled in.

    Raises InputError when the file is missing, is no TOML, or names an unknown setting or a value of the wrong type.
    """
    path = folder / FILE
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        raise InputError(
            where=str(folder), got=f"no {FILE}", want="a casebook", fix="Make one with `thaw --book DIR init`."
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(
            where=str(path), got=f"a file that is no TOML ({error})", want="settings", fix="Mend the line."
        ) from None
    found = {name: setting.default for name, setting in SETTINGS.items()}
    for section, values in data.items():
        for key, value in values.items() if isinstance(values, dict) else [("", values)]:
            found[_known(path, f"{section}.{key}".rstrip("."), value)] = value
    return found


def write_settings(folder: Path, values: Mapping[str, Any]) -> None:
    """Write `casebook.toml` with these settings, each below its meaning; other settings stand there as comments."""
    lines: list[str] = ["# Settings of this casebook. docs/reference/settings.md explains each."]
    section = ""
    for name, setting in SETTINGS.items():
        head, _, key = name.partition(".")
        if head != section:
            section = head
            lines += ["", f"[{section}]"]
        mark = "" if name in values else "# "
        lines += [f"# {setting.help}", f"{mark}{key} = {_toml(values.get(name, setting.default))}"]
    (folder / FILE).write_text("\n".join(lines) + "\n", encoding="utf-8")


def _known(path: Path, name: str, value: Any) -> str:
    setting = SETTINGS.get(name)
    if setting is None:
        raise InputError(
            where=str(path), got=f"the setting {name}", want="one of " + ", ".join(SETTINGS), fix="Rename or remove it."
        )
    good = isinstance(value, (int, float)) and not isinstance(value, bool) if setting.type is float else None
    if not (isinstance(value, setting.type) if good is None else good):
        want = {float: "a number", str: "a text"}[setting.type]
        raise InputError(where=f"{path}, {name}", got=repr(value), want=want, fix="Correct the value.")
    if good and not setting.low <= value <= setting.high:
        want = f"a number from {setting.low:g} to {setting.high:g}"
        raise InputError(where=f"{path}, {name}", got=repr(value), want=want, fix="Correct the value.")
    return name


def _toml(value: Any) -> str:
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return str(value)
