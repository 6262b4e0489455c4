"""Low-rank adapters: few weights are trained, and the bundle at the end is an ordinary one."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import tiny_config
from tiny_bases import BASES, TEXTS

from warwire.annotations.errors import InputError, MissingExtraError
from warwire.model.bundle import open_bundle
from warwire.model.tagger import load_tagger
from warwire.model.windows import encode_batch
from warwire.train.config import Lora, TrainConfig, load_config
from warwire.train.encoder import Network, load_network
from warwire.train.finetune import finetune
from warwire.train.lora import merged, with_adapters

pytestmark = pytest.mark.filterwarnings("ignore")


@pytest.fixture(params=sorted(BASES))
def config(request: pytest.FixtureRequest, tmp_path: Path) -> TrainConfig:
    """A configuration on a tiny base of each architecture."""
    base = BASES[request.param](tmp_path / "base")
    return load_config(tiny_config(tmp_path, epochs=2), [f"base={base}", "windows.size=128"])


def logits(network: Network, texts: list[str] = TEXTS) -> np.ndarray[Any, Any]:
    import torch

    network.model.eval()
    rows = [network.tokenizer(text, return_tensors="pt", return_token_type_ids=False) for text in texts]
    with torch.inference_mode():
        return np.concatenate([network.model(**row).logits[0].numpy() for row in rows])


def disturb(network: Network) -> None:
    """Set the adapters as if they had been trained; fresh ones change nothing."""
    import torch

    torch.manual_seed(1)
    with torch.no_grad():
        for name, weight in network.model.named_parameters():
            if "lora_B" in name:
                weight.normal_(std=0.5)


def test_merged_adapters_give_the_same_logits_and_the_plain_network(config: TrainConfig) -> None:
    adapted = with_adapters(load_network(config, ()), Lora(rank=2))
    fresh = logits(adapted)
    disturb(adapted)
    trained = logits(adapted)
    plain = merged(adapted)
    assert type(plain.model) is type(load_network(config, ()).model)
    assert np.abs(trained - fresh).max() > 1e-2
    np.testing.assert_allclose(logits(plain), trained, atol=1e-4)


def test_only_adapters_and_head_are_trained(config: TrainConfig) -> None:
    adapted = with_adapters(load_network(config, ()), Lora(rank=2))
    trained = {name for name, weight in adapted.model.named_parameters() if weight.requires_grad}
    assert all("lora_" in name or "modules_to_save" in name for name in trained)
    assert any("classifier" in name for name in trained)


@pytest.mark.parametrize("config", ["roberta"], indirect=True)
def test_a_bundle_trained_by_adapters_is_loaded_as_any_other_and_has_the_logits_of_the_run(
    config: TrainConfig, monkeypatch: pytest.MonkeyPatch
) -> None:
    import msgspec

    from warwire.train import finetune as module

    seen: list[Network] = []
    monkeypatch.setattr(module, "merged", lambda network: seen.append(merged(network)) or seen[-1])
    bundle = open_bundle(finetune(msgspec.structs.replace(config, lora=Lora(rank=2)), quiet=True).bundle)
    assert not list(bundle.folder.glob("adapter*"))
    encodings = encode_batch(TEXTS, bundle.tokenizer)
    loaded = np.concatenate(load_tagger(bundle, "torch").logits(encodings))
    before = logits(seen[0])
    lengths = [len(encoding.ids) + 2 for encoding in encodings]
    ends = np.cumsum(lengths)
    inner = np.concatenate([before[end - length + 1 : end - 1] for end, length in zip(ends, lengths, strict=True)])
    np.testing.assert_allclose(loaded, inner, atol=1e-5)


@pytest.mark.parametrize("config", ["roberta"], indirect=True)
def test_targets_are_layers_of_the_base(config: TrainConfig) -> None:
    adapted = with_adapters(load_network(config, ()), Lora(rank=2, targets=("query",)))
    beside = {name.split(".lora_A")[0] for name, _ in adapted.model.named_parameters() if "lora_A" in name}
    assert {name.rpartition(".")[2] for name in beside} == {"query"}
    with pytest.raises(InputError, match="'q_proj' is no linear layer of this base; there are dense, key, query"):
        with_adapters(load_network(config, ()), Lora(targets=("q_proj",)))


@pytest.mark.parametrize("config", ["roberta"], indirect=True)
def test_without_adapters_nothing_changes(config: TrainConfig, monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    network = load_network(config, ())
    assert (with_adapters(network, None), merged(network)) == (network, network)
    monkeypatch.setitem(sys.modules, "peft", None)
    with pytest.raises(MissingExtraError, match=r"warwire\[lora\]"):
        with_adapters(network, Lora())


@pytest.mark.parametrize("config", ["roberta"], indirect=True)
def test_an_interrupted_run_with_adapters_ends_as_one_never_interrupted(
    config: TrainConfig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import msgspec
    from transformers import TrainerCallback

    from warwire.train import finetune as module

    class Stop(TrainerCallback):
        def on_epoch_begin(self, args: object, state: Any, control: object, **_: object) -> None:
            if state.epoch >= 1:
                raise KeyboardInterrupt

    straight, stopped = (
        msgspec.structs.replace(config, lora=Lora(rank=2), out=str(tmp_path / name)) for name in ("straight", "stopped")
    )
    weights = [finetune(straight, quiet=True).bundle]
    with monkeypatch.context() as patched:
        patched.setattr(module, "metric_log", lambda out: Stop())
        with pytest.raises(KeyboardInterrupt):
            finetune(stopped, quiet=True)
    assert list((tmp_path / "stopped" / "checkpoints").glob("checkpoint-*"))
    weights.append(finetune(stopped, quiet=True).bundle)
    assert len({(bundle / "model.safetensors").read_bytes() for bundle in weights}) == 1
