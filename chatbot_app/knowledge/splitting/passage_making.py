"""From a parsed document to passages that are ready to be stored, a portion at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Protocol

from chatbot_app.core.documents import ParsedDocument, PassageDraft
from chatbot_app.knowledge.splitting.splitter import Splitter
from chatbot_app.knowledge.words.words import pairs_of_characters

PASSAGES_AT_ONCE = 128  # whose tokens are in memory, and that are sent on together


class TextMeasures(Protocol):
    """What the embedding model's tokenizer knows of texts; `BuiltInEmbedder` is one."""

    def familiarity(self, texts: Sequence[str]) -> list[float]:
        """Return for each text how well the model knows it, 0 to 1."""
        ...


class PassageMaker:
    """Cuts documents and measures their passages: all that is computed before anything is stored."""

    def __init__(self, splitter: Splitter, measures: TextMeasures) -> None:
        self._splitter = splitter
        self._measures = measures

    def portions(self, parsed: ParsedDocument) -> Iterator[list[PassageDraft]]:
        """Yield the passages of a document in order, some at a time."""
        portion: list[PassageDraft] = []
        for draft in self._splitter.split(parsed):
            portion.append(draft)
            if len(portion) == PASSAGES_AT_ONCE:
                yield self._measured(portion)
                portion = []
        if portion:
            yield self._measured(portion)

    def _measured(self, portion: Sequence[PassageDraft]) -> list[PassageDraft]:
        known = self._measures.familiarity([draft.text for draft in portion])
        return [
            replace(draft, familiarity=value, pairs=pairs_of_characters(draft.text))
            for draft, value in zip(portion, known, strict=True)
        ]
