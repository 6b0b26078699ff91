"""What a record says, as a reader sees it."""

from __future__ import annotations

from thaw.record import Code, PartialDate, Place, Quantity, Reference, Text, Value, codes_of

ANSWERS = {"asserted": "yes", "denied": "no", "unknown": "unknown"}


def value_in_words(value: Value | None, polarity: str = "asserted") -> str:
    """A value as a reader sees it; a code with its label."""
    match value:
        case None:
            return ANSWERS[polarity]
        case Text(text):
            return text
        case Code(code, list_name):
            return f"{codes_of(list_name).get(code, 'code not in the list')} ({code})"
        case Quantity(low, high, unit):
            return f"{low:g} {unit}" if low == high else f"{low:g} to {high:g} {unit}"
        case Reference(target):
            return target
        case PartialDate() | Place():
            return value.in_words()
