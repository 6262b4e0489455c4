"""Readers of an archive: WARC, whole, cut off and corrupt, and what of it holds a document."""

import gzip
import io
from pathlib import Path
from typing import Any

import pytest
from archive_files import (
    TEXT,
    damages,
    gz_members,
    http,
    one,
    outline,
    page,
    read_bytes,
    texts,
    warc_pages,
    warc_record,
    zst,
)
from fastwarc.warc import ArchiveIterator

from warwire.model.archive.incoming import Article, Rejection

COMPRESSIONS = [
    ("a.warc", b"".join),
    ("a.warc.gz", gz_members),
    ("a.warc.zst", lambda parts: b"".join(map(zst, parts))),
]


def warc(folder: Path, *records: bytes, **options: Any) -> list[Any]:
    return read_bytes(folder, "a.warc", b"".join(records), **options)


def numbers(items: list[Any]) -> list[str]:
    """The texts by their last word, rejections by their code."""
    return [
        item.document.text.rstrip(".").split()[-1] if isinstance(item, Article) else f"!{item.code}"
        for item in items
        if isinstance(item, Article | Rejection)
    ]


@pytest.mark.parametrize(("name", "join"), COMPRESSIONS)
def test_a_page_gives_its_text_title_day_address_and_record_id(tmp_path: Path, name: str, join: Any) -> None:
    head = '<title>T</title><meta property="article:published_time" content="2024-03-01T23:00:00+02:00">'
    document = one(tmp_path, name, join([warc_record(7, http(page(head=head).encode()))]))
    assert (document.text, document.title, document.date) == (TEXT, "T", "2024-03-01")
    assert document.id == "00000000-0000-0000-0000-000000000007"
    assert document.extra == {"source": "https://news.example/7", "date_from": "page"}


def test_a_page_without_a_day_has_that_of_its_capture(tmp_path: Path) -> None:
    document = one(tmp_path, "a.warc", warc_record(1, http(page().encode())))
    assert (document.date, document.extra["date_from"]) == ("2024-03-02", "capture")
    head = '<meta name="date" content="03/04/2024">'
    document = one(tmp_path, "a.warc", warc_record(1, http(page(head=head).encode())))
    assert (document.extra["date_from"], document.extra["date_raw"]) == ("capture", "03/04/2024")


@pytest.mark.parametrize(
    ("record", "held"),
    [
        (warc_record(1, b"software: x\r\n", "warcinfo"), False),
        (warc_record(1, b"GET / HTTP/1.1\r\n\r\n", "request"), False),
        (warc_record(1, http(page().encode(), status="404 Not Found")), False),
        (warc_record(1, http(b"", {"Location": "/"}, status="301 Moved")), False),
        (warc_record(1, http(b"\x89PNG", {"Content-Type": "image/png"})), False),
        (warc_record(1, http(b"{}", {"Content-Type": "application/json"})), False),
        (warc_record(1, b"no HTTP"), False),
        (warc_record(1, http(page().encode(), {"Content-Type": "application/xhtml+xml"})), True),
        (warc_record(1, http(page().encode(), {"content-type": "TEXT/HTML"})), True),
        (warc_record(1, page().encode(), "resource", {"Content-Type": "text/html"}), True),
        (warc_record(1, TEXT.encode(), "resource", {"Content-Type": "text/plain"}), True),
        (warc_record(1, TEXT.encode(), "conversion", {"Content-Type": "text/plain"}), True),
        (warc_record(1, b"\x89PNG", "resource", {"Content-Type": "image/png"}), False),
        (warc_record(1, http(page().encode()), "revisit"), False),
    ],
)
def test_records_that_hold_no_document_are_passed_over_and_not_counted(
    tmp_path: Path, record: bytes, held: bool
) -> None:
    items = warc(tmp_path, record, warc_pages(1)[0])
    assert [item.origin.number for item in items] == ([1, 2] if held else [1])
    assert texts(items)[0].startswith(TEXT)


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (gzip.compress(page().encode()), {"Content-Encoding": "gzip"}),
        (page().encode(), {"Content-Encoding": "gzip"}),
        (page().encode(), {"Content-Encoding": "unheard-of"}),
        (b"%x\r\n%s\r\n0\r\n\r\n" % (len(page()), page().encode()), {"Transfer-Encoding": "chunked"}),
        (page().encode(), {"Transfer-Encoding": "chunked"}),
    ],
)
def test_a_body_is_decoded_whether_its_headers_tell_the_truth_or_not(
    tmp_path: Path, body: bytes, headers: dict[str, str]
) -> None:
    assert one(tmp_path, "a.warc", warc_record(1, http(body, headers))).text == TEXT


def test_a_page_that_the_crawler_cut_short_says_so(tmp_path: Path) -> None:
    record = warc_record(1, http(page().encode()), headers={"WARC-Truncated": "length"})
    assert one(tmp_path, "a.warc", record).extra["warc_truncated"] == "length"


