"""The verdicts on the sentences of an answer, on what is drawn of it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QColor, QTextCharFormat

from chatbot_app.core.markdown_block import MarkdownBlock
from chatbot_app.core.model_verdicts import ModelCheck, ModelVerdict
from chatbot_app.core.trust import Check, Verdict
from chatbot_app.core.visible_text import visible_text
from chatbot_app.ui.chat.look import Look
from chatbot_app.ui.chat.model_check_line import named
from chatbot_app.ui.chat.statement_places import drawn_places


@dataclass(frozen=True, slots=True)
class Underline:
    """Characters `start` to `end` of a drawn text, as Qt counts them, and the check that stands there."""

    start: int
    end: int
    check: int


def reason_of(check: Check) -> str:
    """Return in words why a sentence is underlined; "" for one that is not.

    A sentence that is supported has a reason where one of its markers names a source that does not say it.
    """
    if check.verdict is Verdict.NOT_CHECKED:
        return ""
    if check.reason or check.verdict is Verdict.SUPPORTED:
        return visible_text(check.reason)
    words = (
        QCoreApplication.translate("StatementMarks", "Your sources say something else")
        if check.verdict is Verdict.CONTRADICTED
        else QCoreApplication.translate("StatementMarks", "Not found in your sources")
    )
    return words


def underline_of(
    check: Check, look: Look, *, is_current: bool, is_doubted: bool = False
) -> QTextCharFormat | None:
    """Return how a sentence is drawn: waves where a source says otherwise, dots where none says it.

    Dashes where its sources do, and a marker names another or a model doubts it. None for any other sentence.
    """
    if not reason_of(check) and not is_doubted:
        return None
    style, colours = QTextCharFormat.UnderlineStyle, look.colors
    line, colour = {
        Verdict.CONTRADICTED: (style.WaveUnderline, colours.danger),
        Verdict.UNSUPPORTED: (style.DotLine, colours.warning),
    }.get(check.verdict, (style.DashUnderline, colours.warning if is_doubted else colours.muted))
    shape = QTextCharFormat()
    shape.setUnderlineStyle(line)
    shape.setUnderlineColor(QColor(colour))
    if is_current:
        shape.setBackground(QColor(look.colors.mark))
        shape.setForeground(QColor(look.colors.text))
    return shape


def verdict_words(verdict: Verdict) -> str:
    """Return a verdict in words."""
    return {
        Verdict.SUPPORTED: QCoreApplication.translate("StatementMarks", "supported"),
        Verdict.UNSUPPORTED: QCoreApplication.translate("StatementMarks", "not supported"),
        Verdict.CONTRADICTED: QCoreApplication.translate("StatementMarks", "contradicted"),
        Verdict.NOT_CHECKED: QCoreApplication.translate("StatementMarks", "not checked"),
    }[verdict]


def _shown_by(verdict: ModelVerdict) -> str:
    """Return the sentence that a model's verdict rests on, or why it is none."""
    if verdict.source is None:
        return visible_text(verdict.reason)
    sentence = " ".join(visible_text(verdict.sentence).split())
    return f"[{verdict.source}] “{sentence}”"


