"""The network in OpenVINO: the checkpoint's logits as near as bf16 comes, and clear errors."""

import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from onnx import TensorProto, helper, numpy_helper, save

from warwire.annotations.errors import InputError, MissingExtraError
from warwire.model.bundle import ONNX, WEIGHTS, open_bundle
from warwire.model.openvino_network import files_read, open_network
from warwire.model.tagger import load_tagger
from warwire.model.windows import encode_batch

TEXTS = [
    "Rebels fired nine rockets at Lira.",
    "Calm.",
    "The army said drones hit the port of Almeda overnight, killing four. " * 40,
]


def test_the_default_finds_nearly_the_tags_of_the_checkpoint() -> None:
    bundle = open_bundle()
    encodings = encode_batch(TEXTS, bundle.tokenizer)
    found, expected = (
        np.concatenate(load_tagger(bundle, back_end, threads=1).logits(encodings)) for back_end in ("openvino", "torch")
    )
    assert np.sqrt(np.mean((found - expected) ** 2)) < 0.02 * expected.std()
    assert (found.argmax(1) == expected.argmax(1)).mean() > 0.99


def test_the_same_texts_give_the_same_spans_to_the_last_digit() -> None:
    first, again = (load_tagger(open_bundle(), "openvino", threads=1) for _ in range(2))
    assert first.tag(TEXTS) == first.tag(TEXTS) == again.tag(TEXTS)
    assert first.tag(TEXTS)[0]


def test_another_architecture_is_read_from_its_onnx_file(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text('{"model_type": "bert", "hidden_size": 32}')
    rows = np.random.default_rng(2).normal(size=(9, 3)).astype(np.float32)
    graph = helper.make_graph(
        [
            helper.make_node("Gather", ["rows", "input_ids"], ["found"]),
            helper.make_node("Mul", ["found", "own"], ["logits"]),
        ],
        "look-up",
        [
            helper.make_tensor_value_info(name, TensorProto.INT64, ["n", "t"])
            for name in ("input_ids", "attention_mask")
        ],
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["n", "t", 3])],
        [numpy_helper.from_array(rows, "rows"), numpy_helper.from_array(np.float32([2]), "own")],
    )
    save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=10), tmp_path / ONNX["fp32"])
    assert files_read(tmp_path) == (ONNX["fp32"], f"{ONNX['fp32']}.data")
    ids = np.array([[1, 8, 0], [4, 4, 2]])
    np.testing.assert_allclose(open_network(tmp_path, 1)(ids, np.ones_like(ids)), 2 * rows[ids], rtol=0.01)


def test_weights_that_are_missing_or_damaged_are_named(tmp_path: Path) -> None:
    shutil.copy(open_bundle().folder / "config.json", tmp_path)
    (tmp_path / WEIGHTS).write_bytes(b"no weights")
    with pytest.raises(InputError, match=f"{WEIGHTS}: no readable weights"):
        open_network(tmp_path, 1)
    (tmp_path / WEIGHTS).unlink()
    with pytest.raises(InputError, match=f"{WEIGHTS}: no such file"):
        open_network(tmp_path, 1)


def test_without_openvino_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "openvino", None)
    with pytest.raises(MissingExtraError, match=r"warwire\[openvino\]"):
        open_network(Path("anywhere"), 1)


SIGNALLED = """
import faulthandler, signal

faulthandler.enable()

from warwire.model.bundle import open_bundle
from warwire.model.tagger import load_tagger

signal.signal(signal.SIGUSR1, lambda *_: print("handled"))


def tag():
    texts = ["Calm.", "The army said drones hit the port of Almeda overnight, killing four. " * 40]
    first, again = (load_tagger(open_bundle(), "openvino", threads=1) for _ in range(2))
    assert first.tag(texts) == first.tag(texts) == again.tag(texts) == first.tag(texts)


tag()
signal.raise_signal(signal.SIGUSR1)
"""


def test_a_signal_after_computing_is_handled_and_does_not_end_the_process() -> None:
    ended = subprocess.run([sys.executable, "-c", SIGNALLED], capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout) == (0, "handled\n"), ended.stderr
