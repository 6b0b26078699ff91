"""`thaw kinship`: reads a file of cases, a Familias project, own tables; in a book the run is an entry."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from thaw import __version__
from thaw.errors import InputError
from thaw.identify import kinship_lr, read_fam, read_frequencies, read_profiles, with_tables

from .book import Session, name_of


def kinship(
    file: Path,
    *,
    pruning: str | None = None,
    sensitive: bool = False,
    frequencies: Path | None = None,
    profiles: Path | None = None,
    session: Session | None = None,
    purpose: str = "",
) -> list[dict[str, Any]]:
    """Likelihood ratios of every case of a file; the answer of `thaw kinship`.

    session  a person at work in a book: the look is committed before anything is computed, the run after it
    Raises InputError for a file that cannot be read, naming the case and the key.
    """
    given = [path for path in (file, frequencies, profiles) if path is not None]
    texts = {path: read_text(path) for path in given}
    inputs = [{"file": name_of(path), "sha256": digest_of(texts[path])} for path in given]
    document = read_document(file, texts[file])
    if frequencies is not None or profiles is not None:
        document = with_tables(
            document,
            None if frequencies is None else read_frequencies(texts[frequencies], name_of(frequencies)),
            None if profiles is None else read_profiles(texts[profiles], name_of(profiles)),
        )
    if session is None:
        return kinship_lr(document, pruning=pruning, sensitive=sensitive)
    detail = {"command": "kinship", "inputs": inputs, "pruning": pruning, "software": __version__}
    view = session.look(purpose, detail=detail)
    found = kinship_lr(document, pruning=pruning, sensitive=sensitive)
    digest = hashlib.sha256(json.dumps(found, sort_keys=True).encode()).hexdigest()
    conventions = sorted({one["convention"] for one in found})
    kept = {**detail, "conventions": conventions}
    view.record_result("identify.kinship", kept, [one["id"] for one in found], len(found), digest)
    return found


def read_text(path: Path) -> str:
    """A text file as UTF-8, else as Latin-1. Raises InputError when it cannot be read."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        got = (error.strerror or "an error").lower()
        raise InputError(where=str(path), got=got, want="a file that can be read", fix="Check the path.") from None
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def digest_of(text: str) -> str:
    """SHA-256 of a text in UTF-8."""
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()


def read_document(path: Path, text: str) -> Any:
    """The cases of a JSON file or a Familias project. Raises InputError at the place that is no JSON."""
    if path.suffix.lower() == ".fam":
        return read_fam(text, name_of(path))
    try:
        return json.loads(text)
    except ValueError as error:
        got = f"text that is no JSON ({error})"
        raise InputError(
            where=name_of(path), got=got, want="a JSON file or a .fam file", fix="Check the file."
        ) from None
    except RecursionError:
        raise InputError(
            where=name_of(path), got="JSON nested too deep", want="a file of cases", fix="Check the file."
        ) from None
