"""One way to read Markdown: CommonMark, tables, strikethrough and mathematics between dollars or brackets."""

from __future__ import annotations

from functools import cache

from markdown_it import MarkdownIt

from chatbot_app.core.footnotes import add_footnotes
from chatbot_app.core.markdown_mathematics import add_mathematics
from chatbot_app.core.markdown_nesting import bound_nesting
from chatbot_app.core.markdown_tags import add_tags

MAX_NESTING = 20  # deeper quotes and lists are read as text: layout of nested frames is exponential in Qt


@cache
def block_parser() -> MarkdownIt:
    """Return the parser that finds blocks only. It keeps nothing between texts, so one serves all."""
    parser = create_parser()
    parser.core.ruler.enableOnly(["normalize", "block"])
    return parser


@cache
def full_parser() -> MarkdownIt:
    """Return the parser for blocks and what stands in them."""
    return create_parser()


def create_parser() -> MarkdownIt:
    """Return a parser whose tokens include `math_inline` and `math_block`; HTML stays text but for a few tags."""
    parser = MarkdownIt("commonmark", {"html": False, "maxNesting": MAX_NESTING})
    parser.enable(["table", "strikethrough"])
    bound_nesting(parser, MAX_NESTING)
    add_mathematics(parser)
    add_tags(parser)
    add_footnotes(parser)
    return parser
