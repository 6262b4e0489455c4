"""What the page shows of a report's figures: the answer, the sections, the errors. The schema is in `schema.md`."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from warwire.evaluate.report import curve_sections, diagnostic_sections, score_sections
from warwire.evaluate.report.blocks import (
    UNKNOWN,
    Cell,
    Column,
    Models,
    Section,
    Table,
    chance,
    interval,
    name,
    points,
    score,
    shown,
    size,
    whole,
)
from warwire.evaluate.report.error_data import ErrorData, error_data

Figures = Mapping[str, Any]

_SURE: Final = {
    "alone": "only one model",
    "beyond chance": "beyond chance",
    "undecided": "undecided: could be chance",
    "identical": "identical predictions",
}


@dataclass(frozen=True, slots=True)
class Fact:
    """A figure of the answer: what it is, the figure, and what it must be read with."""

    name: str
    figure: str
    small: str


@dataclass(frozen=True, slots=True)
class Answer:
    """Which model to choose: a headline, what follows from it, the figures behind it."""

    headline: str
    words: tuple[str, ...]
    facts: tuple[Fact, ...]
    table: Table | None
    signature: str


@dataclass(frozen=True, slots=True)
class Report:
    """The page, all texts plain: `about` are lines on how the figures were made, `data` the table of data sets."""

    title: str
    models: tuple[str, ...]
    data_names: tuple[str, ...]
    answer: Answer
    sections: tuple[Section, ...]
    errors: ErrorData | None
    scores: tuple[tuple[str, str], ...]
    data: Table
    about: tuple[str, ...]
    notes: tuple[str, ...]


def report_of(figures: Figures) -> Report:
    """The page of a report's figures; parts that the figures lack are left out."""
    models = Models(tuple(model["name"] for model in figures["models"]))
    names = tuple(shown(model) for model in models.names)
    return Report(
        title=f"Evaluation of {names[0]}" if len(names) == 1 else f"Evaluation of {len(names)} models",
        models=names,
        data_names=tuple(shown(result["data"]) for result in figures["results"]),
        answer=_answer(figures),
        sections=tuple(section for section in _sections(figures, models) if section.groups),
        errors=error_data(figures, models),
        scores=tuple((shown(one["title"]), shown(one["meaning"])) for one in figures["scores"]),
        data=_data(figures),
        about=tuple(_about(figures)),
        notes=tuple(shown(note) for note in figures.get("notes") or ()),
    )


def _sections(figures: Figures, models: Models) -> Iterator[Section]:
    yield score_sections.leaderboard(figures, models)
    yield score_sections.comparisons(figures)
    yield score_sections.speed_and_size(figures)
    yield score_sections.decomposition(figures, models)
    yield score_sections.breakdowns(figures, models)
    yield score_sections.schemes(figures, models)
    yield diagnostic_sections.thresholds(figures, models)
    yield diagnostic_sections.calibration(figures, models)
    yield diagnostic_sections.confusion(figures, models)
    yield diagnostic_sections.event_counts(figures, models)
    yield diagnostic_sections.normalised(figures, models)
    yield curve_sections.learning_curves(figures)


def _answer(figures: Figures) -> Answer:
    answer = figures["answer"]
    headline, *words = [shown(sentence) for sentence in answer["words"]] or [f"Choose {shown(answer['recommended'])}."]
    signatures = {result["data"]: result["leaderboard"]["signature"] for result in figures["results"]}
    return Answer(
        headline=headline,
        words=tuple(words),
        facts=tuple(_facts(answer)),
        table=_by_data(answer) if len(answer["by_data"]) > 1 else None,
        signature=shown(signatures.get(answer["data"], "")),
    )


def _facts(answer: Figures) -> Iterator[Fact]:
    value = answer["value"]
    where = f"on {shown(answer['data'])}"
    spread = f"95% interval {interval(value)}" if interval(value) else "no interval: too few documents"
    yield Fact(f"{shown(answer['score_title'])} {where}", score(value.get("value")), spread)
    lead = answer.get("lead")
    if lead:
        low, high = lead.get("low"), lead.get("high")
        spread = f", 95% interval {points(low)} to {points(high)}" if low is not None and high is not None else ""
        yield Fact(f"points above {shown(answer['next'])}", points(lead.get("value")), f"paired{spread}")
        yield Fact(_SURE.get(answer["sure"], shown(answer["sure"])), f"p {chance(lead.get('p_holm'))}", "corrected")
    speed = answer.get("speed")
    if speed:
        documents = speed.get("documents_per_second")
        small = "" if documents is None else f"{documents:,.1f} documents a second"
        yield Fact("words a second", whole(round(speed["words_per_second"])), small)
    if answer.get("size_bytes") is not None:
        yield Fact("size of the model", size(answer["size_bytes"]), "network and tokenizer")


def _by_data(answer: Figures) -> Table:
    rows = []
    for one in answer["by_data"]:
        lead = one.get("lead") or {}
        bounds = [points(lead.get(end)) for end in ("low", "high")]
        spread = "" if UNKNOWN in bounds else " to ".join(bounds)
        rows.append(
            (
                name(one["data"]),
                Cell(shown(one["leader"]), "word"),
                Cell(score(one["value"].get("value")), small=interval(one["value"])),
                Cell(shown(one["next"]) if one.get("next") else UNKNOWN, "word"),
                Cell(points(lead.get("value")), small=spread),
                Cell(chance(lead.get("p_holm"))),
                Cell(_SURE.get(one["sure"], shown(one["sure"])), "word"),
            )
        )
    columns = (
        Column("data set", "name"),
        Column("leader", "word"),
        Column(shown(answer["score_title"])),
        Column("next", "word"),
        Column("lead, points"),
        Column("p, corrected"),
        Column("how sure", "word"),
    )
    return Table("", columns, tuple(rows))


def _data(figures: Figures) -> Table:
    rows = tuple(
        (
            Cell(shown(data["name"]), "name", shown(data.get("path") or "")),
            *(Cell(whole(data.get(key))) for key in ("documents", "words", "spans", "events")),
            Cell(shown(data.get("digest") or UNKNOWN), "word code"),
        )
        for data in figures["data"]
    )
    heads = ("documents", "words", "gold spans", "gold events")
    columns = (Column("data set", "name"), *map(Column, heads), Column("digest", "word"))
    return Table("Data sets", columns, rows)


def _about(figures: Figures) -> Iterator[str]:
    made = figures["made"]
    version, day = shown(made.get("warwire")), shown(made.get("date"))
    yield f"Made by warwire {version} on {day}, guide version {made.get('guide')}."
    confidence = 100 * (made.get("confidence") or 0.95)
    yield (
        f"Intervals: percentile bootstrap over documents, {confidence:.0f}%, {whole(made.get('resamples'))} resamples. "
        f"Tests: paired approximate randomisation, {whole(made.get('rounds'))} rounds. Seed {made.get('seed')}."
    )
    machine = made.get("machine") or {}
    known = [f"{shown(key)} {shown(value)}" for key, value in machine.items() if value not in (None, "unknown")]
    if known:
        yield f"Machine: {', '.join(known)}."
