"""Whose side an ACTOR, SPEAKER or TARGET is on, as an ISO country code or the name of a group."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from warwire.annotations.document import Document, Span
from warwire.model.normalise.actor import side_of, sides_of
from warwire.model.normalise.party import is_armed_group, is_country
from warwire.model.parties.tables import group_countries, names_in, rows, words_of

STATES = {
    "Russia": "RU",
    "Russians": "RU",
    "Russian troops": "RU",
    "Moscow": "RU",
    "Moscow's forces": "RU",
    "the Kremlin's troops": "RU",
    "Black Sea Fleet": "RU",
    "Ukraine's air defence": "UA",
    "Ukrainian civilians": "UA",
    "Kyiv": "UA",
    "Kiev": "UA",
    "AFU": "UA",
    "Azov Brigade fighters": "UA",
    "Israeli": "IL",
    "Israeli soldiers": "IL",
    "IDF": "IL",
    "Israel Defense Forces": "IL",
    "Tel Aviv": "IL",
    "Zionist regime": "IL",
    "Palestinians": "PS",
    "Palestinian gunmen": "PS",
    "Gaza health ministry": "PS",
    "IRGC": "IR",
    "Iran's Revolutionary Guard Corps": "IR",
    "Quds Force": "IR",
    "U.S.": "US",
    "US": "US",
    "USA": "US",
    "the United States": "US",
    "American soldiers": "US",
    "U.S. Central Command forces": "US",
    "US-made jets of the US": "US",
    "Pentagon": "US",
    "Washington": "US",
    "USS Gravely": "US",
    "British paratroopers": "GB",
    "Britons": "GB",
    "RAF": "GB",
    "Downing Street": "GB",
    "French gunners": "FR",
    "Afghan National Army": "AF",
    "Syrias National Defence Forces": "SY",
    "President Bashar al-Assads regime": "SY",
    "Foreign Ministry of Iraq": "IQ",
    "Azerbaijan’s Defense Ministry": "AZ",
    "Azeri forces": "AZ",
    "Baku": "AZ",
    "Yerevan": "AM",
    "Turks": "TR",
    "North Korean troops": "KP",
    "South Sudanese soldiers": "SS",
    "Sudanese Armed Forces (SAF)": "SD",
    "FARDC": "CD",
    "Kinshasa": "CD",
    "FAMa": "ML",
    "UPDF": "UG",
    "Tatmadaw": "MM",
    "Myanmar Junta": "MM",
    "TNI soldiers": "ID",
    "Yugoslav army": "YU",
    "Serbs": "RS",
    "Armija BiH": "BA",
    "Soviet pilots": "SU",
    "Tripoli government": "LY",
    "Putin": "RU",
    "Saddam Hussein": "IQ",
    "RUSSIA": "RU",
    "ISRAELI FORCES": "IL",
    "American fighter jets": "US",
    "Ethiopian and Ethiopian-trained troops": "ET",
}

GROUPS = {
    "Hamas": "Hamas",
    "Hamas gunmen": "Hamas",
    "al-Qassam Brigades": "Hamas",
    "Palestinian Islamic Jihad": "Palestinian Islamic Jihad",
    "Hizbollah": "Hezbollah",
    "Hizbullah": "Hezbollah",
    "the Houthis": "Houthis",
    "Iranian-backed Houthi militants": "Houthis",
    "Ansar Allah": "Houthis",
    "Yemen's Houthis": "Houthis",
    "Huthi fighters": "Houthis",
    "ISIS": "Islamic State",
    "Isis": "Islamic State",
    "ISIL": "Islamic State",
    "IS": "Islamic State",
    "Daesh gangs": "Islamic State",
    "Islamic State (IS) militant group": "Islamic State",
    "ISIS-K fighters": "Islamic State Khorasan",
    "ISWAP": "Islamic State West Africa Province",
    "al Qaeda in the Islamic Maghreb": "AQIM",
    "al-Qaida": "al-Qaeda",
    "Jabhat al-Nusra terrorists": "al-Nusra Front",
    "Al-Qaedas Syrian affiliate Al-Nusra Front": "al-Nusra Front",
    "Taliban insurgents": "Taliban",
    "Pakistani Taliban": "Pakistani Taliban",
    "Haqqani facilitator": "Haqqani network",
    "RSF": "RSF",
    "Sudan's paramilitary Rapid Support Forces": "RSF",
    "M23 rebels": "M23",
    "their FDLR allies": "FDLR",
    "Wagner mercenaries": "Wagner",
    "al Shabab": "al-Shabaab",
    "al-Shabaab terrorists": "al-Shabaab",
    "Kurdish-led Syrian Democratic Forces (SDF)": "SDF",
    "Kurdish YPG fighters": "YPG",
    "PKK": "PKK",
    "Kurdish peshmerga": "Peshmerga",
    "FARC": "FARC",
    "Revolutionary Armed Forces of Colombia": "FARC",
    "Liberation Tigers of Tamil Eelam": "LTTE",
    "Tamil Tigers": "LTTE",
    "TPLF": "Tigray forces (TPLF)",
    "Tigray People's Liberation Front": "Tigray forces (TPLF)",
    "KLA": "KLA",
    "U.C.K.": "KLA",
    "rebels of the Revolutionary United Front": "RUF",
    "Bosnian Serb gunners": "Bosnian Serb forces",
    "HVO": "Bosnian Croat forces",
    "Russia-backed separatists": "Donbas separatists",
    "DPR authorities": "Donetsk People's Republic",
    "Armed Islamic Group (GIA)": "GIA",
    "Unita": "UNITA",
    "Savimbi": "UNITA",
    "Boko Haram": "Boko Haram",
    "Shining Path": "Shining Path",
    "Farabundo Martí National Liberation Front": "FMLN",
    "Islamic Movement of Uzbekistan leaders": "Islamic Movement of Uzbekistan",
    "Syrian rebels": "Syrian opposition",
    "Turkish-backed Syrian fighters": "Syrian National Army",
    "Houthi-run health ministry": "Houthis",
    "Hamas's armed wing": "Hamas",
    "NATO pilots": "NATO",
    "ISAF": "ISAF",
    "UN peacekeepers": "UN",
    "U.N. refugee agency": "UN",
    "Saudi-led coalition": "Saudi-led coalition",
    "US-led coalition": "US-led coalition",
    "international coalition": "US-led coalition",
    "Multi-National Division-Baghdad patrol": "US-led coalition",
}

NO_SIDE = (
    *("people", "gunmen", "rebels", "the army", "enemy", "armed men", "coalition", "civilians", "houses", ""),
    *("Afghan and coalition force", "Israeli and American targets", "IMU and Taliban leaders", "Hamas and Israel"),
    *("Syrian militants", "Libyan militias", "Pakistani insurgents", "Saudi jihadists", "foreign fighters"),
    *("U.S. ally", "IRGC sponsors", "pro-Iranian groups", "anti-Houthi forces", "US-backed groups", "Iranian proxies"),
    *(
        "former Al-Qaeda affiliate",
        "troops in Iraq",
        "Syrian Observatory for Human Rights",
        "Reuters",
        "New York Times",
    ),
    *("us", "is", "let", "Maoists", "PDF", "ethnic Albanians", "former Israeli soldiers"),
)

IN_A_REPORT = {
    "who attacked is not who counts": (
        "[Russia|ACTOR:a1] sent 90 drones and Russian missiles at the Russian border, 77 were downed, the "
        "[Air Force|SPEAKER:x] said.",
        None,
    ),
    "a possessor": ("[Ukraine|PLACE:p1]'s [air force|SPEAKER:x] said so.", "UA"),
    "a nationality before the span": ("Israeli [military|SPEAKER:x] said so.", "IL"),
    "a place before the span is no possessor": ("In Iraq [militants|ACTOR:x] attacked.", None),
    "what a body belongs to": ("A [spokesman|SPEAKER:x] for the Israeli army said so.", "IL"),
    "where a ministry sits": ("The [defence ministry|SPEAKER:x] in Baku said so.", "AZ"),
    "a title with a nationality": ("Israeli Prime Minister [Gad Lev|SPEAKER:x] said so.", "IL"),
    "a title behind a comma": ("Ukraine's prime minister, [Ivan Koval|SPEAKER:x], said so.", "UA"),
    "an apposition": ("[Ahmed Nur|TARGET:x], the leader of al-Shabaab, died.", "al-Shabaab"),
    "a surname after its owner": (
        "Armenian minister [Aram Petrosian|SPEAKER:a] spoke. Fire came from the north, [Petrosian|SPEAKER:x] said.",
        "AM",
    ),
    "a statement is no person": ("Fighting near Damascus [Monitor|SPEAKER:x] says.", None),
    "the army named before": (
        "The [Chadian army|ACTOR:a] lost men, and France sent jets. The [army|SPEAKER:x] said so.",
        "TD",
    ),
    "the army of the country of the report": (
        "Fighting in Mali spread. Mali closed roads in Mali. The [army|ACTOR:x] fled.",
        "ML",
    ),
    "the army between two states": (
        "[Russia|ACTOR:a] shelled the line. [Ukraine|ACTOR:b] fired back. The [army|ACTOR:x] lost men.",
        None,
    ),
    "rebels in a report of one group": ("[M23|ACTOR:a] took Goma. The [rebels|ACTOR:x] then rested.", "M23"),
    "rebels in a report of two groups": (
        "[M23|ACTOR:a] fought the [FDLR|ACTOR:b]. The [rebels|ACTOR:x] then rested.",
        None,
    ),
    "rebels are not the Islamic State": ("[ISIS|ACTOR:a] took Rutba. The [rebels|ACTOR:x] fled.", None),
    "a headline before the span": ("Killed by US Airstrikes [Report|SPEAKER:x].", None),
    "rebels of a country": ("Syria's [rebels|ACTOR:x] fled.", None),
    "another group of militants": ("[Hamas|ACTOR:a] fired. A [militant|ACTOR:x] fled.", None),
    "its troops, of the one who says so": (
        "[Russia|ACTOR:a] holds Lira, [Ukraine|SPEAKER:b] says its [troops|ACTOR:x] are inside.",
        "UA",
    ),
    "a state before *and* is no possessor": ("Peace between Mali's government and [armed groups|ACTOR:x] held.", None),
    "its network of militias is not the state": ("[Iran|ACTOR:a] and its [network of militias|ACTOR:x] fired.", None),
    "an apposition at the end of a sentence": (
        "[Ada Lind|SPEAKER:x], spokeswoman for the army. The Indian troops left.",
        None,
    ),
    "its own troops": ("[Rwanda|ACTOR:a] says its [troops|ACTOR:x] stayed.", "RW"),
    "its militias are not the state": ("[Iran|ACTOR:a] and its [militias|ACTOR:x] struck.", None),
    "soldiers named twice alike": (
        "[Turkish soldiers|ACTOR:a] shelled Afrin. The [soldiers|ACTOR:x] then left.",
        "TR",
    ),
    "soldiers of two sides": (
        "[Turkish soldiers|ACTOR:a] met [Syrian soldiers|ACTOR:b]. The [soldiers|ACTOR:x] left.",
        None,
    ),
    "officials are called the same": (
        "[US officials|SPEAKER:a] said so. Anadolu cited [military officials|SPEAKER:x].",
        None,
    ),
    "the coalition of Yemen": (
        "Yemen bled. Yemen starved. In Yemen the [coalition|ACTOR:x] bombed.",
        "Saudi-led coalition",
    ),
    "the coalition of an ISAF release": ("ISAF Joint Command\n[Coalition forces|ACTOR:x] detained him.", "ISAF"),
    "a coalition nobody knows": ("The [coalition|ACTOR:x] bombed.", None),
    "SAF in Sudan": ("Sudan burns and Khartoum starves. The [SAF|ACTOR:x] retreated.", "SD"),
    "SAF in Singapore": ("Singapore trained. Singapore's [SAF|ACTOR:x] fired.", "SG"),
    "PLA in Nepal": ("Nepal mourned, Nepali police fled and Kathmandu slept. The [PLA|ACTOR:x] struck.", "CPN-Maoist"),
    "PLA of China": ("Taiwan watched as China sailed. The [PLA|ACTOR:x] fired.", "CN"),
    "Tigers of Sri Lanka": ("Sri Lanka mourned in Colombo. The [Tigers|ACTOR:x] struck.", "LTTE"),
    "a general staff and its state": ("Syria and Ukraine. The [Turkish General Staff|SPEAKER:x] said so.", "TR"),
    "things have no possessor": ("Ukraine's [power plants|TARGET:x] burned.", None),
}

SCORED = [*STATES.items(), *GROUPS.items(), *((surface, None) for surface in NO_SIDE)]


def sides_in(source: str) -> dict[str, str]:
    """The sides of a text with spans in the form [surface|LABEL:id]."""
    text, spans, end = "", [], 0
    for match in re.finditer(r"\[([^|\]]+)\|(\w+):(\w+)\]", source):
        text += source[end : match.start()]
        spans.append(Span(match[3], len(text), len(text) + len(match[1]), match[2]))
        text, end = text + match[1], match.end()
    return sides_of(Document("made-up", text + source[end:], spans=tuple(spans)))


@pytest.mark.parametrize(("surface", "side"), SCORED)
def test_a_surface_says_whose_side_it_is_on(surface: str, side: str | None) -> None:
    assert side_of(surface) == side


@pytest.mark.parametrize(("source", "side"), IN_A_REPORT.values(), ids=IN_A_REPORT)
def test_a_report_says_whose_side_a_span_is_on(source: str, side: str | None) -> None:
    assert sides_in(source).get("x") == side


@pytest.mark.parametrize("surface", ["Houthis", "HOUTHIS", "the Houthis'", "Houthi's", "houthis", "Houthi’s"])
def test_number_case_and_possessives_make_no_difference(surface: str) -> None:
    assert side_of(surface) == "Houthis"


def test_weapons_and_places_have_no_side() -> None:
    assert sides_in("A [Russian missile|WEAPON:x] hit [Kyiv|PLACE:y].") == {}


def test_armed_groups_are_neither_states_nor_alliances() -> None:
    assert [is_armed_group(side) for side in ("Hamas", "NATO", "UN", "RU")] == [True, False, False, False]


@given(st.text(max_size=60))
@settings(max_examples=200, deadline=None)
def test_any_surface_has_a_known_side_or_none(surface: str) -> None:
    side = side_of(surface)
    assert side is None or is_country(side) or side in known_groups()


@given(st.lists(st.sampled_from([*STATES, *GROUPS, *NO_SIDE[:-3], "of", ",", "and", ".\n", "'s"]), max_size=12))
@settings(max_examples=100, deadline=None)
def test_any_report_has_sides_for_its_own_spans_only(parts: list[str]) -> None:
    source = " ".join(f"[{part}|ACTOR:t{at}]" if part[:1].isalpha() else part for at, part in enumerate(parts))
    assert set(sides_in(source)) <= {f"t{at}" for at in range(len(parts))}


def known_groups() -> set[str]:
    return set(group_countries())


def aliases(table: str, sides: slice, cells: slice) -> list[tuple[str, str]]:
    """Every name of a table as (folded words, side)."""
    return [
        (" ".join(words_of(name)), "".join(row[sides]))
        for row in rows(table)
        for cell in row[cells]
        for name in names_in(cell)
    ]


NAMES = {
    "countries.tsv": aliases("countries.tsv", slice(0, 1), slice(1, None)),
    "groups.tsv": aliases("groups.tsv", slice(0, 1), slice(2, None)),
    "leaders.tsv": aliases("leaders.tsv", slice(1, 2), slice(2, None))
    + aliases("leaders.tsv", slice(1, 2), slice(0, 1)),
}


def test_at_least_350_groups_are_known() -> None:
    assert len(known_groups()) >= 350


@pytest.mark.parametrize("table", NAMES)
def test_a_name_stands_once_in_its_table(table: str) -> None:
    keys = [key for key, _ in NAMES[table]]
    assert [key for key in sorted(set(keys)) if keys.count(key) > 1] == []


def test_no_name_has_two_sides() -> None:
    found: dict[str, set[str]] = {}
    for key, side in [pair for pairs in NAMES.values() for pair in pairs]:
        found.setdefault(key, set()).add(side)
    assert {key: sides for key, sides in found.items() if len(sides) > 1} == {}


def test_ambiguous_names_stand_in_no_other_table() -> None:
    plain = {key for pairs in NAMES.values() for key, _ in pairs}
    assert sorted(plain.intersection(" ".join(words_of(alias)) for alias, _, _ in rows("ambiguous.tsv"))) == []


def test_an_ambiguous_name_has_one_side_a_country() -> None:
    keys = [(alias, country) for alias, country, _ in rows("ambiguous.tsv")]
    assert [key for key in sorted(set(keys)) if keys.count(key) > 1] == []


def test_every_side_of_the_tables_is_known() -> None:
    codes = {row[0] for row in rows("countries.tsv")}
    used = {row[1] for row in rows("leaders.tsv")} | {row[2] for row in rows("ambiguous.tsv")}
    used |= {row[2] for row in rows("bodies.tsv") if len(row) > 2 and row[2]}
    assert used - codes - known_groups() == set()


def test_every_country_of_a_group_is_known() -> None:
    codes = {row[0] for row in rows("countries.tsv")}
    assert {country for countries in group_countries().values() for country in countries} - codes == set()


def test_no_word_of_a_table_is_empty() -> None:
    assert all(key for pairs in NAMES.values() for key, _ in pairs)
