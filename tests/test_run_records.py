"""The run folder: what a run was made from, its curves, and the card and upload of its model."""

import json
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest
from conftest import Ran, tiny_config

from warwire.annotations.errors import InputError, MissingExtraError
from warwire.model.bundle import digest
from warwire.train import records
from warwire.train.card import card, write_card
from warwire.train.config import TrainConfig, load_config
from warwire.train.machine_checks import check_machine
from warwire.train.metric_log import metric_log
from warwire.train.push import push
from warwire.train.records import Revision, read_record, record_start, revision
from warwire.train.trackers import tracker_callbacks, tracker_names

SCORES = {"core_f1": 0.81234, "f1": 0.7, "precision": 0.75, "recall": 0.65, "loss": 0.3}


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> TrainConfig:
    """A configuration whose data are there; the source is at a known revision."""
    answers = {"rev-parse": "abc123", "status": " M train/card.py"}
    monkeypatch.setattr(records, "_output", lambda command: next((a for n, a in answers.items() if n in command), ""))
    return load_config(tiny_config(tmp_path))


def test_a_run_says_what_it_was_made_from(config: TrainConfig, tmp_path: Path) -> None:
    record = record_start(tmp_path / "run", config)
    assert read_record(tmp_path / "run") == record
    (start,) = record.starts
    assert (record.seed, start.revision, start.processes) == (42, Revision("abc123", True), 1)
    assert [(Path(f.path).name, f.sha256, f.bytes) for f in record.train] == [
        ("train.jsonl", digest(tmp_path / "train.jsonl"), (tmp_path / "train.jsonl").stat().st_size)
    ]
    assert {"torch", "transformers", "tokenizers"} <= set(start.packages)
    assert (start.hardware.cores > 0, start.hardware.memory > 2**28) == (True, True)


def test_every_start_of_a_run_is_kept(config: TrainConfig, tmp_path: Path) -> None:
    for expected in (1, 2, 3):
        assert len(record_start(tmp_path / "run", config).starts) == expected


def test_a_run_does_not_go_on_with_other_data(config: TrainConfig, tmp_path: Path) -> None:
    record_start(tmp_path / "run", config)
    with (tmp_path / "train.jsonl").open("a") as file:
        file.write("\n")
    with pytest.raises(InputError, match=r"train.jsonl: changed since this run began"):
        record_start(tmp_path / "run", config)


def test_a_damaged_record_is_named(config: TrainConfig, tmp_path: Path) -> None:
    (tmp_path / "run.json").write_text("{")
    with pytest.raises(InputError, match=r"run.json: damaged"):
        record_start(tmp_path, config)


REVISIONS = [
    ({"rev-parse": "abc", "status": ""}, Revision("abc", False)),
    ({"rev-parse": "abc", "status": " M x"}, Revision("abc", True)),
    ({}, Revision(None, None)),
]


