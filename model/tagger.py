"""Logits from ONNX Runtime, OpenVINO or torch, behind one interface.

Windows of similar length are run together, padded to the longest, a batch limited by its number of tokens. The same
texts in one call always make the same batches, and so, with a fixed number of threads, the same spans to the last
digit.

int8 rounds to steps that the largest activation of a batch sets: what stands beside a window would change its tags.
There each window is run alone, which takes no longer, as it is neither padded nor too short to keep a core busy.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from warwire.annotations.document import Span
from warwire.annotations.errors import InputError, MissingExtraError
from warwire.model.bundle import ONNX, WEIGHTS, Bundle
from warwire.model.decode import decode, softmax
from warwire.model.tidy import tidy
from warwire.model.windows import Encoding, cover_evenly, encode_batch, split_text, stitch

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]
Network = Callable[[Ints, Ints], Floats]
"""Token ids and attention mask, both (windows, tokens), to logits, (windows, tokens, tags)."""

BACK_ENDS: Final = ("int8", "fp32", "openvino", "torch")
_BATCH_TOKENS: Final = {"cpu": 1024, "gpu": 32_768}
"""On processors a batch of 512 to 1,024 tokens stays in the cache: 4,096 take an eighth longer."""
_ALONE: Final = 1
_OVERLAP: Final = 32
"""Tokens shared by windows at most: on the corpus dev split 16 to 64 are equal within 0.2 points of core tag F1."""
_SECTION: Final = 100_000
"""Code points of a text tagged by themselves; a longer text is cut at paragraph ends."""
_TOGETHER: Final = 200_000
"""Code points whose logits are held in memory at once."""
_SELF_TEST_TOLERANCE: Final = {"int8": 0.3, "fp32": 1e-3, "openvino": 0.1, "torch": 1e-3}
"""Largest error of the logits in the self-test, relative to their standard deviation."""
_BF16_TOLERANCE: Final = 0.1


@dataclass(frozen=True, slots=True)
class Section:
    """Code points `start` to `end` of the text with the number `text`."""

    text: int
    start: int
    end: int


@dataclass(frozen=True)
class Tagger:
    """A bundle with the network that computes its logits.

    Attributes:
        batch_tokens: tokens of one batch, padding counted in; a window longer than that is a batch of its own.
        overlap: tokens that neighbouring windows share at least; None takes the bundle's, or 32 if that is more.
    """

    bundle: Bundle
    network: Network
    back_end: str
    batch_tokens: int = _BATCH_TOKENS["cpu"]
    overlap: int | None = None

    def tag(self, texts: Sequence[str]) -> list[tuple[Span, ...]]:
        """The spans of each text, with scores, in the order of the text."""
        found: list[list[Span]] = [[] for _ in texts]
        for section, encoding, logits in self._read(texts):
            _append(found[section.text], texts[section.text], section, encoding, logits)
        return [tuple(spans) for spans in found]

    def tag_with_doubt(self, texts: Sequence[str]) -> list[tuple[tuple[Span, ...], float]]:
        """The spans of each text, and how unsure they are: the mean over its words of 1 - P(most probable tag)."""
        found: list[list[Span]] = [[] for _ in texts]
        doubt, units = np.zeros(len(texts)), np.zeros(len(texts))
        for section, encoding, logits in self._read(texts):
            _append(found[section.text], texts[section.text], section, encoding, logits)
            doubt[section.text] += _doubt(logits[encoding.heads])
            units[section.text] += len(encoding.heads)
        means = doubt / np.maximum(units, 1)
        return [(tuple(spans), mean) for spans, mean in zip(found, means.tolist(), strict=True)]

    def logits(self, encodings: Sequence[Encoding]) -> list[Floats]:
        """Logits of every token of every encoding, each of shape (tokens, tags)."""
        overlap = min(_OVERLAP, self.bundle.manifest.overlap) if self.overlap is None else self.overlap
        windows = [cover_evenly(len(e.ids), self.bundle.room, overlap) for e in encodings]
        jobs = [(d, w) for d, of_document in enumerate(windows) for w in of_document]
        results = self._run([encodings[d].ids[w.start : w.end] for d, w in jobs])
        parts: list[list[Floats]] = [[] for _ in encodings]
        for (d, _), result in zip(jobs, results, strict=True):
            parts[d].append(result)
        none = np.zeros((0, len(self.bundle.manifest.tags)), dtype=np.float32)
        return [stitch(w, p) if w else none for w, p in zip(windows, parts, strict=True)]

    def _read(self, texts: Sequence[str]) -> Iterator[tuple[Section, Encoding, Floats]]:
        for group in _groups(texts):
            encodings = encode_batch([texts[s.text][s.start : s.end] for s in group], self.bundle.tokenizer)
            yield from zip(group, encodings, self.logits(encodings), strict=True)

    def _run(self, sequences: Sequence[Ints]) -> list[Floats]:
        manifest = self.bundle.manifest
        results: list[Floats] = [np.empty((0, 0), dtype=np.float32)] * len(sequences)
        first = len(manifest.prefix)
        for batch in token_batches([len(s) for s in sequences], self.batch_tokens):
            ids, mask = _pad([sequences[i] for i in batch], manifest.prefix, manifest.suffix, manifest.pad)
            logits = self.network(ids, mask)
            for row, i in enumerate(batch):
                results[i] = logits[row, first : first + len(sequences[i])]
        return results


def load_tagger(
    bundle: Bundle,
    back_end: str | None = None,
    device: str = "cpu",
    threads: int | None = None,
    compiled: bool = False,
) -> Tagger:
    """A tagger that has passed its bundle's self-test.

    Args:
        bundle: from `open_bundle`.
        back_end: "int8" or "fp32" (ONNX Runtime), "openvino" (bf16 where the processor has it) or "torch"; None takes
            the first of int8, fp32 and torch whose file is there.
        device: for torch: "cpu", "cuda", "cuda:1"; on "cuda" the network runs in bf16.
        threads: processor threads of the network; None leaves the number to the library. One thread in each of
            several processes does more work than several threads in one.
        compiled: for torch: let `torch.compile` make kernels for the network, which takes about a minute.

    Raises:
        InputError: a file is missing or damaged, or the logits are not those stored with the bundle.
    """
    back_end = back_end or first_available(bundle)
    check_back_end(back_end)
    if threads is not None and threads < 1:
        raise InputError(f"{threads} threads: give at least 1")
    if back_end == "torch":
        network = _torch_network(bundle.folder, device, threads, compiled)
    elif back_end == "openvino":
        from warwire.model.openvino_network import open_network

        network = open_network(bundle.folder, threads)
    else:
        network = _onnx_network(bundle.folder, back_end, threads)
    budget = _ALONE if back_end == "int8" else _BATCH_TOKENS["gpu" if _on_gpu(device) else "cpu"]
    tagger = Tagger(bundle, network, back_end, budget)
    _self_test(tagger, device)
    return tagger


def check_back_end(name: str) -> None:
    """Refuse a back end that there is not.

    Raises:
        InputError: with those that there are.
    """
    if name not in BACK_ENDS:
        raise InputError(f"unknown back end {name!r}; there are {', '.join(BACK_ENDS)}")


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


def _groups(texts: Sequence[str]) -> Iterator[list[Section]]:
    """The sections of the texts in order, in groups that fit into memory together."""
    group: list[Section] = []
    held = 0
    for number, text in enumerate(texts):
        for start, end in split_text(text, _SECTION):
            if group and held + end - start > _TOGETHER:
                yield group
                group, held = [], 0
            group.append(Section(number, start, end))
            held += end - start
    if group:
        yield group


def _pad(sequences: Sequence[Ints], prefix: Sequence[int], suffix: Sequence[int], pad: int) -> tuple[Ints, Ints]:
    around = len(prefix) + len(suffix)
    ids = np.full((len(sequences), max(map(len, sequences)) + around), pad, dtype=np.int64)
    mask = np.zeros_like(ids)
    ids[:, : len(prefix)] = prefix
    for row, sequence in enumerate(sequences):
        end = len(prefix) + len(sequence)
        ids[row, len(prefix) : end] = sequence
        ids[row, end : end + len(suffix)] = suffix
        mask[row, : end + len(suffix)] = 1
    return ids, mask


def _append(spans: list[Span], text: str, section: Section, encoding: Encoding, logits: Floats) -> None:
    """Append the spans of a section, numbered on from those of the sections before it, with offsets of the text."""
    for span in spans_of(text[section.start : section.end], encoding, logits):
        if section.start:
            start, end = span.start + section.start, span.end + section.start
            span = replace(span, id=f"T{len(spans) + 1}", start=start, end=end)
        spans.append(span)


def spans_of(text: str, encoding: Encoding, logits: Floats) -> tuple[Span, ...]:
    """The spans that the logits of a text's tokens, of shape (tokens, tags), come to."""
    if not len(encoding.heads):
        return ()
    starts, ends = encoding.unit_starts, encoding.unit_ends
    found: list[Span] = []
    for units in decode(logits[encoding.heads]):
        edges = tidy(text, int(starts[units.start]), int(ends[units.end - 1]))
        # Two spans that meet within one number have both become the whole of it.
        if edges is not None and not (found and edges[0] < found[-1].end):
            found.append(Span(f"T{len(found) + 1}", *edges, units.label, round(units.score, 4)))
    return tuple(found)


