"""Small figures of an evaluation report, in the form that `evaluate/report/schema.md` describes, without a model."""

from typing import Any

from warwire.annotations.labels import EVENT_TYPES, LABELS, ROLES

SCORES = ("core_tag", "tag", "tag_relaxed", "trigger", "argument", "tuple", "exact_tuple", "status")
KINDS = ("missed", "spurious", "label", "boundary", "link")
BREAKDOWNS = {
    "label": LABELS,
    "role": ROLES,
    "event_type": EVENT_TYPES,
    "conflict": ("Ukraine",),
    "genre": ("live blog",),
    "length": ("1 to 9",),
}
TEXT = "Rebels fired nine rockets at Port Almeda overnight.\nThe army said that it was quiet."


def figures(models: int = 2, sets: int = 1, documents: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    """All parts of a report; no two figures of a leaderboard are equal."""
    names = [f"model-{i}" for i in range(models)]
    data = [f"set-{i}" for i in range(sets)]
    shown = documents if documents is not None else [document("d1", names), document("d2", names, clean=True)]
    return {
        "schema": "warwire-report/1",
        "made": {
            "warwire": "0.1.0",
            "guide": 1,
            "date": "2026-01-02",
            "machine": {"system": "Linux", "processor": "unknown", "cores": 2, "python": "3.11", "load": None},
            "resamples": 100,
            "rounds": 200,
            "seed": 13,
            "confidence": 0.95,
        },
        "scores": [{"name": name, "title": f"{name} title", "meaning": f"{name} meaning"} for name in SCORES],
        "answer": _answer(names, data),
        "models": [_model(name) for name in names],
        "data": [
            {"name": name, "path": f"{name}.jsonl", "documents": 2, "words": 40, "spans": 9, "events": 2}
            | {"digest": "0badcafe", "signature": _signature(name)}
            for name in data
        ],
        "results": [_result(name, number, names, shown) for number, name in enumerate(data)],
        "comparisons": [
            {"data": name, "score": score, "first": first, "second": second, "difference": 0.021, "low": 0.004}
            | {"high": 0.038, "p": 0.011, "p_holm": 0.044, "beyond_chance": True}
            for name in data
            for score in SCORES[:2]
            for i, first in enumerate(names)
            for second in names[i + 1 :]
        ],
        "curves": [
            {
                "name": "articles",
                "x_title": "articles",
                "points": [{"x": x, "scores": {"tag": x / 1000}} for x in (9, 90)],
            }
        ],
        "sweeps": [
            {"name": "a sweep", "keys": ["rate"]}
            | {"settings": [{"x": {"rate": 0.1}, "runs": 2, "scores": {"tag": 0.512}, "deviations": {"tag": 0.017}}]}
        ],
        "notes": ["One note."],
    }


def document(id: str, models: list[str], text: str = TEXT, clean: bool = False) -> dict[str, Any]:
    """A document with an error of every kind, or with none; the text begins like `TEXT`."""
    gold = [[0, 6, "ACTOR", None], [7, 12, "LAUNCH", None], [13, 17, "COUNT", None], [29, 40, "PLACE", None]]
    gold += [[41, 50, "TIME", None]]
    said = [[0, 6, "SPEAKER", 0.81], [7, 12, "LAUNCH", 0.99], [13, 17, "COUNT", 0.9], [34, 40, "PLACE", 0.7]]
    said += [[56, 60, "SPEAKER", 0.4]]
    found = [] if clean else [_item(*row) for row in ERRORS]
    spans = [[*span[:3], 0.9] for span in gold] if clean else said
    events = [["LAUNCH", 1, "asserted", [["count", 2]], None]]
    return {
        "id": id,
        "title": None,
        "date": "2024-03-02",
        "meta": {"conflict": "Ukraine", "genre": "live blog"},
        "words": len(text.split()),
        "characters": len(text),
        "text": text,
        "cut": False,
        "gold": {"spans": gold, "events": events},
        "models": {model: {"spans": spans, "events": []} for model in models},
        "errors": dict.fromkeys(models, found),
        "error_count": {model: len(found) for model in models},
    }


ERRORS: list[tuple[str, str, int, int, str, str]] = [
    ("label", "span", 0, 6, "ACTOR", "ACTOR tagged as SPEAKER"),
    ("link", "argument", 13, 17, "LAUNCH", "LAUNCH: count not linked"),
    ("boundary", "span", 29, 40, "PLACE", "PLACE boundary"),
    ("missed", "span", 41, 50, "TIME", "TIME missed"),
    ("spurious", "span", 56, 60, "SPEAKER", "SPEAKER spurious"),
]
"""Kind, what, start, end, label and pattern of the errors of a document."""


def _item(kind: str, what: str, start: int, end: int, label: str, pattern: str) -> dict[str, Any]:
    item = {"kind": kind, "what": what, "start": start, "end": end, "gold": None, "predicted": None, "label": label}
    return {**item, "words": f"{pattern}: {TEXT[start:end]}", "patterns": [pattern]}


def _signature(name: str) -> str:
    return f"warwire:0.1.0|guide:1|mode:strict|scheme:IOB2|docs:2|data:{name}"


def _score(seed: int) -> dict[str, Any]:
    """A score whose figures are those of no other seed below 100."""
    value = 0.3 + seed / 200
    block = {"value": value, "low": value - 0.0517, "high": value + 0.0531}
    return {**block, "precision": value + 0.1013, "recall": value - 0.1021, "right": 100 + seed} | {
        "predicted": 300 + seed,
        "gold": 500 + seed,
    }


def _interval(value: float) -> dict[str, Any]:
    return {"value": value, "low": value - 0.01, "high": value + 0.01}


def _answer(names: list[str], data: list[str]) -> dict[str, Any]:
    lead = {"value": 0.021, "low": 0.004, "high": 0.038, "p": 0.011, "p_holm": 0.044} if len(names) > 1 else None
    second = names[1] if len(names) > 1 else None
    sure = "beyond chance" if lead else "alone"
    one = {"leader": names[0], "value": _score(0), "next": second, "lead": lead, "sure": sure}
    return {
        "recommended": names[0],
        "score": "core_tag",
        "score_title": "core_tag title",
        "data": data[0],
        "value": _score(0),
        "next": second,
        "lead": lead,
        "sure": sure,
        "tied": [names[0]],
        "agrees": True,
        "words": [f"Choose {names[0]}: a headline.", "Another sentence."],
        "by_data": [{"data": name, **one} for name in data],
        "speed": {"words_per_second": 21000.0, "documents_per_second": 95.0, "words": 40, "seconds": 0.1},
        "size_bytes": 5_744_000,
    }


def _model(name: str) -> dict[str, Any]:
    return {
        "name": name,
        "title": f"title of {name}",
        "kind": "model",
        "path": name,
        "digest": "b4e33c" * 10,
        "size_bytes": 5_744_000,
        "parameters": 5_400_000,
        "back_end": "int8",
        "device": "cpu",
        "speed": {"words_per_second": 21000.0, "documents_per_second": 95.0, "words": 40, "seconds": 0.1},
        "load_seconds": 0.4,
        "manifest": None,
        "card": {"columns": ["score", "dev"], "rows": [["tag F1", "0.828"]]},
    }


def _result(name: str, number: int, models: list[str], documents: list[dict[str, Any]]) -> dict[str, Any]:
    head = {"signature": _signature(name)}

    def each(value: Any) -> dict[str, Any]:
        return {**head, "models": dict.fromkeys(models, value)}

    seeds = {model: 40 * number + 8 * i for i, model in enumerate(models)}
    board = {model: {score: _score(seeds[model] + i) for i, score in enumerate(SCORES)} for model in models}
    lost = {"end_to_end": _score(1), "ceiling": _score(2), "lost_by_linking": _interval(0.1)}
    tuples = {score: {**lost, "lost_by_tagging": _interval(0.2)} for score in ("tuple", "exact_tuple")}
    return {
        "data": name,
        "leaderboard": {**head, "primary": "core_tag", "order": models, "models": board},
        "ceiling": {**head, "scores": {score: _score(2) for score in ("tuple", "exact_tuple", "status")}},
        "breakdowns": {**head, "by": [_breakdown(by, rows, models) for by, rows in BREAKDOWNS.items()]},
        "schemes": each(_schemes()),
        "thresholds": each({side: _thresholds() for side in ("spans", "events")}),
        "calibration": each({side: _calibration() for side in ("spans", "events")}),
        "confusion": {**each([[3] * (len(LABELS) + 1)] * (len(LABELS) + 1)), "labels": list(LABELS)},
        "tuples": each(tuples),
        "event_count": each(_event_count()),
        "normalised": {**each(_values()), "compared": "Values."},
        "errors": {
            **head,
            "kinds": [{"name": kind, "title": kind} for kind in KINDS],
            "totals": {model: dict.fromkeys(KINDS, 1) for model in models},
            "patterns": [_pattern(model, row) for model in models for row in ERRORS],
            "truncated": None,
            "documents": documents,
        },
        "counts": {**head, "documents": [one["id"] for one in documents], "models": {}},
    }


def _pattern(model: str, row: tuple[str, str, int, int, str, str]) -> dict[str, Any]:
    kind, _, _, _, label, words = row
    return {"model": model, "kind": kind, "label": label, "predicted_label": None, "words": words, "count": 7} | {
        "examples": [{"document": "d1", "item": 0}]
    }


def _breakdown(by: str, rows: tuple[str, ...], models: list[str]) -> dict[str, Any]:
    told = [
        {"name": row, "documents": 2, "models": {model: {"tag": _score(i)} for model in models}}
        for i, row in enumerate(rows)
    ]
    return {"name": by, "title": by.replace("_", " "), "scores": ["tag"], "rows": told, "unknown": 0}


def _schemes() -> dict[str, Any]:
    ratios = {"precision": 0.8, "recall": 0.7, "f1": 0.75}
    counts = {"correct": 8, "incorrect": 1, "partial": 1, "missed": 2, "spurious": 3, "possible": 12, "actual": 13}
    return {"seqeval": ratios, **{scheme: {**counts, **ratios} for scheme in ("strict", "exact", "partial", "type")}}


def _thresholds() -> list[dict[str, Any]]:
    return [{"threshold": t / 10, "kept": 10 - t, "precision": 0.7, "recall": 0.8, "f1": 0.75} for t in range(3)]


def _calibration() -> dict[str, Any]:
    bins = [{"low": 0.8, "high": 0.9, "items": 10, "confidence": 0.85, "accuracy": 0.8}]
    head = {"items": 10, "mean_confidence": 0.85, "accuracy": 0.8, "brier": 0.1, "ece_width": 0.05, "ece_mass": 0.06}
    return {**head, "width_bins": bins, "mass_bins": bins}


def _event_count() -> dict[str, Any]:
    one = {"gold": 7, "predicted": 8}
    by_type = [{"type": kind, **one, "mean_error": 0.1, "mean_absolute_error": 0.2} for kind in EVENT_TYPES]
    return {**one, "mean_error": _interval(0.3), "mean_absolute_error": _interval(1.2), "by_type": by_type}


def _values() -> list[dict[str, Any]]:
    one = {"check": "exact", "gold": 10, "found": 8, "right": 7}
    return [{"role": "time", "group": None, **one}, {"role": "time", "group": "day", **one}]
