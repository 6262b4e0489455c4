"""Training configurations: what a file says, what is refused and how it is told, the page that documents the keys."""

import json
import re
from pathlib import Path

import pytest
from conftest import ROOT, tiny_config

from warwire.annotations.errors import InputError
from warwire.train.config import Lora, Section, TrainConfig, load_config, read_sections
from warwire.train.config_file import parse_overrides
from warwire.train.config_keys import Key, list_keys, nearest_key
from warwire.train.pretrain_config import PretrainConfig

CONFIGS = ROOT / "train" / "configs"
PAGE = (CONFIGS / "README.md").read_text(encoding="utf-8")
FINE_TUNING, _, PRE_TRAINING = PAGE.partition("\n## Pre-training")
HUB = sorted(path for path in CONFIGS.glob("*.yaml") if re.search(r"^base: [\w-]+/", path.read_text(), re.MULTILINE))


def documented(part: str) -> list[Key]:
    """The rows of a table of keys: name, type and default."""
    rows = re.findall(r"^\| `([^`]+)` \| (.*?) \| (.*?) \| .*? \| \S.*? \|$", part, re.MULTILINE)
    return [Key(*row) for row in rows]


@pytest.mark.parametrize(("part", "kind"), [(FINE_TUNING, TrainConfig), (PRE_TRAINING, PretrainConfig)])
def test_the_page_has_every_key_with_its_type_default_and_meaning(part: str, kind: type[Section]) -> None:
    assert documented(part) == list(list_keys(kind))


OVERRIDES = [
    ("optimiser.epochs=3", {"optimiser.epochs": 3}),
    ("optimiser.learning_rate=1e-4", {"optimiser.learning_rate": 1e-4}),
    ("a=-2.5E+3", {"a": -2500.0}),
    ("name=1e", {"name": "1e"}),
    ("report_to=[]", {"report_to": []}),
    ("lora={rank: 8}", {"lora": {"rank": 8}}),
    ("base=", {"base": None}),
    ("out=a=b", {"out": "a=b"}),
    ("half=true", {"half": True}),
]


@pytest.mark.parametrize(("override", "expected"), OVERRIDES)
def test_an_override_is_read_as_yaml(override: str, expected: dict[str, object]) -> None:
    assert parse_overrides([override]) == expected


@pytest.mark.parametrize("override", ["epochs", "=3", "a..b=1", ".a=1", "a=[", "a={b"])
def test_what_is_no_override_is_refused(override: str) -> None:
    with pytest.raises(InputError, match=re.escape(repr(override))):
        parse_overrides([override])


def test_of_two_overrides_of_a_key_the_later_counts(tmp_path: Path) -> None:
    assert load_config(tiny_config(tmp_path), ["seed=1", "seed=2"]).seed == 2


def test_a_section_that_the_file_leaves_out_is_made_by_an_override(tmp_path: Path) -> None:
    config = load_config(tiny_config(tmp_path), ["base=somebody/some-base", "lora.rank=4"])
    assert config.lora == Lora(rank=4)


def test_a_rate_without_a_point_is_a_number(tmp_path: Path) -> None:
    path = tiny_config(tmp_path)
    path.write_text(path.read_text().replace("learning_rate: 0.01", "learning_rate: 5e-4"))
    assert load_config(path).optimiser.learning_rate == 5e-4


FAULTS = [
    ("epochs: 40", "epohcs: 40", r"tiny.yaml:{}: unknown field `epohcs` in `optimiser`; did you mean `epochs`\?"),
    ("seed: 1", "optimizer: {}", r"tiny.yaml:{}: unknown field `optimizer`; did you mean `optimiser`\?"),
    ("seed: 1", "learning_rate: 1", r"tiny.yaml:{}: .*did you mean `optimiser.learning_rate`\?"),
    ("seed: 1", "zzz: 1", r"tiny.yaml:{}: unknown field `zzz`$"),
    ("epochs: 40", "epochs: many", r"tiny.yaml:{}: optimiser.epochs: Expected `float`, got `str`"),
    ("epochs: 40", "epochs: 0", r"tiny.yaml:{}: optimiser.epochs: Expected `float` > 0"),
    ("batch: 3", "batch: 0", r"tiny.yaml:{}: optimiser.batch: Expected `int` >= 1"),
    ("batch: 3", "batch: 2.5", r"tiny.yaml:{}: optimiser.batch: Expected `int`, got `float`"),
    ("dropout: 0.0", "dropout: 1.5", r"tiny.yaml:{}: encoder.dropout: Expected `float` <= 1"),
    ("select_by: f1", "select_by: accuracy", r"tiny.yaml:{}: select_by: Invalid enum value 'accuracy'"),
    ("- train.jsonl", "- 3", r"tiny.yaml:{}: data.train: Expected `str`, got `int`"),
    ("name: tiny", "half: false", r"tiny.yaml:1: `name` is missing"),
    ("name: tiny", "name: tiny\nname: other", r"tiny.yaml:\d+: the key `name` is given twice"),
    ("epochs: 40", "epochs: 40\n  epochs: 3", r"tiny.yaml:\d+: the key `epochs` is given twice"),
]


