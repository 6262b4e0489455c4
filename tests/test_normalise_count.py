"""What the words of a COUNT span come to, as numbers."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from warwire.model.normalise.count import CountRange, normalise_count
from warwire.model.normalise.numerals import LARGEST

GUIDE = {
    "15": (15, 15),
    "at least 71": (71, None),
    "more than 100": (101, None),
    "up to 40": (0, 40),
    "about 30": (30, 30),
    "some 30": (30, 30),
    "nearly 30": (30, 30),
    "between 20 and 25": (20, 25),
    "a dozen": (12, 12),
    "dozens": (24, None),
    "several": (3, None),
    "hundreds": (200, None),
    "thousands": (2000, None),
    "scores": (40, None),
    "both": (2, 2),
}

NUMBERS = {
    "0": 0,
    "zero": 0,
    "no": 0,
    "none": 0,
    "no one": 0,
    "none of them": 0,
    "none of the 20": 0,
    "one": 1,
    "a single": 1,
    "another": 1,
    "one more": 1,
    "just one": 1,
    "twice": 2,
    "a pair": 2,
    "both of them": 2,
    "the other two": 2,
    "Three": 3,
    "three times": 3,
    "three-drone": 3,
    "two-man": 2,
    "20-strong": 20,
    "five others": 5,
    "five more": 5,
    "another five": 5,
    "an additional five people": 5,
    "a total of five": 5,
    "11 of them": 11,
    "11 of the 20": 11,
    "11 of 20 drones": 11,
    "all 176": 176,
    "2000": 2000,
    "half a dozen": 6,
    "half-dozen": 6,
    "dozen": 12,
    "two dozen": 24,
    "a dozen and a half": 18,
    "three score": 60,
    "twenty-one": 21,
    "Thirty one": 31,
    "a hundred": 100,
    "hundred": 100,
    "two hundred and six": 206,
    "two-hundred-and-six": 206,
    "fifteen hundred": 1500,
    "two hundred and six thousand": 206_000,
    "two million three hundred thousand and five": 2_300_005,
    "3 thousand": 3000,
    "3 thousand 200": 3200,
    "one and a half thousand": 1500,
    "a million and a half": 1_500_000,
    "half a million": 500_000,
    "three quarters of a million": 750_000,
    "2.5 million": 2_500_000,
    "2,5 million": 2_500_000,
    "2½ million": 2_500_000,
    "1.2m": 1_200_000,
    "2bn": 2_000_000_000,
    "10k": 10_000,
    "2 lakh": 200_000,
    "1,20,000": 120_000,
    "1,400": 1400,
    "1.400": 1400,
    "1 400": 1400,
    "1\u00a0400": 1400,
    "1\u202f400": 1400,
    "1’400": 1400,
    "1,234,567": 1_234_567,
    "٣٠٠": 300,
    "20.": 20,
    "(20)": 20,
    "rose to 34 from 29": 34,
    "34, up from 29": 34,
    "neither": 0,
    "including two": 2,
    "a mere 20": 20,
    "a record 500": 500,
    "each of the five": 5,
    "every one of the five": 5,
    "all but two of the 20": 18,
    "all but one of 36": 35,
    "twenty (20)": 20,
    "20 (twenty)": 20,
    "5 000": 5000,
    "12'000": 12_000,
    "34, revised from 29": 34,
    "34 compared with 29": 34,
}

APPROXIMATE = {
    "at least five": (5, None, "at_least"),
    "no fewer than 30": (30, None, "at_least"),
    "not less than 30": (30, None, "at_least"),
    "a minimum of 30": (30, None, "at_least"),
    "20 or more": (20, None, "at_least"),
    "20+": (20, None, "at_least"),
    "at least twice": (2, None, "at_least"),
    "at least 20 to 25": (20, None, "at_least"),
    "More than a dozen": (13, None, "more_than"),
    "well over 30": (31, None, "more_than"),
    "in excess of 30": (31, None, "more_than"),
    "upwards of 30": (31, None, "more_than"),
    "over three-and-a-half million": (3_500_001, None, "more_than"),
    "more than half of the 20": (11, None, "more_than"),
    "rose to more than 34": (35, None, "more_than"),
    "as many as 30": (0, 30, "at_most"),
    "no more than 30": (0, 30, "at_most"),
    "not more than 30": (0, 30, "at_most"),
    "a maximum of 30": (0, 30, "at_most"),
    "30 or fewer": (0, 30, "at_most"),
    "up to 20 or 30": (0, 30, "at_most"),
    "fewer than 50": (0, 49, "less_than"),
    "less than 50": (0, 49, "less_than"),
    "under 50": (0, 49, "less_than"),
    "around twenty": (20, 20, "about"),
    "almost three dozen": (36, 36, "about"),
    "roughly 30": (30, 30, "about"),
    "approximately 30": (30, 30, "about"),
    "an estimated 30": (30, 30, "about"),
    "estimated two million": (2_000_000, 2_000_000, "about"),
    "close to 30": (30, 30, "about"),
    "~30": (30, 30, "about"),
    "30-odd": (30, 30, "about"),
    "a dozen or so": (12, 12, "about"),
    "a couple": (2, 2, "about"),
    "a couple of hundred": (200, 200, "about"),
    "half of the 20": (10, 10, "about"),
    "half of 21": (10, 11, "about"),
    "two thirds of the 30": (20, 20, "about"),
    "at minimum 20": (20, None, "at_least"),
    "as few as 20": (20, None, "at_least"),
    "one million-plus": (1_000_000, None, "at_least"),
    "north of 20": (21, None, "more_than"),
    ">20": (21, None, "more_than"),
    "more than twice the 20": (41, None, "more_than"),
    "up to and including 20": (0, 20, "at_most"),
    "max. 20": (0, 20, "at_most"),
    "barely 20": (20, 20, "about"),
    "30ish": (30, 30, "about"),
    "forty-some": (40, 40, "about"),
    "a fifth of the 20": (4, 4, "about"),
    "three fifths of the 20": (12, 12, "about"),
    "twice as many as the 20": (40, 40, "about"),
    "three times the 20": (60, 60, "about"),
}

RANGES = {
    "20 to 25": (20, 25),
    "20-25": (20, 25),
    "20–25": (20, 25),
    "30 - 40": (30, 40),
    "from 20 to 25": (20, 25),
    "somewhere between 20 and 25": (20, 25),
    "three to five": (3, 5),
    "three or four": (3, 4),
    "either three or four": (3, 4),
    "five or six others": (5, 6),
    "twenty-thirty": (20, 30),
    "8 to a dozen": (8, 12),
    "two or three dozen": (24, 36),
    "two to three hundred": (200, 300),
    "500 to 1 thousand": (500, 1000),
    "1.5-2 million": (1_500_000, 2_000_000),
    "20 000-25 000": (20_000, 25_000),
    "between one hundred and two hundred": (100, 200),
    "between one hundred and fifty and two hundred": (150, 200),
    "at least 20 and possibly up to 30": (20, 30),
    "more than 20 but fewer than 30": (21, 29),
    "nine-to-twelve": (9, 12),
    "10-to-15": (10, 15),
    "ten, maybe twelve": (10, 12),
    "two- or three-man": (2, 3),
    "between 20 to 25": (20, 25),
}

VAGUE = {
    "several hundred": 300,
    "several dozen": 36,
    "a few": 3,
    "few": 3,
    "a handful of": 3,
    "tens": 20,
    "tens of thousands": 20_000,
    "hundreds of thousands": 200_000,
    "many thousands": 2000,
    "dozens more": 24,
    "hundreds of people": 200,
    "at least several hundred": 300,
    "dozens, if not hundreds": 24,
    "hundreds or even thousands": 200,
    "100s of people": 200,
    "10s of thousands": 20_000,
    "dozens and dozens": 24,
    "thousands upon thousands": 2000,
    "hundreds, perhaps thousands": 200,
    "several scores": 60,
}

NO_COUNTS = {
    "designators": [
        "T-72",
        "Kh-101",
        "S-300",
        "Su-35",
        "Mi-8",
        "BM-21",
        "M1A2",
        "9K720",
        "A-10",
        "One-11",
        "2S19",
    ],
    "calibres": ["155mm", "155 mm", "7.62", "3,120mm"],
    "dates": ["3 March", "March 3", "1999-12-01", "11.07.2022", "9/11", "2014", "2014-2022", "the 1990s"],
    "times": ["5:30", "3 p.m.", "24 hours", "one day", "three months"],
    "percentages": ["20%", "20 percent", "two per cent"],
    "money": ["$20", "€20 million", "20 dollars", "$1.2m"],
    "ages": ["aged 12", "12-year-old", "20 years"],
    "distances": ["20km", "20 km", "5m"],
    "ordinals": ["3rd", "third", "the third", "twenty-first", "first three"],
    "ratios": [
        "twice as many",
        "three times more",
        "one in five",
        "nine out of ten",
        "twice as many as 20",
        "two-thirds",
        "about a third",
        "a third of",
    ],
    "wholes without a number": ["half", "the rest", "all", "all but one", "many", "the", ""],
    "impossible ranges": ["25-20", "3-3", "20/25", "between 5 and 3"],
    "broken numbers": ["1,40", "1.5", "03", "1,400.5", "12,34", "-5", "20-", "20²", "1e5", "0x10"],
    "numbers side by side": [
        "one two",
        "nineteen eighty-four",
        "20 30",
        "twenty-ten",
        "two hundred dozen",
        "1.2m ten",
    ],
    "upper bounds of what is open": [
        "up to dozens",
        "up to several hundred",
        "fewer than 0",
        "at least up to 5",
    ],
    "rates": ["five a day", "20 each"],
    "other phrases": ["number one", "No. 5", "one another", "no more", "more than", "15 Russian lessons"],
    "too large to be true": ["380441234567", "99 billion"],
}

UNITS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
TEENS = ("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen")
TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
WORDS = (
    *UNITS,
    *TENS,
    "a",
    "and",
    "half",
    "hundred",
    "thousand",
    "dozens",
    "of",
    "the",
    "at",
    "least",
    "up",
    "to",
)
MARKS = (
    "-",
    ",",
    "or",
    "more",
    "than",
    "between",
    "from",
    "12",
    "1,400",
    "2.5",
    "m",
    "people",
    "several",
    "no",
)


def spell(number: int) -> str:
    if number >= 1000:
        rest = number % 1000
        return f"{spell(number // 1000)} thousand" + (f" {spell(rest)}" if rest else "")
    if number >= 100:
        rest = number % 100
        return f"{spell(number // 100)} hundred" + (f" and {spell(rest)}" if rest else "")
    if number < 20:
        return (*UNITS, *TEENS)[number - 1]
    return TENS[number // 10 - 2] + (f"-{UNITS[number % 10 - 1]}" if number % 10 else "")


def bounds(text: str) -> tuple[int | None, int | None] | None:
    found = normalise_count(text)
    return found and (found.min, found.max)


@pytest.mark.parametrize(("text", "expected"), GUIDE.items())
def test_the_guides_table_holds(text: str, expected: tuple[int, int | None]) -> None:
    assert bounds(text) == expected


@pytest.mark.parametrize(("text", "number"), NUMBERS.items())
def test_a_definite_count_is_one_number(text: str, number: int) -> None:
    assert normalise_count(text) == CountRange(number, number, "exact")


@pytest.mark.parametrize(("text", "expected"), APPROXIMATE.items())
def test_an_approximator_sets_the_bounds(text: str, expected: tuple[int, int | None, str]) -> None:
    assert normalise_count(text) == CountRange(*expected)


@pytest.mark.parametrize(("text", "expected"), RANGES.items())
def test_a_range_has_both_ends(text: str, expected: tuple[int, int]) -> None:
    assert normalise_count(text) == CountRange(*expected, "range")


@pytest.mark.parametrize(("text", "least"), VAGUE.items())
def test_a_vague_count_is_open_above(text: str, least: int) -> None:
    assert normalise_count(text) == CountRange(least, None, "vague")


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, texts in NO_COUNTS.items() for text in texts])
def test_what_counts_nothing_has_no_number(kind: str, text: str) -> None:
    assert normalise_count(text) is None, kind


@given(st.integers(1, 999_999))
def test_spelled_numbers_are_read_back(number: int) -> None:
    assert bounds(spell(number)) == (number, number)


@given(st.integers(0, LARGEST), st.sampled_from([",", ".", " ", "'", "\u00a0", "\u202f"]))
def test_grouped_digits_are_read_back_in_every_locale(number: int, separator: str) -> None:
    assert bounds(f"{number:,}".replace(",", separator)) == (number, number)


@given(st.integers(1, 999), st.integers(1, 999))
def test_a_range_is_read_only_upwards(low: int, high: int) -> None:
    expected = (low, high) if low < high else None
    assert {bounds(f"{low}-{high}"), bounds(f"{low} to {high}"), bounds(f"between {low} and {high}")} == {expected}


@settings(deadline=None)
@given(st.text())
def test_no_text_raises(text: str) -> None:
    assert normalise_count(text) is None or any(character.isalnum() for character in text)


@settings(deadline=None, max_examples=500)
@given(st.lists(st.sampled_from([*WORDS, *MARKS]), max_size=12))
def test_ends_are_in_order_for_any_words(words: list[str]) -> None:
    found = normalise_count(" ".join(words))
    least, most = (found.min, found.max) if found else (0, 0)
    assert least is not None
    assert least >= 0
    assert most is None or most >= least


@pytest.mark.parametrize(("low", "high", "bound"), [(2, 1, "range"), (1, 2, "roughly")])
def test_an_impossible_range_cannot_be_built(low: int, high: int, bound: str) -> None:
    with pytest.raises(ValueError, match=r"range|bound"):
        CountRange(low, high, bound)