class StatementMarks:
    """Knows which sentences of a text stand in which of its blocks."""

    def __init__(self, text: str, checks: Sequence[Check], by_model: ModelCheck | None = None) -> None:
        """`text` is the message as it is stored: the offsets of `checks` count in it, as do those of `by_model`."""
        self.checks = list(checks)
        self._model = by_model.model if by_model is not None else ""
        known = {(one.start, one.end): one for one in by_model.verdicts} if by_model is not None else {}
        self._verdicts = [known.get((check.start, check.end)) for check in self.checks]
        self.current: int | None = None  # the check that was gone to last
        self._text = visible_text(text)
        self._ranges = self._moved(text)
        self._blocks: list[tuple[MarkdownBlock, int, int]] = []

    def _moved(self, text: str) -> list[tuple[int, int]]:
        ranges = [(check.start, check.end) for check in self.checks]
        if self._text == text:
            return ranges
        # Hidden characters are shown as signs, which are longer. From edge to edge: each character is read once.
        edges = sorted({min(max(edge, 0), len(text)) for place in ranges for edge in place})
        moved, at, length = {}, 0, 0
        for edge in edges:
            length += len(visible_text(text[at:edge]))
            moved[edge], at = length, edge
        return [
            (moved[min(max(start, 0), len(text))], moved[min(max(end, 0), len(text))])
            for start, end in ranges
        ]

    def is_doubted(self, check: int) -> bool:
        """Whether a model finds that the sources do not say a sentence."""
        verdict = self._verdicts[check]
        return verdict is not None and verdict.verdict in (Verdict.UNSUPPORTED, Verdict.CONTRADICTED)

    def reason(self, check: int) -> str:
        """Return why a sentence is underlined, with the verdict of the model; "" for one that is not."""
        return self.said_of(check) if reason_of(self.checks[check]) or self.is_doubted(check) else ""

    def said_of(self, check: int) -> str:
        """Return what is known of a sentence: our own verdict, beside it that of a model where one was asked."""
        own, verdict = reason_of(self.checks[check]), self._verdicts[check]
        if verdict is None:
            return own
        words = QCoreApplication.translate(
            "StatementMarks", "In your sources, by comparison: {ours}; by {model}: {theirs}."
        )
        both = words.format(
            ours=verdict_words(self.checks[check].verdict),
            model=named(self._model),
            theirs=verdict_words(verdict.verdict),
        )
        return " ".join(part for part in (both, own, _shown_by(verdict)) if part)

    def findings(self) -> list[int]:
        """Return the numbers of the checks that are underlined, in the order of the text."""
        wanted = [number for number in range(len(self.checks)) if self.reason(number)]
        return sorted(wanted, key=lambda number: self._ranges[number])

    def words_of(self, check: int) -> str:
        """Return the sentence that a check is about, on one line."""
        start, end = self._ranges[check]
        return " ".join(self._text[start:end].split())

    def block_of(self, check: int, blocks: Sequence[MarkdownBlock]) -> int | None:
        """Return the block in which a checked sentence begins, None while it has none."""
        start, end = self._ranges[check]
        for position in range(len(blocks)):
            first, last = self._range_of(position, blocks)
            if first < end and start < last:
                return position
        return None

    def underlines(
        self, position: int, blocks: Sequence[MarkdownBlock], texts: Sequence[str]
    ) -> list[list[Underline]]:
        """Return for each drawn text of a block where its checked sentences stand, proven ones too."""
        found: list[list[Underline]] = [[] for _ in texts]
        first, last = self._range_of(position, blocks)
        if first == last:
            return found
        statements = [
            (number, max(start, first) - first, min(end, last) - first)
            for number, (start, end) in enumerate(self._ranges)
            if start < last and first < end
        ]
        for place in drawn_places(self._text[first:last], statements, texts):
            text = texts[place.text]
            wide = [at for at, character in enumerate(text) if character > "\uffff"]
            start, end = (at + bisect_left(wide, at) for at in (place.start, place.end))
            found[place.text].append(Underline(start, end, place.statement))
        return found

    def _range_of(self, position: int, blocks: Sequence[MarkdownBlock]) -> tuple[int, int]:
        """Return where a block's source stands in the text; an empty range where it does not."""
        known = self._blocks
        if position < len(known) and known[position][0] is not blocks[position]:
            del known[position:]
        while len(known) <= position:
            block = blocks[len(known)]
            begin = known[-1][2] if known else 0
            at = self._text.find(block.source, begin) if block.source else -1
            known.append((block, at, at + len(block.source)) if at >= 0 else (block, begin, begin))
        _, first, last = known[position]
        return first, last
