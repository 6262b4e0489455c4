"""The attack table: each made-up report gives exactly the rows that a reader would expect."""

import csv
import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from attack_reports import ONE_ATTACK
from conftest import Ran, made
from hypothesis import given
from hypothesis import strategies as st
from normalised_values import known
from separate_attack_reports import SEPARATE_ATTACKS

from warwire.annotations.jsonl import write_documents
from warwire.model.attack_figures import FIGURES
from warwire.model.attack_joins import RULES, VETOES
from warwire.model.attacks import COLUMNS, attack_rows, attacks_of, csv_lines

Run = Callable[..., Ran]

ATTACKS = ONE_ATTACK | SEPARATE_ATTACKS


def told(row: dict[str, str]) -> str:
    """A row in short: attack, speaker, status where it is not asserted, and figures."""
    figures = ", ".join(f"{name} {_range(row[f'{name}_min'], row[f'{name}_max'])}" for name in FIGURES if row[name])
    status = "" if row["status"] == "asserted" else f" ({row['status']})"
    return f"{row['attack']} {row['speaker'] or '-'}{status}: {figures}".strip()


def _range(low: str, high: str) -> str:
    return low if low == high else f"{low}-{high}" if high else f"{low}+"


@pytest.mark.parametrize(("source", "rows"), ATTACKS.values(), ids=ATTACKS)
def test_a_report_gives_the_rows_a_reader_expects(source: str, rows: list[str]) -> None:
    assert [told(row) for row in attack_rows(known(source))] == rows


@pytest.mark.parametrize("source", [source for source, _ in ATTACKS.values()], ids=ATTACKS)
def test_each_claim_is_in_one_attack_and_every_row_has_every_column(source: str) -> None:
    document = known(source)
    claims = [claim.event.id for attack in attacks_of(document) for claim in attack.claims]
    assert len(claims) == len(set(claims))
    assert all(tuple(row) == COLUMNS for row in attack_rows(document))


@pytest.mark.parametrize(("source", "rows"), ATTACKS.values(), ids=ATTACKS)
def test_events_without_normalised_values_give_rows_too(source: str, rows: list[str]) -> None:
    assert bool(list(attack_rows(made(source)))) == bool(rows)


def test_the_table_has_at_least_twenty_five_reports() -> None:
    assert len(ATTACKS) >= 25


def test_rules_and_vetoes_are_named_once_and_waive_only_what_there_is() -> None:
    names = [veto.name for veto in VETOES]
    assert len(set(names)) == len(names)
    assert len({rule.name for rule in RULES}) == len(RULES)
    assert all(rule.waives <= set(names) - {"status"} for rule in RULES)


WAVE = """
[Vardrijan|ACTOR:a1] forces [launched|LAUNCH:e1] [40|COUNT:c1] [drones|WEAPON:w1] from [Kharkiv|PLACE:p1] at \
[Odesa|PLACE:p2] [overnight|TIME:t1], [killing|KILL:e2] [three|COUNT:c2] [dockers|TARGET:g1], the [mayor|SPEAKER:s1] \
said. [Air defences|WEAPON:w2] [shot down|INTERCEPT:e3] [35|COUNT:c3] [drones|WEAPON:w3], the [air force|SPEAKER:s2] \
said.
---
e1: agent=a1 count=c1 weapon=w1 origin=p1 place=p2 time=t1 speaker=s1
e2: count=c2 target=g1 place=p2 speaker=s1
e3: agent=s2 count=c3 weapon=w2,w3 place=p2 speaker=s2
"""


def test_when_where_and_what_come_from_the_attack_where_a_speaker_does_not_say() -> None:
    _, row = attack_rows(known(WAVE))
    shared = ("start", "end", "weapon", "weapon_class", "place", "place_country", "origin", "agent")
    assert [row[name] for name in shared] == [
        *("2024-03-05", "2024-03-06", "drones", "drone", "Odesa", "UA", "Kharkiv", "Vardrijan"),
    ]


def test_who_intercepts_is_no_attacker_and_what_intercepts_no_weapon_of_the_attack() -> None:
    rows = list(attack_rows(known(WAVE)))
    assert {row["agent"] for row in rows} == {"Vardrijan"}
    assert {row["weapon"] for row in rows} == {"drones"}


def test_a_row_names_its_events_and_after_a_bar_those_it_takes_its_context_from() -> None:
    assert [row["events"] for row in attack_rows(known(WAVE))] == ["e1; e2 | e3", "e3 | e1; e2"]


def test_a_row_says_which_rules_joined_it() -> None:
    assert {row["joined_by"] for row in attack_rows(known(WAVE))} == {"result; next sentence"}


def test_a_row_stands_where_its_first_place_with_a_position_is() -> None:
    assert {(row["lat"], row["lon"]) for row in attack_rows(known(WAVE))} == {("46.48572", "30.74383")}


def test_figures_keep_their_words_and_bounds() -> None:
    [row] = attack_rows(known(ATTACKS["open ends stay open"][0]))
    assert (row["launched"], row["launched_bound"]) == ("Up to 40", "at_most")
    assert (row["injured"], row["injured_bound"]) == ("dozens", "vague")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("a part is told after its whole and does not add to it", "12; of them four"),
        ("what one word counts apart adds up", "two + three"),
        ("of several tellings the largest leads", "five; at least three"),
        ("headline and body", "Seven; seven"),
    ],
)
def test_every_telling_of_a_figure_stays_in_its_words(name: str, words: str) -> None:
    assert [row["killed"] for row in attack_rows(known(ATTACKS[name][0]))] == [words]


