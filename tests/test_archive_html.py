"""What is taken from an HTML page: main text, title, day of publication, address."""

from pathlib import Path

import pytest
from archive_files import TEXT, one, outline, page, read, read_bytes

from warwire.model.archive.readers.html import decode_html, read_page

BOILERPLATE = "<nav><ul><li><a href=/>Home</a></li><li><a href=/s>Sport</a></li></ul></nav>"


def test_the_main_text_comes_without_menus_scripts_and_footers() -> None:
    body = f"{BOILERPLATE}<article><h1>Rockets</h1><p>{TEXT}</p><script>var x;</script></article><footer>(c) x</footer>"
    text = read_page(page(body).encode()).text
    assert TEXT in text
    assert not any(word in text for word in ("Sport", "var x", "(c)"))


@pytest.mark.parametrize(
    ("head", "title"),
    [
        ('<title>A | Site</title><meta property="og:title" content="A &amp; B">', "A & B"),
        ("<title>\n A  &lt;b&gt; </title>", "A <b>"),
        ("<META NAME=x CONTENT=y><TITLE>A</TITLE>", "A"),
        ("", "First heading"),
        ("<title> </title>", "First heading"),
    ],
)
def test_the_title_is_the_one_of_the_article_the_page_or_the_first_heading(head: str, title: str) -> None:
    body = f"<article><h1>First <b>heading</b></h1><p>{TEXT}</p></article>"
    assert read_page(page(body, head).encode()).title == title


@pytest.mark.parametrize(
    ("head", "body", "day"),
    [
        ('<meta property="article:published_time" content="2024-03-02T23:00:00-05:00">', "", "2024-03-02"),
        ("<META content='2 March 2024' NAME='DC.date.issued'>", "", "2024-03-02"),
        (
            '<meta name=date content=2024-03-01><meta property="article:published_time" content="2024-03-02">',
            "",
            "2024-03-02",
        ),
        ('<meta itemprop="datePublished" content="20240302">', "", "2024-03-02"),
        ('<script type="application/ld+json">{"datePublished" : "2024-03-02T10:00Z"}</script>', "", "2024-03-02"),
        ("", '<script type="application/ld+json">[{"datePublished":"2024-03-02"}]</script>', "2024-03-02"),
        ("", '<time itemprop="datePublished" datetime="2024-03-02">x</time>', "2024-03-02"),
        (
            "",
            '<article><time datetime="2024-03-02">x</time></article><time datetime="2020-01-01">x</time>',
            "2024-03-02",
        ),
        ("", '<time datetime="2024-03-02">x</time>', "2024-03-02"),
        ("", '<time datetime="2024-03-02">x</time><time datetime="2020-01-01">x</time>', None),
        ('<meta name="date" content="03/04/2024"><meta name="dc.date" content="2024-03-04">', "", "2024-03-04"),
        ('<!-- <meta name="date" content="2024-03-02"> -->', "", None),
        ('<script>\'<meta name="date" content="2024-03-02">\'</script>', "", None),
        ('<script>{"datePublished": "2024-03-02"}</script>', "", None),
        ('<meta name="date" content="2024-02-30">', "", None),
        ("", "", None),
    ],
)
def test_the_day_is_what_the_page_says_of_itself(head: str, body: str, day: str | None) -> None:
    assert read_page(page(f"<p>{TEXT}</p>{body}", head).encode()).day == day


def test_a_day_that_is_not_certain_is_kept_as_it_stands(tmp_path: Path) -> None:
    data = page(head='<meta name="date" content="03/04/2024">').encode()
    document = one(tmp_path, "a.html", data, published="2000-01-01")
    assert (document.date, document.extra["date_raw"]) == (None, "03/04/2024")


@pytest.mark.parametrize(
    ("head", "source"),
    [
        ('<link rel="canonical" href="https://news.example/a?x=1&amp;y=2">', "https://news.example/a?x=1&y=2"),
        ('<meta property="og:url" content="https://news.example/a">', "https://news.example/a"),
        ('<link rel="canonical" href="/a">', None),
        ("", None),
    ],
)
def test_the_source_of_a_page_is_the_address_that_it_gives(tmp_path: Path, head: str, source: str | None) -> None:
    assert one(tmp_path, "a.html", page(head=head).encode()).extra.get("source") == source


def test_the_id_of_a_file_is_its_name_without_suffixes(tmp_path: Path) -> None:
    (tmp_path / "2024").mkdir()
    (tmp_path / "2024" / "a.b.htm").write_text(page())
    (item,) = read(tmp_path)
    assert item.document.id == f"{tmp_path}/2024/a.b"


@pytest.mark.parametrize("html", ["<p>a\x00b</p>", "<p>a&#0;b</p>", "<p>a&#xd800;b</p>", "<p>a&#x110000;b</p>"])
def test_a_replacement_character_that_the_page_does_not_hold_is_never_made_up(tmp_path: Path, html: str) -> None:
    (item,) = outline(read_bytes(tmp_path, "a.html", html.encode()))
    assert "\ufffd" not in item


def test_a_replacement_character_that_the_page_holds_stays(tmp_path: Path) -> None:
    assert one(tmp_path, "a.html", "<p>a\ufffdb</p>".encode()).text == "a\ufffdb"


@pytest.mark.parametrize("tag", [b"<!--", b"<meta ", b"<meta content='", b"<script", b'<link rel=canonical href="'])
def test_a_page_of_unclosed_tags_does_not_hang(tag: bytes) -> None:
    assert read_page(tag * 50_000).title is None


@pytest.mark.parametrize("encoding", ["shift_jis", "cp1251", "utf-8"])
def test_a_broken_page_in_any_encoding_decodes_without_a_replacement_character(encoding: str) -> None:
    data = "<p>Лира</p>".encode(encoding) + b"\xff\xfe\x81"
    assert "\ufffd" not in decode_html(data, encoding)
    assert "\ufffd" not in decode_html(data, None, encoding)
