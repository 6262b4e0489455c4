"""A base from a model hub into a folder that training can use without a network.

    python -m warwire.train.fetch_base microsoft/deberta-v3-base bases/deberta-v3-base

The folder gets `model.safetensors` and `tokenizer.json` also where the hub holds neither: older weights are read as
plain tensors, and never as a pickle that runs code.
"""

import shutil
import sys
from pathlib import Path
from typing import Any

from warwire.annotations.errors import InputError, WarwireError


def fetch_base(name: str, folder: Path) -> Path:
    """Load a base by hub name or folder, and write it into a folder, which appears whole or not at all.

    Raises:
        InputError: the folder is there already, the base cannot be loaded, or it has no fast tokenizer.
    """
    if folder.exists():
        raise InputError(f"{folder}: is there already; remove it, or name another folder")
    from transformers import AutoModel, AutoTokenizer
    from transformers.utils import logging

    logging.set_verbosity_error()  # type: ignore[no-untyped-call]
    load_tokenizer: Any = AutoTokenizer.from_pretrained
    try:
        tokenizer = load_tokenizer(name, trust_remote_code=False)
        model: Any = AutoModel.from_pretrained(name, trust_remote_code=False, weights_only=True, dtype="float32")
    except Exception as error:  # the hub's client lets the errors of several libraries through
        reason = next(iter(str(error).strip().splitlines()), type(error).__name__)
        raise InputError(f"base {name!r} cannot be loaded: {reason}") from None
    if not tokenizer.is_fast:
        raise InputError(f"base {name!r} has no fast tokenizer, which offsets need")
    part = folder.with_name(folder.name + ".part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    model.save_pretrained(part)
    tokenizer.save_pretrained(part)
    part.rename(folder)
    return folder


def main(arguments: list[str]) -> None:
    """Fetch the base named first into the folder named second."""
    if len(arguments) != 2:
        raise InputError("two words are expected: the name of the base, and the folder to write")
    print(f"base: {fetch_base(arguments[0], Path(arguments[1]))}")


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except WarwireError as wrong:
        print(f"warwire: {wrong}", file=sys.stderr)
        raise SystemExit(wrong.exit_code) from None