@pytest.mark.parametrize(("name", "join"), COMPRESSIONS)
@pytest.mark.parametrize("back", [1, 5, 8, 60, 250])
def test_a_cut_in_the_last_record_is_reported_whatever_it_leaves(
    tmp_path: Path, name: str, join: Any, back: int
) -> None:
    whole = join(warc_pages(3))
    items = read_bytes(tmp_path, name, whole[:-back])
    assert numbers(items)[:2] == ["1", "2"]
    assert damages(items) == ([] if name == "a.warc" and back < 4 else ["truncated"])


def test_fastwarc_itself_gives_a_cut_record_for_a_whole_one() -> None:
    # The reason for framing records here.
    cut = b"".join(warc_pages(2))[:-40]
    assert len(list(ArchiveIterator(io.BytesIO(cut)))) == 2


def test_a_cut_page_is_rejected_with_its_id_and_address(tmp_path: Path) -> None:
    *_, item, damage = warc(tmp_path, b"".join(warc_pages(2))[:-40])
    assert (item.code, item.id, item.excerpt) == (
        "truncated",
        "00000000-0000-0000-0000-000000000002",
        "https://news.example/2",
    )
    assert damage.code == "truncated"


@pytest.mark.parametrize("place", [0.35, 0.5, 0.65])
def test_a_corrupt_member_costs_its_record_alone(tmp_path: Path, place: float) -> None:
    members = [gz_members([record]) for record in warc_pages(5)]
    middle = bytearray(members[2])
    middle[int(place * len(middle))] ^= 0xFF
    items = read_bytes(tmp_path, "a.warc.gz", b"".join([*members[:2], bytes(middle), *members[3:]]))
    assert [number for number in numbers(items) if number.isdigit()] == ["1", "2", "4", "5"]
    assert damages(items) == ["corrupt"]


@pytest.mark.parametrize("last", [gz_members(warc_pages(1))[:-6] + b"\xff" * 6, b"garbage"])
def test_a_corrupt_end_is_no_cut(tmp_path: Path, last: bytes) -> None:
    items = read_bytes(tmp_path, "a.warc.gz", gz_members(warc_pages(2)) + last)
    assert (numbers(items)[:2], damages(items)) == (["1", "2"], ["corrupt"])


@pytest.mark.parametrize(
    "fault",
    [
        lambda record: record.replace(b"Content-Length: ", b"Content-Length: 9"),
        lambda record: record.replace(b"Content-Length: ", b"Content-Length: x"),
        lambda record: record.replace(b"WARC/1.0", b"WARX/1.0"),
        lambda record: record[:-150],
        lambda record: record[150:],
        lambda record: record + b"garbage\r\n\r\n",
        lambda record: b"\x00" * len(record),
    ],
)
def test_a_corrupt_record_in_the_middle_costs_itself_alone(tmp_path: Path, fault: Any) -> None:
    one_, two, three, four = warc_pages(4)
    items = warc(tmp_path, one_, fault(two), three, four)
    kept = [number for number in numbers(items) if number in ("1", "3", "4")]
    assert kept == ["1", "3", "4"]
    assert damages(items) == ["corrupt"]


def test_a_record_above_the_limit_is_rejected_and_the_next_one_read(tmp_path: Path) -> None:
    big = warc_record(1, http(page(f"<p>{'x' * 200_000}</p>").encode()))
    packed = http(gzip.compress(page(f"<p>{'x' * 200_000}</p>").encode()), {"Content-Encoding": "gzip"})
    items = warc(tmp_path, big, warc_record(2, packed), warc_pages(1)[0], max_bytes=100_000)
    assert numbers(items) == ["!too-long", "!too-long", "1"]


@pytest.mark.parametrize(
    ("tag", "count", "code"),
    [
        ("div", 200_000, "too-deep"),
        ("article", 200_000, "too-deep"),
        ("span", 50_000, None),
        ("b", 20_000, None),
        ("table", 20_000, None),
        ("blockquote", 20_000, None),
    ],
)
def test_a_page_nested_without_end_neither_hangs_nor_crashes(
    tmp_path: Path, tag: str, count: int, code: str | None
) -> None:
    body = f"<p>{TEXT}</p>" + f"<{tag}>" * count + "deep" + f"</{tag}>" * count
    items = warc(tmp_path, warc_record(1, http(page(body).encode())), *warc_pages(1))
    assert numbers(items) == [f"!{code}" if code else "deep", "1"]


