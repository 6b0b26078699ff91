"""The reading process: takes one order a line on standard input, answers in lines of JSON. It holds no book.

A file that crashes a reader, or asks for too much memory, ends this process and no other; see `process`.
"""

from __future__ import annotations

import json
import resource
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from thaw.errors import InputError

from .dispatch import read_document, reader_name
from .limits import MEMORY_BYTES, OFFICE_BYTES, SECOND_READER_BYTES
from .pages import Page, Part, Read, Remark, Total


def main() -> None:
    """Answer orders until standard input ends."""
    # The soft limit binds this process; LibreOffice, which alone needs more, is started under the hard one.
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, max(OFFICE_BYTES, SECOND_READER_BYTES)))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    for line in sys.stdin:
        try:
            for answer in _answers(json.loads(line)):
                _say(answer)
            _say({"end": True})
        except InputError as error:
            _say({"problem": [error.got, error.want, error.fix]})
        except MemoryError:
            got = f"a file that takes more than {MEMORY_BYTES >> 20:,} MB of memory to read"
            _say({"problem": [got, "a file that fits", "Split it, or save it with fewer dots an inch."]})
        except Exception as error:
            # Caught: a foreign file can upset its reader in ways that nobody foresaw; it is told, and becomes a reject.
            got = f"a file that its reader stumbles over ({type(error).__name__}: {error})"
            _say({"problem": [got, "a whole document", "Print it to a new PDF."]})


def _answers(order: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    path = Path(order["path"])
    match order["do"]:
        case "read":
            yield {"engine": reader_name(order["type"])}
            for found in read_document(path, order["type"], order["first"], Path(order["folder"])):
                yield _packed(found)
        case "look":
            from ..ocr.page import looked_at

            yield {"picture": looked_at(path, order["type"], order["page"])}
        case "recognize":
            from ..ocr.page import recognized

            yield recognized(path, order["type"], order["page"])
        case "picture":
            from ..ocr.page import shown

            yield shown(path, order["type"], order["page"], order["dpi"], Path(order["to"]))


def _packed(found: Read) -> dict[str, Any]:
    match found:
        case Page():
            words = [[w.start, w.end, w.box, w.confidence] for w in found.words]
            page = {"number": found.number, "text": found.text, "width": found.width, "height": found.height}
            return {"page": page | {"words": words}, "picture": found.picture}
        case Part():
            return {"part": found.name, "file": str(found.file) if found.file else None, "problem": found.problem}
        case Total():
            return {"total": found.pages}
        case Remark():
            return {"remark": found.words}


def _say(answer: Mapping[str, Any]) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()
