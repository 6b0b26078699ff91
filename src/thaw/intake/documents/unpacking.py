"""Takes files out of ZIP packages in bounded bites; names inside are labels and never paths on this machine."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from .limits import ALL_PARTS_BYTES, PART_BYTES, PARTS, XML_BYTES, refuse
from .pages import Part, Read

_BITE = 1 << 20


def checked_package(path: Path) -> list[str]:
    """The names in an office file, which is a ZIP package. Raises InputError when it is damaged, locked or a bomb."""
    with _opened(path) as package:
        infos = package.infolist()
        if len(infos) > PARTS or sum(info.file_size for info in infos) > 2 * XML_BYTES:
            raise refuse(
                "an office file that unpacks to more than 512 MB", "a file that people wrote", "Print it to PDF."
            )
        if any(info.flag_bits & 1 for info in infos):
            raise refuse("a file that is locked with a password", "a file that opens", "Get an unlocked copy.")
        return [info.filename for info in infos]


def member(path: Path, name: str) -> bytes | None:
    """The bytes of one member, at most 256 MB; None when there is none of that name."""
    with _opened(path) as package:
        try:
            with package.open(name) as stream:
                data = stream.read(XML_BYTES + 1)
        except KeyError:
            return None
        except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError) as error:
            raise refuse(f"a damaged file ({error})", "a whole file", "Get another copy.") from None
    if len(data) > XML_BYTES:
        raise refuse("a part that unpacks to more than 256 MB", "a file that people wrote", "Print it to PDF.")
    return data


def read_archive(path: Path, folder: Path) -> Iterator[Read]:
    """Every file of a ZIP archive as a part, its bytes in `folder` under a number. What cannot be taken out says why.

    Raises InputError when there is no archive to open, or nothing in it.
    """
    with _opened(path) as package:
        infos = [info for info in package.infolist() if not info.is_dir()]
        if not infos:
            raise refuse("an archive with no file in it", "an archive that holds files", "Pack it again.")
        if len(infos) > PARTS:
            raise refuse(f"an archive of {len(infos):,} files", f"at most {PARTS:,}", "Unpack it and add the files.")
        left = ALL_PARTS_BYTES
        for number, info in enumerate(infos):
            target = folder / f"part-{number}"
            problem, size = _copy(package, info, target, min(left, PART_BYTES))
            left -= size
            name = info.filename.replace("\\", "/")
            if problem:
                target.unlink(missing_ok=True)
            yield Part(name, None if problem else target, problem)


def _copy(package: zipfile.ZipFile, info: zipfile.ZipInfo, target: Path, most: int) -> tuple[str | None, int]:
    """Copy a member in bites; why it failed, and how many bytes were written."""
    size = 0
    if info.flag_bits & 1:
        return "got a file that is locked with a password, want one that opens. Unpack it and add the files.", 0
    try:
        with package.open(info) as stream, target.open("wb") as out:
            while bite := stream.read(_BITE):
                size += len(bite)
                if size > most:
                    return (
                        f"got a file that unpacks to more than {most >> 20:,} MB, want files of paper and pictures. "
                        "Unpack it by hand and look at it first.",
                        size,
                    )
                out.write(bite)
    except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, ValueError) as error:
        return f"got a damaged member ({error}), want a whole archive. Pack it again.", size
    except zlib.error as error:
        return f"got a damaged member ({error}), want a whole archive. Pack it again.", size
    return None, size


def _opened(path: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, ValueError, EOFError, NotImplementedError) as error:
        raise refuse(f"a damaged file ({error})", "a whole file", "Get another copy.") from None
