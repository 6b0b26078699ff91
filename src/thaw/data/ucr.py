"""UCR's own numbers of states, and the proposed crosswalk from SHR codes to those of NIBRS."""

from __future__ import annotations

from functools import cache

from . import places, read_json

__all__ = ["nibrs_codes", "shr_weapon", "ucr_state"]
_CROSSWALK = "codes/shr_nibrs_crosswalk.json"


@cache
def ucr_state(code: str) -> tuple[str | None, str] | None:
    """(USPS letters or None, name) of a UCR state: two digits ("26") or UCR letters ("NB"), which are not USPS's.

    NB is Nebraska, GM is Guam, CZ is the Canal Zone, which has no letters today. None for no such state.
    """
    if code in ("52", "CZ"):
        return None, "Canal Zone"
    for state in places.states():
        if code and code in (state.ucr_numeric, state.ucr_alpha):
            return state.usps, state.name
    return None


@cache
def nibrs_codes(field: str, code: str) -> tuple[str, ...]:
    """The NIBRS codes that stand for an SHR code of `weapon`, `relationship` or `circumstance`; none when unmapped.

    The mapping is proposed, not official; 90 (other or unknown weapon) is two codes.
    """
    found = read_json(_CROSSWALK)[field].get(code)
    return () if found is None else (found,) if isinstance(found, str) else tuple(found)


def shr_weapon(nibrs_code: str) -> str | None:
    """The SHR code that a NIBRS weapon code is read as, or None; strangulation comes back as asphyxiation."""
    found = read_json(_CROSSWALK)["weapon_to_shr"].get(nibrs_code)
    return None if found is None else str(found)