@pytest.mark.parametrize(("old", "new", "message"), FAULTS)
def test_a_fault_in_the_file_is_told_with_its_line_and_key(old: str, new: str, message: str, tmp_path: Path) -> None:
    path = tiny_config(tmp_path)
    text = path.read_text() + "seed: 1\n"
    assert old in text
    path.write_text(text.replace(old, new))
    line = path.read_text()[: path.read_text().index(new)].count("\n") + 1
    with pytest.raises(InputError, match=message.format(line)):
        load_config(path)


FAULTY_OVERRIDES = [
    ("optimiser.epohcs=3", "optimiser.epohcs=3: unknown field `epohcs` in `optimiser`; did you mean `epochs`"),
    ("optimiser.epochs=-1", "optimiser.epochs=-1: optimiser.epochs: Expected `float` > 0"),
    ("lora={rank: x}", "lora.rank: Expected `int`, got `str`"),
    ("name.first=a", "'name.first': 'name' has no keys below it"),
    ("sweep.search.seed.low=a", "sweep.search.KEY.low: Expected `float"),
    ("data.train=[nowhere.jsonl]", "nowhere.jsonl: no such file"),
    ("augment.gazetteers=nowhere", "nowhere: no such folder"),
    ("data.dev=[]", "must each name a file"),
    ("windows.overlap=62", "must be smaller than windows.size"),
    ("encoder.heads=3", "must be an even multiple of encoder.heads"),
    ("lora={}", "lora adapts a base"),
    ("push=nobody", "is no repository"),
]


@pytest.mark.parametrize(("override", "message"), FAULTY_OVERRIDES)
def test_a_fault_on_the_command_line_is_told_with_the_override(override: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=re.escape(message)):
        load_config(tiny_config(tmp_path), [override])


NEAREST = [
    ("batch_size", "optimiser", "batch"),
    ("batc", "optimiser", "batch"),
    ("learning_rat", "", "optimiser.learning_rate"),
    ("optimizer", "", "optimiser"),
    ("dropuot", "lora", "dropout"),
    ("sizes", "windows", "size"),
    ("xyz", "", None),
]


@pytest.mark.parametrize(("wrong", "group", "expected"), NEAREST)
def test_the_nearest_key_is_of_the_same_section_first(wrong: str, group: str, expected: str | None) -> None:
    assert nearest_key(wrong, group, TrainConfig) == expected


def test_every_documented_default_is_what_a_file_without_the_key_gives(tmp_path: Path) -> None:
    import yaml

    (tmp_path / "d.jsonl").write_text("")
    path = tmp_path / "c.yaml"
    path.write_text("name: a\nout: b\ndata: {train: [d.jsonl], dev: [d.jsonl]}\n")
    plain = load_config(path)
    for key in documented(FINE_TUNING):
        if key.default in ("required", "null", "{}") or key.name.startswith(("lora.", "sweep.")):
            continue
        assert load_config(path, [f"{key.name}={json.dumps(yaml.safe_load(key.default))}"]) == plain, key


def test_a_configuration_for_every_base_that_users_ask_for_is_there() -> None:
    assert {path.stem for path in HUB} == {
        *("roberta-base", "roberta-large", "deberta-v3-base", "deberta-v3-large"),
        *("modernbert-base", "modernbert-large", "xlm-roberta-base"),
    }


@pytest.mark.parametrize("path", HUB, ids=lambda path: path.stem)
def test_a_configuration_for_a_gpu_finds_its_files_and_is_listed(path: Path) -> None:
    config = load_config(path)
    assert (config.name, config.out) == (f"warwire-{path.stem}", f"runs/{path.stem}")
    assert (config.optimiser.precision, config.optimiser.patience > 0) == ("bf16", True)
    assert f"[{path.name}]({path.name})" in PAGE


def test_read_sections_serves_any_command_that_takes_overrides() -> None:
    config = read_sections(CONFIGS / "default.yaml", ["optimiser.epochs=7"], TrainConfig)
    assert config.optimiser.epochs == 7
