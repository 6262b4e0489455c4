"""Kinds and sides of speakers that the words around them or a group's own name used to tell wrongly."""

import pytest

from warwire.model.normalise.party import side_of
from warwire.model.normalise.speaker import normalise_speaker

SURFACES = {
    "local officials": ("official", None),
    "local councillor": ("official", None),
    "local residents": ("witness", None),
    "local branch of the Red Crescent": ("ngo", None),
    "Revolutionary Guards": ("military", "IR"),
    "coastguards": ("military", None),
    "Islamic State": ("military", "Islamic State"),
    "Islamic State group": ("military", "Islamic State"),
    "Kurdistan Workers' Party": ("military", "PKK"),
    "Hamas's men": ("military", "Hamas"),
    "Al-Manar": ("media", "Hezbollah"),
    "Hamas health ministry": ("medical", "Hamas"),
    "Romanian welder": ("other", "RO"),
    "Romania": ("official", "RO"),
    "government press office": ("official", None),
    "brigade press office": ("military", None),
    "police captain": ("official", None),
    "emergency workers": ("official", None),
    "hospital workers": ("medical", None),
    "radio intercepts": ("other", None),
    "U.N. migration agency": ("ngo", "UN"),
    "disaster agency": ("official", None),
    "news agency": ("media", None),
    "Turkish news agency": ("media", "TR"),
    "MoH": ("medical", None),
    "GNA": ("official", "LY"),
    "GNA field commander": ("military", "LY"),
    "UKMTO": ("official", "GB"),
    "Iran's U.N. ambassador": ("official", "IR"),
    "Officials of the Emirate": ("official", None),
}


@pytest.mark.parametrize("surface", SURFACES)
def test_the_words_of_a_speaker_tell_kind_and_side(surface: str) -> None:
    found = normalise_speaker(f"{surface} said", 0, len(surface))
    assert (found.kind, found.side) == SURFACES[surface]


CONTEXTS = {
    "a sentence that ends before the name": ("He read the Herald. [Ada Lind] said so.", "other"),
    "a title with an abbreviation": ("They left, army spokesman Lt. Col. [Ada Lind] said.", "military"),
    "an apposition at the end of a sentence": (
        "It fell, said [Ada Lind], deputy head of the administration. Her house was hit.",
        "official",
    ),
    "an initial in the apposition": ("[Ada Lind], spokeswoman for rebel leader John B. Ode, said so.", "military"),
    "another speaker before it": ("The town fell, residents and [officials] said.", "official"),
    "a body behind the name": ("It fell, [Ada Lind] of the emergency services said.", "official"),
    "an office behind the name without a comma": ("It fell, said [Ada Lind] director of the observatory.", "ngo"),
    "an agency named before": ("The Refugee Agency came. Two died, the [agency] said.", "ngo"),
    "a news agency named before": ("The state news agency told it. Two died, the [agency] said.", "media"),
    "an agency of no known kind": ("Two died, the [agency] said.", "other"),
}


@pytest.mark.parametrize("name", CONTEXTS)
def test_the_words_around_a_speaker_tell_its_kind(name: str) -> None:
    marked, kind = CONTEXTS[name]
    start = marked.index("[")
    end = marked.index("]") - 1
    assert normalise_speaker(marked.replace("[", "").replace("]", ""), start, end).kind == kind


@pytest.mark.parametrize(
    ("surface", "side"),
    [
        ("Druze families", None),
        ("Bedouin girl", None),
        ("Bosnian Serb women", None),
        ("Chechen civilians", None),
        ("Druze fighters", "Druze forces"),
        ("Bosnian Serb army", "Bosnian Serb forces"),
        ("Kurds", "Kurdish forces"),
        ("Kenyan UN peacekeepers", "KE"),
        ("UN peacekeepers", "UN"),
    ],
)
def test_civilians_of_a_people_are_on_no_armed_group_s_side(surface: str, side: str | None) -> None:
    assert side_of(surface) == side
