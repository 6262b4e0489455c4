"""The answer of a report: which model to choose, by how much it leads, and how sure that is."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from warwire.evaluate.document_counts import SCORES
from warwire.evaluate.significance import LEVEL, Comparison

ALONE: Final = "alone"
BEYOND_CHANCE: Final = "beyond chance"
UNDECIDED: Final = "undecided"
IDENTICAL: Final = "identical"


def answer(
    results: Sequence[Mapping[str, Any]],
    comparisons: Sequence[Comparison],
    models: Sequence[Mapping[str, Any]],
    primary: str,
) -> dict[str, Any]:
    """The `answer` of the schema. The first data set decides; what the others say is told beside it.

    The leader is recommended also where the lead may be chance: the words then say so, and name the models that are
    not worse beyond chance, with the fastest and the smallest of them.
    """
    by_data = [_by_data(result, comparisons, primary) for result in results]
    first = by_data[0]
    tied = _tied(first, results[0], comparisons, primary)
    chosen = next(model for model in models if model["name"] == first["leader"])
    agrees = len({one["leader"] for one in by_data}) == 1
    return {
        "recommended": first["leader"],
        "score": primary,
        "score_title": SCORES[primary],
        "data": first["data"],
        "signature": first["signature"],
        "value": first["value"],
        "next": first["next"],
        "lead": first["lead"],
        "sure": first["sure"],
        "words": [
            _verdict(first, primary),
            *interval_alone(first),
            *_choice_among(tied, models),
            *_elsewhere(by_data, primary),
            *_cost(chosen),
        ],
        "tied": tied,
        "by_data": by_data,
        "agrees": agrees,
        "speed": chosen["speed"],
        "size_bytes": chosen["size_bytes"],
    }


def oriented(comparisons: Iterable[Comparison], data: str, score: str, first: str, second: str) -> dict[str, Any]:
    """The comparison of two models as a lead of the first: `{value, low, high, p, p_holm, identical}`.

    Raises:
        LookupError: the two were not compared.
    """
    for one in comparisons:
        if (one.data, one.score) == (data, score) and {one.first, one.second} == {first, second}:
            ends = (one.low, one.high)
            value, (low, high) = one.difference, ends
            if one.first != first:
                value = -value
                low, high = (None if end is None else -end for end in reversed(ends))
            return {
                "value": value,
                "low": low,
                "high": high,
                "p": one.p,
                "p_holm": one.p_holm,
                "identical": one.identical,
            }
    raise LookupError(f"{first} and {second} were not compared on {data} by {score}")


def _by_data(result: Mapping[str, Any], comparisons: Sequence[Comparison], primary: str) -> dict[str, Any]:
    board, data = result["leaderboard"], result["data"]
    leader, *others = board["order"]
    found: dict[str, Any] = {
        "signature": board["signature"],
        "data": data,
        "leader": leader,
        "value": board["models"][leader][primary],
    }
    if not others:
        return {**found, "next": None, "lead": None, "sure": ALONE}
    lead = oriented(comparisons, data, primary, leader, others[0])
    same = lead.pop("identical")
    sure = IDENTICAL if same else BEYOND_CHANCE if _significant(lead["p_holm"]) else UNDECIDED
    return {**found, "next": others[0], "lead": lead, "sure": sure}


def _tied(
    first: Mapping[str, Any], result: Mapping[str, Any], comparisons: Sequence[Comparison], primary: str
) -> list[str]:
    leader = first["leader"]
    others = [name for name in result["leaderboard"]["order"] if name != leader]
    leads = {name: oriented(comparisons, first["data"], primary, leader, name) for name in others}
    return [leader, *(name for name in others if not _significant(leads[name]["p_holm"]))]


def _significant(p: float) -> bool:
    return p < LEVEL


def _verdict(one: Mapping[str, Any], primary: str) -> str:
    leader, other, title, data = one["leader"], one["next"], SCORES[primary], one["data"]
    value = f"{one['value']['value']:.3f}{_range(one['value'], '.3f')}"
    if one["sure"] == ALONE:
        return f"{leader} has {title} {value} on {data}; there is no other model to compare it with."
    if one["sure"] == IDENTICAL:
        return (
            f"{leader} and {other} have equal counts in every document of {data} ({title} {value}): it decides nothing."
        )
    lead = one["lead"]
    how = f"{100 * lead['value']:.1f} points{_points(lead)}, corrected p = {_p(lead['p_holm'])}"
    if one["sure"] == BEYOND_CHANCE:
        return f"Choose {leader}: its {title} on {data}, {value}, is above that of {other} beyond chance, by {how}."
    return f"Undecided: {leader} leads on {data} with {title} {value}, but its lead over {other} may be chance: {how}."


def interval_alone(one: Mapping[str, Any]) -> list[str]:
    """Why a lead whose interval leaves out zero is undecided; nothing elsewhere."""
    lead = one["lead"]
    if one["sure"] != UNDECIDED or lead["low"] is None or lead["high"] is None or lead["low"] <= 0 <= lead["high"]:
        return []
    return [
        "The interval leaves out zero, but it looks at this comparison alone; p is corrected for all comparisons made."
    ]


def _choice_among(tied: Sequence[str], models: Sequence[Mapping[str, Any]]) -> list[str]:
    if len(tied) == 1:
        return []
    held = [model for model in models if model["name"] in tied]
    told = [f"Not worse beyond chance: {', '.join(tied)}."]
    timed = [model for model in held if model["speed"] is not None]
    if len(timed) > 1:
        fastest = max(timed, key=lambda model: float(model["speed"]["words_per_second"]))
        told.append(f"The fastest of them is {fastest['name']} ({_rate(fastest)}).")
    sized = [model for model in held if model["kind"] == "model"]
    if len(sized) > 1:
        smallest = min(sized, key=lambda model: int(model["size_bytes"]))
        told.append(f"The smallest is {smallest['name']} ({_size(smallest)}).")
    return told


def _elsewhere(by_data: Sequence[Mapping[str, Any]], primary: str) -> list[str]:
    first, told = by_data[0], []
    for one in by_data[1:]:
        if one["sure"] == ALONE:
            told.append(f"On {one['data']} it has {one['value']['value']:.3f}{_range(one['value'], '.3f')}.")
            continue
        sure = "beyond chance" if one["sure"] == BEYOND_CHANCE else "perhaps by chance"
        if one["sure"] == IDENTICAL:
            told.append(f"On {one['data']} {one['leader']} and {one['next']} are equal in every document.")
        elif one["leader"] == first["leader"]:
            told.append(f"On {one['data']} it leads too, by {100 * one['lead']['value']:.1f} points, {sure}.")
        else:
            told.append(
                f"On {one['data']} {one['leader']} leads {one['next']} instead, by "
                f"{100 * one['lead']['value']:.1f} points of {SCORES[primary]}, {sure}."
            )
    return told


def _cost(model: Mapping[str, Any]) -> list[str]:
    if model["kind"] != "model":
        return [f"{model['name']} is a file of predictions: its speed and size are not known."]
    speed = f"reads {_rate(model)} and " if model["speed"] is not None else ""
    return [f"{model['name']} {speed}takes {_size(model)}."]


def _rate(model: Mapping[str, Any]) -> str:
    return f"{model['speed']['words_per_second']:,.0f} words/s"


def _size(model: Mapping[str, Any]) -> str:
    return f"{model['size_bytes'] / 1e6:.1f} MB"


def _range(found: Mapping[str, Any], style: str) -> str:
    low, high = found["low"], found["high"]
    return "" if low is None or high is None else f" ({low:{style}} to {high:{style}})"


def _points(lead: Mapping[str, Any]) -> str:
    low, high = lead["low"], lead["high"]
    return "" if low is None or high is None else f" (95% interval {100 * low:.1f} to {100 * high:.1f})"


def _p(p: float) -> str:
    return "1" if p >= 1 else f"{p:.3f}" if p >= 0.001 else f"{p:.4f}"
