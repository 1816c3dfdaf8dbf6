"""Footnotes in Markdown: `[^label]` in the text, `[^label]: words` as its own lines, a list at the end.

A definition is kept among the link definitions of the text, under "^LABEL", so that every block that is drawn on its
own knows it. It has a number once the text is complete: that of its first mention.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.common.utils import normalizeReference
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline

from chatbot_app.core.text_weight import reach, weight

FOOTNOTES = "footnotes"  # the name of the block at the end
FOOTNOTES_MOST = 500
_TO_NOTE, _TO_MENTION = "footnote:", "footnote-mention:"
_LABEL = r"\[\^([^\[\]\s^]{1,60})\]"
_MENTION = re.compile(_LABEL)
_MENTION_OR_DEFINITION = re.compile(rf"(^[ \t]*)?{_LABEL}(:)?", re.MULTILINE)
_DEFINITION = re.compile(_LABEL + r":[ \t]*(.*)$")
_LINK = re.compile(rf"(?:{_TO_NOTE}|{_TO_MENTION})(\d{{1,4}})$")
_TEXT_MOST = 1_500  # characters
_LIST_MOST = 6_000  # weight of a part of the list at the end
_NOTE_MOST = 4_000  # weight of a note there


def add_footnotes(parser: MarkdownIt) -> None:
    """Have a parser keep definitions of footnotes and make the token `footnote` of mentions that have a number."""
    parser.block.ruler.before("reference", "footnote", _definition, {"alt": ["paragraph", "reference"]})
    parser.inline.ruler.before("link", "footnote", _mention)


def number_footnotes(references: dict[str, Any], text: str) -> list[tuple[int, str]]:
    """Number the definitions in `references` in the order of their mentions in `text`.

    Returns number and words of each, by number; what is never mentioned comes last.
    """
    known = [label for label in dict.fromkeys(_mentioned(text)) if "footnote" in references.get(label, {})]
    known += [label for label, one in references.items() if "footnote" in one and label not in set(known)]
    found = []
    for number, label in enumerate(known[:FOOTNOTES_MOST], 1):
        references[label]["number"] = number
        found.append((number, str(references[label]["footnote"])))
    return found


def footnote_lists(notes: list[tuple[int, str]]) -> list[str]:
    """Return the Markdown of the list at the end, in parts that are drawn apart: each note leads back to its mention."""
    lists: list[list[str]] = [[]]
    heavy = 0
    for number, words in notes:
        shown = words[: reach(words, _NOTE_MOST)]
        if len(shown) < len(words):
            shown += "…"
        line = f"{number}. {shown} [↩]({_TO_MENTION}{number})"
        units = weight(line + "\n")
        if lists[-1] and heavy + units > _LIST_MOST:
            lists.append([])
            heavy = 0
        lists[-1].append(line)
        heavy += units
    return ["\n".join(lines) for lines in lists]


def is_listed_in(source: str, number: int) -> bool:
    """Whether a part of the list holds the footnote."""
    return f"]({_TO_MENTION}{number})" in source


def is_mentioned_in(source: str, references: dict[str, Any], number: int) -> bool:
    """Whether a block mentions the footnote."""
    return any(references.get(label, {}).get("number") == number for label in _mentioned(source))


def link_to(number: int) -> str:
    """Return the address of a footnote; it is followed inside the message only."""
    return f"{_TO_NOTE}{number}"


def footnote_of(address: str) -> tuple[int, bool] | None:
    """Return the number that a link leads to, and whether to its note (else to its mention); None for others."""
    match = _LINK.match(address)
    return (int(match.group(1)), address.startswith(_TO_NOTE)) if match else None


def _mentioned(text: str) -> Iterator[str]:
    for match in _MENTION_OR_DEFINITION.finditer(text):
        if match.group(1) is None or match.group(3) is None:
            yield normalizeReference(f"^{match.group(2)}")


def _definition(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
    if state.is_code_block(start_line):
        return False
    match = _DEFINITION.match(_line(state, start_line))
    if match is None:
        return False
    if silent:
        return True
    words = [match.group(2)]
    line = start_line + 1
    while line < end_line and not state.isEmpty(line) and not _DEFINITION.match(_line(state, line)):
        words.append(_line(state, line))
        line += 1
    state.line = line
    text = " ".join(" ".join(words).split())
    if len(text) > _TEXT_MOST:
        text = text[:_TEXT_MOST] + "…"
    label = normalizeReference(f"^{match.group(1)}")
    references: dict[str, Any] = state.env.setdefault("references", {})
    before = references.get(label)
    # The first definition counts, and it grows while it arrives.
    if before is None or text.startswith(str(before.get("footnote", "\n")).removesuffix("…")):
        references[label] = {**(before or {}), "href": "", "title": "", "footnote": text}
    return True


def _line(state: StateBlock, line: int) -> str:
    return state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]]


def _mention(state: StateInline, silent: bool) -> bool:
    if not state.src.startswith("[^", state.pos):
        return False
    match = _MENTION.match(state.src, state.pos, state.posMax)
    if match is None:
        return False
    label = normalizeReference(f"^{match.group(1)}")
    known = state.env.get("references", {}).get(label, {})
    if "footnote" not in known:
        return False
    if not silent:
        token = state.push("footnote", "", 0)
        token.content = match.group(0)
        token.meta = {"number": known.get("number")}
    state.pos = match.end()
    return True