@pytest.mark.parametrize(("answers", "expected"), REVISIONS)
def test_the_revision_says_whether_files_were_changed(
    answers: dict[str, str], expected: Revision, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(records, "_output", lambda command: next((a for n, a in answers.items() if n in command), ""))
    assert revision(Path()) == expected


def logged(out: Path, *histories: list[dict[str, float]]) -> None:
    """Let the log of a run grow entry by entry; each history after the first is a resumed run's."""
    for history in histories:
        log: Any = metric_log(out)
        state = SimpleNamespace(is_world_process_zero=True, log_history=history[:1])
        log.on_train_begin(None, state, None)
        for n in range(2, len(history) + 1):
            state.log_history = history[:n]
            log.on_log(None, state, None)


LOG: list[dict[str, float]] = [
    {"step": 1, "epoch": 0.5, "loss": 3.0},
    {"step": 2, "epoch": 1.0, "eval_loss": 2.0, "eval_f1": 0.1, "eval_core_f1": 0.2, "eval_runtime": 1.0},
    {"step": 3, "epoch": 1.5, "loss": 1.0},
]


def read(path: Path) -> list[dict[str, float]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_the_curves_grow_while_it_trains(tmp_path: Path) -> None:
    logged(tmp_path, LOG)
    assert read(tmp_path / "metrics.jsonl") == LOG
    assert read(tmp_path / "dev.jsonl") == [{"epoch": 1.0, "step": 2, "core_f1": 0.2, "f1": 0.1, "loss": 2.0}]


def test_a_resumed_run_drops_the_steps_that_its_checkpoint_lacks(tmp_path: Path) -> None:
    logged(tmp_path, LOG, [LOG[0], {**LOG[1], "eval_f1": 0.5}])
    assert [line["step"] for line in read(tmp_path / "metrics.jsonl")] == [1, 2]
    assert [line["f1"] for line in read(tmp_path / "dev.jsonl")] == [0.5]


def test_only_the_main_process_writes_the_curves(tmp_path: Path) -> None:
    log: Any = metric_log(tmp_path)
    log.on_log(None, SimpleNamespace(is_world_process_zero=False, log_history=LOG), None)
    assert not list(tmp_path.iterdir())


def with_trackers(config: TrainConfig, *names: str) -> TrainConfig:
    return msgspec.structs.replace(config, report_to=names)


def test_tensorboard_writes_into_the_run_folder(config: TrainConfig, tmp_path: Path) -> None:
    wanted = with_trackers(config, "tensorboard")
    (callback,) = tracker_callbacks(wanted, tmp_path)
    state = SimpleNamespace(is_world_process_zero=True, is_hyper_param_search=False)
    arguments = SimpleNamespace(to_json_string=lambda: "{}", output_dir="elsewhere")
    callback.on_train_begin(arguments, state, None)  # type: ignore[arg-type]
    callback.on_train_end(arguments, state, None)  # type: ignore[arg-type]
    assert list((tmp_path / "tensorboard").glob("events*"))
    assert (tracker_names(wanted), tracker_callbacks(with_trackers(config), tmp_path)) == ([], [])


@pytest.mark.parametrize(
    ("name", "message"),
    [("tensorbord", "did you mean 'tensorboard'"), ("zzz", "there are azure_ml"), ("swanlab", "pip install swanlab")],
)
def test_a_tracker_that_is_not_there_is_refused_before_anything_is_loaded(
    name: str, message: str, config: TrainConfig
) -> None:
    with pytest.raises(InputError, match=message):
        check_machine(with_trackers(config, name))


def test_a_precision_that_the_machine_lacks_is_refused(config: TrainConfig, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("torch.accelerator.is_available", lambda: False)
    half = msgspec.structs.replace(config, optimiser=msgspec.structs.replace(config.optimiser, precision="fp16"))
    with pytest.raises(InputError, match="fp16 needs a GPU"):
        check_machine(half)


def test_adapters_without_peft_say_what_to_install(config: TrainConfig, monkeypatch: pytest.MonkeyPatch) -> None:
    from warwire.train.config import Lora

    monkeypatch.setattr("warwire.train.machine_checks.find_spec", lambda name: None)
    with pytest.raises(MissingExtraError, match=r"warwire\[lora\]"):
        check_machine(msgspec.structs.replace(config, lora=Lora()))


def test_the_card_is_read_by_the_hub_with_its_scores(config: TrainConfig, tmp_path: Path) -> None:
    from huggingface_hub import ModelCard

    record = record_start(tmp_path / "run", config)
    read_by_hub = ModelCard(card(config, SCORES, record), ignore_metadata_errors=False)
    results = {result.metric_name: result.metric_value for result in read_by_hub.data.eval_results or []}
    assert results["F1, core labels (WEAPON, COUNT, PLACE, SPEAKER)"] == 0.8123
    assert read_by_hub.data.pipeline_tag == "token-classification"
    assert read_by_hub.data.base_model is None


def test_the_card_names_a_base_of_the_hub_but_no_folder_of_the_machine(config: TrainConfig, tmp_path: Path) -> None:
    record = record_start(tmp_path / "run", config)
    hub = msgspec.structs.replace(config, base="FacebookAI/roberta-base")
    assert "base_model: FacebookAI/roberta-base" in card(hub, SCORES, record)
    folder = tmp_path / "secret" / "base"
    folder.mkdir(parents=True)
    text = card(msgspec.structs.replace(config, base=str(folder)), SCORES, record)
    assert str(tmp_path) not in text
    assert record.train[0].sha256 in text


SECTIONS = ("Scores", "Use", "Data", "Recipe", "Intended use", "Limits")


@pytest.mark.parametrize("section", SECTIONS)
def test_the_card_has_what_a_card_needs(section: str, config: TrainConfig, tmp_path: Path) -> None:
    record_start(tmp_path / "run", config)
    assert f"\n## {section}\n" in write_card(tmp_path, config, SCORES, tmp_path / "run").read_text()


def test_the_recipe_in_the_card_is_the_configuration(config: TrainConfig) -> None:
    import yaml

    block = card(config, SCORES, None).partition("```yaml\n")[2].partition("```")[0]
    recipe = yaml.safe_load(block)
    assert recipe["optimiser"] == msgspec.to_builtins(config.optimiser)
    assert (recipe["seed"], recipe["encoder"]["width"]) == (42, 32)


class Api:
    """Stands for the hub: notes what is asked of it."""

    def __init__(self, error: Exception | None = None) -> None:
        self.error = error
        self.calls: list[tuple[str, dict[str, Any]]] = []

    def create_repo(self, repository: str, **options: Any) -> None:
        self.calls.append((repository, options))

    def upload_folder(self, **options: Any) -> str:
        if self.error is not None:
            raise self.error
        self.calls.append(("upload", options))
        return f"https://hub/{options['repo_id']}"


@pytest.fixture
def bundle(tiny_bundle: Path, config: TrainConfig, tmp_path: Path) -> Path:
    """A copy of a bundle, with a card."""
    import shutil

    copy = tmp_path / "model"
    shutil.copytree(tiny_bundle, copy)
    write_card(copy, config, SCORES, tmp_path)
    return copy


def test_a_push_makes_a_private_repository_and_uploads_the_bundle(bundle: Path) -> None:
    api = Api()
    assert push(bundle, "somebody/model", api=api) == "https://hub/somebody/model"
    (made, options), (_, upload) = api.calls
    assert (made, options["private"], options["exist_ok"]) == ("somebody/model", True, True)
    assert (upload["repo_id"], upload["folder_path"]) == ("somebody/model", str(bundle))


def test_a_hub_that_refuses_is_one_line(bundle: Path) -> None:
    with pytest.raises(InputError) as caught:
        push(bundle, "somebody/model", api=Api(RuntimeError("no permission\nRequest ID: 7")))
    assert str(caught.value) == f"somebody/model: not pushed: no permission; {bundle} is as it was"


@pytest.mark.parametrize("name", ["foo", "", "a/b/c", "somebody/", "https://hub/a/b", "a/b c"])
def test_what_is_no_name_of_a_repository_is_refused_before_the_hub_is_asked(bundle: Path, name: str) -> None:
    api = Api()
    with pytest.raises(InputError, match="give OWNER/NAME"):
        push(bundle, name, api=api)
    assert api.calls == []


def test_a_model_without_a_card_is_not_pushed(bundle: Path) -> None:
    (bundle / "README.md").unlink()
    api = Api()
    with pytest.raises(InputError, match="without its card"):
        push(bundle, "somebody/model", api=api)
    assert api.calls == []


def test_a_folder_that_is_no_model_is_not_pushed(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no warwire model"):
        push(tmp_path, "somebody/model", api=Api())


@pytest.mark.filterwarnings("ignore")
def test_a_training_leaves_all_of_it_in_the_run_folder(tmp_path: Path, run: Callable[..., Ran]) -> None:
    overrides = ("optimiser.epochs=2", "report_to=[tensorboard]", "log_every=1")
    assert run("train", tiny_config(tmp_path), *overrides, "--no-progress").code == 0
    out = tmp_path / "run"
    assert {path.name for path in out.iterdir()} >= {
        *("config.json", "run.json", "metrics.jsonl", "dev.jsonl", "tensorboard", "summary.json", "model")
    }
    assert [line["step"] for line in read(out / "metrics.jsonl") if "loss" in line] == [1, 2]
    assert [line["epoch"] for line in read(out / "dev.jsonl")] == [1.0, 2.0]
    best = json.loads((out / "summary.json").read_text())["dev"]
    assert f"| F1, all labels | {best['f1']:.4f} |" in (out / "model" / "README.md").read_text()
