"""Errors that a user can act on.

WarwireError
├── InputError        something in the input is wrong: one line, exit code 2
│   └── DocumentError a record breaks the document format: one line a problem
└── MissingExtraError a command needs an optional dependency that is not installed
"""

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Problem:
    """One violated rule, with everything needed to find it.

    `kind` is "format" where the file format is broken, "guide" where a readable document departs from the
    annotation guide.
    """

    message: str
    kind: str = "format"
    document: str | None = None
    span: str | None = None
    path: str | None = None
    line: int | None = None

    def at(self, path: str, line: int | None = None) -> "Problem":
        """The same problem, located in a file."""
        return replace(self, path=path, line=line)

    def __str__(self) -> str:
        place = self.path or ""
        if place and self.line is not None:
            place += f":{self.line}"
        names = [
            f"{what} {name}" for what, name in (("document", self.document), ("span", self.span)) if name is not None
        ]
        return ": ".join(part for part in (place, ", ".join(names), self.message) if part)


class WarwireError(Exception):
    """Base of every error that warwire raises on purpose."""

    exit_code = 1


class InputError(WarwireError):
    """Bad input; the message is one line that names the file and the remedy."""

    exit_code = 2


class DocumentError(InputError):
    """A record that is no valid document; `problems` holds every violation found."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        super().__init__("\n".join(str(problem) for problem in problems))


class MissingExtraError(InputError):
    """A command that needs an extra; the message is the install command."""

    def __init__(self, module: str, extra: str) -> None:
        super().__init__(f"this command needs {module!r}, which is not installed: pip install 'warwire[{extra}]'")
