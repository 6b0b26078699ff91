"""Who is not whom by an expert's word, and who is whom by that of the responsible authority; and what is open again."""

from __future__ import annotations

from thaw.access import View
from thaw.store import Entry, Rows, Table, Where


class Rulings:
    """Projection `rulings`: pairs that an expert ruled out, and names that an authority decided on."""

    name = "rulings"
    version = 2
    tables = (
        Table(
            "rulings",
            {"unidentified": "text", "missing": "text", "seq": "integer", "method": "text", "standing": "integer"},
            key=("unidentified", "missing"),
            indexes=(("missing",),),
        ),
        Table(
            "names",
            {"unidentified": "text", "missing": "text", "seq": "integer", "authority": "text", "standing": "integer"},
            key=("unidentified",),
            indexes=(("missing",),),
        ),
    )

    def apply(self, entry: Entry, rows: Rows) -> None:
        """Keep a ruling or a name, or that it was taken back."""
        payload = entry.payload
        if payload is None or entry.leaf.kind not in ("identify.rule_out", "identify.decide", "identify.undo"):
            return
        if entry.leaf.kind == "identify.decide":
            row = {name: payload[name] for name in ("unidentified", "missing", "authority")}
            row |= {"seq": entry.leaf.seq, "standing": 1, "case_id": payload.get("scope", {}).get("case")}
            rows.put("names", row)
            return
        named = rows.get("names", [payload["unidentified"]])
        if named is not None and named["seq"] == entry.leaf.prev:
            rows.put("names", named | {"standing": 0})
            return
        pair = {name: payload[name] for name in ("unidentified", "missing")}
        if entry.leaf.kind == "identify.rule_out":
            row = {"seq": entry.leaf.seq, "method": payload["method"], "standing": 1}
            rows.put("rulings", pair | row | {"case_id": payload.get("scope", {}).get("case")})
            return
        known = rows.get("rulings", list(pair.values()))
        if known is not None and known["seq"] == entry.leaf.prev:
            rows.put("rulings", known | {"standing": 0})


def rulings_of(view: View, person_id: str) -> dict[str, int]:
    """Who is ruled out for this person, with the entry of the ruling, by the id of the other."""
    standing = Where("standing", "=", 1)
    return {
        other: seq
        for mine, theirs in (("unidentified", "missing"), ("missing", "unidentified"))
        for other, seq in view.select("rulings", [theirs, "seq"], [Where(mine, "=", person_id), standing])
    }


def names_decided(view: View, *, seq: int | None = None) -> dict[str, str]:
    """Who each body is, by the word of the responsible authority: the missing person by the body; or of one entry."""
    where = [Where("standing", "=", 1), *([Where("seq", "=", seq)] if seq is not None else [])]
    return dict(view.select("names", ["unidentified", "missing"], where))


def standing_ruling(view: View, seq: int) -> tuple[str, str] | None:
    """The pair, unidentified first, that the ruling of this entry keeps apart; None when there is none that stands."""
    found = view.select("rulings", ["unidentified", "missing"], [Where("seq", "=", seq), Where("standing", "=", 1)])
    return found[0] if found else None
