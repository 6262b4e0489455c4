"""The sections of scores: leaderboard, paired tests, speed and size, decomposition, breakdowns, schemes."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from warwire.evaluate.report import charts
from warwire.evaluate.report.blocks import (
    UNKNOWN,
    Cell,
    Column,
    Group,
    Models,
    Section,
    Table,
    best,
    chance,
    interval,
    name,
    points,
    score,
    shown,
    size,
    whole,
)

Figures = Mapping[str, Any]

_SCHEMES: Final = ("strict", "exact", "partial", "type")
_WHY_CHANCE: Final = (
    "Where an interval leaves out zero and the verdict is “could be chance”: the interval looks at one comparison "
    "alone, the verdict at p corrected for all comparisons of this page, a few of which would leave out zero by chance."
)
_TUPLE_SCORES: Final = (("tuple", "tuple F1"), ("exact_tuple", "exact tuple F1"))


def leaderboard(figures: Figures, models: Models) -> Section:
    """Every score of every model with its interval, the score that decides as a chart."""
    titles = score_titles(figures)
    groups = []
    for result in figures["results"]:
        board = result["leaderboard"]
        names = [*board["order"], *(model for model in board["models"] if model not in board["order"])]
        blocks = (_overview(board, names, titles, models), _every_figure(board, names, titles))
        groups.append(Group(shown(result["data"]), blocks, shown(board["signature"])))
    lead = (
        "Best first by the score that decides. Beside it: the mark is the score, the line its 95% interval over "
        "documents. Intervals that overlap do not say that two models are equal; the paired tests below do better."
    )
    return Section("leaderboard", "Leaderboard", lead, tuple(groups))


def score_titles(figures: Figures) -> dict[str, str]:
    """Titles of the scores by name, in the order to show them."""
    return {one["name"]: shown(one["title"]) for one in figures["scores"]}


def _overview(board: Figures, names: Sequence[str], titles: Mapping[str, str], models: Models) -> Table:
    primary = board["primary"]
    others = [key for key in titles if key != primary]
    scores = board["models"]
    decisive = [scores[model].get(primary) or {} for model in names]
    known = [block[key] for block in decisive for key in ("value", "low", "high") if block.get(key) is not None]
    axis = charts.nice_axis("", known, most=5)
    tops = {key: best([(scores[model].get(key) or {}).get("value") for model in names]) for key in titles}
    rows = []
    for model, block in zip(names, decisive, strict=True):
        value = block.get("value")
        low, high = block.get("low"), block.get("high")
        strip = None if value is None else charts.whisker(axis, value, low, high, models.number(model))
        rows.append(
            (
                name(model),
                _scored(block, tops[primary], "number decisive"),
                Cell("", "strip", chart=strip),
                *(_scored(scores[model].get(key) or {}, tops[key]) for key in others),
            )
        )
    columns = (
        Column("model", "name"),
        Column(titles.get(primary, shown(primary)), "number decisive"),
        Column("", "strip", chart=charts.scale(axis)),
        *(Column(titles[key]) for key in others),
    )
    return Table("", columns, tuple(rows), name="leaderboard")


def _scored(block: Figures, top: float | None, style: str = "number") -> Cell:
    value = block.get("value")
    text = score(value)
    is_best = top is not None and value is not None and text == score(top)
    return Cell(text, f"{style} best" if is_best else style, interval(block))


def _every_figure(board: Figures, names: Sequence[str], titles: Mapping[str, str]) -> Table:
    rows = []
    for key, title in titles.items():
        for model in names:
            block = board["models"][model].get(key)
            if block is not None:
                ratios = (Cell(score(block.get(part))) for part in ("precision", "recall", "value"))
                counts = (Cell(whole(block.get(part))) for part in ("right", "predicted", "gold"))
                rows.append((name(model), Cell(title, "name"), *ratios, Cell(interval(block) or UNKNOWN), *counts))
    heads = ("precision", "recall", "value", "95% interval", "right", "predicted", "gold")
    columns = (Column("model", "name"), Column("score", "name"), *map(Column, heads))
    return Table("Every figure: precision, recall, counts", columns, tuple(rows), folded=True)


def comparisons(figures: Figures) -> Section:
    """The paired tests between models: the score that decides, and folded the others."""
    titles = score_titles(figures)
    decisive = figures["answer"]["score"]
    made = figures["made"]
    groups = []
    for result in figures["results"]:
        tests = [test for test in figures["comparisons"] if test["data"] == result["data"]]
        if not tests:
            continue
        first = _tests([test for test in tests if test["score"] == decisive], titles, "")
        others = _tests([test for test in tests if test["score"] != decisive], titles, "The other scores", folded=True)
        blocks = tuple(table for table in (first, others) if table.rows)
        groups.append(Group(shown(result["data"]), blocks, shown(result["leaderboard"]["signature"])))
    lead = (
        f"Is the difference more than chance? Paired approximate randomisation over documents "
        f"({whole(made.get('rounds'))} rounds), corrected after Holm over all {len(figures['comparisons'])} "
        "comparisons of this page. Differences are in points (hundredths), first minus second."
    )
    return Section("tests", "Paired tests", lead, tuple(groups))


def _tests(tests: Sequence[Figures], titles: Mapping[str, str], caption: str, folded: bool = False) -> Table:
    bounds = [value for test in tests for value in (test["low"], test["high"], test["difference"], 0.0)]
    axis = charts.nice_axis("", [value * 100 for value in bounds if value is not None], most=5)
    rows = []
    for test in tests:
        low, high, difference = test["low"], test["high"], test["difference"]
        has_interval = low is not None and high is not None
        drawn = (low * 100, high * 100) if has_interval else (None, None)
        strip = None if difference is None else charts.difference(axis, difference * 100, *drawn)
        ahead = test["first"] if (difference or 0) > 0 else test["second"]
        verdict = f"{shown(ahead)} is better" if test["beyond_chance"] else "could be chance"
        rows.append(
            (
                Cell(f"{shown(test['first'])} − {shown(test['second'])}", "name"),
                Cell(titles.get(test["score"], shown(test["score"])), "name"),
                Cell(points(difference)),
                Cell("", "strip", chart=strip),
                Cell(f"{points(low)} to {points(high)}" if has_interval else UNKNOWN),
                Cell(chance(test["p"])),
                Cell(chance(test["p_holm"])),
                Cell(verdict, "word beyond" if test["beyond_chance"] else "word"),
            )
        )
    columns = (
        *(Column(text, "name") for text in ("models", "score")),
        Column("points"),
        Column("", "strip", chart=charts.scale(axis, whole=True)),
        *map(Column, ("95% interval", "p", "p, corrected")),
        Column("verdict", "word"),
    )
    note = _WHY_CHANCE if any(_interval_alone(test) for test in tests) else ""
    return Table(caption, columns, tuple(rows), folded=folded, note=note)


def _interval_alone(test: Figures) -> bool:
    """Whether the interval leaves out zero and the corrected test still allows chance."""
    low, high = test["low"], test["high"]
    return not test["beyond_chance"] and low is not None and high is not None and not low <= 0 <= high


def speed_and_size(figures: Figures) -> Section:
    """What each model costs: bytes, weights, words a second."""
    rows = []
    for model in figures["models"]:
        speed = model.get("speed") or {}
        rate, documents = speed.get("words_per_second"), speed.get("documents_per_second")
        load = model.get("load_seconds")
        parameters = model.get("parameters")
        rows.append(
            (
                Cell(shown(model["name"]), "name", shown(model.get("title") or "")),
                Cell(whole(rate and round(rate))),
                Cell(UNKNOWN if documents is None else f"{documents:,.1f}"),
                Cell(size(model.get("size_bytes"))),
                Cell(UNKNOWN if parameters is None else f"{parameters / 1e6:,.1f} M"),
                Cell(UNKNOWN if load is None else f"{load:.2f} s"),
                Cell(shown(model.get("back_end") or model.get("kind") or UNKNOWN), "word"),
                Cell(shown(model.get("device") or UNKNOWN), "word"),
                Cell(shown(model.get("digest") or UNKNOWN)[:12], "word code"),
            )
        )
    heads = ("words/s", "documents/s", "size", "weights", "to load")
    columns = (
        Column("model", "name"),
        *map(Column, heads),
        *(Column(text, "word") for text in ("runs as", "on", "digest")),
    )
    cards = (_card(model) for model in figures["models"] if model.get("card"))
    blocks = (Table("", columns, tuple(rows)), *cards)
    lead = (
        f"Words a second over the whole path from text to tuples, measured in this run on {_machine(figures)}, "
        "without loading. A file of predictions has no speed and no size."
    )
    return Section("speed", "Speed and size", lead, (Group("", blocks, page_signature(figures)),))


def _machine(figures: Figures) -> str:
    machine = figures["made"].get("machine") or {}
    parts = [machine.get("processor"), machine.get("system")]
    known = ", ".join(shown(part) for part in parts if part and part != "unknown") or "an unknown machine"
    cores = machine.get("cores")
    return f"{known}, {cores} cores" if cores else known


def page_signature(figures: Figures) -> str:
    """What the figures that belong to no data set must be quoted with."""
    made = figures["made"]
    return f"warwire:{shown(made.get('warwire'))}|guide:{shown(made.get('guide'))}|date:{shown(made.get('date'))}"


def _card(model: Figures) -> Table:
    head, *others = model["card"]["columns"]
    columns = (Column(shown(head), "name"), *(Column(shown(text), "number long") for text in others))
    rows = tuple(
        (name(first), *(Cell(shown(text)) for text in rest))
        for first, *rest in (list(row) for row in model["card"]["rows"])
    )
    return Table(f"What the card of {shown(model['name'])} says of it", columns, rows, folded=True)


def decomposition(figures: Figures, models: Models) -> Section:
    """Tuple scores beside the ceiling: what tagging and what linking costs."""
    groups = []
    for result in figures["results"]:
        block = result.get("tuples")
        if not block:
            continue
        first, last = (_lost(block["models"], key, title, models) for key, title in _TUPLE_SCORES)
        last = _noted(last, _status_ceiling(result))
        groups.append(Group(shown(result["data"]), (first, last), shown(block["signature"])))
    lead = (
        "Of a perfect 1, what does the postprocessor lose even on gold spans (linking), and what more is lost because "
        "the tagger's spans are not the gold ones (tagging)? What is left is the score. The ceiling is the most that "
        "a better tagger alone can reach."
    )
    return Section("decomposition", "Tagger or postprocessor", lead, tuple(groups))


def _status_ceiling(result: Figures) -> str:
    ceiling = result.get("ceiling") or {"scores": {}}
    block = ceiling["scores"].get("status") or {}
    if block.get("value") is None:
        return ""
    spread = f" ({interval(block)})" if interval(block) else ""
    return f"On gold spans the status of {score(block['value'])}{spread} of the aligned events is right."


def _lost(by_model: Figures, key: str, title: str, models: Models) -> Table:
    rows = []
    for model in models.names:
        block = (by_model.get(model) or {}).get(key)
        if not block:
            continue
        parts = [block[part].get("value") for part in ("end_to_end", "lost_by_tagging", "lost_by_linking")]
        bar = None if None in parts else charts.stacked([part or 0.0 for part in parts])
        rows.append(
            (
                name(model),
                Cell(score(parts[0]), "number decisive", interval(block["end_to_end"])),
                Cell(score(block["ceiling"].get("value")), small=interval(block["ceiling"])),
                Cell("", "strip", chart=bar),
                Cell(score(parts[1]), small=interval(block["lost_by_tagging"])),
                Cell(score(parts[2]), small=interval(block["lost_by_linking"])),
                Cell(_heavier(parts[1], parts[2]), "word"),
            )
        )
    columns = (
        Column("model", "name"),
        Column(title, "number decisive"),
        Column("ceiling"),
        Column("score, lost by tagging, lost by linking", "strip"),
        Column("lost by tagging"),
        Column("lost by linking"),
        Column("loses more in", "word"),
    )
    return Table("", columns, tuple(rows))


def _heavier(tagging: float | None, linking: float | None) -> str:
    if tagging is None or linking is None:
        return UNKNOWN
    if abs(tagging - linking) < 0.005:
        return "both alike"
    return "tagging" if tagging > linking else "linking"


def breakdowns(figures: Figures, models: Models) -> Section:
    """Scores by label, role, event type, conflict, genre and length."""
    titles = score_titles(figures)
    groups = []
    for result in figures["results"]:
        block = result.get("breakdowns")
        if not block:
            continue
        tables = tuple(_breakdown(by, titles, models) for by in block["by"] if by["rows"])
        absent = [shown(by["title"]) for by in block["by"] if not by["rows"]]
        if absent and tables:
            note = f"No document says its {' or '.join(absent)}."
            tables = (*tables[:-1], _noted(tables[-1], note))
        groups.append(Group(shown(result["data"]), tables, shown(block["signature"])))
    lead = (
        "Where each model is strong and weak. Beside the name: how many gold items there are, and in how many "
        "documents. A score over a few says little, and its interval is wide."
    )
    return Section("breakdowns", "Scores by label, role, event type, conflict, genre, length", lead, tuple(groups))


def _noted(table: Table, note: str) -> Table:
    text = f"{table.note} {note}".strip()
    return replace(table, note=text)


def _breakdown(by: Figures, titles: Mapping[str, str], models: Models) -> Table:
    keys = list(by["scores"])
    rows = []
    for row in by["rows"]:
        cells = []
        for key in keys:
            blocks = [(row["models"].get(model) or {}).get(key) or {} for model in models.names]
            top = best([block.get("value") for block in blocks])
            cells += [_barred(_scored(block, top), block.get("value")) for block in blocks]
        gold = next(_golds(row, keys), None)
        documents = row.get("documents")
        small = "" if documents is None else f"in {whole(documents)}"
        rows.append((name(row["name"]), Cell(whole(gold), small=small), *cells))
    over = {key: titles.get(key, shown(key)) for key in keys}
    scored = (Column(shown(model), "number long", over=over[key]) for key in keys for model in models.names)
    columns = (Column(shown(by["title"]), "name"), Column("gold"), *scored)
    unknown = by.get("unknown")
    note = f"{whole(unknown)} documents do not say their {shown(by['title'])}." if unknown else ""
    return Table(f"By {shown(by['title'])}", columns, tuple(rows), note)


def _golds(row: Figures, keys: Sequence[str]) -> Iterator[float]:
    for key in keys:
        for model in row["models"].values():
            block = (model or {}).get(key)
            if block and block.get("gold") is not None:
                yield block["gold"]


def _barred(cell: Cell, value: float | None) -> Cell:
    return cell if value is None else Cell(cell.text, cell.name, cell.small, charts.bar(value))


def schemes(figures: Figures, models: Models) -> Section:
    """nervaluate's four schemes beside strict seqeval."""
    groups = []
    for result in figures["results"]:
        block = result.get("schemes")
        if not block:
            continue
        blocks = (_scheme_ratios(block["models"], models), _scheme_counts(block["models"], models))
        groups.append(Group(shown(result["data"]), blocks, shown(block["signature"])))
    lead = (
        "How strictly a span is judged. seqeval and strict want ends and label right; exact the ends alone; partial "
        "gives half a point for an overlap; type wants an overlap with the right label."
    )
    return Section("schemes", "Schemes of span scores", lead, tuple(groups))


