"""The words of the made-up archive: theatres, weapons, outlets, and sentences in several wordings.

In a sentence `{word|LABEL}` is a span, `{$fact|LABEL}` one whose words are a fact of the incident, and `<when>`,
`<where>` and `<strike>` stand for a phrase with spans, or for nothing.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Theatre:
    """A country at war: provinces by their codes, what a province is called, who attacks, and names of officials."""

    country: str
    areas: tuple[str, ...]
    division: str
    attackers: tuple[str, ...]
    names: dict[str, tuple[str, ...]]
    first_names: tuple[str, ...]
    last_names: tuple[str, ...]


@dataclass(frozen=True)
class Kind:
    """A sort of weapon: its class in the catalogue, words for it, the noun for its use, what it hits, how common."""

    of: str
    words: tuple[str, ...]
    strike: str
    targets: tuple[str, ...]
    weight: int


THEATRES: Final = {
    "ukraine": Theatre(
        *("Ukraine", ("UA.07", "UA.05", "UA.26", "UA.16"), "region", ("Russian forces",)),
        {"Russian forces": ("Russia", "Russian troops", "Russian army")},
        *(("Oleh", "Serhii", "Iryna"), ("Tarasenko", "Bondar", "Hrytsak", "Moroz")),
    ),
    "syria": Theatre(
        *("Syria", ("SY.09", "SY.12", "SY.06"), "province", ("Turkish forces", "Islamic State")),
        {"Turkish forces": ("Turkey", "Turkish army"), "Islamic State": ("ISIS", "Islamic State fighters")},
        *(("Samir", "Hala", "Yusuf"), ("Darwish", "Khoury", "Nassar")),
    ),
    "yemen": Theatre(
        *("Yemen", ("YE.08", "YE.25", "YE.14"), "governorate", ("Houthis", "Saudi-led coalition")),
        {"Houthis": ("Houthi fighters", "Houthi rebels"), "Saudi-led coalition": ("coalition",)},
        *(("Nabil", "Amat", "Tariq"), ("Saleh", "Muqbil", "Ghanem")),
    ),
    "sudan": Theatre(
        *("Sudan", ("SD.29", "SD.55", "SD.38", "SD.50"), "state", ("RSF", "army")),
        {"RSF": ("Rapid Support Forces", "RSF fighters"), "army": ("Sudanese army", "Sudanese military")},
        *(("Osman", "Amna", "Bakri"), ("Eltayeb", "Idris", "Hamid")),
    ),
    "congo": Theatre(
        *("Democratic Republic of Congo", ("CD.11", "CD.12", "CD.29"), "province", ("M23", "ADF")),
        {"M23": ("M23 rebels",), "ADF": ("ADF fighters", "Allied Democratic Forces")},
        *(("Esaie", "Chantal", "Jules"), ("Kambale", "Muhindo", "Bahati")),
    ),
    "iraq": Theatre(
        *("Iraq", ("IQ.15", "IQ.18", "IQ.13", "IQ.10"), "province", ("Islamic State", "Turkish forces")),
        {"Islamic State": ("ISIS", "Islamic State militants"), "Turkish forces": ("Turkey", "Turkish military")},
        *(("Qasim", "Layla", "Hiwa"), ("Jabouri", "Barzan", "Zubaidi")),
    ),
    "afghanistan": Theatre(
        *("Afghanistan", ("AF.10", "AF.23", "AF.18", "AF.24"), "province", ("Taliban", "Islamic State Khorasan")),
        {"Taliban": ("Taliban fighters", "Taliban militants"), "Islamic State Khorasan": ("ISIS-K", "ISKP")},
        *(("Gul", "Rahim", "Fawzia"), ("Stanekzai", "Popal", "Noorzai")),
    ),
}

WEAPONS: Final = {
    "drone": Kind(
        *("drone", ("drones", "attack drones", "kamikaze drones"), "{drone|WEAPON} {strike|STRIKE}"),
        *(("market", "warehouse", "apartment block", "substation", "fuel depot"), 24),
    ),
    "missile": Kind(
        *("ballistic_missile", ("ballistic missiles", "missiles"), "{missile|WEAPON} {strike|STRIKE}"),
        *(("hotel", "apartment block", "power plant", "railway station", "school"), 16),
    ),
    "artillery": Kind(
        *("artillery", ("artillery", "shells", "howitzers"), "{shelling|STRIKE}"),
        *(("house", "school", "clinic", "market", "bus stop"), 20),
    ),
    "rocket": Kind(
        *("rocket", ("rockets", "rocket"), "{rocket|WEAPON} {attack|STRIKE}"),
        *(("camp", "house", "hospital", "bakery", "mosque"), 14),
    ),
    "bomb": Kind(
        *("air_bomb", ("glide bombs", "bombs", "warplanes"), "{air strike|STRIKE}"),
        *(("village hall", "house", "hospital", "school", "bridge"), 16),
    ),
    "ied": Kind(
        *("mine_or_ied", ("roadside bomb", "car bomb", "explosive device"), "{bombing|STRIKE}"),
        *(("bus", "patrol", "checkpoint", "market", "convoy"), 10),
    ),
}

OUTLETS: Final = (
    *("https://harbour-courier.example/world", "https://www.plainsman.example/news", "North Quay Press"),
    *("https://meridian-wire.example/a", "Upland Radio", "https://riverline.example/daily", "The Evening Ledgerman"),
    *("https://tri-border.example/x", "Saltmarsh Gazette", "https://fourwinds.example/c", "Kestrel Monitor"),
)

LEADS: Final = (
    "{$attacker|ACTOR} {$weapon|WEAPON} {$hit|STRIKE} a {$target|TARGET} in {$place|PLACE}<where><when>, "
    "{killing|KILL} {$killed|COUNT} {$victims|TARGET}, {$speaker|SPEAKER} said.",
    "{$killed|COUNT} {$victims|TARGET} were {killed|KILL} and {$injured|COUNT} {wounded|INJURE} when {$weapon|WEAPON} "
    "{$hit|STRIKE} {$place|PLACE}<where><when>, according to {$speaker|SPEAKER}.",
    "A <strike> by {$attacker|ACTOR} on a {$target|TARGET} in {$place|PLACE}<where> left {$killed|COUNT} "
    "{$victims|TARGET} {dead|KILL}<when>.",
    "{$speaker|SPEAKER} said {$attacker|ACTOR} had {fired|LAUNCH} {$weapon|WEAPON} at {$place|PLACE}<where><when>, "
    "{wounding|INJURE} {$injured|COUNT} {$victims|TARGET}.",
    "The {death toll|KILL} of the {attack|STRIKE} on {$place|PLACE}<where><when> stands at {$killed|COUNT}, "
    "{$speaker|SPEAKER} said, with {$injured|COUNT} {injured|INJURE}.",
    "{$weapon|WEAPON} {slammed into|STRIKE} a {$target|TARGET} in {$place|PLACE}<when>, and {$injured|COUNT} "
    "{$victims|TARGET} were {hurt|INJURE}.",
    "In {$place|PLACE}<where>, {$attacker|ACTOR} {attacked|STRIKE} a {$target|TARGET} with {$weapon|WEAPON}<when>; "
    "{$killed|COUNT} {$victims|TARGET} {died|KILL}.",
)

ROUND_UPS: Final = (
    "{$attacker|ACTOR} {launched|LAUNCH} {$launched|COUNT} {$weapon|WEAPON} at {$country|PLACE}<when>, and "
    "{$downed|COUNT} were {shot down|INTERCEPT}, the {air force|SPEAKER} said.",
    "{Air defences|WEAPON} {intercepted|INTERCEPT} {$downed|COUNT} of {$launched|COUNT} {$weapon|WEAPON} that "
    "{$attacker|ACTOR} {sent|LAUNCH} against <places><when>, according to the {air force|SPEAKER}.",
    "A wave of {$launched|COUNT} {$weapon|WEAPON} was {fired|LAUNCH} by {$attacker|ACTOR}<when> at <places>.",
)

BODIES: Final = (
    "The {strike|STRIKE} in {$place|PLACE} {damaged|DAMAGE} a {$target|TARGET}.",
    "{$speaker|SPEAKER} said {$injured|COUNT} {$victims|TARGET} were {injured|INJURE}.",
    "Windows were {shattered|DAMAGE} around the {$target|TARGET}, {$speaker|SPEAKER} said.",
    "{$rival|SPEAKER} blamed {$attacker|ACTOR} for the {attack|STRIKE}.",
    "{$killed|COUNT} {bodies|KILL} had been counted at the {$target|TARGET} by the evening, {$speaker|SPEAKER} said.",
)

CORRECTIONS: Final = (
    "{$speaker|SPEAKER} put the {death toll|KILL} at {$killed|COUNT}.",
    "But {$speaker|SPEAKER} spoke of {$killed|COUNT} {$victims|TARGET} {killed|KILL} in {$place|PLACE}.",
    "{$speaker|SPEAKER}, however, said {$killed|COUNT} had {died|KILL}.",
)

RECALLS: Final = (
    "{$weapon|WEAPON} had {$hit|STRIKE} {$place|PLACE}<when>, {killing|KILL} {$killed|COUNT} {$victims|TARGET}.",
    "Separately, {$killed|COUNT} {$victims|TARGET} were {killed|KILL} in {$place|PLACE} by a <strike><when>.",
    "An earlier <strike> by {$attacker|ACTOR} on {$place|PLACE}<when> {wounded|INJURE} {$injured|COUNT} "
    "{$victims|TARGET}.",
)

FILLERS: Final = (
    "It was not possible to reach the area by telephone.",
    "Schools stayed closed and the buses did not run.",
    "Residents queued for bread and candles until late in the afternoon.",
    "{$speaker|SPEAKER} asked people to stay away from windows.",
    "The war has driven the price of flour to four times what it was.",
    "Talks between the two sides are to go on next month, diplomats say.",
)

COPY_EDITS: Final = (
    *((" said.", " told reporters."), ("according to", "as reported by"), (" and ", " while "), (" a ", " one ")),
    *((" had ", " has "), (" were ", " are reported to have been "), ("by the evening", "by nightfall")),
    *((", and", " and"), ("The ", "That "), ("put the", "gave the"), ("around the", "near the")),
)
