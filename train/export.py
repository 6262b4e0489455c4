"""A checkpoint to ONNX: fp32, and int8 for fast inference on processors, both checked against the checkpoint.

A ModernBERT's graph is written by `modernbert_graph`, which runs about three times as fast as a traced one; any other
architecture is traced.
"""

import logging
import tempfile
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from warwire.annotations.errors import InputError, WarwireError
from warwire.model.bundle import ONNX, WEIGHTS, open_bundle
from warwire.model.modernbert_graph import Form, ModernBertConfig, build_graph, read_config
from warwire.model.tagger import load_tagger
from warwire.model.windows import encode_batch

_TOLERANCE: Final = 1e-3
_OPSET: Final = 20
_PROBES: Final = (
    "Officials in Port Almeda said two Grad rockets hit the harbour on Tuesday, wounding 11 people.",
    "The ministry denied that any of its 30 drones had been shot down over the capital overnight.",
    "Calm.",
)


@dataclass(frozen=True, slots=True)
class Exported:
    """Files written, the largest logit difference of each to the checkpoint, and the share of tags that agree."""

    files: dict[str, Path]
    difference: dict[str, float]
    agreement: dict[str, float]


def export(folder: Path) -> Exported:
    """Write `model.onnx` and `model.int8.onnx` into a bundle.

    Raises:
        InputError: the folder is no bundle with weights.
        WarwireError: the exported fp32 network is not the checkpoint's within 1e-3.
    """
    open_bundle(folder)
    if not (folder / WEIGHTS).is_file():
        raise InputError(f"{folder / WEIGHTS}: no such file; export needs the checkpoint's weights")
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        fp32, int8 = Path(scratch) / "fp32.onnx", Path(scratch) / "int8.onnx"
        config = read_config(folder)
        if config is None:
            _trace(folder, fp32)
            _quantise(fp32, int8)
        else:
            _write(folder, config, {fp32: "fp32", int8: "int8"})
        fp32.replace(folder / ONNX["fp32"])
        int8.replace(folder / ONNX["int8"])
    return _compare(folder)


def _write(folder: Path, config: ModernBertConfig, files: dict[Path, Form]) -> None:
    import onnx

    for path, form in files.items():
        onnx.save(build_graph(folder, config, form), str(path))


def _trace(folder: Path, path: Path) -> None:
    import torch
    from transformers import AutoModelForTokenClassification
    from transformers.utils.logging import disable_progress_bar

    disable_progress_bar()  # type: ignore[no-untyped-call]
    model: Any = AutoModelForTokenClassification.from_pretrained(folder, local_files_only=True, dtype="float32").eval()

    class Logits(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, input_ids: Any, attention_mask: Any) -> Any:
            return self.model(input_ids=input_ids, attention_mask=attention_mask).logits

    ids = torch.randint(5, 50, (2, 24))
    axes = {0: torch.export.Dim("batch"), 1: torch.export.Dim("tokens")}
    logging.getLogger("torch.onnx").setLevel(logging.ERROR)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        program = torch.onnx.export(
            Logits(),
            (ids, torch.ones_like(ids)),
            dynamo=True,
            verbose=False,
            opset_version=_OPSET,
            input_names=["input_ids", "attention_mask"],
            output_names=["logits"],
            dynamic_shapes={"input_ids": axes, "attention_mask": axes},
        )
        assert program is not None  # it is None only for the older exporter
        program.save(str(path), external_data=False)
    _strip_traces(path)


def _strip_traces(path: Path) -> None:
    """Remove what the exporter notes about where each node came from: paths of the machine, and half the file."""
    import onnx

    model = onnx.load(str(path))
    graphs = [model.graph, *model.functions]
    for graph in graphs:
        for item in (graph, *graph.node, *graph.value_info):
            del item.metadata_props[:]
            item.doc_string = ""
    for item in (*model.graph.initializer, *model.graph.input, *model.graph.output):
        del item.metadata_props[:]
    onnx.save(model, str(path))


def _quantise(source: Path, target: Path) -> None:
    from onnxruntime.quantization import QuantType, quant_pre_process, quantize_dynamic

    logging.getLogger().setLevel(logging.ERROR)
    prepared = source.with_name("prepared.onnx")
    quant_pre_process(str(source), str(prepared), skip_symbolic_shape=True)
    quantize_dynamic(str(prepared), str(target), per_channel=True, weight_type=QuantType.QInt8)


def _compare(folder: Path) -> Exported:
    bundle = open_bundle(folder)
    encodings = encode_batch(list(_PROBES), bundle.tokenizer)
    expected = np.concatenate(load_tagger(bundle, "torch").logits(encodings))
    difference, agreement = {}, {}
    for back_end in ONNX:
        found = np.concatenate(load_tagger(bundle, back_end).logits(encodings))
        difference[back_end] = float(np.abs(found - expected).max())
        agreement[back_end] = float((found.argmax(1) == expected.argmax(1)).mean())
    if difference["fp32"] > _TOLERANCE:
        raise WarwireError(f"{folder}: the exported logits differ from the checkpoint's by {difference['fp32']:.2g}")
    return Exported({name: folder / file for name, file in ONNX.items()}, difference, agreement)
