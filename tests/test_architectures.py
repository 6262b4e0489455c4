"""The architectures that train/configs/ names train, are saved, loaded and exported as any other."""

import json
from pathlib import Path

import numpy as np
import pytest
from conftest import tiny_config
from tiny_bases import BASES, TEXTS

from warwire.model.bundle import open_bundle
from warwire.model.tagger import load_tagger
from warwire.model.windows import encode_batch
from warwire.train.config import load_config
from warwire.train.export import export
from warwire.train.finetune import finetune

pytestmark = pytest.mark.filterwarnings("ignore")


@pytest.fixture(scope="module", params=sorted(BASES))
def bundle(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bundle of two updates on a tiny base."""
    folder = tmp_path_factory.mktemp(request.param)
    base = BASES[request.param](folder / "base")
    config = load_config(
        tiny_config(folder, epochs=2, learning_rate=1e-3), [f"base={base}", "log_every=1", "windows.size=128"]
    )
    return finetune(config, quiet=True).bundle


def test_a_base_trains_and_its_bundle_tags(bundle: Path) -> None:
    lines = [json.loads(line) for line in (bundle.parent / "metrics.jsonl").read_text().splitlines()]
    assert max(line["step"] for line in lines) == 2
    opened = open_bundle(bundle)
    logits = load_tagger(opened, "torch").logits(encode_batch(TEXTS, opened.tokenizer))
    assert all(np.isfinite(part).all() and len(part) for part in logits)


@pytest.mark.parametrize("bundle", ["roberta", "deberta-v3"], indirect=True)
def test_a_bundle_exports_to_onnx_with_its_own_logits(bundle: Path) -> None:
    """XLM-R has RoBERTa's network, and the ModernBERT of our own encoder is exported in many other tests."""
    exported = export(bundle)
    assert exported.difference["fp32"] < 1e-4
    assert load_tagger(open_bundle(bundle), "fp32").tag(TEXTS) == load_tagger(open_bundle(bundle), "torch").tag(TEXTS)
