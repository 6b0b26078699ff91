"""The errors a person can meet: where it happened, what was found, what was wanted, what to do now.

`InputError` is the user's to mend, `AccessDenied` says that the record is not there for this reader, `TamperError`
says that the ledger does not verify. Only the two doors (cli, web) may catch `TamperError`.
"""

from __future__ import annotations


class ThawError(Exception):
    """Root of every error that Thaw raises on purpose; printed as one full sentence and an advice."""

    def __init__(self, *, where: str, got: str, want: str, fix: str) -> None:
        super().__init__(where, got, want, fix)
        self.where = where
        self.got = got
        self.want = want
        self.fix = fix

    def __str__(self) -> str:
        return f"{self.where}: got {self.got}, want {self.want}. {self.fix}"

    def to_json(self) -> dict[str, str]:
        """The four parts as the command line prints them under `--json`."""
        return {"where": self.where, "got": self.got, "want": self.want, "fix": self.fix}


class InputError(ThawError):
    """The file, value or argument cannot be used as it is; the user can mend it."""


class AccessDenied(ThawError):
    """This reader may not do this. Says which grant was missing, never what the record holds.

    noted  whether an entry says so already: whoever refuses may write a more telling one than the two doors do
    """

    noted = False


class TamperError(ThawError):
    """The ledger, a payload, a projection or a blob is not what was committed."""
