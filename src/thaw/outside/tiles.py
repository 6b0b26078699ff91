"""Where tiles and entries lie in an export, and how entries are packed. C2SP tlog-tiles."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from thaw.errors import InputError

WIDTH = 256


def tile_path(level: int | None, number: int, width: int = WIDTH) -> str:
    """Path of a tile of hashes, or with level None of a bundle of entries: `tile/0/x001/234.p/5`.

    number  0 or more; width  1 to 256 hashes or entries, 256 for a full one
    """
    parts = [f"{number % 1000:03d}"]
    while number >= 1000:
        number //= 1000
        parts.append(f"x{number % 1000:03d}")
    path = f"tile/{'entries' if level is None else level}/{'/'.join(reversed(parts))}"
    return path if width == WIDTH else f"{path}.p/{width}"


def bundle_of(entries: Iterable[bytes]) -> bytes:
    """Entries one after the other, each behind its length in 16 bits, big end first."""
    return b"".join(len(entry).to_bytes(2, "big") + entry for entry in entries)


def entries_of(bundle: bytes) -> Iterator[bytes]:
    """The entries of a bundle; InputError when it ends in the middle of one."""
    at = 0
    while at < len(bundle):
        end = at + 2 + int.from_bytes(bundle[at : at + 2], "big")
        if end > len(bundle) or at + 2 > len(bundle):
            raise InputError(
                where="bundle of entries", got="an end in the middle of an entry", want="whole entries",
                fix="Copy the file whole.",
            )  # fmt: skip
        yield bundle[at + 2 : end]
        at = end
