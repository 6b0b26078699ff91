"""Telephone numbers, whole, short and partly read; the normal form is digits and letters, `?` for an unread one."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .anchors import anchors_of, heads_of, matches_at
from .gazetteers import words
from .mention import Mention

_X = r"[\dxX?*#_]"
_WHOLE = re.compile(
    (
        rf"(?<![\w$#/.-])(?:\+?1[\s.-]?)?(?:\(\s*(?:{_X}{{3}})\s*\)\s?-?|"
        rf"{_X}{{3}}[\s./-]){_X}{{3}}[\s.-]{_X}{{4}}(?![\w]|-\d|\.\d)(?:\s*(?:x|ext\.?)\s*\d{{1,5}})?"
    ),
    re.IGNORECASE,
)
_LOCAL = re.compile(
    rf"(?:(?<![\w$#/.)-])(?<!\d\s)|(?<=\d{{4}}/))\d{{3}}[-.]{_X}{{4}}(?!\w|/(?!\d{{3}}-\d{{4}})|-\d|\.\d)(?:\s*(?:x|ext\.?)\s*\d{{1,5}})?"
)
# Exchange names: "MAdison 4-1212", "KL5-2368", "HO 9-4411".
_EXCHANGE = re.compile(
    rf"(?<![\w-])(?:[A-Z]{{2}}[a-z]{{2,9}}|[A-Z]{{2}}|[A-Z][a-z]{{2,9}})[\s-]?\d[\s-]{_X}{{4}}(?![\w-])"
    rf"|(?<![\w-])[A-Z]{{2}}[a-z]{{2,9}}[\s-]\d{{4}}(?![\w-])"
    r"|(?<=\d OR )[A-Z]{2} \d{4,5}(?![\w-])|(?<=PHONE )[A-Z]{2} \d{4,5}(?![\w-])|"
    r"(?<=[Pp]hone )[A-Z]{2} \d{4,5}(?![\w-])"
    # An exchange in capitals, and a number that broke off: "PHONE TAYLOR 7-3300", "number left KE 3-77".
    r"|(?<=PHONE )[A-Z]{4,9} \d-\d{4}(?![\w-])|(?<=left )[A-Z]{2} \d-\d{2,3}(?![\w-])"
)
# Outside North America: "020 7946 0182", "+44 20 7946 0182", "07700 900123".
_ABROAD = re.compile(
    r"(?<![\w$#/.,-])(?:\+[2-9]\d{0,2}[\s.-]?(?:\(0\)[\s.-]?)?|\(?0(?=[1-9]))\d{1,5}\)?[ .-]"
    r"\d{2,4}(?:[ .-]?\d{2,4}){1,3}(?![\w/]|[.-]\d)"
)
# "03-11-84 2115" is a day and an hour.
_DAY_AND_TIME = re.compile(r"(0\d|1[0-2])[-.]([0-3]\d)[-.](?:19|20)?\d\d[\s.-]\d{4}$")
# Without any mark, so only after a word of telephones: "NIGHTS CALL 7015550188", "phone 5550188", "tel. 555 0188".
_PLAIN = re.compile(r"(?<![\w$#/.,-])(?:1?[2-9]\d{2}[2-9]\d{6}|[2-9]\d{2}[2-9]\d{3}|[2-9]\d{2} \d{4})(?![\w/]|[.,-]\d)")
# Every place where a number may begin: after what is no letter, figure or mark of a number, and with four signs more.
_MAY_BEGIN = re.compile(rf"(?:(?<!\d)\d|[(+?*#_]|[xX](?=[xX?*#_\d.-]))(?=[ ()./-]{{0,3}}(?:{_X}[ ()./-]{{0,3}}){{4}})")
_NAMED = re.compile(r"[A-Z][A-Za-z][a-z]{0,9}[\s-]?\d")
_PARTIAL = re.compile(
    rf"(?<![\w$#/.-])(?:\(?\d{{3}}\)?[\s.-])?(?=[\dxX?*_-]{{0,8}}[xX?*_])\d{{1,3}}{_X}{{0,2}}[-.]{_X}{{4}}(?![\w-])"
)
_LABEL = re.compile(
    (
        r"\b(?:phone|tel(?:ephone)?|ph|cell|mobile|fax|pager|res|bus|call(?:ed|ing)?|dial(?:ed|ing)?|number|"
        r"contact|at|on|from|to|reach(?:ed)?|hotline|line|ext)\b[^\d\n]{0,25}$"
    ),
    re.I,
)
_PHONE_WORD = re.compile(
    (
        r"\b(?:phones?|tel|telephoned?|cell|mobile|fax|pager|call(?:ed|er|s|ing)?|dial(?:ed|ing)?|hotline|"
        r"tip line|number|exchange|prefix|area code|directory)\b"
    ),
    re.I,
)
_CALLED_UP = re.compile(
    r"\b(?:phone|telephone|tel|ph|cell|mobile|fax|pager|pgr|call|calls|called|calling|dial|dialed|nights|days|evenings|home|work|office|hotline|line|"
    r"contact|reach|payphone|pay phone|texts?|texted|sms|number (?:is|was|of)|numbers?:?)\b[^\n]{0,24}$|"
    r"\d{3}[\s.-]\d{4}\s*(?:\w+\s+){0,3}$",
    re.I,
)
_NOT_PHONE = re.compile(
    (
        r"(?:\b(?:DR|case|item|file|report|lab|serial|badge|license|invoice|ticket|account|acct|no|warrant|"
        r"property|tag|ssn|registered|policy)\b\.?\s*(?:no\.?|number|num|#)?\s*[:#.]?\s*|"
        r"#\s?)(?:[A-Z]{0,3}-?)?$"
    ),
    re.I,
)
_BEGINS = re.compile(
    (
        r"\b(?:beginning|beginning with|starting with|started with|begins with|first (?:three|four|"
        r"few) (?:digits|numbers)(?: (?:of|being|were))?|prefix|"
        r"exchange)\s+(?:of\s+)?[\"“]?(\d{3}(?:-\d{1,3})?)(?![\d-])"
    ),
    re.I,
)
_ENDS = re.compile(
    r"(?:(?:ending|ended|ends)\s+(?:(?:in|with)\s+)?|last\s+(?:four|4|three|3|two|2)(?:\s+(?:digits|numbers|figures))?\s*"
    r"(?:are|is|was|were|being|of|:)\s*)[\"“]?(\d{2,4})(?![\d-])",
    re.I,
)
# Before dials, after a word of telephones: an exchange and a short number, a party line's letter, or figures alone.
_SHORT_LABEL = re.compile(
    r"\b(?P<label>(?:tele)?phone|tel|ph|ring|call|dial|TELEPHONE|PHONE)s?\b"
    r"(?P<mark>\s(?:number\s)?(?:is|was)|\s(?:for|of|at)\s[\w'’ ]{2,20}:|\.?\s?(?:nos?\.?|numbers?|#)?\s?[:.]?)"
    r"\s+(?P<value>(?P<town>[A-Z][a-z]+\.?(?:\s[A-Z][a-z]+)?)\s(?P<n>\d{1,5}(?:[-\s]?[JWRMFjwrmf]\d{0,2})?)|"
    r"\d{1,5}[-\s]?[JWRMF]\d{0,2}|\d{3,5}|\d-\d{4}|\d{2}-\d{2,4})(?![\w/-]|[.,]\d)",
    re.I,
)


def find_phones(text: str) -> Iterator[Mention]:
    """The telephone numbers of a text; a partial one has certainty `possible`."""
    taken: list[tuple[int, int]] = []
    places = [m.start() for m in _MAY_BEGIN.finditer(text)]
    for rule, pattern in (
        *(("whole", _WHOLE), ("abroad", _ABROAD), ("exchange", _EXCHANGE), ("local", _LOCAL)),
        *(("plain", _PLAIN), ("partial", _PARTIAL)),
    ):
        if rule == "exchange":
            found = pattern.finditer(text) if _NAMED.search(text) else iter(())
        else:
            found = matches_at(pattern, text, places)
        for m in found:
            start, end = m.span()
            if any(a < end and start < b for a, b in taken) or not _is_phone(text, start, m.group(), rule):
                continue
            taken.append((start, end))
            normal = _normal(m.group())
            unread = "?" in normal
            certainty = "possible" if unread else "certain" if rule in ("whole", "exchange") else "likely"
            yield Mention("phone", m.group(), normal, start, end, f"phone.{'partial' if unread else rule}", certainty)
    begun = {m[:3] for m in (text[a:b] for a, b in taken) if m[:3].isdigit()}
    anchors, towns = anchors_of(text), set[str]()
    for m in matches_at(_BROKEN, text, anchors.at((), figures="marked")):
        start, end = m.span()
        told = _PHONE_WORD.search(text, max(0, start - 60), end + 40) or _QUOTED_DIGIT.search(text, end, end + 60)
        like = m[1] in begun or m[1] == "555" or _CALLED_UP.search(text, max(0, start - 30), start)
        if told and like and not any(a < end and start < b for a, b in taken):
            taken.append((start, end))
            yield Mention("phone", m.group(), _plain(m.group()), start, end, "phone.broken", "possible")
    for m in matches_at(_SHORT_LABEL, text, anchors.at(_SHORT_HEADS)):
        start, end = m.span("value")
        if "\n" in text[m.end("mark") : start] and not m["mark"].strip():
            continue  # "will phone" ends its line, and the next row begins with a number
        if not any(a < end and start < b for a, b in taken) and _is_short(m, text):
            if m["town"] and " " in m["town"]:
                start = m.start("n")  # the exchange of another town is no part of the number
                towns.add(m["town"])
            taken.append((start, end))
            yield Mention("phone", text[start:end], _plain(text[start:end]), start, end, "phone.short", "likely")
    for m in _PARTY_LINE.finditer(text) if _PARTY_SIGN.search(text) or towns else ():
        start, end = m.span("n")
        known = m["town"] in towns or (m["line"] and not _NOT_PHONE.search(text, max(0, start - 20), start))
        if known and not any(a < end and start < b for a, b in taken):
            taken.append((start, end))
            yield Mention("phone", m["n"], _plain(m["n"]), start, end, "phone.short", "likely")
    for pattern, rule in ((_BEGINS, "begins"), (_ENDS, "ends")):
        for m in matches_at(pattern, text, anchors.at(_PIECES)):
            start, end = m.span(1)
            if any(a < end and start < b for a, b in taken) or not _PHONE_WORD.search(
                text[max(0, start - 80) : end + 30]
            ):
                continue
            yield Mention("phone", m.group(1), _normal(m.group(1)), start, end, f"phone.{rule}", "possible")


def _is_phone(text: str, start: int, written: str, rule: str) -> bool:
    before = text[max(0, start - 40) : start]
    if _NOT_PHONE.search(before) and not re.search(r"\b(?:phone|tel|telephone|cell|pager|fax)\b", before, re.I):
        return False
    digits = re.sub(r"\D", "", re.sub(r"(?i)(?:x|ext\.?)\s*\d+$", "", written))
    if rule == "whole":
        return len(digits) >= 5 and not re.fullmatch(r"[\sxX?*#_.()/-]*", written)
    if rule == "local":
        # "555-0142" stands alone in old reports; a range of years or pages does not look like it.
        return written[:1] not in "01" or bool(_LABEL.search(before))
    if rule == "exchange":
        # "Elm 3-0912": with one capital only where telephones are spoken of.
        return written[:2].isupper() or bool(_CALLED_UP.search(before))
    if rule == "abroad" and (day := _DAY_AND_TIME.match(written)) and int(day[1]) <= 12 and int(day[2]) <= 31:
        return False
    if rule == "abroad" and re.search(r"(?<!\d)\d{1,2}-\d{1,2}-\d\d$", written):
        return False  # "0230 10-20-79"
    if rule == "abroad":
        return 9 <= len(digits) <= 14
    if rule == "plain":
        return bool(_CALLED_UP.search(before))
    if not re.search(r"[xX*#_?]", written):
        return False  # "plate 12-7714?": the mark asks, it is no unread figure
    near = text[max(0, start - 80) : start + len(written) + 40]
    return bool(_PHONE_WORD.search(near))


# "555-01" and no more: what was read of a number, beside a word of telephones.
_BROKEN = re.compile(r"(?<![\w$#/.-])(?:[2-9]\d{2}-)?([2-9]\d{2})-\d{1,3}(?![\w/-]|[.,]\d)")
_QUOTED_DIGIT = re.compile(r"\b(?:digits?|matchbook|inked|last (?:two|three|four))\b")


# "Elk Prairie 236-J": the town's exchange and a letter of the party line; or a town that the page has with its label.
_PARTY_LINE = re.compile(
    r"(?<![\w-])(?P<town>[A-Z][a-z]+\.?(?: [A-Z][a-z]+)?),? "
    r"(?P<n>\d{1,4}(?P<line>[- ]?[JWRM](?:[- ]?\d{1,2})?)?)(?![\w/:-]|[.,]\d|\s?[ap]\.?m\b)"
)
_PARTY_SIGN = re.compile(r"[a-z] \d{1,4}[- ]?[JWRM](?![\w/])")
_PIECES = heads_of(["beginning", "starting", "started", "first", "prefix", "exchange", "ending", "last"])
_SHORT_HEADS = heads_of(["phone", "ph", "telephone", "ring", "call", "dial"])


def _is_short(m: re.Match[str], text: str) -> bool:
    """Whether "phone Teller 204", "Tel. 417-J" or "Phone: 2214" is a number to call."""
    town, told = m["town"], m["label"].lower() not in ("ring", "call", "dial")
    if town:
        return town[0].isupper() and not words("numbers", "no_exchange") & {w.strip(".") for w in town.lower().split()}
    if re.fullmatch(r"\d+[-\s]?[a-z]\d*", m["value"]):
        return False
    if m["value"].isdigit() and len(m["value"]) == 4 and not told:
        return bool(_ENDS_THERE.match(text, m.end()))  # "for sale, call 2217."
    if m["value"].isdigit():
        return told and not _UNIT_NEXT.match(text, m.end())
    return "-" in m["value"] or told


_ENDS_THERE = re.compile(r"[.,;\"”')]|\s*$|\s*\n")
_UNIT_NEXT = re.compile(
    r"\s+(?!(?:and|or|on|at|in|after|before|collect|days?|nights?|evenings?)\b)[a-z]|\s*(?:hrs|hours|[ap]\.?m)\b"
)


def _plain(written: str) -> str:
    return re.sub(r"[^\dA-Z]", "", written.upper())


def _normal(written: str) -> str:
    extension = re.search(r"(?i)(?:x|ext\.?)\s*(\d+)\s*$", written)
    body = (
        written[: extension.start()] if extension and re.search(r"\d{4}\s*$", written[: extension.start()]) else written
    )
    found = re.sub(r"[xX?*#_]", "?", re.sub(r"[^\dA-Za-z?*#_]", "", body))
    exchange = re.match(r"([A-Z][A-Za-z])[a-z]+(\d.*)", found)
    if exchange:
        found = exchange[1] + exchange[2]
    found = found.upper() if found[:1].isalpha() else found
    return found
