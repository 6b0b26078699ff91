"""Coding: a person records the behaviors of a case, a second one does it again, and the book tells how they agree."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from thaw.access import View
from thaw.errors import InputError
from thaw.intake import incident_said
from thaw.linkage import Preset, agreement
from thaw.record import predicates

from .alerts import alert_on_save
from .book import Session, name_of
from .decisions import double_codings


def code(session: Session, case_id: str, path: Path, *, coder: str = "", purpose: str = "") -> dict[str, Any]:
    """Record what one coder says of the behaviors of a case; the answer of `thaw code`.

    path   a JSON object of the fifteen behaviors (yes, no, unknown) and the fields of the coding set (a code, or a list
           where several may hold): {"bound": "yes", "approach": "con_or_ruse"}
    coder  who read the file; the person at work if empty. Raises InputError for anything else.
    """
    view = session.look(purpose, detail={"command": "code"}, about=case_id)
    return _record(session, view, _answers(path), coder=coder, source=name_of(path), where=str(path))


def code_by_hand(
    session: Session, case_id: str, answers: Mapping[str, str], *, source: str, coder: str = "", purpose: str = ""
) -> dict[str, Any]:
    """As `code`, for answers that a form gave; what it left open is left out of `answers`.

    source  what was read for them, in words. Raises InputError when it is empty, and as `code`.
    """
    view = session.look(purpose, detail={"command": "code"}, about=case_id)
    if not source.strip():
        raise InputError(
            where="behaviors", got="no source", want="what you read for them", fix="Say it in a few words."
        )
    return _record(session, view, answers, coder=coder, source=source.strip(), where="behaviors")


def _record(
    session: Session, view: View, answers: Mapping[str, Any], *, coder: str, source: str, where: str
) -> dict[str, Any]:
    assert view.about is not None
    behaviours = {key: answer for key, answer in answers.items() if f"behaviours.{key}" in predicates("case")}
    manner = {key: answer for key, answer in answers.items() if key not in behaviours}
    said = incident_said({"date": "unknown", "behaviours": behaviours, "mo": manner}, where=where)
    sayings = [saying for saying in said["case"] if saying["p"].startswith(("behaviours.", "mo."))]
    if not sayings:
        raise InputError(
            where=where, got="no behavior", want='answers such as {"bound": "yes"}', fix="Write at least one."
        )
    who = coder.strip() or session.actor.name
    payload = {
        "scope": {"case": view.about},
        "file": source,
        "subjects": {"case": view.about},
        "source": {"citation": {"quote": source}, "recorded_by": who},
        "said": {"case": sayings},
    }
    session.book.store.append(session.draft("statement.add", payload, obj=view.about))
    return {
        "case_id": view.about,
        "coder": who,
        "coded": len(sayings),
        "agreement": agreement_so_far(session, view),
        "alerts": alert_on_save(session, [view.about]),
    }


def agreement_so_far(session: Session, view: View) -> list[dict[str, Any]]:
    """How far coders agree, for each field that was coded twice in some case."""
    preset = Preset.load(str(session.book.settings["linkage.preset"]))
    return [
        {
            "field": one.field,
            "pairs": one.pairs,
            "agreed": one.agreed,
            "kappa": one.kappa,
            "right_twice": one.right_twice,
        }
        for one in agreement(double_codings(view), preset.reliability).values()
    ]


def _answers(path: Path) -> Any:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(
            where=str(path), got=error.strerror or "an error", want="a file of behaviors (JSON)", fix="Check the name."
        ) from None
    except ValueError as error:
        raise InputError(
            where=str(path), got=f"a text that is no JSON ({error})", want="a file of behaviors", fix="Mend the file."
        ) from None
    if not isinstance(data, dict):
        raise InputError(where=str(path), got="no JSON object", want='{"bound": "yes"}', fix="Put it between { and }.")
    return data
