"""One value, one text: the canonical JSON that entries are written in.

RFC 8785 limited to what needs no judgement: no floats, names of object members in ASCII, whole numbers between
-(2**53 - 1) and 2**53 - 1, at most 100 levels. Texts are never normalised: the characters are the evidence.
In comes a value of str, int, bool, None, list and dict; out go UTF-8 bytes, and back.
"""

from __future__ import annotations

import json
from typing import Any

from thaw.errors import InputError

MAX_INT = 2**53 - 1
MAX_DEPTH = 100

# Sorting by code point equals the UTF-16 order of RFC 8785 section 3.2.3 only because names are ASCII.
_encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":")).encode


def canonical_json(value: Any) -> bytes:
    """The only bytes by which the ledger writes `value`.

    value   str, int, bool, None, and lists and dicts of them; exactly these types, no subclasses
    Raises InputError for any other type, a whole number beyond 2**53 - 1, a member name outside ASCII, half of a
    surrogate pair, or more than 100 levels. Source: RFC 8785, limited as the module says.
    """
    _check(value, 0)
    try:
        return _encode(value).encode("utf-8")
    except UnicodeEncodeError:
        raise _refusal("half of a surrogate pair in a text", "texts that UTF-8 can hold") from None


def parse_canonical(data: bytes) -> Any:
    """The value of canonical JSON bytes.

    Raises InputError for anything that `canonical_json` would not have written: two members of one name, spaces,
    another order, another escape, floats, big numbers, bad UTF-8, a byte order mark.
    """
    try:
        value = json.loads(data.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise _refusal(f"bytes that are not UTF-8 at byte {error.start}", "UTF-8") from None
    except RecursionError:
        raise _refusal("too many levels to read", f"at most {MAX_DEPTH} levels") from None
    except ValueError:
        raise _refusal("bytes that are not JSON", "one JSON value and nothing else") from None
    written = canonical_json(value)
    if written != data:
        raise _refusal(f"another form from byte {_first_difference(written, data)} on", "the canonical form")
    return value


def _check(value: Any, depth: int) -> None:
    kind = type(value)
    if kind is str or kind is bool or value is None:
        return
    if kind is int:
        if not -MAX_INT <= value <= MAX_INT:
            raise _refusal("a whole number beyond 2**53 - 1", "whole numbers that every JSON reader keeps exact")
        return
    if depth == MAX_DEPTH:
        raise _refusal("too many levels", f"at most {MAX_DEPTH} levels")
    if kind is list:
        for item in value:
            _check(item, depth + 1)
    elif kind is dict:
        for name, item in value.items():
            if type(name) is not str or not name.isascii():
                raise _refusal(f"the member name {ascii(name)[:60]}", "member names in ASCII")
            _check(item, depth + 1)
    else:
        raise _refusal(f"a value of type {kind.__name__}", "str, int, bool, None, list or dict")


def _first_difference(one: bytes, other: bytes) -> int:
    """Place of the first byte that differs in two texts that are not equal."""
    same = min(len(one), len(other))
    return next((i for i in range(same) if one[i] != other[i]), same)


def _refusal(got: str, want: str) -> InputError:
    return InputError(
        where="canonical JSON", got=got, want=want, fix="Only RFC 8785 without floats goes into the ledger."
    )
