"""Which reader reads which sort of file. One file per format; a new one is one more line here."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from thaw.errors import InputError

from .limits import refuse
from .office import OFFICE_TYPES, office_engine, read_office
from .pages import Read
from .pdf import pdf_engine, read_pdf
from .picture import picture_engine, read_picture

_PICTURES = frozenset(
    f"image/{kind}" for kind in ("png", "jpeg", "tiff", "gif", "bmp", "webp", "jp2")
)  # what Pillow opens
_TEXTS = frozenset(("text/plain", "text/csv", "text/markdown"))
_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_ADVICE = {
    "application/x-empty": ("an empty file", "a document", "Scan or copy it again."),
    "image/heic": ("a HEIC photograph", "JPEG, PNG or TIFF", "Save it as JPEG on the telephone or computer it is on."),
    "image/avif": ("an AVIF picture", "JPEG, PNG or TIFF", "Save it as JPEG and add that."),
    "application/vnd.ms-outlook": ("an Outlook message (.msg)", "EML or PDF", "Save it as EML or PDF and add that."),
    "application/vnd.rar": ("a RAR archive", "ZIP, or the files in it", "Unpack it and add the files."),
    "application/x-7z-compressed": ("a 7-Zip archive", "ZIP, or the files in it", "Unpack it and add the files."),
    "application/gzip": ("a gzip file", "ZIP, or the files in it", "Unpack it and add the files."),
    "application/x-bzip2": ("a bzip2 file", "ZIP, or the files in it", "Unpack it and add the files."),
    "application/x-xz": ("an xz file", "ZIP, or the files in it", "Unpack it and add the files."),
    "audio/wav": ("a sound recording", "words on paper or a screen", "Add a transcript."),
    "audio/mp4": ("a sound recording", "words on paper or a screen", "Add a transcript."),
    "video/mp4": ("a film", "words on paper or a screen", "Add a transcript or pictures from it."),
    "video/x-msvideo": ("a film", "words on paper or a screen", "Add a transcript or pictures from it."),
}


def has_pictures(kind: str) -> bool:
    """Whether pages of this type can be shown and read as pictures."""
    return kind == "application/pdf" or kind in _PICTURES


def read_document(path: Path, kind: str, first: int, folder: Path) -> Iterator[Read]:
    """The pages of a file from number `first` on, with parts, total and remarks, as its reader meets them.

    folder  where parts may be put; empty, and thrown away by whoever made it
    Raises InputError for what cannot be read, with what to do about it.
    """
    if kind == "application/pdf":
        return read_pdf(path, first)
    if kind in _PICTURES:
        return read_picture(path, first)
    if kind in OFFICE_TYPES:
        return read_office(path, kind, first, folder)
    return _from(first, _whole(path, kind, folder))


def reader_name(kind: str) -> str:
    """Which engine and version read a file of this type."""
    if kind == "application/pdf":
        return pdf_engine()
    if kind in _PICTURES:
        return picture_engine()
    if kind in OFFICE_TYPES:
        return office_engine()
    return f"thaw {kind.rpartition('/')[2].rpartition('.')[2]} 2"


def _whole(path: Path, kind: str, folder: Path) -> Iterator[Read]:
    # The readers are imported here: a command that reads texts loads no libraries for tables.
    if kind in _TEXTS:
        from .plain import read_plain

        return read_plain(path)
    if kind == _DOCX:
        from .word_file import read_word_file

        return read_word_file(path, folder)
    if kind == _XLSX:
        from .sheet import read_sheets

        return read_sheets(path)
    if kind == "text/html":
        from .hypertext import read_hypertext

        return read_hypertext(path)
    if kind == "message/rfc822":
        from .mail import read_message

        return read_message(path, folder)
    if kind == "application/mbox":
        from .mail import read_mailbox

        return read_mailbox(path, folder)
    if kind == "application/zip":
        from .unpacking import read_archive

        return read_archive(path, folder)
    raise _not_read(kind)


def _from(first: int, found: Iterator[Read]) -> Iterator[Read]:
    for one in found:
        if getattr(one, "number", first) >= first:
            yield one


def _not_read(kind: str) -> InputError:
    unknown = ("a file of a sort that is not known", "text, PDF, a picture, mail or an office file", "")
    got, want, fix = _ADVICE.get(kind, unknown)
    return refuse(got, want, fix or "Print it to PDF and add that.")
