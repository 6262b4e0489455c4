"""Where the words of a PLACE span lie: spellings, words around a name, namesakes, and what stays unknown."""

import math
import subprocess
import sys

import pytest
from conftest import made
from hypothesis import given, settings
from hypothesis import strategies as st

from warwire.annotations.document import Document, Span
from warwire.model.gazetteer.sources import read_countries, read_listed_places
from warwire.model.gazetteer.table import Gazetteer, Hit, Place, load_gazetteer, write_table
from warwire.model.normalise.place import PRECISIONS, PlaceValue, resolve_places
from warwire.model.normalise.place_names import fold, loosen
from warwire.model.normalise.place_score import kilometres


def values(text: str) -> list[PlaceValue | None]:
    """The values of a text's [bracketed] places, in their order."""
    parts = text.replace("]", "[").split("[")
    document = made("".join(f"[{part}|PLACE:p{i}]" if i % 2 else part for i, part in enumerate(parts)))
    found = resolve_places(document)
    return [found.get(span.id) for span in document.spans]


def told(text: str) -> list[str | None]:
    """Name, country and precision of each place."""
    return [v and f"{v.name}, {v.country or '-'}, {v.precision}" for v in values(text)]


SPELLINGS = {
    "Missiles hit [Kyiv].": "Kyiv, UA, town",
    "Missiles hit [Kiev].": "Kyiv, UA, town",
    "Ukrainian [Odessa] was hit.": "Odesa, UA, town",
    "Ukrainian forces left [Chasov Yar].": "Chasiv Yar, UA, town",
    "Ukrainian forces left [Artemivsk].": "Bakhmut, UA, town",
    "Russian drones over [Nikolaev], said Ukraine.": "Mykolaiv, UA, town",
    "Syrian jets bombed [Deir al-Zor].": "Deir ez-Zor, SY, town",
    "Syrian jets bombed [DEIR EZ-ZOUR].": "Deir ez-Zor, SY, town",
    "Syrian jets bombed [Khan Sheikhun].": "Khan Sheikhoun, SY, town",
    "Syrian jets bombed [A'zaz].": "Azaz, SY, town",
    "Israeli jets bombed [Khan Younis].": "Khan Younis, PS, town",
    "Israeli jets bombed [Khan Yunis].": "Khan Younis, PS, town",
    "Israeli jets bombed [Jabaliya].": "Jabalia, PS, town",
    "Iraqi troops entered [Falluja].": "Fallujah, IQ, town",
    "The Houthis hold [Hodeida].": "Hodeidah, YE, town",
    "The Houthis hold [Sana'a].": "Sanaa, YE, town",
    "The Houthis hold [Sana’a].": "Sanaa, YE, town",
    "The RSF holds [Al-Fashir] in Sudan.": "El Fasher, SD, town",
    "Afghan police in [Pul-i-Khumri].": "Pul-e Khumri, AF, town",
    "Armenians left [Khankendi] in Azerbaijan.": "Stepanakert, AZ, town",
    "Serbs shelled [Gorazde] in Bosnia.": "Gorazde, BA, town",
    "NATO planes over [Urosevac] in Kosovo.": "Urosevac, XK, town",
    "[KABUL], Afghanistan": "Kabul, AF, town",
    "Islamists entered [Timbuktu] in Mali.": "Timbuktu, ML, town",
}

