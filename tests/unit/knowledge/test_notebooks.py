"""A notebook's results are read as its text and its code are."""

from __future__ import annotations

import json
from typing import Any

from chatbot_app.knowledge.formats.notebooks import notebook_text


def notebook(*outputs: dict[str, Any]) -> str:
    code = {"cell_type": "code", "source": ["fit()"], "outputs": list(outputs)}
    return json.dumps({"cells": [{"cell_type": "markdown", "source": "# Churn"}, code]})


def test_what_a_cell_printed_and_returned_is_read() -> None:
    printed = {"output_type": "stream", "text": ["\x1b[32mAUC\x1b[0m 0.874\n", "50%\r100%\n"]}
    returned = {
        "output_type": "execute_result",
        "data": {"text/plain": "   age\n0   41", "text/html": "<table>"},
    }
    picture = {
        "output_type": "display_data",
        "data": {"text/plain": "<Figure size 640x480>", "image/png": "iVBO"},
    }
    failed = {"output_type": "error", "ename": "KeyError", "traceback": ["…"]}
    text = notebook_text("n.ipynb", notebook(printed, returned, picture, failed))
    assert text == "# Churn\n\n```\nfit()\n```\n\n```\nAUC 0.874\n100%\n   age\n0   41\n```"


def test_a_listing_is_cut_at_a_line() -> None:
    lines = "".join(f"step {n}\n" for n in range(5000))
    text = notebook_text("n.ipynb", notebook({"output_type": "stream", "text": lines}))
    assert len(text) < 4100
    assert text.endswith("\n…\n```")


def test_a_long_line_is_read_and_what_cannot_be_stored_is_none_of_the_text() -> None:
    printed = {"output_type": "stream", "text": ["x" * 2_000_000, "\n"]}
    assert notebook_text("n.ipynb", notebook(printed)).endswith("xxx…\n```")
    text = notebook_text(
        "n.ipynb", json.dumps({"cells": [{"cell_type": "markdown", "source": "\ud800 cafe\u0301"}]})
    )
    assert text == "\ufffd café"
