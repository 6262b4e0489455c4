"""Charts as inline SVG: intervals, curves and reliability diagrams, told apart by shape and dash as well as colour.

Every function returns markup that is ready for the page. Colours are the style sheet's (`c0` to `c5`), so that light,
dark and paper each have their own. Shares are in 0..1.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, isfinite, log10
from typing import Final

from markupsafe import Markup, escape

COLOURS: Final = 6
"""Series that have a colour of their own; later ones begin again, with another dash and marker."""

_DASHES: Final = ("", "6 3", "2 2.5", "9 3 2 3", "4 2 1 2 1 2")
_MARKERS: Final = (
    "M-3.4,0a3.4,3.4 0 1,0 6.8,0a3.4,3.4 0 1,0 -6.8,0z",  # disc
    "M-3.1,-3.1h6.2v6.2h-6.2z",  # square
    "M0,-4l4,7h-8z",  # triangle
    "M0,-4.4l4.4,4.4l-4.4,4.4l-4.4,-4.4z",  # diamond
    "M0,4l4,-7h-8z",  # triangle on its point
    "M-1.3,-4h2.6v2.7h2.7v2.6h-2.7v2.7h-2.6v-2.7h-2.7v-2.6h2.7z",  # cross
    "M-4,-1.4h8v2.8h-8z",  # bar
)
_MOST_MARKERS: Final = 20  # a marker on each of more points would hide the line


@dataclass(frozen=True, slots=True)
class Axis:
    """One direction of a chart from `low` to `high` (`low` < `high`), with marks at `ticks`."""

    name: str
    low: float
    high: float
    ticks: tuple[float, ...]
    logarithmic: bool = False

    def share(self, value: float) -> float:
        """Where a value lies, 0 at the low end and 1 at the high end; values outside are drawn at the ends."""
        low, high = self.low, self.high
        if self.logarithmic:
            value, low, high = (log10(max(number, 1e-12)) for number in (value, low, high))
        return min(max((value - low) / (high - low), 0.0), 1.0)


@dataclass(frozen=True, slots=True)
class Series:
    """A line: points in the order in which they are joined; `bars` are intervals (low, high) of y, one a point."""

    name: str
    points: tuple[tuple[float, float], ...]
    number: int
    bars: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Bin:
    """Predictions of similar confidence: their mean confidence, the share that is right, their number."""

    confidence: float
    accuracy: float
    count: int


@dataclass(frozen=True, slots=True)
class _Frame:
    """The plotting area in SVG units and its axes."""

    x: Axis
    y: Axis
    width: float
    height: float
    left: float = 48.0
    top: float = 10.0
    right: float = 14.0
    bottom: float = 36.0

    def at(self, x: float, y: float) -> tuple[float, float]:
        """SVG coordinates of a point."""
        across = self.left + self.x.share(x) * (self.width - self.left - self.right)
        return across, self.floor - self.y.share(y) * (self.floor - self.top)

    @property
    def floor(self) -> float:
        """The y coordinate of the lower axis."""
        return self.height - self.bottom


def nice_axis(name: str, values: Sequence[float], *, most: int = 6) -> Axis:
    """An axis over all finite values, from one round number to another."""
    known = [value for value in values if isfinite(value)] or [0.0, 1.0]
    low, high = min(known), max(known)
    step = _round_step((high - low) / max(most - 1, 1) or abs(high) / 4 or 0.25)
    first, last = floor(low / step + 1e-9), ceil(high / step - 1e-9)
    last = max(last, first + 1)
    ticks = tuple(round(i * step, 10) for i in range(first, last + 1))
    return Axis(name, min(ticks[0], low), max(ticks[-1], high), ticks)


def count_axis(name: str, values: Sequence[float]) -> Axis:
    """A logarithmic axis over positive numbers, marked at 1, 2 and 5 of each power of ten."""
    known = [value for value in values if isfinite(value) and value > 0] or [1.0, 10.0]
    low, high = min(known), max(known)
    marks = [digit * 10.0**power for power in range(-3, 10) for digit in (1, 2, 5)]
    inside = tuple(mark for mark in marks if low * 0.999 <= mark <= high * 1.001)
    if low == high:
        low, high = low / 2, high * 2
    return Axis(name, low, high, inside or (low, high), logarithmic=True)


def share_axis(name: str) -> Axis:
    """An axis from 0 to 1."""
    return Axis(name, 0.0, 1.0, (0.0, 0.2, 0.4, 0.6, 0.8, 1.0))


def whisker(
    axis: Axis, score: float, low: float | None, high: float | None, number: int, *, decimals: int = 3
) -> Markup:
    """A score as a mark with its interval as a line, to stand in a table's row; the axis is drawn by `scale`."""
    frame = _strip(axis, 18)
    parts = [_rule(frame.at(tick, 0)[0], 0, frame.at(tick, 0)[0], 18, "grid") for tick in axis.ticks]
    told = f"{score:.{decimals}f}"
    if low is not None and high is not None:
        start, end = frame.at(low, 0)[0], frame.at(high, 0)[0]
        ends = "".join(_rule(x, 5.5, x, 12.5, "line") for x in (start, end))
        parts.append(f'<g class="c{number % COLOURS}">{_rule(start, 9, end, 9, "line")}{ends}</g>')
        told += f", 95% interval {low:.{decimals}f} to {high:.{decimals}f}"
    parts.append(_marker(frame.at(score, 0)[0], 9.0, number))
    return _svg(frame.width, 18, told, "".join(parts), "whisker")


