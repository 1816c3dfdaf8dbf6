"""Notebooks: their text, their code, and what the code printed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from chatbot_app.core.text import composed_text
from chatbot_app.knowledge.formats.refusals import DocumentDamaged

_LONGEST_OUTPUT = 4000  # characters of a cell's: more is a log or a listing
_COLOURS = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
_OVERWRITTEN = re.compile(r"^[^\n]*\r(?!\n)", re.MULTILINE)  # by what a progress bar printed next


def notebook_text(name: str, text: str) -> str:
    """Return a notebook as Markdown: what it says, its code, and the text of its results. Raises DocumentDamaged."""
    try:
        return composed_text("\n\n".join(part for cell in json.loads(text)["cells"] for part in _parts(cell)))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as exc:
        raise DocumentDamaged(name=name, detail="it is not a notebook") from exc


def _parts(cell: Mapping[str, Any]) -> Iterator[str]:
    source = _text(cell["source"])
    if cell["cell_type"] == "markdown":
        yield source
        return
    yield f"```\n{source}\n```"
    printed = "\n".join(filter(None, map(_printed, cell.get("outputs") or ())))
    if len(printed) > _LONGEST_OUTPUT:
        printed = printed[: printed.rfind("\n", 0, _LONGEST_OUTPUT) + 1 or _LONGEST_OUTPUT] + "…"
    if printed:
        yield f"```\n{printed}\n```"


def _printed(output: Mapping[str, Any]) -> str:
    """Return what an output says in text, "" for a picture or an error."""
    found = output.get("text") or (output.get("data") or {}).get("text/plain") or ""
    text = _OVERWRITTEN.sub("", _COLOURS.sub("", _text(found))).strip("\n").replace("```", "` ` `")
    return "" if text.startswith("<") and text.endswith(">") else text  # "<Figure size 640x480 with 1 Axes>"


def _text(source: str | list[str]) -> str:
    return source if isinstance(source, str) else "".join(source)
