"""The written graph of a ModernBERT gives the checkpoint's logits, whatever the lengths and the padding."""

from pathlib import Path

import numpy as np
import onnxruntime
import pytest
import torch
from transformers import ModernBertConfig as Shape
from transformers import ModernBertForTokenClassification

from warwire.model.modernbert_graph import Form, build_graph, quantise, read_config

BIASED = {"attention_bias": True, "mlp_bias": True, "norm_bias": True, "classifier_bias": True}


def _checkpoint(folder: Path, **settings: object) -> ModernBertForTokenClassification:
    torch.manual_seed(7)
    small = {"vocab_size": 50, "hidden_size": 32, "num_attention_heads": 2, "intermediate_size": 24, "num_labels": 5}
    small |= {"num_hidden_layers": 4, "local_attention": 6, "max_position_embeddings": 80, "pad_token_id": 0}
    small |= {"bos_token_id": 1, "eos_token_id": 2, "cls_token_id": 1, "sep_token_id": 2, "initializer_range": 0.3}
    model = ModernBertForTokenClassification(Shape(**small | settings)).eval()
    for name, parameter in model.named_parameters():
        if name.endswith("bias") or "norm" in name:
            torch.nn.init.normal_(parameter, mean=float(name.endswith("weight")), std=0.3)
    model.save_pretrained(folder)
    return model


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("settings", [{}, BIASED, {"local_attention": 40, "global_attn_every_n_layers": 2}])
@pytest.mark.parametrize("lengths", [[1], [16, 16], [33, 17, 5, 1], [79, 40]])
@pytest.mark.parametrize("form", ["fp32", "standard"])
def test_logits_are_those_of_the_checkpoint(
    settings: dict[str, object], lengths: list[int], form: Form, tmp_path: Path
) -> None:
    model = _checkpoint(tmp_path, **settings)
    config = read_config(tmp_path)
    assert config is not None
    session = onnxruntime.InferenceSession(build_graph(tmp_path, config, form).SerializeToString())
    mask = (np.arange(max(lengths))[None] < np.array(lengths)[:, None]).astype(np.int64)
    ids = np.random.default_rng(3).integers(3, 50, mask.shape) * mask
    with torch.inference_mode():
        expected = model(torch.from_numpy(ids), attention_mask=torch.from_numpy(mask)).logits.numpy()
    found = session.run(["logits"], {"input_ids": ids, "attention_mask": mask})[0]
    np.testing.assert_allclose(found[mask == 1], expected[mask == 1], atol=1e-4)


def test_the_standard_form_has_nodes_of_the_standard_alone(tmp_path: Path) -> None:
    _checkpoint(tmp_path)
    config = read_config(tmp_path)
    assert config is not None
    model = build_graph(tmp_path, config, "standard")
    assert {node.domain for node in model.graph.node} == {opset.domain for opset in model.opset_import} == {""}


def test_rows_quantised_are_within_half_a_step() -> None:
    rows = np.random.default_rng(1).normal(size=(6, 40)).astype(np.float32)
    rows[2] = 0
    integers, scales = quantise(rows)
    assert (np.abs(integers * scales[:, None] - rows) <= scales[:, None] / 2 + 1e-6).all()


def test_another_architecture_is_left_to_the_tracer(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text('{"model_type": "bert", "hidden_size": 32}')
    assert read_config(tmp_path) is None
