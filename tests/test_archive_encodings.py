"""Encodings of an archive's files: honoured, found out, or refused, and never a character made up."""

from pathlib import Path

import pytest
from archive_files import damages, one, outline, read_bytes
from hypothesis import given
from hypothesis import strategies as st

from warwire.model.archive.incoming import Rejection
from warwire.model.archive.inputs import InputFile, ReadOptions
from warwire.model.archive.readers.encoding import HEAD, decode_text
from warwire.model.archive.readers.reading import read_file

REPORTS = {
    "ru": "Ночью войска выпустили девять ракет по Лире, сообщил мэр. Погибли трое, ещё пять человек ранены.",
    "uk": "Уночі війська випустили дев'ять ракет по Лірі, сказав мер. Загинуло троє, ще п'ять поранено, стан важкий.",
    "fr": "L'armée a tiré neuf roquettes sur Lira, a déclaré le maire. Trois blessés ont été évacués vers l'hôpital.",
    "de": "Die Armee feuerte neun Raketen auf Lira, sagte der Bürgermeister. „Drei Männer wurden getötet“, hieß es.",
    "en": "Rebels fired nine rockets at Lira, the mayor said. “Three people died,” he said — five were hurt by a café.",
    "pl": "Wojsko wystrzeliło dziewięć rakiet na Lirę, powiedział burmistrz. Zginęły trzy osoby, pięć zostało rannych.",
    "ja": "軍は夜、リラに向けてロケット弾を九発発射したと市長が述べた。三人が死亡し、五人が負傷した。",
    "zh": "军队夜间向利拉发射了九枚火箭弹，市长说。三人死亡，五人受伤，伤者已送往医院救治。",
    "ko": "군은 밤새 리라에 로켓 아홉 발을 발사했다고 시장이 말했다. 세 명이 숨지고 다섯 명이 다쳤다.",
    "he": "הצבא שיגר תשע רקטות לעבר לירה במהלך הלילה, אמר ראש העיר. שלושה בני אדם נהרגו.",
    "ar": "أطلق الجيش تسعة صواريخ على ليرا ليلا، وقال رئيس البلدية إن ثلاثة أشخاص قتلوا وأصيب خمسة.",
}
ENCODINGS = {
    "ru": ["cp1251", "koi8-r", "iso8859-5", "cp866", "utf-16-le", "utf-16-be", "utf-32-le"],
    "uk": ["cp1251", "koi8-u", "utf-16-le"],
    "fr": ["latin-1", "cp1252"],
    "de": ["cp1252", "utf-16-be"],
    "en": ["cp1252", "utf-16-le", "utf-32-be"],
    "pl": ["cp1250", "iso8859-2"],
    "ja": ["shift-jis", "euc-jp", "utf-16-le"],
    "zh": ["gb18030", "big5", "utf-16-be"],
    "ko": ["euc-kr", "utf-16-le"],
    "he": ["cp1255"],
    "ar": ["cp1256"],
}
CASES = [(language, encoding) for language, encodings in ENCODINGS.items() for encoding in encodings]


@pytest.mark.parametrize(("language", "encoding"), CASES)
def test_an_encoding_that_is_not_utf8_is_found_out(language: str, encoding: str) -> None:
    data = REPORTS[language].encode(encoding, "ignore")
    assert decode_text(data) == data.decode(encoding)


@pytest.mark.parametrize(("language", "encoding"), CASES)
def test_a_file_of_lines_is_read_in_the_encoding_of_its_head(tmp_path: Path, language: str, encoding: str) -> None:
    text = REPORTS[language].encode(encoding, "ignore").decode(encoding).replace('"', "")
    lines = "".join(f'{{"id": "{number}", "text": "{text}"}}\n' for number in range(3))
    assert outline(read_bytes(tmp_path, "a.jsonl", lines.encode(encoding))) == [f"{n} {text}" for n in (1, 2, 3)]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
@pytest.mark.parametrize("name", ["a.txt", "a.jsonl", "a.csv", "a.html"])
def test_a_byte_order_mark_is_honoured_and_dropped(tmp_path: Path, encoding: str, name: str) -> None:
    bodies = {"a.jsonl": '{"text": "Лира"}\n', "a.csv": "text,id\nЛира,a\n", "a.html": "<p>Лира</p>", "a.txt": "Лира"}
    assert one(tmp_path, name, bodies[name].encode(encoding)).text == "Лира"
    assert one(tmp_path, name, bodies[name].encode(encoding), encoding="cp1252").text == "Лира"


