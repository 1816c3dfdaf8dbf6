"""The steps from a text to the numbers that a model reads, and back, one below the other."""

from __future__ import annotations

import re

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from chatbot_app.core.visible_text import visible_text
from chatbot_app.lab.tokenizers import Steps
from chatbot_app.ui.lab.box_flow import Box, BoxFlow, BoxKind
from chatbot_app.ui.theme import em, scale_font, set_look

_WORD = re.compile(r"\S+[^\S\n]*\n?|\s")  # so that a text is wrapped

_ROWS = (
    ("normalisation", QT_TRANSLATE_NOOP("StepsView", "1. Normalisation")),
    ("pre_tokenisation", QT_TRANSLATE_NOOP("StepsView", "2. Pre-tokenisation")),
    ("tokens", QT_TRANSLATE_NOOP("StepsView", "3. Tokens, as the vocabulary spells them")),
    ("ids", QT_TRANSLATE_NOOP("StepsView", "4. Ids")),
    ("post_processing", QT_TRANSLATE_NOOP("StepsView", "5. Post-processing")),
    ("decoding", QT_TRANSLATE_NOOP("StepsView", "And back: decoding the ids")),
)


class StepsView(QWidget):
    """A row for each step: its name, how it is done, and what it makes of the text."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("token_steps")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(em(self, 0.2))
        self._rows: dict[str, tuple[QLabel, BoxFlow]] = {}
        for name, title in _ROWS:
            words = QCoreApplication.translate("StepsView", str(title))
            head = QLabel(words, self)
            scale_font(head, 1.0, bold=True)
            how = QLabel(self)
            how.setObjectName(f"step_method_{name}")
            how.setWordWrap(True)
            set_look(how, "muted")
            flow = BoxFlow(f"step_{name}", words, self)
            column.addWidget(head)
            column.addWidget(how)
            column.addWidget(flow)
            column.addSpacing(em(self, 0.5))
            self._rows[name] = how, flow

    def clear(self) -> None:
        """Show the names of the steps alone."""
        for how, flow in self._rows.values():
            how.clear()
            flow.show_boxes([])

    def show_steps(self, steps: Steps, is_cut: bool) -> None:
        """Show the steps of a text; with `is_cut` they are those of its beginning."""
        nothing = self.tr("Nothing is changed.")
        added = len(steps.processed) - len(steps.ids)
        same = self.tr("The text comes back as it was.")
        other = self.tr("The text does not come back as it was: this tokenizer does not promise it.")
        methods = {
            "normalisation": steps.methods.get("normalisation") or nothing,
            "pre_tokenisation": steps.methods.get("pre_tokenisation")
            or self.tr("The text stays in one piece."),
            "tokens": steps.methods.get("tokens", ""),
            "ids": self.tr("The place of each token in the vocabulary."),
            "post_processing": self._added_words(added) if added else nothing,
            "decoding": same if steps.decoded == steps.text else other,
        }
        ids = [Box(str(number)) for number in steps.ids]
        processed = [Box(text) for text in steps.processed_tokens]
        if added:
            kept = set(steps.ids)
            processed = [
                Box(text, kind=BoxKind.TEXT if number in kept else BoxKind.SPECIAL)
                for text, number in zip(steps.processed_tokens, steps.processed, strict=True)
            ]
        boxes = {
            "normalisation": _words(steps.normalised),
            "pre_tokenisation": [Box(piece) for piece in steps.pre_tokens],
            "tokens": [Box(token) for token in steps.tokens],
            "ids": ids,
            "post_processing": processed,
            "decoding": _words(steps.decoded),
        }
        more = [Box("…", kind=BoxKind.PLAIN)] if is_cut else []
        for name, (how, flow) in self._rows.items():
            how.setText(visible_text(methods[name]))
            flow.show_boxes([*boxes[name], *more] if steps.text else [])

    def _added_words(self, added: int) -> str:
        return self.tr("One token is added.") if added == 1 else self.tr("%n tokens are added.", "", added)


def _words(text: str) -> list[Box]:
    return [Box(word, kind=BoxKind.PLAIN) for word in _WORD.findall(text)]
