"""Inline Markdown written into a document: emphasis, code, links, formulas, a few tags; never an image."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

from markdown_it.token import Token
from PySide6.QtCore import QUrl
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QImage,
    QPainter,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextImageFormat,
)

from chatbot_app.core.footnotes import footnote_of, link_to
from chatbot_app.ui.chat.formula_pictures import Picture
from chatbot_app.ui.chat.links import is_web_address
from chatbot_app.ui.chat.look import Look
from chatbot_app.ui.chat.mathematics import FormulaBudget, MathRenderer, reason_in_words
from chatbot_app.ui.chat.safe_document import SOURCE_PROPERTY
from chatbot_app.workers.formulas import Formula, Refusal

_BARE_ADDRESS = re.compile(r"https?://[^\s<>\"'`\\]+[^\s<>\"'`\\.,;:!?)\]}。，）]", re.IGNORECASE)
_LINE_BREAK = "\u2028"


class InlineWriter:
    """Writes inline tokens at a cursor. `waiting` holds the formulas that are not drawn yet."""

    def __init__(self, look: Look, renderer: MathRenderer, budget: FormulaBudget) -> None:
        self._look = look
        self._renderer = renderer
        self._budget = budget
        self._told_of_many = False
        self._metrics: dict[str, tuple[float, float]] = {}  # height and x-height by font: slow to ask for
        self._images: dict[tuple[int, str], QImage] = {}  # what each document has, by its name there
        self.waiting: set[Formula] = set()

    def plain_format(self, font: QFont | None = None) -> QTextCharFormat:
        """Return the format of ordinary text."""
        character = QTextCharFormat()
        character.setFont(font or self._look.font)
        return character

    def write(self, cursor: QTextCursor, tokens: list[Token], base: QTextCharFormat) -> None:
        """Write the tokens, starting from the format `base`."""
        formats = [base]
        tags: Counter[str] = Counter()
        links: list[str] = []
        begin = cursor.position()
        is_break_due = False  # a paragraph began or ended, and something follows
        for token in tokens:
            current = self._tagged(formats[-1], tags)
            if is_break_due and token.type not in ("tag_open", "tag_close", "softbreak"):
                cursor.insertText(_LINE_BREAK, current)
                is_break_due = False
            match token.type:
                case "text" | "text_special":
                    self._write_text(cursor, token.content, current, linked=bool(links))
                case "code_inline":
                    cursor.insertText(token.content, self._code(current))
                case "strong_open" | "em_open" | "s_open":
                    formats.append(_emphasised(formats[-1], token.type))
                case "strong_close" | "em_close" | "s_close":
                    formats.pop()
                case "tag_open" | "tag_close" if token.tag == "p":
                    is_break_due = cursor.position() > begin
                case "tag_open":
                    tags[token.tag] += 1
                case "tag_close":
                    tags[token.tag] -= 1
                case "link_open":
                    address = str(token.attrs.get("href", ""))
                    links.append(address)
                    leads = is_web_address(address) or footnote_of(address) is not None
                    formats.append(self.link(formats[-1], address) if leads else formats[-1])
                case "link_close":
                    formats.pop()
                    address = links.pop()
                    if not is_web_address(address) and footnote_of(address) is None:
                        # Nothing opens it, so what it would have opened is shown.
                        cursor.insertText(f" ({address})", formats[-1])
                case "footnote" if token.meta["number"]:
                    number = int(token.meta["number"])
                    cursor.insertText(str(number), self._raised(self.link(current, link_to(number))))
                case "image":
                    words = token.content or str(token.attrs.get("alt", ""))
                    cursor.insertText(f"[image: {words}]" if words else "[image]", self._quiet(current))
                case "softbreak":
                    cursor.insertText(" ", current)
                case "hardbreak":
                    cursor.insertText(_LINE_BREAK, current)
                case "math_inline":
                    display = bool(token.meta.get("display"))
                    self.write_formula(cursor, token.content, display, current, token.markup)
                case _:
                    cursor.insertText(token.content.replace("\n", _LINE_BREAK), current)

    def write_formula(
        self, cursor: QTextCursor, tex: str, display: bool, base: QTextCharFormat, markup: str
    ) -> None:
        """Write a formula: its picture when there is one, its source while it waits or if it is wrong."""
        line, x_height = self._measures(base.font())
        size = line * (0.86 if display else 0.8)
        formula = Formula(tex, display, round(size, 1), self._look.colors.text, self._look.ratio)
        picture = self._renderer.picture(formula, self._budget)
        if picture is None:
            self.waiting.add(formula)
        if picture is None or picture.image is None:
            cursor.insertText(markup.replace("\n", _LINE_BREAK), self._code(base))
            if picture is not None and picture.refusal is not None:
                self._write_reason(cursor, picture.refusal, base)
            return
        if x_height not in picture.padded:
            picture.padded[x_height] = _on_baseline(picture, x_height, self._look.ratio)
        image, height = picture.padded[x_height]
        document = cursor.document()
        name = f"math:{id(image)}"
        if self._images.get((id(document), name)) is not image:
            self._images[id(document), name] = image
            document.addResource(QTextDocument.ResourceType.ImageResource, QUrl(name), image)
        drawn = QTextImageFormat()
        drawn.setFont(base.font())
        drawn.setName(name)
        drawn.setWidth(picture.width)
        drawn.setHeight(height)
        drawn.setVerticalAlignment(QTextCharFormat.VerticalAlignment.AlignMiddle)
        drawn.setProperty(SOURCE_PROPERTY, markup)
        cursor.insertImage(drawn)

    def _measures(self, font: QFont) -> tuple[float, float]:
        key = font.key()
        if key not in self._metrics:
            metrics = QFontMetricsF(font)
            self._metrics[key] = metrics.height(), metrics.xHeight()
        return self._metrics[key]

    def _write_reason(self, cursor: QTextCursor, refusal: Refusal, base: QTextCharFormat) -> None:
        words = reason_in_words(refusal)
        if not words or (refusal is Refusal.MANY and self._told_of_many):
            return
        self._told_of_many |= refusal is Refusal.MANY
        cursor.insertText(f" ({words})", self._quiet(base))

    def link(self, base: QTextCharFormat, address: str) -> QTextCharFormat:
        """Return `base` as a link to an http(s) address."""
        character = QTextCharFormat(base)
        character.setAnchor(True)
        character.setAnchorHref(address)
        character.setForeground(QColor(self._look.colors.link))
        character.setFontUnderline(True)
        return character

    def _write_text(self, cursor: QTextCursor, text: str, base: QTextCharFormat, *, linked: bool) -> None:
        at = 0
        if not linked and "://" in text:
            for match in _BARE_ADDRESS.finditer(text):
                cursor.insertText(text[at : match.start()], base)
                cursor.insertText(match.group(0), self.link(base, match.group(0)))
                at = match.end()
        if at < len(text):
            cursor.insertText(text[at:], base)

    def _raised(self, base: QTextCharFormat) -> QTextCharFormat:
        character = QTextCharFormat(base)
        character.setVerticalAlignment(QTextCharFormat.VerticalAlignment.AlignSuperScript)
        character.setFontUnderline(False)
        return character

    def _tagged(self, base: QTextCharFormat, tags: Counter[str]) -> QTextCharFormat:
        """Return `base` as the open tags have it; each counts once, however often it is open."""
        is_open = {name for name, times in tags.items() if times > 0}
        if not is_open:
            return base
        character = self._code(base) if is_open & {"code", "kbd"} else QTextCharFormat(base)
        if "b" in is_open:
            character.setFontWeight(QFont.Weight.DemiBold)
        if "i" in is_open:
            character.setFontItalic(True)
        if "u" in is_open:
            character.setFontUnderline(True)
        if "s" in is_open:
            character.setFontStrikeOut(True)
        if "mark" in is_open:
            character.setBackground(QColor(self._look.colors.info_background))
        if "sub" in is_open:
            character.setVerticalAlignment(QTextCharFormat.VerticalAlignment.AlignSubScript)
        elif "sup" in is_open:
            character.setVerticalAlignment(QTextCharFormat.VerticalAlignment.AlignSuperScript)
        return character

    def _code(self, base: QTextCharFormat) -> QTextCharFormat:
        character = QTextCharFormat(base)
        character.setFont(self._look.code_font)
        character.setBackground(QColor(self._look.colors.code_background))
        return character

    def _quiet(self, base: QTextCharFormat) -> QTextCharFormat:
        character = QTextCharFormat(base)
        character.setForeground(QColor(self._look.colors.muted))
        return character


def _emphasised(base: QTextCharFormat, token: str) -> QTextCharFormat:
    character = QTextCharFormat(base)
    if token == "strong_open":
        character.setFontWeight(QFont.Weight.DemiBold)
    elif token == "em_open":
        character.setFontItalic(True)
    else:
        character.setFontStrikeOut(True)
    return character


def _on_baseline(picture: Picture, x_height: float, ratio: float) -> tuple[QImage, float]:
    """Return the picture and its height, padded so that Qt's middle alignment puts its baseline on the text's.

    Qt sets the middle of the image half an x-height's half above the baseline: ascent - descent = x/2.
    """
    drawn: Any = picture.image
    ascent = picture.height - picture.depth
    full_ascent = max(ascent, picture.depth + x_height / 2)
    full_descent = full_ascent - x_height / 2
    height = full_ascent + full_descent
    image = QImage(
        max(1, round(picture.width * ratio)),
        max(1, round(height * ratio)),
        QImage.Format.Format_ARGB32_Premultiplied,
    )
    image.setDevicePixelRatio(ratio)
    image.fill(0)
    painter = QPainter(image)
    painter.drawImage(0, round(full_ascent - ascent), drawn)
    painter.end()
    return image, height
