"""A trained network to a model bundle (see `warwire.model.bundle`)."""

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from warwire.annotations.errors import InputError
from warwire.annotations.labels import BIO_TAGS, GUIDE_VERSION
from warwire.model.bundle import MANIFEST, SELF_TEST, TOKENIZER, Manifest, SelfTest, digest
from warwire.train.encoder import Network
from warwire.train.features import WindowShape

if TYPE_CHECKING:
    from transformers import PreTrainedModel

_SELF_TEST_TOKENS = 8


def save_bundle(folder: Path, name: str, network: Network, shape: WindowShape, *, half: bool = False) -> Path:
    """Write weights, tokenizer and manifest; the folder appears whole or not at all.

    With `half` the weights are rounded to half precision, the network's own too.
    """
    part = folder.with_name(folder.name + ".part")
    shutil.rmtree(part, ignore_errors=True)
    if half:
        network.model.half()  # type: ignore[no-untyped-call]
    network.model.save_pretrained(part)
    network.tokenizer.save_pretrained(part)
    manifest = Manifest(
        name=name,
        tags=list(BIO_TAGS),
        guide=GUIDE_VERSION,
        window=shape.size,
        overlap=shape.overlap,
        prefix=list(shape.prefix),
        suffix=list(shape.suffix),
        pad=network.tokenizer.pad_token_id or 0,
        tokenizer_sha256=digest(part / TOKENIZER),
        self_test=_self_test(part, network, shape),
    )
    (part / MANIFEST).write_bytes(msgspec.json.format(msgspec.json.encode(manifest), indent=1))
    shutil.rmtree(folder, ignore_errors=True)
    part.rename(folder)
    return folder


def _self_test(saved: Path, network: Network, shape: WindowShape) -> SelfTest:
    from transformers import AutoModelForTokenClassification

    # The network that was trained may still compute in the trainer's precision; what is loaded from the file does not.
    model = AutoModelForTokenClassification.from_pretrained(saved, local_files_only=True, dtype="float32")
    text = _within_one_window(network, shape)
    ids = network.tokenizer(text, add_special_tokens=False)["input_ids"]
    logits = _logits(model, [*shape.prefix, *ids, *shape.suffix])
    first = len(shape.prefix)
    kept = logits[first : first + min(len(ids), _SELF_TEST_TOKENS)]
    return SelfTest(text, np.round(kept.astype(np.float64), 5).tolist())


def _within_one_window(network: Network, shape: WindowShape) -> str:
    """The self-test's text, cut so that it is read as one window."""
    text = SELF_TEST
    while len(ids := network.tokenizer(text, add_special_tokens=False)["input_ids"]) > shape.room and " " in text:
        text = text.rpartition(" ")[0]
    if len(ids) > shape.room:
        raise InputError(f"windows.size {shape.size} holds not even one word; make it larger")
    return text


def _logits(model: "PreTrainedModel", ids: list[int]) -> np.ndarray:
    import torch

    model.eval()  # type: ignore[no-untyped-call]
    with torch.inference_mode():
        logits = model(torch.tensor([ids])).logits
    return np.asarray(logits[0].float().numpy())
