"""What kind of speaker speaks, and for whom."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from warwire.model.normalise.speaker import KINDS, SpeakerValue, normalise_speaker
from warwire.model.parties.tables import body_kinds, names_in, rows, speaker_words, words_of

SURFACES = {
    "official": (
        *(
            "officials",
            "government",
            "Moscow",
            "Ankara",
            "Azerbaijan",
            "Kremlin",
            "White House",
            "police",
            "Kirkuk police",
        ),
        *(
            "interior ministry",
            "Russia’s Foreign Ministry",
            "mayor",
            "regional governor",
            "president",
            "prefect",
            "court",
        ),
        *(
            "Israel's defence minister",
            "local authorities",
            "State Emergency Service",
            "firefighters",
            "Western diplomats",
        ),
        *("security sources", "intelligence officials", "head of the regional military administration", "prosecutors"),
        *("former deputy national security adviser", "DPR authorities", "US officials", "spokesman", "Putin"),
        *("senior police commander", "U.N. Security Council ambassador", "city's executive office", "Downing Street"),
    ),
    "military": (
        *("army", "the air force", "General Staff", "Israeli military", "colonel", "Peshmerga commander", "rebels"),
        *("Russian Defense Ministry", "Pentagon spokesman", "U.S. Central Command", "Hezbollah", "Taliban", "RSF"),
        *("UN peacekeepers", "U.N. peacekeeping mission", "NATO", "ISAF", "coalition", "army statement", "soldiers"),
        *(
            "general staff's evening bulletin",
            "Houthi leaders",
            "Hamas official",
            "IRGC",
            "spokesman for the army",
            "Lt. Gen.",
        ),
    ),
    "medical": (
        *("hospital", "health ministry", "Gaza's health ministry", "doctors", "medic", "a doctor at the hospital"),
        *(
            "hospital director",
            "hospital official",
            "Houthi health officials",
            "director of the hospital",
            "army doctor",
        ),
        *("Ministry of Public Health", "ambulance service", "chief surgeon", "medical sources", "nurse at the clinic"),
        *("Magen David Adom", "military hospital", "health minister"),
    ),
    "media": (
        *("TASS", "Interfax", "state TV", "state television", "newspaper", "state news agency SANA", "Reuters", "BBC"),
        *(
            "Russian milblogger",
            "Al-Manar correspondent",
            "local media",
            "Anadolu Agency",
            "Reuters witness",
            "reporters",
        ),
        *("AFP tally", "insurgent Web site", "Xinhua", "group's media arm", "Al-Manar", "Telegram channels"),
    ),
    "witness": (
        *("residents", "witnesses", "villagers", "eyewitness", "families", "mother", "priest", "tribal elder", "owner"),
        *(
            "survivors",
            "refugees",
            "local residents",
            "neighbour",
            "farmers",
            "student at the university",
            "passengers",
        ),
    ),
    "ngo": (
        *("Syrian Observatory for Human Rights", "SOHR", "Observatory", "monitor", "monitoring group", "Amnesty"),
        *("Red Cross", "UNHCR", "UN", "U.N. human rights office", "the UN's OCHA", "aid groups", "rights groups"),
        *("activists", "International Organization for Migration", "humanitarian coordinator", "Save the Children"),
        *("spokesman for the Red Crescent", "panel of experts"),
    ),
    "other": (
        *("source", "sources", "statement", "report", "analysts", "experts", "Commercial satellite pictures", "Ramin"),
        *("shipping company", "lawyer", "another", "Ukrainian Railways", "historian"),
    ),
}

AROUND = {
    "a title before the name": ("Health ministry spokesman [Ashraf Qadi] said so.", "medical"),
    "a rank before the name": ("He had left, Lt. Gen. [Abdul Khazraji] said.", "military"),
    "two titles before the name": (
        "Russian Defense Ministry spokesman Major General [Igor Petrov] denied it.",
        "military",
    ),
    "a title behind a comma": ("Ukraine's prime minister, [Denys Koval], said so.", "official"),
    "a title with an honorific": ("An eyewitness, Malam [Sani Lawal], said so.", "witness"),
    "a mayor": ("Mayor [Josef Trenk] put it at 140.", "official"),
    "a person of an institution": ("According to the priest [Avelino Muaia], many left.", "witness"),
    "an apposition": ("[Ihor Taburets], head of the regional military administration, said so.", "official"),
    "an apposition after an age": ("[Marta Ruiz], 34, a nurse, said so.", "medical"),
    "an apposition with who": ("[Baudouin Sekana], who speaks for the M23 rebels, says so.", "military"),
    "an apposition with a unit": ('"We left," said Lt. Col. [Thayer Oxen], battalion commander.', "military"),
    "an age alone": ('"We left," said [Bibi Shirin], 61, and wept.', "witness"),
    "a clause is no apposition": ("According to [Karim Nasr], the rebels fired first.", "other"),
    "a clause after a name": ("[Karim Nasr], in a statement sent to news agencies, said so.", "other"),
    "a surname after its owner": ("Rear Adm. [John Oxley|first] spoke. It was hit, [Oxley] said.", "military"),
    "a surname before its owner": ("[Oxley] laughed. Later Rear Adm. John Oxley left.", "other"),
    "a name alone": ("[Kino Gabriel] said so.", "other"),
    "a spokesman of the army": ("A [spokesman] for the army said so.", "military"),
    "a spokesman of the ministry": ("A [spokesman] for the interior ministry said so.", "official"),
    "a source at a hospital": ("A [source] at the hospital said so.", "medical"),
    "a source of nobody": ("A [source] who asked for silence said so.", "other"),
    "officials after a list of victims": ("It killed at least 20 people, [officials] said.", "official"),
    "an official who tells the media": ("An [official] in Haditha has told news media of five dead.", "official"),
    "a bare ministry": ("The defence ministry spoke. The [ministry] added a number.", "military"),
    "a bare ministry of health": ("The Ministry of Health spoke. The [ministry] added a number.", "medical"),
    "a bare ministry of nobody": ("The [ministry] added a number.", "official"),
    "a state told by a sentence before": ("They left NATO. [Ukraine] said so.", "official"),
}

SIDES = {
    "Gaza's health ministry": SpeakerValue("medical", "PS"),
    "Russian Defense Ministry": SpeakerValue("military", "RU"),
    "TASS": SpeakerValue("media", "RU"),
    "SANA": SpeakerValue("media", "SY"),
    "Reuters": SpeakerValue("media", None),
    "Hezbollah": SpeakerValue("military", "Hezbollah"),
    "UNHCR": SpeakerValue("ngo", "UN"),
    "Syrian Observatory for Human Rights": SpeakerValue("ngo", None),
    "Moscow": SpeakerValue("official", "RU"),
    "residents": SpeakerValue("witness", None),
}

KIND_OF = [(surface, kind) for kind, surfaces in SURFACES.items() for surface in surfaces]


def speaker_in(source: str, side: str | None = None) -> SpeakerValue:
    """The value of the last span of a text in the form [surface]; other spans carry a mark, [surface|first]."""
    text = re.sub(r"\[([^|\]]+)\|\w+\]", r"\1", source)
    start, end = text.index("["), text.index("]") - 1
    return normalise_speaker(text.replace("[", "").replace("]", ""), start, end, side)


@pytest.mark.parametrize(("surface", "kind"), KIND_OF)
def test_the_words_of_a_speaker_tell_its_kind(surface: str, kind: str) -> None:
    assert speaker_in(f"It was hit, [{surface}] said.").kind == kind


@pytest.mark.parametrize(("source", "kind"), AROUND.values(), ids=AROUND)
def test_the_words_around_a_speaker_tell_its_kind(source: str, kind: str) -> None:
    assert speaker_in(source).kind == kind


@pytest.mark.parametrize(("surface", "value"), SIDES.items())
def test_a_speaker_speaks_for_a_side(surface: str, value: SpeakerValue) -> None:
    assert speaker_in(f"It was hit, [{surface}] said.") == value


def test_a_side_known_from_elsewhere_is_kept() -> None:
    assert speaker_in("The [army] said so.", "TD") == SpeakerValue("military", "TD")


def test_the_alliance_of_a_report_is_military() -> None:
    assert speaker_in("The [alliance] said so.", "NATO").kind == "military"


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown kind of speaker 'oracle'"):
        SpeakerValue("oracle", None)


@given(st.text(max_size=80), st.integers(0, 80), st.integers(0, 80))
@settings(max_examples=200, deadline=None)
def test_any_span_of_any_text_has_a_kind(text: str, one: int, other: int) -> None:
    start, end = sorted((min(one, len(text)), min(other, len(text))))
    assert normalise_speaker(text, start, end).kind in KINDS


@given(
    st.lists(st.sampled_from([surface for surface, _ in KIND_OF] + [",", "of", "said", "\n", "(", "34,"]), max_size=9)
)
@settings(max_examples=100, deadline=None)
def test_any_neighbours_leave_a_kind(parts: list[str]) -> None:
    text = " ".join([*parts, "Anna Lev", *parts])
    start = len(" ".join(parts)) + bool(parts)
    assert normalise_speaker(text, start, start + len("Anna Lev")).kind in KINDS


@pytest.mark.parametrize("table", ["bodies.tsv", "speaker_words.tsv"])
def test_every_kind_of_the_tables_is_known(table: str) -> None:
    column = 1 if table == "bodies.tsv" else 0
    assert {row[column] for row in rows(table)} <= set(KINDS)


def test_a_word_tells_one_kind() -> None:
    found: dict[str, set[str]] = {}
    for kind, rank, words in rows("speaker_words.tsv"):
        for word in names_in(words):
            found.setdefault(" ".join(words_of(word)), set()).add(f"{kind} {rank}")
    assert {word: kinds for word, kinds in found.items() if len(kinds) > 1} == {}


def test_a_body_has_one_kind() -> None:
    found: dict[str, set[str]] = {}
    for body, kind, *cells in rows("bodies.tsv"):
        for name in (body, *names_in("".join(cells[1:]))):
            found.setdefault(" ".join(words_of(name)), set()).add(kind)
    assert {name: kinds for name, kinds in found.items() if len(kinds) > 1} == {}


def test_words_and_bodies_are_found_by_their_first_word() -> None:
    lexicons = (body_kinds(), speaker_words())
    assert all(key.split(" ")[0] in lexicon.longest for lexicon in lexicons for key in lexicon.entries)