RUSSIAN = "Ночью войска выпустили девять ракет по Лире, сообщил мэр. Погибли трое, ещё пять человек ранены."
FRENCH = "L'armée a tiré neuf roquettes sur Lira, a déclaré le maire. Trois blessés ont été évacués vers l'hôpital."
KOREAN = "군은 밤새 리라에 로켓 아홉 발을 발사했다고 시장이 말했다. 세 명이 숨지고 다섯 명이 다쳤다."
ENGLISH = "Lira’s mayor said “nine rockets” had hit the town – and that three people had died there."
JAPANESE = "軍は夜、リラに向けてロケット弾を九発発射したと市長が述べた。三人が死亡し、五人が負傷した。"


@pytest.mark.parametrize(
    ("text", "encoding", "header", "meta"),
    [
        (RUSSIAN, "utf-8", "", ""),
        (RUSSIAN, "utf-8", "; charset=iso-8859-1", "windows-1251"),
        (RUSSIAN, "utf-8-sig", "; charset=iso-8859-1", ""),
        (RUSSIAN, "cp1251", "; charset=windows-1251", ""),
        (RUSSIAN, "cp1251", "; charset=utf-8", "windows-1251"),
        (RUSSIAN, "cp1251", "; charset=iso-8859-1", ""),
        (RUSSIAN, "cp1251", "; charset=ISO-8859-1", "utf-8"),
        (RUSSIAN, "cp1251", "", ""),
        (RUSSIAN, "cp1251", "; charset=unheard-of", ""),
        (RUSSIAN, "koi8-r", "", "koi8-r"),
        (RUSSIAN, "koi8-r", "; charset=utf-8", ""),
        (FRENCH, "cp1252", "; charset=utf-8", ""),
        (FRENCH, "cp1252", "; charset=iso-8859-1", ""),
        (JAPANESE, "shift_jis", "; charset=utf-8", "shift_jis"),
        (JAPANESE, "euc_jp", "; charset=iso-8859-1", ""),
        (JAPANESE, "utf-16", "; charset=utf-8", ""),
        (FRENCH, "utf-16-le", "", ""),
        (KOREAN, "euc-kr", "; charset=iso-8859-1", ""),
        (KOREAN, "euc-kr", "", "euc-kr"),
        (ENGLISH, "cp1252", "", ""),
    ],
)
def test_a_wrong_word_of_the_server_about_the_encoding_gives_no_mojibake(
    tmp_path: Path, text: str, encoding: str, header: str, meta: str
) -> None:
    head = f'<meta charset="{meta}">' if meta else ""
    body = page(f"<article><p>{text}</p></article>", head).encode(encoding)
    assert one(tmp_path, "a.warc", warc_record(1, http(body, {"Content-Type": f"text/html{header}"}))).text == text


def test_bytes_that_are_no_character_count_where_they_are_in_the_main_text(tmp_path: Path) -> None:
    menu, text = "<!-- \udcff --><nav>\udce9</nav>", f"<article><p>{RUSSIAN}</p></article>"
    ok = page(menu + text).encode("utf-8", "surrogateescape")
    bad = page(text.replace("мэр", "м\udcffр")).encode("utf-8", "surrogateescape")
    items = warc(tmp_path, warc_record(1, http(ok)), warc_record(2, http(bad)))
    assert outline(items) == [f"1 {RUSSIAN}", "2 !encoding"]


@pytest.mark.parametrize("noise", [b"<!-- \x98 -->", b"<nav>\x98</nav>"])
def test_a_broken_byte_beside_the_text_does_not_spoil_the_encoding_that_is_said(tmp_path: Path, noise: bytes) -> None:
    body = page(f"<article><p>{RUSSIAN}</p></article>").encode("cp1251").replace(b"<article>", noise + b"<article>")
    record = warc_record(1, http(body, {"Content-Type": "text/html; charset=windows-1251"}))
    assert one(tmp_path, "a.warc", record).text == RUSSIAN


def test_a_page_in_no_encoding_at_all_is_rejected(tmp_path: Path) -> None:
    body = b"<p>" + bytes(range(128, 256)) * 3 + b"</p>"
    record = warc_record(1, http(body, {"Content-Type": "text/html"}))
    assert outline(warc(tmp_path, record)) == ["1 !encoding"]


def test_a_page_without_text_is_rejected(tmp_path: Path) -> None:
    assert outline(warc(tmp_path, warc_record(1, http(b"<html></html>")))) == ["1 !empty"]


@pytest.mark.parametrize(
    ("name", "data", "expected"),
    [
        ("a.warc", b"no WARC at all", ["damage truncated"]),
        ("a.warc.gz", gz_members([b"no WARC at all"]), ["damage truncated"]),
        ("a.warc.gz", b"WARC/1.0\r\n", ["damage not-gzip"]),
        ("a.warc.gz", gz_members([b""]), ["damage empty"]),
    ],
)
def test_a_file_without_records_is_damaged(tmp_path: Path, name: str, data: bytes, expected: list[str]) -> None:
    assert outline(read_bytes(tmp_path, name, data)) == expected
