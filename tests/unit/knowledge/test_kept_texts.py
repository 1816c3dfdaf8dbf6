"""A page that was fetched is kept as a file that says itself what its server has said of it."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from chatbot_app.knowledge.formats.reading import parse_file
from chatbot_app.knowledge.importing.kept_texts import TextKeeper
from chatbot_app.llm.web_pages import WebPage

WORDS = "Мельница в Ульме мелет сорок тонн в день."


@pytest.mark.parametrize(
    ("extension", "charset", "encoding", "page"),
    [
        (".html", "koi8-r", "koi8-r", "<p>{}</p>"),
        (".html", "windows-1251", "cp1251", "<meta charset='iso-8859-1'><p>{}</p>"),
        (".html", "", "utf-8", "<p>{}</p>"),
        (".html", "koi8-r", "utf-16", "<p>{}</p>"),
        (".txt", "koi8-r", "koi8-r", "{}"),
        (".md", "iso-8859-5", "iso-8859-5", "{}"),
    ],
)
def test_the_charset_that_a_server_names_is_kept_with_the_page(
    tmp_path: Path, extension: str, charset: str, encoding: str, page: str
) -> None:
    body = page.format(WORDS).encode(encoding)
    fetcher = SimpleNamespace(fetch=lambda address, _allowed: WebPage(address, extension, body, charset))
    path = TextKeeper(tmp_path / "texts", cast(Any, fetcher)).keep_page(
        "https://x.example/mill?a=b", frozenset()
    )
    assert path.name == f"x.example mill{extension}"
    assert parse_file(path).text == WORDS


def test_a_page_in_ascii_is_kept_as_it_came(tmp_path: Path) -> None:
    fetcher = SimpleNamespace(
        fetch=lambda address, _allowed: WebPage(address, ".html", b"<p>Hi</p>", "utf-8")
    )
    path = TextKeeper(tmp_path, cast(Any, fetcher)).keep_page("https://x.example", frozenset())
    assert path.read_bytes() == b"<p>Hi</p>"
