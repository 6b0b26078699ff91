"""Which sort of file it is: by its first and last bytes; the name decides only between sorts of text."""

from __future__ import annotations

import re
from pathlib import PurePath

_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
_STARTS = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"II+\x00", "image/tiff"),
    (b"MM\x00+", "image/tiff"),
    (b"GIF8", "image/gif"),
    (b"BM", "image/bmp"),
    (b"\x00\x00\x00\x0cjP  ", "image/jp2"),
    (b"{\\rtf", "application/rtf"),
    (b"Rar!\x1a\x07", "application/vnd.rar"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"\x1f\x8b", "application/gzip"),
    (b"BZh", "application/x-bzip2"),
    (b"\xfd7zXZ\x00", "application/x-xz"),
)
_TEXT_BY_NAME = {".csv": "text/csv", ".tsv": "text/csv", ".md": "text/markdown", ".markdown": "text/markdown"}
_MAIL_MARKS = re.compile(
    rb"^(message-id|mime-version|received|return-path|content-type|delivered-to|x-[\w-]+)[ \t]*:", re.I | re.M
)
_MAIL_NAMES = re.compile(rb"^(from|to|cc|subject|date|sender|reply-to)[ \t]*:", re.I | re.M)
_HEADER = re.compile(rb"\A(?:>?From [^\n]*\n)?(?:[!-9;-~]+[ \t]*:[^\n]*\n(?:[ \t]+[^\n]*\n)*)+")


def media_type(head: bytes, tail: bytes, name: str) -> str:
    """Media type of a file whose first 64 kB are `head` and last 64 kB `tail`.

    application/x-empty for nothing but blanks, application/octet-stream for what is not known. Reads bytes only.
    """
    if not head.strip(b" \t\r\n\x00"):
        return "application/x-empty"
    if b"%PDF-" in head[:1024]:
        return "application/pdf"
    for start, found in _STARTS:
        if head.startswith(start):
            return found
    if head[:4] == b"RIFF":
        return {b"WEBP": "image/webp", b"WAVE": "audio/wav", b"AVI ": "video/x-msvideo"}.get(
            head[8:12], "application/octet-stream"
        )
    if head[4:8] == b"ftyp":
        return _boxed(head[8:64])
    if head[:4] in (b"PK\x03\x04", b"PK\x05\x06"):
        return _zipped(head, tail)
    if head[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        return _compound(head + tail, name)
    return _text(head, name)


def _boxed(brands: bytes) -> str:
    if any(brand in brands for brand in (b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"heim", b"heis")):
        return "image/heic"
    if b"avif" in brands:
        return "image/avif"
    return "audio/mp4" if brands[:3] == b"M4A" else "video/mp4"


def _zipped(head: bytes, tail: bytes) -> str:
    both = head + tail
    for mark, found in ((b"word/document", _DOCX), (b"xl/workbook", _XLSX), (b"ppt/presentation", _PPTX)):
        if mark in both and b"[Content_Types].xml" in both:
            return found
    opened = re.match(rb"mimetype(application/vnd\.oasis\.opendocument\.\w+)", head[30:])
    return opened[1].decode("ascii") if opened else "application/zip"


def _compound(both: bytes, name: str) -> str:
    for mark, found in (
        ("WordDocument", "application/msword"),
        ("Workbook", "application/vnd.ms-excel"),
        ("__substg1.0", "application/vnd.ms-outlook"),
        ("PowerPoint", "application/vnd.ms-powerpoint"),
    ):
        if mark.encode("utf-16-le") in both:
            return found
    suffix = PurePath(name).suffix.lower()
    by_name = {".doc": "application/msword", ".xls": "application/vnd.ms-excel", ".msg": "application/vnd.ms-outlook"}
    return by_name.get(suffix, "application/x-ole-storage")


def _text(head: bytes, name: str) -> str:
    if not _is_text(head):
        return "application/octet-stream"
    suffix = PurePath(name).suffix.lower()
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    lines = start.replace(b"\r\n", b"\n")
    if re.match(rb"From [^\n]+\n", lines) and _HEADER.match(lines) and suffix not in _TEXT_BY_NAME:
        return "application/mbox"
    header = _HEADER.match(lines)
    # A typed memorandum begins with From, To and Subject too: an e-mail has marks that only machines write.
    if header and _MAIL_NAMES.search(header[0]) and (_MAIL_MARKS.search(header[0]) or suffix == ".eml"):
        return "message/rfc822"
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        # Two bytes a letter hide what sort of text it is.
        head = start = head.decode("utf-16", "ignore").lstrip("\ufeff \t\r\n").encode()
    if re.match(rb"(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)*<(!doctype\s+html|html|head|body)\b", start, re.I | re.S):
        return "text/html"
    if suffix in (".html", ".htm") and re.search(rb"<[a-z]+[^>]*>", head, re.I):
        return "text/html"
    return _TEXT_BY_NAME.get(suffix, "text/plain")


def _is_text(head: bytes) -> bool:
    if head[:2] in (b"\xff\xfe", b"\xfe\xff") or head[:4] == b"\x00\x00\xfe\xff":
        return True
    if b"\x00" in head:
        # UTF-16 without a mark: every other byte of western text is nothing.
        even, odd = head[::2].count(0), head[1::2].count(0)
        return max(even, odd) > 0.3 * len(head) / 2 and min(even, odd) < 0.05 * len(head) / 2
    odd_ones = sum(head.count(bytes([code])) for code in range(32) if code not in (9, 10, 12, 13, 26, 27))
    return odd_ones <= len(head) // 100
