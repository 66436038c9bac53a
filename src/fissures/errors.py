"""One tree of errors; every message says where, what is wrong, why it matters and what to try."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """One thing a reader of the case or of the result should know.

    `level` is "error" (the case cannot be used), "warning" (it can, but an answer may mislead)
    or "note". `where` is `file:line:col`, or the name of a stage when no file is involved.
    """

    where: str
    level: str
    message: str
    why: str = ""
    remedy: str = ""

    def __str__(self) -> str:
        lines = [f"{self.where}  {self.message}"]
        if self.why:
            lines.append(f"    why it matters: {self.why}")
        if self.remedy:
            lines.append(f"    try: {self.remedy}")
        return "\n".join(lines)

    def as_json(self) -> dict[str, str]:
        """The finding under the keys that other programs rely on."""
        return {
            "where": self.where,
            "level": self.level,
            "message": self.message,
            "why": self.why,
            "try": self.remedy,
        }


class FissuresError(Exception):
    """Base of every error raised on purpose; `exit_code` is what the command line returns."""

    exit_code = 1

    def __init__(self, message: str, *, where: str = "", why: str = "", remedy: str = "") -> None:
        self.findings: tuple[Finding, ...] = (Finding(where or "fissures", "error", message, why, remedy),)
        super().__init__(str(self))

    def __str__(self) -> str:
        return "\n".join(str(f) for f in self.findings)


class UsageError(FissuresError):
    """The call itself is wrong: an option, a name, a combination."""

    exit_code = 2


class CaseError(FissuresError):
    """The case file is invalid; carries every finding, not only the first."""

    exit_code = 3

    def __init__(self, findings: Iterable[Finding]) -> None:
        kept = tuple(findings)
        super().__init__(f"{len(kept)} findings in the case")
        self.findings = kept
        self.args = (str(self),)


class DataError(FissuresError):
    """Evidence that the case names is missing or is not what it claims to be."""

    exit_code = 4


class FitError(FissuresError):
    """The fit did not converge, so no answer would be honest."""

    exit_code = 5
