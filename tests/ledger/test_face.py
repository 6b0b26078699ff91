from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import thaw.ledger
from thaw.ledger import entry_kinds
from thaw.ledger.findings import finding_kinds

METHODS = Path(__file__).parents[2] / "docs" / "methods" / "ledger.md"


def test_the_face_is_sorted_and_small():
    assert thaw.ledger.__all__ == sorted(thaw.ledger.__all__)
    assert len(thaw.ledger.__all__) <= 20


def test_importing_the_ledger_does_not_import_cryptography_or_numpy():
    code = "import sys, thaw.ledger; print([m for m in ('cryptography', 'numpy', 'apsw') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=_path())
    assert done.stdout == "[]\n"


def test_the_methods_page_names_every_finding_with_its_verdict_and_meaning():
    page = METHODS.read_text(encoding="utf-8")
    rows = [f"| `{kind}` | {status} | {meaning} |" for kind, (status, meaning) in finding_kinds().items()]
    assert [row for row in rows if row not in page] == []
    assert page.count("\n| `") == len(rows)


def test_the_methods_page_says_how_many_kinds_of_entries_there_are():
    assert f"{len(entry_kinds())} kinds" in METHODS.read_text(encoding="utf-8")


def _path() -> dict[str, str]:
    return {"PYTHONPATH": str(Path(thaw.__file__).parents[1])}