WORDS_AROUND = {
    "in [Luhansk region]": "Luhansk, UA, province",
    "in [Kharkiv oblast]": "Kharkiv, UA, province",
    "in [Daraa province]": "Daraa, SY, province",
    "in the [province of Aleppo]": "Aleppo, SY, province",
    "in [Wardak province]": "Wardak, AF, province",
    "in [Helmand Province's Nad Ali district]": "Nad Ali, AF, area",
    "Syria: the [city of Aleppo]": "Aleppo, SY, town",
    "Syria: [Aleppo city]": "Aleppo, SY, town",
    "Ukraine: the [town of Bakhmut]": "Bakhmut, UA, town",
    "in [eastern Ukraine]": "eastern Ukraine, UA, region",
    "in [southern Lebanon]": "southern Lebanon, LB, region",
    "in [northeast Mali]": "northeastern Mali, ML, region",
    "in [Mali's north]": "northern Mali, ML, region",
    "in the [occupied West Bank]": "West Bank, PS, province",
    "in [northwest Syrias]": "northwestern Syria, SY, region",
    "in [West Darfur]": "West Darfur, SD, province",
    "in [South Sudan]": "South Sudan, SS, country",
    "launched from [Iranian soil]": "Iran, IR, country",
    "at [Kabul airport]": "Hamid Karzai International Airport, AF, site",
    "at [Hmeimim airbase]": "Hmeimim air base, SY, site",
    "at [Al-Asad air base]": "Al Asad Airbase, IQ, site",
    "at [Incirlik]": "Incirlik Air Base, TR, site",
    "at [Rafah crossing]": "Rafah crossing, PS, site",
    "at [Jabalia refugee camp]": "Jabalia camp, PS, site",
    "at [Jenin camp]": "Jenin camp, PS, site",
    "at [Al-Shifa hospital]": "Al-Shifa Hospital, PS, site",
    "at the [Zaporizhzhia nuclear plant]": "Zaporizhzhia nuclear power plant, UA, site",
    "on [Mount Hermon]": "Mount Hermon, SY, site",
    "on [Snake Island]": "Snake Island, UA, site",
    "Ukraine's [port of Odesa]": "Odesa, UA, town",
    "Ukraine: [Mykolaiv port]": "Mykolaiv, UA, town",
    "Israel: the [Tel Aviv area]": "Tel Aviv, IL, area",
    "in the [Red Sea]": "Red Sea, -, region",
    "the [Strait of Hormuz]": "Strait of Hormuz, -, region",
    "off [Bab al-Mandab]": "Bab al-Mandab Strait, -, region",
    "in [Gaza]": "Gaza Strip, PS, province",
    "in [Gaza City]": "Gaza City, PS, town",
    "in [Donbas]": "Donbas, UA, region",
    "in [Nagorno-Karabakh]": "Nagorno-Karabakh, AZ, province",
}

COUNTRIES = {
    "[Burma]": "MM", "[Myanmar]": "MM", "[DRC]": "CD", "[DR Congo]": "CD", "[Kosovo]": "XK", "[US]": "US",
    "[U.S.]": "US", "[America]": "US", "[United States]": "US", "[Britain]": "GB", "[Ivory Coast]": "CI",
    "[Russia]": "RU", "[Syria]": "SY", "[Bosnia]": "BA", "[Mexico]": "MX", "[Niger]": "NE", "[Macedonia]": "MK",
}  # fmt: skip

NAMESAKES = {
    "Libyan forces shelled [Tripoli].": ["Tripoli, LY, town"],
    "Lebanese soldiers patrolled [Tripoli].": ["Tripoli, LB, town"],
    "Lebanon and Libya said that [Tripoli], [Lebanon], was hit.": ["Tripoli, LB, town"],
    "Fighting in the Ukrainian city of [Donetsk].": ["Donetsk, UA, town"],
    "[Donetsk], [Rostov region], Russia": ["Donetsk, RU, town", "Rostov, RU, province"],
    "Afghan troops in [Kandahar] and [Helmand].": ["Kandahar, AF, town", "Helmand, AF, province"],
    "[Chak district], [Wardak province]": ["Chak district, AF, area", "Wardak, AF, province"],
    "[Arghandab district], [Kandahar province]": ["Arghandab district, AF, area", "Kandahar, AF, province"],
    "The Syrian capital, [Damascus], and [Qara].": ["Damascus, SY, town", "Qarah, SY, town"],
    "Shells hit [Petropavlivka] near [Kupiansk], Ukraine.": ["Petropavlivka, UA, town", "Kupiansk, UA, town"],
    "Georgia's army left [Gori].": ["Gori, GE, town"],
    "Palestinian medics in [Rafah].": ["Rafah, PS, town"],
    "[Paris]": ["Paris, FR, town"],
    "Haiti was discussed in [Geneva]. Haitian gangs, Haiti said.": ["Geneva, CH, town"],
}

