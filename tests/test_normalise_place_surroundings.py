"""Places read by the words that they share, by what stands around them, and by the wars a name is known from."""

import pytest
from conftest import made

from warwire.model.normalise.place import resolve_places

CASES = {
    "shared noun": (
        "Russian troops left [Kaluga|PLACE:p1] and [Tula regions|PLACE:p2].",
        [("RU", "province"), ("RU", "province")],
    ),
    "shared noun of three": (
        "Syrian jets hit the [Idlib|PLACE:p1], [Hama|PLACE:p2] and [Aleppo provinces|PLACE:p3].",
        [("SY", "province")] * 3,
    ),
    "two towns": (
        "Ukrainian troops left [Kharkiv|PLACE:p1] and [Kyiv|PLACE:p2].",
        [("UA", "town"), ("UA", "town")],
    ),
    "a region around a capital that is a region itself": (
        "Russian forces downed drones over the [Moscow region|PLACE:p1].",
        [("RU", "province")],
    ),
    "a district whose name the table gives to its town": (
        "Afghan police fought in [Sangin district|PLACE:p1].",
        [("AF", "area")],
    ),
    "a site at a town": (
        "Russian sailors left the [naval base at Novorossiysk|PLACE:p1].",
        [("RU", "site")],
    ),
    "a region of Ukraine among Russians": (
        "Russia said Russian troops of the Russian army took a village in [Donetsk region|PLACE:p1].",
        [("UA", "province")],
    ),
    "a town of Ukraine among Russians": (
        "Russia said Russian troops of the Russian army were in [Donetsk|PLACE:p1].",
        [("UA", "town")],
    ),
    "the capital told of just before": (
        "Yemeni rebels in [Marib|PLACE:p1], [Taiz|PLACE:p2] and [Ibb|PLACE:p3]. "
        "A flash lit the Saudi [capital|PLACE:p4]. A roof in the [capital|PLACE:p5] burned.",
        [("YE", "town"), ("YE", "town"), ("YE", "town"), ("SA", "town"), ("SA", "town")],
    ),
    "the namesake, where the text says so": (
        "Russian police closed a road to [Donetsk|PLACE:p1] in [Rostov region|PLACE:p2].",
        [("RU", "town"), ("RU", "province")],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_country_and_precision_of_a_place_in_its_report(name: str) -> None:
    source, expected = CASES[name]
    found = resolve_places(made(source))
    assert [(value.country, value.precision) for _, value in sorted(found.items())] == expected


def test_a_village_abroad_is_no_guess_for_a_place_known_from_a_war() -> None:
    found = resolve_places(made("Iran and Israel trade blows. Iranian rockets fell on the [Golan|PLACE:p1]."))
    assert all(value.country != "IR" for value in found.values())
