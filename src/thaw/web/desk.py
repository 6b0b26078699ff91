"""The desk, the purpose, and the ledger's own screens."""

from __future__ import annotations

from thaw.casework.cases import case
from thaw.casework.desk import desk
from thaw.casework.ledger import checkpoint, log

from .screen import Look, Page, Redirect, Screen

_ENTRIES = 60


def desk_screen(look: Look) -> Page:
    """Search box, light of the ledger, what the book holds, what came in last."""
    found = desk(look.session, purpose=look.purpose)
    return Page("desk.html", {"desk": found, "problem": look.background.problem})


def set_purpose(look: Look) -> Redirect:
    """Keep why this person looks, and go back to where they were."""
    look.state_purpose(look.typed("purpose"))
    back = look.typed("back")
    # Only a path of our own: two slashes or a backslash would name another host.
    own = back.startswith("/") and not back.startswith("//") and "\\" not in back and back.isprintable()
    return Redirect(back if own else "/")


def ledger_screen(look: Look) -> Page:
    """The light, the newest checkpoint and the newest entries; while it is red, the verdict alone."""
    if look.background.light.state == "tampered":
        return Page("ledger.html", {"entries": [], "note": None})
    entries = log(look.session, limit=_ENTRIES, purpose=look.purpose)
    return Page("ledger.html", {"entries": entries, "note": checkpoint(look.session)["note"]})


def check_ledger(look: Look) -> Redirect:
    """Check the ledger again, in the background."""
    look.background.check_ledger_soon()
    return Redirect("/ledger")


def case_log_screen(look: Look) -> Page:
    """The entries that concern one case: who did what, looks included."""
    found = case(look.session, look.params["id"], purpose=look.purpose)
    entries = log(look.session, case_id=found["case_id"], limit=200, purpose=look.purpose)
    return Page("case_log.html", {"case": found, "entries": entries})


SCREENS: tuple[tuple[str, str, Screen], ...] = (
    ("GET", "/", desk_screen),
    ("POST", "/purpose", set_purpose),
    ("GET", "/case/{id}/log", case_log_screen),
    ("GET", "/ledger", ledger_screen),
    ("POST", "/ledger/check", check_ledger),
)