def test_no_publication_date_is_taken_for_the_day_of_an_attack() -> None:
    [row] = attack_rows(known(ATTACKS["what is hit is counted as such"][0]))
    assert (row["published"], row["start"], row["end"]) == ("2024-03-06", "", "")


def test_weekdays_tell_attacks_apart_where_there_is_no_date_to_count_from() -> None:
    source = "[Shells|WEAPON:w1] [hit|STRIKE:e1] [Lira|PLACE:p1] on [{}|TIME:t1] and [{}|TIME:t2]; [shells|WEAPON:w2] "
    source += "[hit|STRIKE:e2] [Lira|PLACE:p2].\n---\ne1: weapon=w1 place=p1 time=t1\ne2: weapon=w2 place=p2 time=t2"
    assert len(attacks_of(made(source.format("Monday", "Tuesday")))) == 2
    assert len(attacks_of(made(source.format("Monday", "Monday")))) == 1


@pytest.mark.parametrize(
    ("left", "right", "attacks"),
    [
        ("Kharkiv", "Chuhuiv", 2),
        ("Kharkiv", "Kharkiv region", 1),
        ("Kharkiv region", "Chuhuiv", 1),
        ("Ukraine", "Kharkiv", 1),
        ("Ukraine", "Lima", 2),
        ("the capital", "Kyiv", 1),
    ],
)
def test_places_are_one_attack_s_where_one_can_lie_in_the_other(left: str, right: str, attacks: int) -> None:
    source = (
        f"[Shells|WEAPON:w1] [hit|STRIKE:e1] [{left}|PLACE:p1] and [destroyed|DAMAGE:e2] a hut in [{right}|PLACE:p2], "
        "and the [shelling|STRIKE:e3] went on.\n---\ne1: weapon=w1 place=p1\ne2: place=p2\ne3: place=p2"
    )
    assert len(attacks_of(known(source))) == attacks


FLAGGED = {
    "15 / 11": "",
    "15 / 16": "intercepted more than launched",
    "at least 15 / 16": "",
    "15 / more than 15": "intercepted more than launched",
    "15 / up to 20": "",
}


@pytest.mark.parametrize(("figures", "flags"), FLAGGED.items())
def test_intercepted_above_launched_marks_the_row(figures: str, flags: str) -> None:
    source = ATTACKS["a launch and an interception of one sentence"][0]
    launched, intercepted = figures.split(" / ")
    source = source.replace("[15|", f"[{launched}|").replace("[11|", f"[{intercepted}|")
    assert [row["flags"] for row in attack_rows(known(source))] == [flags]


def test_speakers_who_differ_are_marked_on_each_row() -> None:
    rows = attack_rows(known(ATTACKS["each speaker's figure has a row of its own"][0]))
    assert [row["flags"] for row in rows] == ["speakers differ on killed"] * 2


def test_flags_of_events_reach_their_row() -> None:
    document = known(ATTACKS["what is hit is counted as such"][0])
    document = replace(document, events=(replace(document.events[0], flags=("time after publication",)),))
    assert [row["flags"] for row in attack_rows(document)] == ["time after publication"]


def test_the_csv_has_one_header_for_a_stream_and_no_formula() -> None:
    sources = ["[=1+1|WEAPON:w1] [hit|STRIKE:e1] [Lira|PLACE:p1].\n---\ne1: weapon=w1 place=p1", WAVE]
    rows = list(csv.DictReader(io.StringIO("".join(csv_lines(map(known, sources))))))
    assert [(row["attack"], row["weapon"]) for row in rows] == [("A1", "'=1+1"), ("A1", "drones"), ("A1", "drones")]


SENTENCES = [
    "[Shells|WEAPON:w{0}] [hit|STRIKE:e{0}] [Lira|PLACE:p{0}]",
    "[drones|WEAPON:w{0}] [hit|STRIKE:e{0}] [Sona|PLACE:p{0}]",
    "[Monday|TIME:t{0}] [nine|COUNT:c{0}] [died|KILL:e{0}]",
    "the [attack|STRIKE:e{0}]",
    "[two|COUNT:c{0}] were [downed|INTERCEPT:e{0}]",
    "[clashes|CLASH:e{0}] in [Lira|PLACE:p{0}]",
]
ROLES = {"w": "weapon", "p": "place", "t": "time", "c": "count"}


@given(st.lists(st.tuples(st.sampled_from(SENTENCES), st.sampled_from([". ", ", ", ".\n\n"])), max_size=12))
def test_no_attack_has_two_moods_kinds_or_towns(parts: list[tuple[str, str]]) -> None:
    text = "".join(sentence.format(i) + end for i, (sentence, end) in enumerate(parts)) or "."
    lines = [
        f"e{i}: " + " ".join(f"{role}={key}{i}" for key, role in ROLES.items() if f"{key}{{0}}" in sentence)
        for i, (sentence, _) in enumerate(parts)
    ]
    for attack in attacks_of(known("\n".join([text, "---", *lines]))):
        assert len({claim.event.status for claim in attack.claims}) == 1
        assert len({claim.kind for claim in attack.claims} - {None}) == 1
        assert len({spot.key for claim in attack.claims for spot in claim.spots}) <= 1


def test_assemble_prints_attacks(run: Run, tmp_path: Path) -> None:
    write_documents(tmp_path / "a.jsonl", [made(WAVE)])
    header = run("assemble", tmp_path / "a.jsonl", "--format", "attacks").out.split("\n")[0]
    assert header.startswith("document,published,title,attack")
