"""A model bundle: the folder that holds everything needed to tag.

    warwire.json        tags, window, special tokens, digests, self-test (this file's `Manifest`)
    tokenizer.json      the tokenizer
    model.safetensors   weights, with config.json: for torch and for training on
    model.int8.onnx     the exported network, int8 and fp32: for inference without torch
    model.onnx

A bundle is checked before the first document: a wrong tokenizer, permuted or missing labels, NaN weights and a
missing classifier all show in the self-test, whose logits were stored when the bundle was made.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec

from warwire.annotations.errors import InputError
from warwire.annotations.labels import BIO_TAGS, GUIDE_VERSION

if TYPE_CHECKING:
    from tokenizers import Tokenizer

DEFAULT_FOLDER: Final = Path(__file__).parent / "default"
MANIFEST: Final = "warwire.json"
TOKENIZER: Final = "tokenizer.json"
WEIGHTS: Final = "model.safetensors"
ONNX: Final = {"int8": "model.int8.onnx", "fp32": "model.onnx"}
SELF_TEST: Final = "Officials in Port Almeda said two Grad rockets hit the harbour on Tuesday, wounding 11 people."


class SelfTest(msgspec.Struct, frozen=True):
    """A text and the logits that the fp32 checkpoint gave its first tokens, shape (tokens, tags)."""

    text: str
    logits: list[list[float]]


class Manifest(msgspec.Struct, frozen=True):
    """What `warwire.json` holds; `window` counts the special tokens in, `overlap` is in tokens."""

    name: str
    tags: list[str]
    guide: int
    window: int
    overlap: int
    prefix: list[int]
    suffix: list[int]
    pad: int
    tokenizer_sha256: str
    self_test: SelfTest
    version: int = 1


@dataclass(frozen=True, slots=True)
class Bundle:
    """An opened bundle: its folder, manifest and tokenizer."""

    folder: Path
    manifest: Manifest
    tokenizer: "Tokenizer"

    @property
    def room(self) -> int:
        """Text tokens that fit into one window."""
        return self.manifest.window - len(self.manifest.prefix) - len(self.manifest.suffix)


def open_bundle(folder: Path | None = None) -> Bundle:
    """The bundle in a folder; without one, the embedded default.

    Raises:
        InputError: the folder is no bundle, or its labels or tokenizer are not those it was made with.
    """
    folder = folder or DEFAULT_FOLDER
    if not folder.is_dir():
        raise InputError(f"{folder}: no such folder; a model is a folder that 'warwire train' or 'export' wrote")
    manifest = _read_manifest(folder)
    if manifest.guide != GUIDE_VERSION or tuple(manifest.tags) != BIO_TAGS:
        raise InputError(
            f"{folder / MANIFEST}: its tags are not those of the annotation guide, version {GUIDE_VERSION}"
        )
    if not (folder / TOKENIZER).is_file():
        raise InputError(f"{folder}: {TOKENIZER} is missing; copy the whole model folder")
    if digest(folder / TOKENIZER) != manifest.tokenizer_sha256:
        raise InputError(f"{folder / TOKENIZER}: not the tokenizer this model was trained with (its SHA-256 differs)")
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return Bundle(folder, manifest, tokenizer)


def _read_manifest(folder: Path) -> Manifest:
    path = folder / MANIFEST
    try:
        return msgspec.json.decode(path.read_bytes(), type=Manifest)
    except FileNotFoundError:
        raise InputError(
            f"{folder}: no warwire model ({MANIFEST} is missing); fine-tune one with 'warwire train'"
        ) from None
    except msgspec.DecodeError as error:
        raise InputError(f"{path}: damaged: {error}") from None


def digest(path: Path) -> str:
    """SHA-256 of a file, hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
