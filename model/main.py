"""The command `warwire`: joins the subcommands of every folder, by name and only when they are called.

No folder is imported before its command runs, so that `warwire --help` answers at once.
"""

import errno
import importlib
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Final

import typer
from typer.core import TyperGroup

from warwire.annotations.errors import MissingExtraError, WarwireError

if TYPE_CHECKING:
    # Typer takes and returns these without a public name for them; before version 0.26 they were those of click.
    from typer._click import Command, Context


@dataclass(frozen=True, slots=True)
class Subcommand:
    """Where a subcommand lives, and the line that `warwire --help` shows for it (its docstring's first)."""

    module: str
    help: str
    extra: str | None = None


SUBCOMMANDS: Final = {
    "extract": Subcommand("warwire.model.cli", "Read articles and print who did what to whom, according to whom."),
    "assemble": Subcommand("warwire.model.cli", "Link the spans of documents to events."),
    "archive": Subcommand(
        "warwire.model.archive.cli",
        "Read whole archives into tables, restartable at any moment, with nothing lost and nothing twice.",
        "archive",
    ),
    "ledger": Subcommand(
        "warwire.model.ledger.cli", "Group the reports of an archive by incident, every version kept.", "archive"
    ),
    "annotate": Subcommand("warwire.annotations.cli", "Validate, describe and convert labelled documents."),
    "train": Subcommand("warwire.train.cli", "Fine-tune a tagger as a YAML file says.", "train"),
    "pretrain": Subcommand("warwire.train.cli", "Pre-train a small encoder on text, as a YAML file says.", "train"),
    "pseudolabel": Subcommand(
        "warwire.train.cli",
        "Tag unlabelled articles by several models together, to train another one on them.",
        "train",
    ),
    "sweep": Subcommand(
        "warwire.train.cli",
        "Train over a grid or a search of configurations; the same command goes on after a kill.",
        "train",
    ),
    "push": Subcommand("warwire.train.cli", "Upload a model and its card to a model hub.", "train"),
    "export": Subcommand("warwire.train.cli", "Write a trained model as ONNX, fp32 and int8, checked.", "train"),
    "evaluate": Subcommand("warwire.evaluate.cli", "Score models or predictions against gold documents.", "evaluate"),
}

_NO_ROOM: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO})
"""Errors of the place that the output goes to."""

JOINED: Final = {
    "annotate": {
        "agreement": Subcommand(
            "warwire.evaluate.agreement_cli", "Compare two annotators: F1 of spans, events, kappa.", "evaluate"
        ),
        "draft": Subcommand("warwire.model.draft_cli", "Pre-annotate bare text with a model, least certain first."),
    }
}
"""Members of a group that need a later stage than the group's own folder."""


class LazyGroup(TyperGroup):
    """A command group whose members are imported when they run."""

    def list_commands(self, ctx: "Context") -> list[str]:
        """Names in the order of the help page."""
        return list(SUBCOMMANDS)

    def get_command(self, ctx: "Context", cmd_name: str) -> "Command | None":
        """A stand-in that carries the help line; the command itself is imported by `resolve_command`."""
        subcommand = SUBCOMMANDS.get(cmd_name)
        return None if subcommand is None else _stand_in(cmd_name, subcommand)

    def resolve_command(self, ctx: "Context", args: list[str]) -> "tuple[str | None, Command | None, list[str]]":
        """The command that is about to run, imported."""
        name, command, rest = super().resolve_command(ctx, args)
        if name not in SUBCOMMANDS:
            return name, command, rest
        command = _load(name, SUBCOMMANDS[name])
        if isinstance(command, TyperGroup):
            for member, joined in JOINED.get(name, {}).items():
                called = rest[:1] == [member]
                command.add_command(_load(member, joined) if called else _stand_in(member, joined), member)
        return name, command, rest


app = typer.Typer(
    cls=LazyGroup,
    help="Turn war reporting into data: who did what to whom, with what, how many, where, when, says who.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _tell_version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        print(f"warwire {version('warwire')}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version and exit.", is_eager=True, callback=_tell_version)
    ] = False,
) -> None:
    pass


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line; bad input ends with one line a problem on standard error and exit code 2."""
    try:
        app(args=list(arguments) if arguments is not None else None, prog_name="warwire")
    except WarwireError as error:
        for line in str(error).split("\n"):
            print(f"warwire: {line}", file=sys.stderr)
        raise SystemExit(error.exit_code) from None
    except BrokenPipeError:
        _drop_output()
        raise SystemExit(141) from None
    except OSError as error:
        if error.errno not in _NO_ROOM or error.filename is not None:
            raise
        print(f"warwire: the output cannot be written: {(error.strerror or str(error)).lower()}", file=sys.stderr)
        _drop_output()
        raise SystemExit(1) from None
    except KeyboardInterrupt:
        print("warwire: interrupted", file=sys.stderr)
        raise SystemExit(130) from None


def _drop_output() -> None:
    """What is left to be printed goes nowhere, lest the interpreter fail on it again at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _stand_in(name: str, subcommand: Subcommand) -> "Command":
    def nothing() -> None:
        pass

    listing = typer.Typer()
    listing.command(name, help=subcommand.help)(nothing)
    return typer.main.get_command(listing)


def _load(name: str, subcommand: Subcommand) -> "Command":
    try:
        module = importlib.import_module(subcommand.module)
    except ModuleNotFoundError as error:
        if subcommand.extra is None or error.name is None or error.name.startswith("warwire"):
            raise
        raise MissingExtraError(error.name, subcommand.extra) from None
    command = typer.main.get_command(module.app)
    return command.commands.get(name, command) if isinstance(command, TyperGroup) else command
