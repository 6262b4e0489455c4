"""Logits from torch or ONNX Runtime, behind one interface.

Both back ends run the same batches: windows of similar length together, padded to the longest, a batch limited by its
number of tokens.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from warwire.annotations.document import Span
from warwire.annotations.errors import InputError, MissingExtraError
from warwire.model.bundle import ONNX, WEIGHTS, Bundle
from warwire.model.decode import decode, softmax
from warwire.model.tidy import tidy
from warwire.model.windows import Encoding, cover, encode_batch, stitch

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]
Network = Callable[[Ints, Ints], Floats]
"""Token ids and attention mask, both (windows, tokens), to logits, (windows, tokens, tags)."""

BACK_ENDS: Final = ("int8", "fp32", "torch")
_BATCH_TOKENS: Final = 4096
_SELF_TEST_TOLERANCE: Final = {"int8": 0.3, "fp32": 1e-3, "torch": 1e-3}
"""Largest error of the logits in the self-test, relative to their standard deviation."""


@dataclass(frozen=True)
class Tagger:
    """A bundle with the network that computes its logits."""

    bundle: Bundle
    network: Network
    back_end: str
    batch_tokens: int = _BATCH_TOKENS

    def tag(self, texts: Sequence[str]) -> list[tuple[Span, ...]]:
        """The spans of each text, with scores, in the order of the text."""
        return [spans_of(text, encoding, logits) for text, encoding, logits in self._read(texts)]

    def tag_with_doubt(self, texts: Sequence[str]) -> list[tuple[tuple[Span, ...], float]]:
        """The spans of each text, and how unsure they are: the mean over its words of 1 - P(most probable tag)."""
        return [
            (spans_of(text, encoding, logits), _doubt(logits[encoding.heads]))
            for text, encoding, logits in self._read(texts)
        ]

    def _read(self, texts: Sequence[str]) -> Iterator[tuple[str, Encoding, Floats]]:
        encodings = encode_batch(texts, self.bundle.tokenizer)
        return zip(texts, encodings, self.logits(encodings), strict=True)

    def logits(self, encodings: Sequence[Encoding]) -> list[Floats]:
        """Logits of every token of every encoding, each of shape (tokens, tags)."""
        windows = [cover(len(e.ids), self.bundle.room, self.bundle.manifest.overlap) for e in encodings]
        jobs = [(d, w) for d, of_document in enumerate(windows) for w in of_document]
        results = self._run([encodings[d].ids[w.start : w.end] for d, w in jobs])
        parts: list[list[Floats]] = [[] for _ in encodings]
        for (d, _), result in zip(jobs, results, strict=True):
            parts[d].append(result)
        none = np.zeros((0, len(self.bundle.manifest.tags)), dtype=np.float32)
        return [stitch(w, p) if w else none for w, p in zip(windows, parts, strict=True)]

    def _run(self, sequences: Sequence[Ints]) -> list[Floats]:
        manifest = self.bundle.manifest
        results: list[Floats] = [np.empty((0, 0), dtype=np.float32)] * len(sequences)
        for batch in token_batches([len(s) for s in sequences], self.batch_tokens):
            ids, mask = _pad([[*manifest.prefix, *sequences[i], *manifest.suffix] for i in batch], manifest.pad)
            logits = self.network(ids, mask)
            first = len(manifest.prefix)
            for row, i in enumerate(batch):
                results[i] = logits[row, first : first + len(sequences[i])]
        return results


def load_tagger(bundle: Bundle, back_end: str | None = None, device: str = "cpu") -> Tagger:
    """A tagger that has passed its bundle's self-test.

    Args:
        bundle: from `open_bundle`.
        back_end: "int8" or "fp32" (ONNX Runtime) or "torch"; None takes the first whose file is there.
        device: for torch: "cpu", "cuda", "cuda:1".

    Raises:
        InputError: a file is missing or damaged, or the logits are not those stored with the bundle.
    """
    back_end = back_end or _first_available(bundle)
    if back_end not in BACK_ENDS:
        raise InputError(f"unknown back end {back_end!r}; there are {', '.join(BACK_ENDS)}")
    network = _torch_network(bundle.folder, device) if back_end == "torch" else _onnx_network(bundle.folder, back_end)
    tagger = Tagger(bundle, network, back_end)
    _self_test(tagger)
    return tagger


def token_batches(lengths: Sequence[int], budget: int) -> list[list[int]]:
    """Indices grouped so that neighbours are of similar length and a padded batch has at most `budget` tokens.

    A sequence longer than the budget is a batch of its own.
    """
    batches: list[list[int]] = []
    batch: list[int] = []
    for i in sorted(range(len(lengths)), key=lambda i: -lengths[i]):
        if batch and (len(batch) + 1) * lengths[batch[0]] > budget:
            batches.append(batch)
            batch = []
        batch.append(i)
    return [*batches, batch] if batch else batches


def _pad(sequences: Sequence[Sequence[int]], pad: int) -> tuple[Ints, Ints]:
    longest = max(len(s) for s in sequences)
    ids = np.full((len(sequences), longest), pad, dtype=np.int64)
    mask = np.zeros_like(ids)
    for row, sequence in enumerate(sequences):
        ids[row, : len(sequence)] = sequence
        mask[row, : len(sequence)] = 1
    return ids, mask


def spans_of(text: str, encoding: Encoding, logits: Floats) -> tuple[Span, ...]:
    """The spans that the logits of a text's tokens, of shape (tokens, tags), come to."""
    if not len(encoding.heads):
        return ()
    starts, ends = encoding.unit_starts, encoding.unit_ends
    found = [
        (edges, units)
        for units in decode(logits[encoding.heads])
        if (edges := tidy(text, int(starts[units.start]), int(ends[units.end - 1]))) is not None
    ]
    return tuple(Span(f"T{n}", *edges, units.label, round(units.score, 4)) for n, (edges, units) in enumerate(found, 1))