def _doubt(logits: Floats) -> float:
    """1 - P(most probable tag), summed over the units."""
    return float((1 - softmax(logits).max(axis=1)).sum(dtype=np.float64)) if len(logits) else 0.0


def first_available(bundle: Bundle) -> str:
    """The back end used when none is asked for: the first whose file is there.

    Raises:
        InputError: none is.
    """
    for back_end, name in (*ONNX.items(), ("torch", WEIGHTS)):
        if (bundle.folder / name).is_file():
            return back_end
    raise InputError(
        f"{bundle.folder}: holds neither an ONNX file nor {WEIGHTS}; run 'warwire export' on the checkpoint"
    )


def _onnx_network(folder: Path, back_end: str, threads: int | None) -> Network:
    import onnxruntime

    path = folder / ONNX[back_end]
    if not path.is_file():
        raise InputError(f"{path}: no such file; run 'warwire export {folder}'")
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    options.intra_op_num_threads = threads or 0
    try:
        # The fused addition and normalisation is several times slower than the two apart on processors.
        session = onnxruntime.InferenceSession(
            str(path), options, providers=["CPUExecutionProvider"], disabled_optimizers=["SkipLayerNormFusion"]
        )
    except Exception as error:
        raise InputError(f"{path}: no readable ONNX file: {str(error).splitlines()[0]}") from None

    def run(ids: Ints, mask: Ints) -> Floats:
        logits: Floats = session.run(["logits"], {"input_ids": ids, "attention_mask": mask})[0]
        return logits

    return run