@pytest.mark.parametrize("name", ["a.txt", "a.jsonl", "a.csv", "a.html"])
def test_an_encoding_asked_for_is_used(tmp_path: Path, name: str) -> None:
    bodies = {"a.jsonl": '{"text": "Лі"}\n', "a.csv": "text,id\nЛі,a\n", "a.html": "<p>Лі</p>", "a.txt": "Лі"}
    assert one(tmp_path, name, bodies[name].encode("koi8-u"), encoding="koi8-u").text == "Лі"


@pytest.mark.parametrize(
    "data",
    [
        bytes(range(256)) * 4,
        b"\x89PNG\r\n\x1a\n" + bytes(range(128, 256)),
        "Лира — «город»".encode() + b"\xff" + "и ещё".encode(),
        "Lira’s “mayor” — said".encode() + b"\xff",
        b'"\xff"',
        "Лира".encode("utf-16-le")[:-1],
        "Лира".encode()[:-1],
        b"\xef\xbb\xbfLira \xff",
    ],
)
def test_a_text_whose_encoding_is_not_sure_is_rejected_with_a_hint(tmp_path: Path, data: bytes) -> None:
    (item,) = read_bytes(tmp_path, "a.txt", data)
    assert isinstance(item, Rejection)
    assert (item.code, "--encoding" in item.reason) == ("encoding", True)


@pytest.mark.parametrize("byte", [b"\x92", b"\x97", b"\xa3"])
def test_a_single_quotation_mark_or_dash_of_windows_is_read(tmp_path: Path, byte: bytes) -> None:
    assert one(tmp_path, "a.txt", b"The mayor" + byte + b"s words").text == f"The mayor{byte.decode('cp1252')}s words"


def test_lines_behind_the_head_that_are_not_in_its_encoding_are_rejected(tmp_path: Path) -> None:
    line = b'{"text": "Lira"}\n'
    data = line * (HEAD // len(line) + 1) + b'{"text": "Lira\xe9 \xe8"}\n' + line
    items = read_bytes(tmp_path, "a.jsonl", data)
    assert [item.code for item in items if isinstance(item, Rejection)] == ["encoding"]
    assert damages(items) == []


def test_a_broken_place_in_utf16_costs_its_line_alone(tmp_path: Path) -> None:
    lines = [f'{{"text": "Лира {number}"}}\n'.encode("utf-16-le") for number in range(3)]
    lines[1] = lines[1][:24] + b"\x00\xd8" + lines[1][26:]
    items = read_bytes(tmp_path, "a.jsonl", b"\xff\xfe" + b"".join(lines))
    assert outline(items) == ["1 Лира 0", "2 !encoding", "3 Лира 2"]


@pytest.mark.parametrize("text", ["\x00a", "a\x00b\x1b[0m", "a\rb\r\nc", " a \n", "a\ufeffb", "\x9b\u0085"])
def test_a_text_file_is_kept_to_the_last_character(tmp_path: Path, text: str) -> None:
    assert one(tmp_path, "a.txt", text.encode()).text == text


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_utf8_is_never_taken_for_anything_else(text: str) -> None:
    padded = "Rebels fired nine rockets at Lira overnight, the mayor said on Friday. " * 4 + text
    assert decode_text(padded.encode()) == padded


@pytest.mark.parametrize("data", [b"", b" \n\t", "\u00a0".encode()])
def test_a_text_file_without_text_is_rejected(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "a.txt").write_bytes(data)
    file = InputFile("a.txt", str(tmp_path / "a.txt"), "text", len(data), "")
    assert outline(read_file(file, ReadOptions())) == ["1 !empty"]


@pytest.mark.parametrize("name", ["a.txt", "a.html"])
def test_a_file_above_the_limit_is_rejected(tmp_path: Path, name: str) -> None:
    assert outline(read_bytes(tmp_path, name, b"x" * 11, max_bytes=10)) == ["1 !too-long"]
