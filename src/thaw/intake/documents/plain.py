"""Texts in whatever letters they were written: the encoding is found, the text is cut into pages that can be cited."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from .limits import TEXT_BYTES, refuse
from .pages import Read, Remark, paged

_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
# In the order in which they win a draw: what American offices used first.
_LATIN = ("cp1252", "cp437", "mac_roman", "cp1250", "iso8859_2")
_CYRILLIC = ("cp1251", "koi8_r", "cp866")
_EASTERN = ("cp932", "euc_jp", "euc_kr", "gb18030", "big5")
_MOSTLY = 0.25  # of all letters and signs: western texts have fewer bytes above 127, others more
_SAMPLE = 200_000


def read_plain(path: Path) -> Iterator[Read]:
    """The pages of a text file. Raises InputError for one that is longer than any typed paper."""
    if path.stat().st_size > TEXT_BYTES:
        raise refuse("a text of more than 256 MB", "a text that people wrote", "Split the file and add the parts.")
    text, encoding = decode(path.read_bytes())
    if encoding not in ("utf-8", "utf-8-sig", "ascii"):
        yield Remark(f"read as {encoding}")
    yield from paged(text)


def decode(data: bytes) -> tuple[str, str]:
    """The text of bytes in an unknown encoding, and the encoding: by its mark, as UTF-8, else the likeliest one.

    Likeliest is where the bytes above 127 make what such texts are made of. Bytes that fit nowhere become U+FFFD.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data.decode(encoding, "replace"), encoding
    if b"\x00" in data:
        even, odd = data[:_SAMPLE:2].count(0), data[1:_SAMPLE:2].count(0)
        encoding = "utf-16-le" if odd > even else "utf-16-be"
        if max(even, odd) > len(data[:_SAMPLE]) // 10:
            return data.decode(encoding, "replace"), encoding
    try:
        return data.decode("utf-8"), "ascii" if data.isascii() else "utf-8"
    except UnicodeDecodeError:
        pass
    sample = data[:_SAMPLE]
    high = sum(byte > 127 for byte in sample)
    if high < _MOSTLY * sum(byte > 32 for byte in sample):
        best = max(_LATIN, key=lambda name: _western(sample, name))
    else:
        best = max((*_CYRILLIC, *_EASTERN, "cp437", "cp1252"), key=lambda name: _foreign(sample, name))
    return data.decode(best, "replace"), best


def _western(data: bytes, encoding: str) -> float:
    """Mean worth of the signs that bytes above 127 make: letters beside letters and marks of print are likely."""
    text = data.decode(encoding, "replace")
    triples = zip(" " + text, text, text[1:] + " ", strict=False)
    worths = [_worth(letter, before, after) for before, letter, after in triples if letter > "\x7f"]
    return sum(worths) / max(len(worths), 1)


def _worth(letter: str, before: str, after: str) -> float:
    if letter == "\ufffd" or "\x80" <= letter < "\xa0":
        return -3.0
    if letter.isalpha():
        # In western words a capital does not follow a small letter.
        if letter.isupper() and before.islower():
            return -1.0
        return 1.2 if letter in _USUAL else 0.6 if before.isalpha() or after.isalpha() else 0.1
    if letter in _PRINT:
        return 0.9
    if "\u2500" <= letter <= "\u259f":  # lines and blocks of the first personal computers
        return 0.7 if _is_line(before) or _is_line(after) else -0.5
    if unicodedata.category(letter) in ("Po", "Ps", "Pe", "Sc", "Sm", "No"):
        return -0.2 if before.isalpha() and after.isalpha() else 0.1
    return -0.8


_USUAL = frozenset("áéíóúñüöäßàèçêâîôëïåøæÁÉÍÓÚÑÜÖÄÇÅØ")
_PRINT = frozenset("\u2018\u2019\u201c\u201d\u2013\u2014\u2026\u2022\xa0«»°½¼§£")


def _is_line(letter: str) -> bool:
    return "\u2500" <= letter <= "\u259f" or letter in " \r\n"


def _foreign(data: bytes, encoding: str) -> float:
    """Share, 0 to 1, of the signs above 127 that are what a text of this encoding is made of; -1 where it cannot be."""
    try:
        # The sample may end in the middle of a sign.
        text = data.decode(encoding) if len(data) < _SAMPLE else data[:-4].decode(encoding, "replace")
    except UnicodeDecodeError:
        return -1.0
    high = [letter for letter in text if letter > "\x7f"]
    if not high:
        return -1.0
    if encoding in _CYRILLIC:
        # Words in small letters, the first one perhaps a capital: the encodings differ in which half is which.
        fit = sum(len(word) for word in re.findall(r"\b[А-ЯЁ]?[а-яё]+\b", text))
    elif encoding in ("cp932", "euc_jp"):
        kana = sum("\u3040" <= letter <= "\u30ff" for letter in high)
        fit = sum("\u3000" <= letter <= "\u9fff" or "\uff01" <= letter <= "\uff5e" for letter in high)
        fit = fit if kana >= 0.1 * len(high) else 0
    elif encoding == "euc_kr":
        fit = sum("\uac00" <= letter <= "\ud7a3" for letter in high)
    elif encoding in ("gb18030", "big5"):
        # The first level of each set, signs in daily use, has lead bytes of its own.
        low, top = (0xB0, 0xD7) if encoding == "gb18030" else (0xA4, 0xC6)
        fit = sum(low <= letter.encode(encoding, "replace")[0] <= top or letter in "，。、：；！？" for letter in high)
    else:
        fit = sum("\u2500" <= letter <= "\u259f" or letter in _USUAL for letter in high)
    return fit / len(high)
