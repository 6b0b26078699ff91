"""What is refused, in the words of the screens: no options of a command line, and what to do on this page."""

from __future__ import annotations

from thaw.errors import InputError


def at_the_form(error: InputError) -> InputError:
    """An error of a command as a form says it: no options of a command line, and what to do on this page."""
    last = "reason" if error.got == "no reason" else error.where.rpartition(", ")[2].removeprefix("--")
    named = _FIELDS.get(error.where, error.where.removeprefix("--"))
    where, fix = _AT_FORMS.get(last, (named, _ON_SCREEN.get(error.fix, error.fix)))
    return InputError(where=where, got=error.got, want=error.want.replace("`thaw crossings`", "the case"), fix=fix)


_AT_FORMS = {
    "reason": ("Reason", "Write a few words into the field."),
    "decision": ("Decision", "Choose one of the three."),
    "fact": ("Hard fact", "Choose a fact that says the same as the decision, or none."),
    "expert": ("Expert", "Write the name of who says so."),
    "hypothesis": ("Hypothesis", "Write its name into the field."),
    "authority": ("Authority", "Write the name of who decided it."),
    "ruling name": ("Name", "Take the first decision back, on the page of that pair."),
}

_FIELDS = {"--where": "More conditions"}

_ON_SCREEN = {
    "Use --reason TEXT.": "Write a few words into the field.",
    "List persons with `thaw persons`.": "Choose one under Identification.",
    "See `thaw saved list`.": "Choose it under Saved searches.",
    "Take their ids from `thaw namesakes list`.": "Choose them under Records that may be of one person.",
    "List them with `thaw alerts`.": "Choose it under Alerts.",
}
