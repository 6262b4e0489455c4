"""Train, save, load, extract: the whole cycle on a model of seconds, and what a configuration refuses."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from conftest import TINY_CORPUS, Ran, made, tiny_config

from warwire.annotations.errors import InputError
from warwire.annotations.jsonl import write_documents
from warwire.model.bundle import open_bundle
from warwire.model.extractor import load_extractor
from warwire.train.config import load_config
from warwire.train.run_folder import claimed

pytestmark = pytest.mark.filterwarnings("ignore")


def test_a_trained_model_extracts_what_it_was_taught(tiny_bundle: Path) -> None:
    taught = made(TINY_CORPUS[0], date="2024-03-02")
    found = load_extractor(tiny_bundle).extract(taught)
    assert [(s.surface(found.text), s.label) for s in found.spans] == [
        (s.surface(taught.text), s.label) for s in taught.spans
    ]
    assert [event.type for event in found.events] == ["LAUNCH"]


@pytest.mark.parametrize("back_end", ["int8", "fp32", "openvino", "torch"])
def test_every_back_end_finds_the_same_spans(tiny_bundle: Path, back_end: str) -> None:
    documents = [made(source, id=str(i)) for i, source in enumerate(TINY_CORPUS)]
    found = load_extractor(tiny_bundle, back_end).extract_documents(documents)
    assert [[(s.start, s.label) for s in d.spans] for d in found] == [
        [(s.start, s.label) for s in d.spans] for d in documents
    ]


def test_a_run_folder_holds_everything_to_know_about_the_run(tiny_bundle: Path) -> None:
    run = tiny_bundle.parent
    summary = json.loads((run / "summary.json").read_text())
    assert json.loads((run / "config.json").read_text())["encoder"]["width"] == 32
    assert {"torch", "transformers", "python"} <= set(summary["environment"])
    assert summary["dev"]["f1"] > 0.5
    assert sum('"eval_f1"' in line for line in (run / "metrics.jsonl").read_text().splitlines()) >= 30


def test_a_saved_model_goes_on_training_as_a_base(tiny_bundle: Path, tmp_path: Path, run: Callable[..., Ran]) -> None:
    config = tiny_config(tmp_path, epochs=1, learning_rate=1e-9)
    ran = run("train", config, f"base={tiny_bundle}", "--no-progress")
    assert open_bundle(tmp_path / "run" / "model").manifest.name == "tiny"
    before = json.loads((tiny_bundle.parent / "summary.json").read_text())["dev"]
    assert f"core_f1: {before['core_f1']:.4f}" in ran.out


def test_weights_in_half_precision_take_half_the_room_and_are_a_base(tmp_path: Path, run: Callable[..., Ran]) -> None:
    config = tiny_config(tmp_path, epochs=1)
    sizes = []
    for half in ("false", "true"):
        assert run("train", config, f"out={tmp_path / half}", f"half={half}", "--no-progress").code == 0
        sizes.append((tmp_path / half / "model" / "model.safetensors").stat().st_size)
    assert 0.5 < sizes[1] / sizes[0] < 0.6
    assert load_extractor(tmp_path / "true" / "model").extract(made(TINY_CORPUS[0])).text
    assert run("train", config, f"base={tmp_path / 'true' / 'model'}", "--no-progress").code == 0


def test_a_folder_that_is_not_there_is_no_base(tmp_path: Path, run: Callable[..., Ran]) -> None:
    ran = run("train", tiny_config(tmp_path), "base=../../runs/no/model", "--no-progress")
    assert (ran.code, ran.err.splitlines()[-1]) == (
        2,
        "warwire: base '../../runs/no/model': no such folder, and no name that the hub could have",
    )


@pytest.mark.parametrize("augment", [{}, {"copies": 1, "hidden": 0.2}], ids=["plain", "augmented"])
def test_a_stopped_run_ends_with_the_weights_of_one_never_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, augment: dict[str, object]
) -> None:
    from transformers import TrainerCallback

    from warwire.train import finetune as module

    class Stop(TrainerCallback):
        def on_epoch_end(self, args: object, state: object, control: object, **_: object) -> None:
            if getattr(state, "epoch", 0) >= 2:
                raise KeyboardInterrupt

    straight, stopped = tmp_path / "a", tmp_path / "b"
    for folder in (straight, stopped):
        folder.mkdir()
    module.finetune(load_config(tiny_config(straight, augment, epochs=4)), quiet=True)
    config = load_config(tiny_config(stopped, augment, epochs=4))
    original = module.build_trainer

    def interrupted(*args: Any, **options: Any) -> Any:
        trainer = original(*args, **options)
        trainer.add_callback(Stop())
        return trainer

    with monkeypatch.context() as patched:
        patched.setattr(module, "build_trainer", interrupted)
        with pytest.raises(KeyboardInterrupt):
            module.finetune(config, quiet=True)
    module.finetune(config, quiet=True)
    weights = [(f / "run" / "model" / "model.safetensors").read_bytes() for f in (straight, stopped)]
    assert weights[0] == weights[1]


REFUSED = [
    ({"optimiser.epohcs": 3}, "unknown field `epohcs`.*did you mean `epochs`"),
    ({"optimiser.epochs": "many"}, "Expected `float`, got `str`"),
    ({"select_by": "accuracy"}, "select_by"),
    ({"data.train": ["nowhere.jsonl"]}, "nowhere.jsonl: no such file"),
    ({"windows.overlap": 64}, "must be smaller than windows.size"),
]


@pytest.mark.parametrize(("change", "message"), REFUSED)
def test_a_faulty_configuration_is_refused_before_anything_is_loaded(
    change: dict[str, object], message: str, tmp_path: Path
) -> None:
    overrides = [f"{key}={json.dumps(value)}" for key, value in change.items()]
    with pytest.raises(InputError, match=message):
        load_config(tiny_config(tmp_path), overrides)


@pytest.mark.parametrize("content", ["[1, 2]", "name: [", "\x00"])
def test_a_configuration_is_a_mapping_in_yaml(content: str, tmp_path: Path) -> None:
    (tmp_path / "c.yaml").write_text(content)
    with pytest.raises(InputError, match=r"c\.yaml"):
        load_config(tmp_path / "c.yaml")


def test_a_run_folder_of_another_configuration_is_refused(tmp_path: Path, run: Callable[..., Ran]) -> None:
    config = tiny_config(tmp_path, epochs=1)
    assert run("train", config, "--no-progress").code == 0
    ran = run("train", config, "seed=7", "--no-progress")
    assert (ran.code, "belongs to another configuration" in ran.err) == (2, True)


def test_a_refused_run_leaves_its_folder_to_the_corrected_command(tmp_path: Path, run: Callable[..., Ran]) -> None:
    config = tiny_config(tmp_path, epochs=1)
    (tmp_path / "empty").mkdir()
    assert run("train", config, f"base={tmp_path / 'empty'}", "--no-progress").code == 2
    assert [path.name for path in (tmp_path / "run").iterdir()] == [".lock"]
    assert run("train", config, "--no-progress").code == 0


def test_a_run_that_has_begun_keeps_its_folder_when_a_later_command_is_refused(tmp_path: Path) -> None:
    config = load_config(tiny_config(tmp_path))
    out = Path(config.out)
    with claimed(out, config):
        pass
    with pytest.raises(InputError), claimed(out, config):
        raise InputError("refused")
    assert [path.name for path in out.iterdir()] == ["config.json"]


def test_a_refused_trial_of_a_sweep_leaves_its_folder_to_the_corrected_command(
    tmp_path: Path, run: Callable[..., Ran]
) -> None:
    config = tiny_config(tmp_path, epochs=1)
    (tmp_path / "empty").mkdir()
    grid = ("--grid", "optimiser.batch=3")
    assert run("sweep", config, f"base={tmp_path / 'empty'}", *grid).code == 2
    assert run("sweep", config, *grid).code == 0


def test_a_document_in_train_and_dev_is_refused(tmp_path: Path, run: Callable[..., Ran]) -> None:
    config = tiny_config(tmp_path)
    write_documents(tmp_path / "dev.jsonl", [made(TINY_CORPUS[0], id="other")])
    ran = run("train", config, "--no-progress")
    assert (ran.code, ran.err.strip().split("\n")[-1]) == (
        2,
        "warwire: document other: its text is in both train and dev; keep it in one of them",
    )


def test_a_base_that_cannot_be_loaded_is_one_line(tmp_path: Path, run: Callable[..., Ran]) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    ran = run("train", tiny_config(tmp_path), f"base={empty}", "--no-progress")
    assert (ran.code, ran.err.strip().split("\n")[-1].startswith("warwire: base ")) == (2, True)


def test_a_hub_name_without_a_network_is_refused_at_once(
    tmp_path: Path, run: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch
) -> None:
    import socket

    def refuse(*_: object, **__: object) -> None:
        raise OSError("no network")

    monkeypatch.setattr(socket, "create_connection", refuse)
    ran = run("train", tiny_config(tmp_path), "base=somebody/some-base", "--no-progress")
    assert (ran.code, "cannot be reached; give a folder" in ran.err) == (2, True)


def test_every_key_is_documented() -> None:
    from conftest import ROOT

    from warwire.train.config import Section, TrainConfig
    from warwire.train.pretrain_config import Hub, PretrainConfig, Source

    def keys(kind: type[Section], group: str = "") -> list[str]:
        found: list[str] = []
        for field in msgspec.structs.fields(kind):
            name, section = f"{group}{field.name}", field.type
            inner = isinstance(section, type) and issubclass(section, Section)
            found += keys(section, f"{name}.") if inner else [name]
        return found

    page = (ROOT / "train" / "configs" / "README.md").read_text()
    fine_tuning, _, pre_training = page.partition("\n## Pre-training")
    assert [key for key in keys(TrainConfig) if f"`{key}`" not in fine_tuning] == []
    every = [*keys(PretrainConfig), *keys(Source, "text[]."), *keys(Hub, "hub[].")]
    assert [key for key in every if f"`{key}`" not in pre_training] == []


CONFIGS = sorted((Path(__file__).parent.parent / "train" / "configs").glob("*.yaml"))


@pytest.mark.parametrize("path", CONFIGS, ids=lambda path: path.name)
def test_the_committed_configurations_are_valid(path: Path) -> None:
    from warwire.train.config import TrainConfig, read_sections
    from warwire.train.pretrain_config import PretrainConfig

    kind = PretrainConfig if "\ntext:" in path.read_text() else TrainConfig
    assert read_sections(path, (), kind).out.startswith("runs/")


@pytest.mark.parametrize("arm", ["example", "warwire"])
def test_the_benchmark_measures_both_loops(tmp_path: Path, arm: str) -> None:
    from warwire.evaluate.benchmarks.training import measure

    speed = measure(arm, load_config(tiny_config(tmp_path, batch=2)), warm=1, steps=4)
    assert 0 <= speed.padding < 1
    assert min(speed.tokens, speed.by_processor, speed.memory, speed.operations) > 0


def test_operations_are_those_that_torch_counts() -> None:
    import torch
    from torch.utils.flop_counter import FlopCounterMode
    from transformers import BertConfig, BertForTokenClassification

    from warwire.evaluate.benchmarks.training import operations

    shape = {"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 64}
    config = BertConfig(**shape, vocab_size=50, attn_implementation="eager")
    model = BertForTokenClassification(config)
    with FlopCounterMode(display=False) as counter:
        model(torch.ones(3, 16, dtype=torch.long)).logits.sum().backward()
    assert operations(model, 16) * 3 * 16 == pytest.approx(counter.get_total_flops(), rel=0.05)
