"""Reads one gray picture (PPM on standard input) with rapidocr and prints its lines; run by `second`.

Needs rapidocr and nothing of Thaw, so that any Python that has it will do. Its models lie in its own wheel; nothing is
fetched.
"""

from __future__ import annotations

import io
import json
import sys
from importlib import metadata
from typing import Any


def main() -> int:
    """Print `{"engine","lines":[[text, score, [left, top, right, bottom]], ...]}`; 1 when rapidocr is not there."""
    try:
        import numpy as np
        import rapidocr  # type: ignore[import-not-found, unused-ignore]
        from PIL import Image
    except ImportError as error:
        print(f"got no {error.name}, want rapidocr", file=sys.stderr)
        return 1
    picture = np.asarray(Image.open(io.BytesIO(sys.stdin.buffer.read())).convert("RGB"))
    found: Any = rapidocr.RapidOCR(params={"Global.log_level": "error"})(picture)
    corners = found.boxes if found.boxes is not None else ()
    boxes = [[*map(float, box.min(axis=0)), *map(float, box.max(axis=0))] for box in corners]
    lines = list(zip(found.txts or (), map(float, found.scores or ()), boxes, strict=True))
    print(json.dumps({"engine": f"rapidocr {metadata.version('rapidocr')}", "lines": lines}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
