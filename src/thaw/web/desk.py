"""The desk: one search box, what is new, what failed, and the light of the ledger; and the purpose of all looks."""

from __future__ import annotations

from thaw.casework.alerts import alerts
from thaw.casework.alerts import dismiss as dismiss_likeness
from thaw.casework.desk import desk, open_alerts

from .boards import alert_address
from .render import share
from .screen import Look, Page, Redirect, Screen

_ALERTS = 6


def desk_screen(look: Look) -> Page:
    """Search box, alerts, failed files, light of the ledger, what came in last."""
    found = desk(look.session, purpose=look.purpose)
    alike = alerts(look.session, purpose=look.purpose)
    told = open_alerts(look.session, purpose=look.purpose)
    return Page(
        "desk.html",
        {
            "desk": found,
            "problem": look.background.problem,
            "alike": [one | {"share": share(one["posterior"]), "to": alert_address(one)} for one in alike[:_ALERTS]],
            "alike_total": len(alike),
            "fits": told["search"][:_ALERTS],
            "fits_total": len(told["search"]),
            "crossings": told["crossing"][:_ALERTS],
            "crossings_total": len(told["crossing"]),
        },
    )


def set_purpose(look: Look) -> Redirect:
    """Keep why this person looks, and go back to where they were."""
    look.state_purpose(look.typed("purpose"))
    return Redirect(look.own_path(look.typed("back")) or "/")


def dismiss_alert(look: Look) -> Redirect:
    """Set an alert on a pair of cases aside, with a reason; it returns only on new facts."""
    dismiss_likeness(look.session, look.typed("alert"), reason=look.typed("reason"), purpose=look.purpose)
    look.done("set_aside_with_your_reason")
    return Redirect("/")


SCREENS: tuple[tuple[str, str, Screen], ...] = (
    ("GET", "/", desk_screen),
    ("POST", "/purpose", set_purpose),
    ("POST", "/alert/dismiss", dismiss_alert),
)
