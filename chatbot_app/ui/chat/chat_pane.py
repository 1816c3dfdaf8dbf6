"""The middle of the window: what was said, what is being written, and what must be told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from chatbot_app.ui.chat.composer import SIDE_EM, Composer
from chatbot_app.ui.chat.look import SIDE, TEXT_WIDTH, look_of
from chatbot_app.ui.chat.title_label import TitleLabel
from chatbot_app.ui.chat.typing_redirect import TypingRedirect
from chatbot_app.ui.icons import IconButton
from chatbot_app.ui.notice_bar import NoticeBar
from chatbot_app.ui.theme import em

if TYPE_CHECKING:
    from chatbot_app.ui.characters.character_button import CharacterButton
    from chatbot_app.ui.chat.model_note import ModelNote
    from chatbot_app.ui.chat.transcript import Transcript
    from chatbot_app.ui.context.gauge import ContextGauge
    from chatbot_app.ui.models.model_button import ModelButton


class ChatPane(QWidget):
    """Title, notices, transcript and composer, one above the other."""

    transcript: Transcript
    gauge: ContextGauge
    model_note: ModelNote
    character_button: CharacterButton
    model_button: ModelButton  # in the header
    composer_model: ModelButton

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("chat_pane")
        self.title_label = TitleLabel(self)
        self.list_button = IconButton(
            "panel-left", self.tr("Show or hide the conversations"), "toggle_list_button", self
        )
        self.panels_button = IconButton(
            "panel-right", self.tr("Show or hide the panels"), "toggle_panels_button", self
        )
        self.notice_bar = NoticeBar(self)
        self._place = QWidget(self)  # of the transcript, until its code is loaded
        self.composer = Composer(self)
        self._build()

    def _build(self) -> None:
        header = self._header = QHBoxLayout()
        margin = em(self, 0.6)
        header.setContentsMargins(margin, margin, margin, margin // 2)
        header.setSpacing(margin)
        header.addWidget(self.list_button)
        header.addWidget(self.title_label, 1)
        header.addWidget(self.panels_button)
        self._footer = QHBoxLayout()
        self._footer.addWidget(self.composer)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(header)
        layout.addWidget(self.notice_bar)
        layout.addWidget(self._place, 1)
        layout.addLayout(self._footer)
        self.fit_to_font()

    def fit_to_font(self) -> None:
        """Take the sizes that go with the font."""
        # The panels beside it keep their width when the window shrinks: this one must not end as a strip.
        self.setMinimumWidth(em(self, 19))
        self._place_composer()

    def add_transcript(self) -> None:
        """Put the transcript into its place; its code is the largest part of the window's."""
        from chatbot_app.ui.chat.transcript import Transcript

        self.transcript = Transcript(self)
        self._redirect = TypingRedirect(self.composer, self)
        self.transcript.user_actions.typed.connect(self._redirect.take_text)
        self.transcript.user_actions.composed.connect(self._redirect.take_composition)
        layout = self.layout()
        assert layout is not None
        layout.replaceWidget(self._place, self.transcript)
        self._place.deleteLater()
        self.setTabOrder(self.transcript, self.composer)

    def add_find_bar(self, bar: QWidget) -> None:
        """Put a bar above the transcript."""
        layout = self.layout()
        assert isinstance(layout, QVBoxLayout)
        layout.insertWidget(layout.indexOf(self.transcript), bar)

    def add_gauge(self) -> None:
        """Put the context gauge under the text of the composer; until then nothing could be shown in it."""
        from chatbot_app.ui.context.gauge import ContextGauge

        self.gauge = ContextGauge(self)
        self.composer.add_accessory(self.gauge)

    def add_model_note(self) -> None:
        """Put character and model beside the title, with a note on a small one, and the model into the composer."""
        from chatbot_app.ui.characters.character_button import CharacterButton
        from chatbot_app.ui.chat.model_note import ModelNote
        from chatbot_app.ui.models.model_button import ModelButton

        self.model_button = ModelButton("model_button", self, widest=15)
        self.composer_model = ModelButton("composer_model_button", self, widest=11)
        self.model_note = ModelNote(self)
        self.character_button = CharacterButton("character_button", self, widest=12, hides=True)
        for part in (self.character_button, self.model_button, self.model_note):
            part.fit(self.width())
            self._header.insertWidget(self._header.indexOf(self.panels_button), part)
        self.composer.add_accessory(self.composer_model)

    def show_title(self, title: str) -> None:
        """Show the conversation's title, literally and on one line."""
        self.title_label.show_title(title)

    def _place_composer(self) -> None:
        # The edges of what is written stand below the edges of what was said.
        look = look_of(self)
        edge = max(look.px(SIDE), (self.width() - look.px(TEXT_WIDTH)) // 2)
        side = max(edge - em(self, SIDE_EM), 0)
        self._footer.setContentsMargins(side, em(self, 0.3), side, em(self, 0.8))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if hasattr(self, "model_note"):
            self.model_note.fit(self.width())
            self.model_button.fit(self.width())
            self.character_button.fit(self.width())
        self._place_composer()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._place_composer()