def _scheme_ratios(by_model: Figures, models: Models) -> Table:
    rows = []
    for model in _present(by_model, models):
        cells = (
            Cell(score((by_model[model].get(scheme) or {}).get(part)), "number best" if part == "f1" else "number")
            for scheme in ("seqeval", *_SCHEMES)
            for part in ("precision", "recall", "f1")
        )
        rows.append((name(model), *cells))
    parts = (Column(part, over=scheme) for scheme in ("seqeval", *_SCHEMES) for part in ("P", "R", "F1"))
    return Table("", (Column("model", "name"), *parts), tuple(rows))


def _scheme_counts(by_model: Figures, models: Models) -> Table:
    heads = ("correct", "incorrect", "partial", "missed", "spurious", "possible", "actual")
    rows = []
    for model in _present(by_model, models):
        for scheme in _SCHEMES:
            counts = by_model[model].get(scheme) or {}
            rows.append((name(model), Cell(scheme, "name"), *(Cell(whole(counts.get(head))) for head in heads)))
    columns = (Column("model", "name"), Column("scheme", "name"), *map(Column, heads))
    return Table("Counts of each scheme", columns, tuple(rows), folded=True)


def _present(by_model: Figures, models: Models) -> Iterable[str]:
    return (model for model in models.names if by_model.get(model))
