"""Powers and notes of web pages do not run into the figure that they stand at."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatbot_app.knowledge.formats.raised_figures import with_raised_figures
from chatbot_app.knowledge.formats.reading import parse_file


@pytest.mark.parametrize(
    ("page", "plain"),
    [
        ("10<sup>6</sup> cells", "10^6 cells"),
        ("<td>5.2<sup>1</sup></td><td>1,234<sup>2</sup></td>", "<td>5.2¹</td><td>1,234²</td>"),
        ("10<SUP class='x'> -3 </SUP> mol", "10^-3 mol"),
        ("4 m<sup>2</sup>", "4 m²"),
        ("under the stair.<sup>12</sup>", "under the stair.¹²"),
        ("the 1<sup>st</sup>", "the 1<sup>st</sup>"),
        ("said so<sup><a href='#n1'>[1]</a></sup>", "said so<sup><a href='#n1'>[1]</a></sup>"),
    ],
)
def test_raised_figures_are_text(page: str, plain: str) -> None:
    assert with_raised_figures(page) == plain


def test_a_page_is_read_with_its_powers(tmp_path: Path) -> None:
    path = tmp_path / "cells.html"
    path.write_text(
        "<html><body><p>There were 10<sup>6</sup> cells on 4 m<sup>2</sup>.</p></body></html>", "utf-8"
    )
    assert parse_file(path).text == "There were 10^6 cells on 4 m²."