def difference(axis: Axis, value: float, low: float | None, high: float | None) -> Markup:
    """A difference in points with its interval, and a line at zero."""
    zero = _strip(axis, 18).at(0, 0)[0]
    drawn = whisker(axis, value, low, high, 0, decimals=1)
    return Markup(drawn.replace("</svg>", f"{_rule(zero, 0, zero, 18, 'axis')}</svg>"))


def scale(axis: Axis, *, whole: bool = False) -> Markup:
    """The numbers of an axis, to stand above a column of `whisker` or `difference`."""
    frame = _strip(axis, 14)
    told = [_number(tick) if whole else f"{tick:.3g}" for tick in axis.ticks]
    ticks = "".join(
        _text(frame.at(tick, 0)[0], 11, text, "middle") for tick, text in zip(axis.ticks, told, strict=True)
    )
    return _svg(frame.width, 14, "", ticks, "whisker")


def stacked(parts: Sequence[float]) -> Markup:
    """Shares of 1 as one bar: the first is full, the second hatched, the third empty."""
    width, height = 240.0, 14.0
    drawn, start = [], 0.0
    for part, style in zip(parts, ("full", "hatched", "empty"), strict=True):
        length = max(part, 0.0) * width
        drawn.append(f'<rect class="{style}" x="{start:.1f}" y="1" width="{length:.1f}" height="12"/>')
        if style == "hatched":
            marks = range(int(start) + 4, int(start + length), 5)
            drawn += [_rule(x, 13, min(x + 4, start + length), 1, "hatch") for x in marks]
        start += length
    told = "score {:.3f}, lost by tagging {:.3f}, lost by linking {:.3f}".format(*parts)
    return _svg(width, height, told, "".join(drawn), "stacked")


def bar(value: float) -> Markup:
    """A share as a short bar behind a table's number; the number says it in words."""
    return _svg(
        36, 3, "", f'<rect class="bar" x="0" y="0" width="{36 * min(max(value, 0), 1):.1f}" height="3"/>', "bar"
    )


def lines(series: Sequence[Series], x: Axis, y: Axis, title: str) -> Markup:
    """Series as lines with markers; the legend stands beside it, made with `swatch`."""
    frame = _Frame(x, y, 400, 260)
    return _svg(400, 260, title, _grid(frame) + "".join(_line(frame, one) for one in series))


def reliability(bins: Sequence[Bin], number: int, title: str) -> Markup:
    """Confidence against the share that is right; the dashed diagonal is perfect, bars below are the numbers."""
    x, y = share_axis("confidence"), share_axis("share right")
    frame = _Frame(x, y, 240, 240, bottom=70.0)
    (x0, y0), (x1, y1) = frame.at(0, 0), frame.at(1, 1)
    most = max((one.count for one in bins), default=0)
    bars = []
    for one in bins:
        across, tall = frame.at(one.confidence, 0)[0], 24 * one.count / most if most else 0.0
        bars.append(f'<rect class="bar" x="{across - 5:.1f}" y="{238 - tall:.1f}" width="10" height="{tall:.1f}"/>')
    points = tuple((one.confidence, one.accuracy) for one in bins if one.count)
    body = _grid(frame) + _rule(x0, y0, x1, y1, "diagonal") + "".join(bars) + _line(frame, Series("", points, number))
    return _svg(240, 240, title, body)


