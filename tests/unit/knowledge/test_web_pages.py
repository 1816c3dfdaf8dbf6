"""Web pages are read in the charset that a browser takes them for, and of their head what people read."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatbot_app.core.documents import BlockKind
from chatbot_app.knowledge.formats.reading import parse_file
from chatbot_app.knowledge.formats.web_pages import as_markdown, without_head, without_pictures


def read(folder: Path, page: str, encoding: str = "utf-8", name: str = "page.html") -> str:
    path = folder / name
    path.write_bytes(page.encode(encoding))
    return parse_file(path).text


@pytest.mark.parametrize(
    ("charset", "encoding", "text"),
    [
        ("windows-1251", "cp1251", "Привет, мир."),
        ("iso-8859-1", "cp1252", "Grüße, 5 €"),
        ("shift_jis", "cp932", "こんにちは世界①"),
        ("gb2312", "gbk", "你好，世界 镕"),
        ("iso-8859-1", "utf-8", "Grüße, 5 €"),
        ("utf-16", "utf-8", "Grüße, 5 €"),
        ("utf-8", "utf-16", "Grüße, 5 €"),
        ("x-unknown", "utf-8-sig", "Grüße, 5 €"),
        ("utf-8", "cp1252", "Grüße, 5 € und Käthe"),
    ],
)
def test_a_page_is_read_in_its_charset(tmp_path: Path, charset: str, encoding: str, text: str) -> None:
    for head in (
        f"<meta charset='{charset}'>",
        f'<META http-equiv="Content-Type" content="text/html; charset={charset}">',
    ):
        page = f"<html><head>{head}<title>{text}</title></head><body><p>{text}</p></body></html>"
        assert read(tmp_path, page, encoding) == f"# {text}\n\n{text}"


def test_a_page_that_names_no_charset_is_told_by_its_bytes(tmp_path: Path) -> None:
    words = "Это простая страница о городе и людях, которые в нём живут."
    assert read(tmp_path, f"<p>{words}</p>", "cp1251", "PAGE.HTM") == words


def test_of_the_head_stands_above_what_people_read(tmp_path: Path) -> None:
    page = (
        "<html><head><base href='/b/'><link rel=canonical href='https://x.example/a'><title>\n Wind &amp;\n water </title>"
        '<meta name="viewport" content="width=device-width"><meta property="article:published_time" content="2024-03-01">'
        "<meta name=author content='Ada O&#39;Neill'><meta name=description content='How mills\n run.'></head>"
        "<body><h2>One</h2><p>Two</p><img alt=Mill src='data:image/png;base64,AAAA'><svg><title>x</title></svg></body></html>"
    )
    parsed = read(tmp_path, page)
    assert parsed.startswith(
        "# Wind & water\n\nAuthor: Ada O'Neill\nDate: 2024-03-01\n\nHow mills run.\n\n## One\n\nTwo"
    )
    assert "base64" not in parsed
    assert "Mill" in parsed
    blocks = parse_file(tmp_path / "page.html").blocks
    assert blocks[0].kind is BlockKind.HEADING
    assert blocks[-1].heading_path == ("Wind & water", "One")


def test_a_title_that_the_page_repeats_stands_there_once(tmp_path: Path) -> None:
    page = "<title>Wind</title><meta name=author content=Ada><body><h1>Wind</h1><p>It blows.</p></body>"
    assert read(tmp_path, page) == "# Wind\n\nAuthor: Ada\n\nIt blows."
    assert read(tmp_path, "<p>No head.</p>") == "No head."


@pytest.mark.parametrize("part", ["<meta ", "<title>", "<meta content='", '<link "', "<meta a=b "])
def test_heads_of_strangers_are_read_in_linear_time(part: str) -> None:
    page = part * 100_000
    assert as_markdown(page, lambda text: text[:10]) is not None
    assert len(without_head(page)) <= len(page)
    assert as_markdown(f"<meta {'a' * 90_000}{' ' * 90_000}><title>One</title>", lambda _page: "") == "# One"


def test_of_pictures_within_a_page_the_description_stays() -> None:
    text = "![a [1] b](cid:x) ![SVG Image](data:image/svg+xml;base64,AA) ![c](https://x.example/c.png) ![](mid:y)."
    assert without_pictures(text) == "a [1] b  ![c](https://x.example/c.png) ."
    for part in ("![", "![](data:", "![a]( "):
        assert without_pictures(part * 100_000) == part * 100_000
