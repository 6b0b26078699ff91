"""What the rail links to: groups of screens in the order of the work. Only screens that exist are listed here.

A screen stands where somebody would look for it: add a line to its group. `Link.begins` names further addresses that
belong to the same place, so that the rail shows where one is.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Link:
    """One line of the rail.

    label   as people say it
    to      address of the screen
    begins  beginnings of further addresses that light this line up
    """

    label: str
    to: str
    begins: tuple[str, ...] = ()

    def is_here(self, path: str) -> bool:
        """Whether a request for `path` stands at this line."""
        return path == self.to or any(path.startswith(each) for each in self.begins)


# Groups without a heading come first. Triage, actions, evidence, families, statistics, grants and packets find their
# place in these groups once they exist; a group without lines is not shown.
NAVIGATION: tuple[tuple[str, tuple[Link, ...]], ...] = (
    (
        "",
        (
            Link("Desk", "/"),
            Link("Search", "/search", ("/search/",)),
            Link("Saved searches", "/saved", ("/saved/",)),
        ),
    ),
    (
        "Paper",
        (
            Link("Intake tray", "/tray", ("/tray/", "/document/")),
            Link("Could not be read", "/rejects", ("/rejects/",)),
        ),
    ),
    (
        "Cases",
        (
            Link("All cases", "/cases", ("/case/",)),
            Link("Persons and things", "/things", ("/things/", "/person/")),
            Link("Same killing?", "/same", ("/same/",)),
            Link("Tags", "/tags"),
            Link("New incident", "/new"),
        ),
    ),
    (
        "Compare",
        (
            Link("Alerts", "/alerts", ("/alerts/",)),
            Link("Suspected series", "/series", ("/series/",)),
            Link("Identification", "/identify", ("/identify/", "/kinship")),
            Link("Map", "/map", ("/map/",)),
            Link("Timeline", "/timeline", ("/timeline/",)),
            Link("Link chart", "/chart", ("/chart/",)),
        ),
    ),
    ("Work", ()),
    ("Trust", (Link("Decisions", "/decisions"), Link("Ledger", "/ledger", ("/ledger/",)))),
)


def rail(path: str) -> list[tuple[str, list[tuple[Link, bool]]]]:
    """The groups that have lines, each line with whether `path` stands at it; the longest beginning wins."""
    links = [link for _, group in NAVIGATION for link in group]
    here = [link for link in links if link.is_here(path)]
    best = max(here, key=lambda link: _length(link, path), default=None)
    return [(name, [(link, link is best) for link in group]) for name, group in NAVIGATION if group]


def _length(link: Link, path: str) -> int:
    fits = [each for each in link.begins if path.startswith(each)] + ([link.to] if path == link.to else [])
    return max(map(len, fits), default=0)
