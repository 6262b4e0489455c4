"""The figure that a newer one replaces, from the words around it."""

import pytest

from warwire.model.normalise.count import CountRange
from warwire.model.normalise.revised import revised_from

REVISED = {
    "The toll rose to [34] from 29.": (29, 29),
    "The toll rose to [34] on Tuesday from 29 a day earlier.": (29, 29),
    "The toll has risen to [at least 34] from more than 20, the ministry said.": (21, None),
    "The toll has climbed to [106], from 56 as of Tuesday.": (56, 56),
    "The toll climbed from 29 to [34], officials said.": (29, 29),
    "The toll rose from two dozen to [34].": (24, 24),
    "The number of injured was revised on Monday from eight to [six].": (8, 8),
    "Police raised the number of dead to [34] from at least 29.": (29, None),
    "Officials said [34] people had died, up from 29.": (29, 29),
    "They said [34] were killed, up from an earlier toll of 29.": (29, 29),
    "The mayor put the dead at [17], up from the 13 that doctors had given.": (13, 13),
    "The ministry put the toll at [34], down from 41.": (41, 41),
    "The dead numbered [34], a rise from 29 on Monday.": (29, 29),
    "[34] dead (previously 29).": (29, 29),
    "[34] died, said the governor, who had put the toll at 29.": (29, 29),
    "The group said [34] died, updating a previous toll of 29.": (29, 29),
    "The toll was [34], not 29 as earlier reported.": (29, 29),
    "Police initially said 10 were wounded, then raised the number to [11].": (10, 10),
    "The dead are [1,400], up from 1,200.": (1200, 1200),
    "The dead are [34, up from 29], they said.": (29, 29),
}

NOT_REVISED = {
    "no other figure": "The toll rose to [34].",
    "the older figure itself": "The toll rose to 34 from [29].",
    "places": "The toll rose to [34] people from 12 villages.",
    "a unit": "He killed [34] soldiers from 29 Brigade.",
    "a share": "The toll rose to [34] from 29 percent.",
    "a range": "Estimates of the toll go from 20 to [34].",
    "a march": "Rebels fled from 29 to [34] posts.",
    "ages": "Children aged from 6 to [18] died.",
    "two periods": "Some [34] crossed, down from 415 a week earlier.",
    "two years": "There were [70] deaths, down from 89 during the same period in 2019.",
    "another figure between": "Gunmen killed [34] and wounded 50, up from 29.",
    "a figure of another count": "The toll was raised to five, from three, and the number of injured to [17].",
    "two older figures": "It killed 61 and hurt [388], up from 40 and 275.",
    "the wrong direction": "It gives 1,062 dead, among them [276] civilians, up from 935.",
    "another sentence": "The toll is [34]. It is up from 29.",
}


def read(marked: str) -> CountRange | None:
    before, _, rest = marked.partition("[")
    surface, _, after = rest.partition("]")
    return revised_from(before + surface + after, len(before), len(before) + len(surface))


@pytest.mark.parametrize(("marked", "expected"), REVISED.items())
def test_the_earlier_figure_is_found(marked: str, expected: tuple[int, int | None]) -> None:
    found = read(marked)
    assert found is not None
    assert (found.min, found.max) == expected


@pytest.mark.parametrize(("kind", "marked"), NOT_REVISED.items())
def test_what_replaces_nothing_has_no_earlier_figure(kind: str, marked: str) -> None:
    assert read(marked) is None, kind


@pytest.mark.parametrize(("start", "end"), [(-1, 2), (2, 2), (0, 99)])
def test_an_interval_outside_the_text_is_refused(start: int, end: int) -> None:
    with pytest.raises(ValueError, match="no interval"):
        revised_from("The toll is 34.", start, end)
