"""Lists and quotes that are nested too deeply are read as text: the parser itself would leave them out."""

from __future__ import annotations

from collections.abc import Callable

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock, blockquote, list_block

NESTING_NOTE = "nesting_note"  # a token before the first text that is shown as written
_NOTED = "nesting_noted"  # in the environment of a text
_ALTERNATIVES = ["paragraph", "reference", "blockquote"]

Rule = Callable[[StateBlock, int, int, bool], bool]


def bound_nesting(parser: MarkdownIt, most: int) -> None:
    """Have a parser open no list or quote whose content would be `most` levels deep, and say so with a token."""
    parser.block.ruler.at("blockquote", _bounded(blockquote, most - 1), {"alt": [*_ALTERNATIVES, "list"]})
    parser.block.ruler.at("list", _bounded(list_block, most - 2), {"alt": _ALTERNATIVES})


def _bounded(rule: Rule, most: int) -> Rule:
    def bounded(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
        if silent or state.level < most:
            return rule(
                state, start_line, end_line, silent
            )  # where it ends a paragraph its line stands alone
        if _NOTED not in state.env and rule(state, start_line, end_line, True):
            state.env[_NOTED] = True
            state.push(NESTING_NOTE, "", 0)
        return False

    return bounded
