"""All figures of an evaluation report as plain JSON values; `schema.md` beside this file describes every key."""

import importlib.metadata
import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Final

from warwire.annotations.labels import GUIDE_VERSION
from warwire.evaluate.data_sets import DataSet
from warwire.evaluate.document_counts import MEANINGS, SCORES
from warwire.evaluate.intervals import Resampling
from warwire.evaluate.model_runs import ModelDescription, ModelRun, Speed
from warwire.evaluate.report.answer import answer
from warwire.evaluate.report.curves import CurveFigures
from warwire.evaluate.report.error_documents import LIMIT_BYTES, error_block
from warwire.evaluate.report.set_results import SetCounts, count_set, set_results
from warwire.evaluate.significance import ROUNDS, Comparison, compare_models, rounds_for

SCHEMA: Final = "warwire-report/1"

COMPARED: Final = ("core_tag", "tag", "trigger", "argument", "tuple", "exact_tuple")
"""Scores in which models are tested against each other. The status is left out: it is taken over other events for
each model; the relaxed tag score is, as it says nothing that the strict one does not decide."""

_BUSY: Final = 0.5
"""Running processes per core, before ours, above which a measured speed is doubtful."""


@dataclass(frozen=True, slots=True)
class ReportSettings:
    """What the figures of a report are made with; `primary` is one of `COMPARED`."""

    primary: str = "core_tag"
    resampling: Resampling = field(default_factory=Resampling)
    rounds: int = ROUNDS
    limit_bytes: int = LIMIT_BYTES


def report_figures(
    runs: Sequence[ModelRun],
    data: Sequence[DataSet],
    settings: ReportSettings | None = None,
    curves: CurveFigures | None = None,
    load: float | None = None,
) -> dict[str, Any]:
    """The figures of at least one model on at least one data set.

    Args:
        runs: the models, each with its pairs under the name of every data set.
        data: the data sets; the first decides which model is recommended.
        settings: by default those of the command line.
        curves: from `read_curves`.
        load: processes that ran on the machine before the models did, None where it is not known.

    Raises:
        MissingExtraError: seqeval or scipy is not installed.
    """
    settings = settings or ReportSettings()
    counts = {one.name: count_set({run.model.name: run.pairs[one.name] for run in runs}) for one in data}
    comparisons = compare_models(
        {name: {model: held.by_score for model, held in found.models.items()} for name, found in counts.items()},
        COMPARED,
        settings.resampling,
        settings.rounds,
    )
    results = [_results(one, runs, counts[one.name], settings, len(data)) for one in data]
    models = [_model(run.model, run.speed) for run in runs]
    rounds = rounds_for([len(runs)] * len(data), len(COMPARED), settings.rounds)
    signatures = {one["data"]: one["leaderboard"]["signature"] for one in results}
    return {
        "schema": SCHEMA,
        "made": _made(settings, rounds, load),
        "scores": [{"name": name, "title": title, "meaning": MEANINGS[name]} for name, title in SCORES.items()],
        "answer": answer(results, comparisons, models, settings.primary),
        "models": models,
        "data": [_data(one) for one in data],
        "results": results,
        "comparisons": [_comparison(one, signatures[one.data], rounds) for one in comparisons],
        "curves": list(curves.curves) if curves and curves.curves else None,
        "sweeps": list(curves.sweeps) if curves and curves.sweeps else None,
        "notes": _notes(runs, data, results, load),
    }


def _results(
    data: DataSet, runs: Sequence[ModelRun], counts: SetCounts, settings: ReportSettings, sets: int
) -> dict[str, Any]:
    pairs = {run.model.name: run.pairs[data.name] for run in runs}
    found = set_results(data, pairs, counts, settings.primary, settings.resampling)
    return {**found, "errors": error_block(pairs, counts.aligned, data.signature, settings.limit_bytes // sets)}


def _made(settings: ReportSettings, rounds: int, load: float | None) -> dict[str, Any]:
    return {
        "warwire": importlib.metadata.version("warwire"),
        "guide": GUIDE_VERSION,
        "date": date.today().isoformat(),
        "machine": {
            "system": f"{platform.system()} {platform.machine()}",
            "processor": processor(),
            "cores": os.cpu_count(),
            "python": platform.python_version(),
            "load": load,
        },
        "resamples": settings.resampling.resamples,
        "rounds": rounds,
        "seed": settings.resampling.seed,
        "confidence": settings.resampling.confidence,
    }


def processor() -> str | None:
    """The name of the processor, where the system tells it."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return platform.processor() or None
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.processor() or None)


def machine_load() -> float | None:
    """Processes that ran or waited to run during the last minute; None where the system does not tell."""
    try:
        return round(os.getloadavg()[0], 2)
    except (OSError, AttributeError):
        return None


def _model(model: ModelDescription, speed: Speed | None) -> dict[str, Any]:
    return {
        "name": model.name,
        "title": model.title,
        "kind": model.kind,
        "path": str(model.path),
        "digest": model.digest,
        "size_bytes": model.size_bytes,
        "parameters": model.parameters,
        "back_end": model.back_end,
        "device": model.device,
        "speed": speed and _speed(speed),
        "load_seconds": model.load_seconds and round(model.load_seconds, 3),
        "manifest": model.manifest and dict(model.manifest),
        "card": model.card and {"columns": list(model.card.columns), "rows": [list(row) for row in model.card.rows]},
    }


def _speed(speed: Speed) -> dict[str, Any]:
    return {
        "words_per_second": round(speed.words_per_second, 1),
        "documents_per_second": round(speed.documents_per_second, 2),
        "words": speed.words,
        "seconds": round(speed.seconds, 3),
    }


def _data(data: DataSet) -> dict[str, Any]:
    return {
        "name": data.name,
        "path": str(data.path),
        "documents": len(data.documents),
        "words": data.words,
        "spans": sum(len(document.spans) for document in data.documents),
        "events": sum(len(document.events) for document in data.documents),
        "digest": data.digest,
        "signature": data.signature,
    }


def _comparison(one: Comparison, signature: str, rounds: int) -> dict[str, Any]:
    return {
        "signature": f"{signature}|rounds:{rounds}",
        "data": one.data,
        "score": one.score,
        "first": one.first,
        "second": one.second,
        "difference": one.difference,
        "low": one.low,
        "high": one.high,
        "p": one.p,
        "p_holm": one.p_holm,
        "beyond_chance": one.beyond_chance,
    }


def _notes(
    runs: Sequence[ModelRun], data: Sequence[DataSet], results: Sequence[Mapping[str, Any]], load: float | None
) -> list[str]:
    notes = []
    for run in runs:
        if all(span.score is None for pairs in run.pairs.values() for pair in pairs for span in pair.predicted.spans):
            notes.append(
                f"{run.model.name}: its spans have no scores, so that it has no threshold curve or calibration."
            )
    for one, found in zip(data, results, strict=True):
        untold = [part["title"] for part in found["breakdowns"]["by"] if not part["rows"]]
        if untold:
            notes.append(f"{one.name}: its documents do not say their {' or '.join(untold)}.")
        if len(one.documents) < 20:
            notes.append(
                f"{one.name}: {len(one.documents)} documents are few; its intervals are too narrow if anything."
            )
    timed = any(run.speed is not None for run in runs)
    if timed and load is not None and load > _BUSY * (os.cpu_count() or 1):
        notes.append(f"The machine was busy (load {load}) when speed was measured; measure again on an idle one.")
    return notes