def swatch(number: int) -> Markup:
    """The line and marker of a series, for a legend."""
    line = f'<path class="line" d="M1,7H27" {_dash(number)}/>'
    return _svg(28, 14, "", f'<g class="c{number % COLOURS}">{line}</g>{_marker(14, 7, number)}', "swatch")


def mark(number: int) -> Markup:
    """The marker of a series alone, for names in tables."""
    return _svg(10, 10, "", _marker(5, 5, number), "swatch")


def _strip(axis: Axis, height: float) -> _Frame:
    return _Frame(axis, share_axis(""), 230, height, left=15, right=15, top=0, bottom=0)


def _grid(frame: _Frame) -> str:
    parts = []
    for tick in frame.y.ticks:
        (x0, y), (x1, _) = frame.at(frame.x.low, tick), frame.at(frame.x.high, tick)
        parts += [_rule(x0, y, x1, y, "grid"), _text(x0 - 5, y + 3.5, _number(tick), "end")]
    for tick in frame.x.ticks:
        across, down = frame.at(tick, frame.y.low)
        parts += [_rule(across, down, across, down + 4, "axis"), _text(across, down + 15, _number(tick), "middle")]
    (x0, floor_), (x1, top) = frame.at(frame.x.low, frame.y.low), frame.at(frame.x.high, frame.y.high)
    parts += [_rule(x0, floor_, x1, floor_, "axis"), _text((x0 + x1) / 2, floor_ + 29, frame.x.name, "middle")]
    middle = (floor_ + top) / 2
    name = escape(frame.y.name)
    turned = f'<text text-anchor="middle" transform="translate(9,{middle:.1f}) rotate(-90)">{name}</text>'
    return "".join(parts) + turned


def _line(frame: _Frame, series: Series) -> str:
    if not series.points:
        return ""
    places = [frame.at(*point) for point in series.points]
    path = "M" + "L".join(f"{x:.1f},{y:.1f}" for x, y in places)
    parts = [f'<path class="line" d="{path}" {_dash(series.number)}/>']
    for (x, _), (low, high) in zip(series.points, series.bars, strict=False):
        (across, bottom), (_, top) = frame.at(x, low), frame.at(x, high)
        parts.append(_rule(across, bottom, across, top, "line"))
    every = max(1, ceil(len(places) / _MOST_MARKERS))
    marked = "".join(_marker(x, y, series.number) for x, y in places[::every])
    title = f"<title>{escape(series.name)}</title>" if series.name else ""
    return f'<g class="c{series.number % COLOURS}">{title}{"".join(parts)}</g>{marked}'


def _marker(x: float, y: float, number: int) -> str:
    shape = _MARKERS[number % len(_MARKERS)]
    return f'<path class="mark c{number % COLOURS}" d="{shape}" transform="translate({x:.1f},{y:.1f})"/>'


def _dash(number: int) -> str:
    dash = _DASHES[number % len(_DASHES)]
    return f'stroke-dasharray="{dash}"' if dash else ""


def _rule(x0: float, y0: float, x1: float, y1: float, name: str) -> str:
    return f'<path class="{name}" d="M{x0:.1f},{y0:.1f}L{x1:.1f},{y1:.1f}"/>'


def _text(x: float, y: float, text: str, anchor: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(text)}</text>'


def _svg(width: float, height: float, title: str, body: str, name: str = "chart") -> Markup:
    # Without a title the picture only repeats what stands beside it in words.
    told = f'role="img" aria-label="{escape(title)}"' if title else 'aria-hidden="true"'
    size = f'width="{width:g}" height="{height:g}" viewBox="0 0 {width:g} {height:g}"'
    return Markup(f'<svg class="{name}" {size} {told}>{body}</svg>')


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 10 else f"{value:g}"


def _round_step(step: float) -> float:
    power = 10.0 ** floor(log10(step))
    return next(digit * power for digit in (1, 2, 2.5, 5, 10) if digit * power >= step * (1 - 1e-9))