def _doubt(logits: Floats) -> float:
    return float(1 - softmax(logits).max(axis=1).mean()) if len(logits) else 0.0


def _first_available(bundle: Bundle) -> str:
    for back_end, name in (*ONNX.items(), ("torch", WEIGHTS)):
        if (bundle.folder / name).is_file():
            return back_end
    raise InputError(
        f"{bundle.folder}: holds neither an ONNX file nor {WEIGHTS}; run 'warwire export' on the checkpoint"
    )


def _onnx_network(folder: Path, back_end: str) -> Network:
    import onnxruntime

    path = folder / ONNX[back_end]
    if not path.is_file():
        raise InputError(f"{path}: no such file; run 'warwire export {folder}'")
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    try:
        session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as error:
        raise InputError(f"{path}: no readable ONNX file: {str(error).splitlines()[0]}") from None

    def run(ids: Ints, mask: Ints) -> Floats:
        logits: Floats = session.run(["logits"], {"input_ids": ids, "attention_mask": mask})[0]
        return logits

    return run


def _torch_network(folder: Path, device: str) -> Network:
    try:
        import torch
        from transformers import AutoModelForTokenClassification
        from transformers.utils.logging import disable_progress_bar
    except ModuleNotFoundError as error:
        raise MissingExtraError(error.name or "torch", "train") from None
    if not (folder / WEIGHTS).is_file():
        raise InputError(f"{folder / WEIGHTS}: no such file; the torch back end needs the checkpoint's weights")
    disable_progress_bar()  # type: ignore[no-untyped-call]
    model: Any = AutoModelForTokenClassification.from_pretrained(
        folder, local_files_only=True, use_safetensors=True, dtype="float32"
    )
    model = model.to(device).eval()

    def run(ids: Ints, mask: Ints) -> Floats:
        with torch.inference_mode():
            output = model(torch.from_numpy(ids).to(device), attention_mask=torch.from_numpy(mask).to(device))
            logits: Floats = output.logits.float().cpu().numpy()
            return logits

    return run


def _self_test(tagger: Tagger) -> None:
    test = tagger.bundle.manifest.self_test
    expected = np.asarray(test.logits, dtype=np.float32)
    found = tagger.logits(encode_batch([test.text], tagger.bundle.tokenizer))[0][: len(expected)]
    same = found.shape == expected.shape and bool(np.isfinite(found).all())
    # int8 arithmetic differs between processors, so its error is taken over all logits together.
    error = np.inf if not same else float(np.sqrt(np.mean((found - expected) ** 2)) / expected.std())
    if error > _SELF_TEST_TOLERANCE[tagger.back_end]:
        raise InputError(
            f"{tagger.bundle.folder}: the model fails its self-test ({tagger.back_end}): weights, labels or tokenizer "
            "are not those it was saved with; fetch or export it again"
        )