STAND_INS = {
    "[Sanaa], [Yemen]. Shells hit the [capital].": "Sanaa, YE, town",
    "The Syrian army. Rebels shelled the Syrian [capital].": "Damascus, SY, town",
    "[Kharkiv] and [Sumy] were hit, and the [capital] too.": "Kyiv, UA, town",
    "Israel bombed [Rafah], [Gaza]. Nobody leaves the [enclave].": "Gaza Strip, PS, province",
    "Ships left [Crimea]; the [peninsula] was hit.": "Crimea, UA, province",
}

UNKNOWN = {
    "an invented place": "Rockets hit [Port Almeda].",
    "an invented place in a real country": "Ukraine: rockets hit [Port Almeda].",
    "a base named after no clear town": "Jets took off from [Santa Clara airbase].",
    "a namesake in a land that is not told of": "Rebels entered [Velden].",
    "a village whose country is not told of": "Rebels entered [Verbove].",
    "several villages of one country": "Ukrainian troops entered [Ivanivka].",
    "a common noun": "Shells hit the [airport].",
    "a noun with a namesake": "Talks failed on the [government side].",
    "a street": "Israel: shots on [Ben Yehuda Street].",
    "the capital of nothing": "Shells hit the [capital].",
    "the capital of one of two": "[Iran] and [Iraq] are at war. The [capital] was hit.",
    "two countries at once": "On the [Armenia-Azerbaijan border].",
    "a name in another script": "Україна: [Київ].",
    "an enclave of no name": "Israel: the [enclave].",
}


@pytest.mark.parametrize(("text", "expected"), (SPELLINGS | WORDS_AROUND).items())
def test_a_place_is_found_by_its_spellings_and_without_the_words_around_it(text: str, expected: str) -> None:
    assert told(text)[0] == expected


@pytest.mark.parametrize(("text", "code"), COUNTRIES.items())
def test_countries_go_by_many_names(text: str, code: str) -> None:
    [value] = values(text)
    assert value is not None
    assert (value.country, value.precision) == (code, "country")


@pytest.mark.parametrize(("text", "expected"), NAMESAKES.items())
def test_the_document_decides_between_namesakes(text: str, expected: list[str]) -> None:
    assert told(text)[: len(expected)] == expected


@pytest.mark.parametrize(("text", "expected"), STAND_INS.items())
def test_a_noun_stands_for_the_place_that_the_document_names(text: str, expected: str) -> None:
    assert told(text)[-1] == expected


@pytest.mark.parametrize("text", UNKNOWN.values(), ids=UNKNOWN)
def test_what_is_not_known_is_never_guessed(text: str) -> None:
    assert told(text)[-1] is None


def test_most_places_being_invented_a_town_of_no_known_country_is_one_too() -> None:
    assert told("[Harrow] and [Nessim] fell, [Ostrand] and [Ulmark] hold.") == [None] * 4


@pytest.mark.parametrize(
    ("text", "lat", "lon", "geonames_id"),
    [
        ("[Kyiv], Ukraine", 50.45, 30.52, 703448),
        ("[Aleppo], Syria", 36.20, 37.16, 170063),
        ("[Afghanistan]", 34.0, 66.0, 1149361),
        ("[Snake Island]", 45.26, 30.20, None),
        ("[Helmand province]", 31.5, 64.0, None),
    ],
)
def test_a_place_has_coordinates_and_a_geonames_id(text: str, lat: float, lon: float, geonames_id: int | None) -> None:
    [value] = values(text)
    assert value is not None
    assert value.geonames_id == geonames_id
    assert kilometres(value.lat, value.lon, lat, lon) < 200 if value.precision == "country" else 60


def test_a_part_of_a_country_lies_in_that_direction() -> None:
    whole, east, south = values("[Ukraine], [eastern Ukraine], [southern Ukraine]")
    assert whole is not None
    assert east is not None
    assert south is not None
    assert east.lon > whole.lon + 1
    assert south.lat < whole.lat - 1


def test_other_spans_have_no_place() -> None:
    assert resolve_places(made("[Ukraine|ACTOR:a1] said [Kyiv|SPEAKER:s1] was calm.")) == {}