def _torch_network(folder: Path, device: str, threads: int | None, compiled: bool) -> Network:
    try:
        import torch
        from transformers import AutoModelForTokenClassification
        from transformers.utils.logging import disable_progress_bar
    except ModuleNotFoundError as error:
        raise MissingExtraError(error.name or "torch", "train") from None
    if not (folder / WEIGHTS).is_file():
        raise InputError(f"{folder / WEIGHTS}: no such file; the torch back end needs the checkpoint's weights")
    disable_progress_bar()  # type: ignore[no-untyped-call]
    if threads is not None:
        torch.set_num_threads(threads)
    model: Any = AutoModelForTokenClassification.from_pretrained(
        folder, local_files_only=True, use_safetensors=True, dtype="bfloat16" if _on_gpu(device) else "float32"
    )
    model = model.to(device).eval()
    if compiled:
        model = torch.compile(model, dynamic=True)

    def run(ids: Ints, mask: Ints) -> Floats:
        with torch.inference_mode():
            output = model(torch.from_numpy(ids).to(device), attention_mask=torch.from_numpy(mask).to(device))
            logits: Floats = output.logits.float().cpu().numpy()
            return logits

    return run


def _on_gpu(device: str) -> bool:
    return device.startswith("cuda")


def _self_test(tagger: Tagger, device: str) -> None:
    test = tagger.bundle.manifest.self_test
    expected = np.asarray(test.logits, dtype=np.float32)
    found = tagger.logits(encode_batch([test.text], tagger.bundle.tokenizer))[0][: len(expected)]
    same = found.shape == expected.shape and bool(np.isfinite(found).all())
    # int8 arithmetic differs between processors, so its error is taken over all logits together.
    error = np.inf if not same else float(np.sqrt(np.mean((found - expected) ** 2)) / expected.std())
    if error > (_BF16_TOLERANCE if _on_gpu(device) else _SELF_TEST_TOLERANCE[tagger.back_end]):
        raise InputError(
            f"{tagger.bundle.folder}: the model fails its self-test ({tagger.back_end}): weights, labels or tokenizer "
            "are not those it was saved with; fetch or export it again"
        )
