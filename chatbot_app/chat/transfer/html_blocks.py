"""Markdown as HTML that fetches nothing: only what is named here is written, everything else is text."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from html import escape

from markdown_it.token import Token

from chatbot_app.core.markdown_parser import full_parser

DrawFormula = Callable[[str, bool], str]  # LaTeX, whether it stands alone → SVG, "" where it is not drawn

_EM = 16.0  # the size that formulas are drawn in: pixels of theirs that are one em here
_SIMPLE = {
    "paragraph": "p", "em": "em", "strong": "strong", "s": "s", "blockquote": "blockquote", "bullet_list": "ul",
    "list_item": "li", "table": "table", "thead": "thead", "tbody": "tbody", "tr": "tr",
}  # fmt: skip
_TAGS = ("b", "i", "u", "s", "sub", "sup", "kbd", "mark", "code")
_SHOWN_LINKS = re.compile(r"(?:https?://|mailto:)[^\s]+", re.IGNORECASE)
# What the child that draws formulas writes. It is checked all the same: it read what a stranger wrote.
_SVG_TAG = re.compile(
    r"<(/?)(svg|path|rect|g|line|polyline|polygon)((?:\s+[a-zA-Z:-]+=\"[^\"<>&]*\")*)\s*/?>"
)
_SVG_SIZE = re.compile(r'width="([\d.]+)" height="([\d.]+)" viewBox="([-\d.]+) ([-\d.]+) [\d.]+ [\d.]+"')
_KEPT_SVG = re.compile(
    r'\s(?:d|x|y|x1|y1|x2|y2|width|height|points|transform|fill|stroke|stroke-width|viewBox)="[^"<>&:]*"'
)


def html_of(markdown: str, draw: DrawFormula) -> str:
    """Return Markdown as HTML."""
    return "".join(_written(full_parser().parse(markdown), draw))


def _written(tokens: Sequence[Token], draw: DrawFormula) -> list[str]:
    parts: list[str] = []
    for token in tokens:
        name = token.type.removesuffix("_open").removesuffix("_close")
        if token.type == "inline":
            words = "".join(_written(token.children or [], draw))
            if token.meta.get("summary"):
                parts.append(f"<summary>{words or escape(token.content) or 'Details'}</summary>")
            else:
                parts.append(words)
        elif token.type == "text":
            parts.append(escape(token.content))
        elif name in _SIMPLE and token.nesting:
            if not token.hidden:
                parts.append(f"<{'/' if token.nesting < 0 else ''}{_SIMPLE[name]}>")
        elif name == "details":
            parts.append("<details open>" if token.nesting > 0 else "</details>")
        else:
            parts.append(_one(token, name, draw))
    return parts


def _one(token: Token, name: str, draw: DrawFormula) -> str:
    closes = token.nesting < 0
    match name:
        case "heading":
            # The page and its messages have headings of their own.
            level = min(6, int(token.tag[1]) + 2)
            return f"<{'/' if closes else ''}h{level}>"
        case "ordered_list":
            start = token.attrGet("start")
            return "</ol>" if closes else f'<ol start="{int(start)}">' if start else "<ol>"
        case "th" | "td":
            return f"</{name}>" if closes else f"<{name}{_aligned(token)}>"
        case "link":
            return _link(token)
        case "image":
            return (
                f"<em>[{escape(token.content) or 'Picture'}: {escape(str(token.attrGet('src') or ''))}]</em>"
            )
        case "code_inline":
            return f"<code>{escape(token.content)}</code>"
        case "fence" | "code_block":
            return f"<pre><code>{escape(token.content.rstrip(chr(10)))}</code></pre>"
        case "math_inline":
            return formula(token.content, bool(token.meta.get("display")), draw)
        case "math_block":
            return f'<div class="display">{formula(token.content, True, draw)}</div>'
        case "hardbreak":
            return "<br>"
        case "softbreak":
            return "\n"
        case "hr":
            return "<hr>"
        case "tag" if token.tag in _TAGS:
            return f"<{'/' if token.type == 'tag_close' else ''}{token.tag}>"
        case "text_tag" if token.tag == "br":
            return "<br>"
        case "tag" | "text_tag" if token.tag == "p":
            return ""
        case "footnote":
            return f"<sup>{escape(token.content.strip('[]^'))}</sup>"
        case _:
            return escape(token.content)


def formula(tex: str, display: bool, draw: DrawFormula) -> str:
    """Return a formula as SVG that stands on the line, its source where that is not drawn."""
    svg = draw(tex.strip(), display)
    drawn = checked_svg(svg) if svg else ""
    if not drawn:
        return f'<code class="tex">{escape(tex.strip())}</code>'
    return f'<span class="formula" role="img" aria-label="{escape(tex.strip())}">{drawn}</span>'


def checked_svg(svg: str) -> str:
    """Return a picture of lines and shapes alone, in the ink of the text around it; "" where it holds anything else."""
    size = _SVG_SIZE.search(svg)
    if size is None or _SVG_TAG.sub("", svg).strip():
        return ""
    width, height, _, top = (float(number) for number in size.groups())

    def kept(match: re.Match[str]) -> str:
        closes, tag, attributes = match.groups()
        if closes:
            return f"</{tag}>"
        known = "".join(_KEPT_SVG.findall(attributes)).replace('"#000000"', '"currentColor"')
        if tag == "svg":
            below = height + top  # of the line that the letters stand on
            known = re.sub(r'\s(?:width|height)="[^"]*"', "", known)
            known += f' style="width:{width / _EM:.3f}em;height:{height / _EM:.3f}em;vertical-align:{-below / _EM:.3f}em"'
        return f"<{tag}{known}{'/' if match.group().endswith('/>') else ''}>"

    return _SVG_TAG.sub(kept, svg)


def _aligned(token: Token) -> str:
    side = str(token.attrGet("style") or "").removeprefix("text-align:")
    return f' style="text-align:{side}"' if side in ("left", "center", "right") else ""


def _link(token: Token) -> str:
    if token.nesting < 0:
        return "</a>"
    address = str(token.attrGet("href") or "")
    if _SHOWN_LINKS.fullmatch(address) is None:
        return "<a>"
    return f'<a href="{escape(address)}" rel="noopener noreferrer">'