@settings(deadline=None, max_examples=200)
@given(
    st.lists(
        st.sampled_from(["Kyiv", "the", "region", "of", "northern", "'s", ",", "St.", "camp", "ə", "-", "X", "قصف"])
    )
)
def test_any_words_give_a_valid_value_or_none(words: list[str]) -> None:
    surface = " ".join(words).strip()
    document = Document("d", f"{surface} .", spans=(Span("p", 0, len(surface), "PLACE"),) if surface else ())
    for value in resolve_places(document).values():
        assert value.precision in PRECISIONS
        assert math.isfinite(value.lat + value.lon)


def test_an_unknown_precision_cannot_be_built() -> None:
    with pytest.raises(ValueError, match="unknown precision"):
        PlaceValue("Lira", "UG", 2.2, 32.9, None, "village")


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Sana'a", "sanaa"),
        ("Žepa", "zepa"),
        ("Đakovica", "dakovica"),
        ("Khān Yūnis", "khan yunis"),
        ("Musa Qal’ah", "musa qalah"),
        ("Deir ez-Zor", "deir ez zor"),
        ("U.S.", "us"),
        ("Ukraine's", "ukraine"),
        ("Київ", ""),
    ],
)
def test_folding_drops_case_accents_apostrophes_and_hyphens(name: str, key: str) -> None:
    assert fold(name) == key


@pytest.mark.parametrize(
    ("one", "other"), [("deir al zour", "dayr az zur"), ("nad ali", "nad e ali"), ("qala", "kala")]
)
def test_loose_keys_drop_articles_and_ways_of_writing_a_sound(one: str, other: str) -> None:
    assert loosen(one) == loosen(other)


def test_every_entry_has_a_name_and_valid_coordinates() -> None:
    table = load_gazetteer()
    places = [table.read(number) for number in range(len(table))]
    assert len(places) > 50_000
    assert [p for p in places if not (-90 <= p.lat <= 90 and -180 <= p.lon <= 180 and p.name.strip())] == []


def test_every_place_of_the_list_and_every_large_country_is_in_the_table() -> None:
    table = load_gazetteer()
    listed = read_listed_places()
    assert len(listed) >= 400
    assert [e.name for e in listed if not any(h.place.listed for h in table.find(fold(e.name)))] == []
    assert [c.code for c in read_countries() if c.adjectives and not table.find(fold(c.names[0]))] == []


def test_listed_places_are_near_the_towns_of_their_country() -> None:
    spread = load_gazetteer().spread
    far = [e.name for e in read_listed_places() if e.country in spread and not _is_near(e.country, e.lat, e.lon)]
    assert far == []


def _is_near(country: str, lat: float, lon: float) -> bool:
    places = load_gazetteer().within(country)
    centre = next(place for place in places if place.kind == "country")
    north, east = load_gazetteer().spread[country]
    return abs(lat - centre.lat) <= 5 * north + 2 and abs(lon - centre.lon) <= 5 * east + 2


def test_the_table_is_small_and_no_names_are_parsed_on_loading() -> None:
    program = (
        "import time; from warwire.model.gazetteer.table import load_gazetteer; start = time.perf_counter();"
        "table = load_gazetteer(); table.find('kyiv');"
        "print(time.perf_counter() - start < 0.25, len(table._data) <= 15_000_000)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["True", "True"]


SMALL = [
    (Place("Lira", "UG.1", "town", 2.25, 32.9, 5, 100), ["lira"], ["lila"]),
    (Place("Sona", "UG.2", "site", -1.5, -32.9, listed=True), ["sona"], ["lira"]),
    (Place("Sea", "", "region", 0.0, 179.99), ["sea"], []),
]


def test_a_written_table_is_read_back() -> None:
    table = Gazetteer(write_table(SMALL, {"UG": [1.0, 2.0]}))
    assert {table.read(number) for number in range(len(table))} == {place for place, _, _ in SMALL}
    assert table.find("lira") == (Hit(SMALL[0][0], True), Hit(SMALL[1][0], False))
    assert table.within("UG.2") == (SMALL[1][0],)
    assert table.find("lir") == table.find("") == ()


@pytest.mark.parametrize("data", [b"", b"no table", write_table(SMALL, {})[:-1]])
def test_a_broken_table_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="table of places"):
        Gazetteer(data)
