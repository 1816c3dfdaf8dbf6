"""Forms of web pages and mails as they are seen: what was typed, ticked and chosen. Whoever reads the page leaves a form out.

Values stand where their fields do, boxes are ☒ and ☐ as in PDFs. What nobody sees is not read: hidden fields, passwords.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping

_TAG = re.compile(r"<(/?)(form|input|textarea|select)(?=[\s/>])", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""[\s/]*([^\s"'<>/=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'<>]+)))?""")
_END_OF_TAG = re.compile(r"[\s/]*>")
_OPTION = re.compile(r"<option(?=[\s/>])|</select(?=[\s>])", re.IGNORECASE)
_END_OF_TEXT = re.compile(r"</textarea\s*>", re.IGNORECASE)
_END_OF_CHOICE = re.compile(r"</select\s*>", re.IGNORECASE)
_NEVER = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_NOT_SHOWN = frozenset("hidden password submit button reset image file color".split())
_TICKED, _EMPTY = "\u2612", "\u2610"


def with_form_values(page: str) -> str:
    """Return a page of HTML in which fields are their values and forms are plain blocks."""
    written: list[str] = []
    place = 0
    while (tag := _TAG.search(page, place)) is not None:
        attributes, end = _attributes(page, tag.end())
        written.append(page[place : tag.start()])
        name = tag[2].lower()
        if name == "form":
            written.append(f"<{tag[1]}div>")
        elif not tag[1]:
            if name == "input":
                words = _of_input(attributes)
            else:
                closing = (_END_OF_TEXT if name == "textarea" else _END_OF_CHOICE).search(page, end)
                inner = page[end : closing.start() if closing is not None else len(page)]
                end = closing.end() if closing is not None else len(page)
                words = _of_text(inner) if name == "textarea" else ", ".join(_chosen(inner, attributes))
            if words and _is_seen(attributes):
                before, behind = written[-1][-1:], page[end : end + 1]
                written.append(
                    f"{' ' * bool(before.strip())}{words}{' ' * (behind == '<' or behind.isalnum())}"
                )
        place = end
    return "".join([*written, page[place:]]) if written else page


def _attributes(page: str, place: int) -> tuple[dict[str, str], int]:
    """Return the attributes of a tag by their names and where it ends; each character is looked at once."""
    found: dict[str, str] = {}
    while (one := _ATTRIBUTE.match(page, place)) is not None:
        found.setdefault(one[1].lower(), html.unescape(one[2] or one[3] or one[4] or ""))
        place = one.end()
    end = _END_OF_TAG.match(page, place)
    return found, end.end() if end is not None else place


def _is_seen(attributes: Mapping[str, str]) -> bool:
    return "hidden" not in attributes and _NEVER.search(attributes.get("style", "")) is None


def _of_input(attributes: Mapping[str, str]) -> str:
    kind = attributes.get("type", "").strip().lower()
    if kind in ("checkbox", "radio"):
        return f"{_TICKED if 'checked' in attributes else _EMPTY} "
    return "" if kind in _NOT_SHOWN else _plain(attributes.get("value", ""))


def _of_text(inner: str) -> str:
    return "<br>".join(map(_plain, html.unescape(inner).strip().split("\n")))


def _chosen(inner: str, attributes: Mapping[str, str]) -> Iterator[str]:
    """Yield what is chosen; where only one can be and none is, that is the first."""
    options = []
    places = [found.end() for found in _OPTION.finditer(inner)]
    for place, after in zip(places, (*places[1:], len(inner)), strict=False):
        said, end = _attributes(inner, place)
        label = inner[end:after].partition("<")[0]
        options.append(("selected" in said, _plain(html.unescape(label) or said.get("label", ""))))
    chosen = [label for is_chosen, label in options if is_chosen and label]
    is_list = "multiple" in attributes or attributes.get("size", "1").strip() not in ("", "0", "1")
    yield from chosen if chosen or is_list else [label for _chosen, label in options[:1] if label]


def _plain(words: str) -> str:
    return html.escape(" ".join(words.split()), quote=False)
