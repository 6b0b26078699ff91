"""The ledger's own screens: the light, entries, proofs, what to keep outside, and what to do when it is red."""

from __future__ import annotations

import json
import re

from thaw.casework.cases import case
from thaw.casework.entries import inclusion_file, ledger_entry, policy_file_text, verifier_file
from thaw.casework.ledger import checkpoint, log
from thaw.errors import InputError

from .screen import Download, Look, Page, Redirect, Screen

_ENTRIES = 60
_TEXT = "text/plain; charset=utf-8"


def ledger_screen(look: Look) -> Page:
    """The light, the newest checkpoint and the newest entries; while it is red, the verdict alone."""
    light = look.background.light
    if look.is_part:
        return Page("ledger_light.html", {})
    if light.state == "tampered":
        return Page("ledger.html", {"entries": [], "note": None, "who": ""})
    who = look.asked("by")
    entries = log(look.session, limit=_ENTRIES, person=who or None, purpose=look.purpose)
    return Page("ledger.html", {"entries": entries, "note": checkpoint(look.session)["note"], "who": who})


def rail_light(look: Look) -> Page:
    """The lamp beside every screen, asked for again while a check runs; it shows nothing of any record."""
    return Page("desk_light.html" if look.asked("at") == "desk" else "rail_light.html", {})


def check_ledger(look: Look) -> Redirect:
    """Check the ledger again, in the background."""
    look.background.check_ledger_soon()
    return Redirect("/ledger")


def entry_screen(look: Look) -> Page:
    """One entry: its leaf, which travels, and its content, which stays."""
    found = ledger_entry(look.session, look.params["number"], purpose=look.purpose)
    content = found["content"]
    shown = json.dumps(content, ensure_ascii=False, indent=2, sort_keys=True) if content is not None else None
    return Page("ledger_entry.html", {"entry": found, "content": shown})


def proof_file(look: Look) -> Download:
    """The proof that an entry is in the tree, for somebody outside."""
    number = look.params["number"]
    text = inclusion_file(look.session, number, purpose=look.purpose)
    return Download(text.encode(), _TEXT, f"entry-{number}.tlog-proof")


def checkpoint_file(look: Look) -> Download:
    """The newest signed checkpoint, to be kept outside this machine."""
    found = checkpoint(look.session)
    return Download(found["note"].encode(), _TEXT, f"checkpoint-{found['size']}.txt")


def verifier(look: Look) -> Download:
    """The program that checks what was exported; it needs only Python."""
    return Download(verifier_file(), "text/x-python; charset=utf-8", "verify.py")


def policy(look: Look) -> Download:
    """The public keys of this log."""
    return Download(policy_file_text(look.session).encode(), _TEXT, "policy.txt")


def case_log_screen(look: Look) -> Page:
    """The entries that concern one case: who did what, looks included."""
    found = case(look.session, look.params["id"], purpose=look.purpose)
    entries = log(look.session, case_id=found["case_id"], limit=200, purpose=look.purpose)
    return Page("case_log.html", {"case": found, "entries": entries})


def entry_by_number(look: Look) -> Redirect:
    """Go to the entry whose number was typed."""
    text = look.asked("number").replace(",", "")
    if not re.fullmatch(r"\d{1,9}", text):
        raise InputError(where="entry", got=repr(text[:20]), want="the number of an entry", fix="Write digits only.")
    return Redirect(f"/ledger/entry/{int(text)}")


# What may be shown while the ledger is red: the verdict itself, and means to check; nothing from the records.
WHEN_RED = (ledger_screen, rail_light, check_ledger, verifier, policy, checkpoint_file)
SCREENS: tuple[tuple[str, str, Screen], ...] = (
    ("GET", "/ledger", ledger_screen),
    ("GET", "/light", rail_light),
    ("POST", "/ledger/check", check_ledger),
    ("GET", "/ledger/entry", entry_by_number),
    ("GET", "/ledger/entry/{number:page}", entry_screen),
    ("GET", "/ledger/entry/{number:page}/proof", proof_file),
    ("GET", "/ledger/checkpoint.txt", checkpoint_file),
    ("GET", "/ledger/verify.py", verifier),
    ("GET", "/ledger/policy.txt", policy),
    ("GET", "/case/{id}/log", case_log_screen),
)
