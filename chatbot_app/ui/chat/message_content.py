"""What a message shows: its words, and everything that comes with them or before them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from chatbot_app.core.messages import Message, MessageStatus, Role
from chatbot_app.core.pictures import pictures_of
from chatbot_app.core.trust import AnswerMode, Check, Quotes
from chatbot_app.ui.chat.answer_notes import AnswerNotes, Beside
from chatbot_app.ui.chat.drawing import Drawing
from chatbot_app.ui.chat.message_arriving import MessageArriving
from chatbot_app.ui.chat.message_banner import BannerText, MessageBanner, banners_of
from chatbot_app.ui.chat.message_body import MessageBody
from chatbot_app.ui.chat.model_check_line import Checking, named
from chatbot_app.ui.chat.pictures_view import PicturesView
from chatbot_app.ui.chat.sources_view import SourcesView
from chatbot_app.ui.chat.transcript_actions import TranscriptActions


class MessageContent(QObject):
    """Makes the parts of a message in `owner`, which places them, and keeps them true to its state."""

    height_changed = Signal()
    state_changed = Signal()  # the message is in another state, or a check of it is offered otherwise
    place_wanted = Signal(int)  # a height in the body that should come into view

    def __init__(
        self,
        drawing: Drawing,
        actions: TranscriptActions,
        message: Message,
        clock: Callable[[], float],
        owner: QWidget,
    ) -> None:
        super().__init__(owner)
        self._drawing = drawing
        self._actions = actions
        self._owner = owner
        self._beside = Beside()
        self._checker: str | None = None  # the model that could check, "" where its name is not known
        self._sources_of: object = None  # the metadata that is shown
        self._is_edited = False
        self.message = message  # as it was last given; while it streams, `text` knows more
        self.arriving = MessageArriving(drawing, actions, clock, owner, self.height_changed)
        self.notes = AnswerNotes(actions, owner)
        self.sources: SourcesView | None = None
        self.banners: list[MessageBanner] = []
        self.pictures: PicturesView | None = None
        self.body = self._make_body()
        self.body.append(message.text)
        if message.reasoning:
            self.append_reasoning(message.reasoning)
        self.notes.height_changed.connect(self.height_changed)
        self.notes.statement_requested.connect(self.go_to_statement)
        self._show_state()

    # --- looking -----------------------------------------------------------------------------------------

    @property
    def text(self) -> str:
        """The original Markdown, with what has streamed in."""
        return self.body.original

    @property
    def reasoning(self) -> str:
        """The thoughts before the answer, with what has streamed in."""
        return self.arriving.reasoning

    @property
    def is_streaming(self) -> bool:
        """Whether more text is to come."""
        return self.arriving.line is not None

    @property
    def shows_words(self) -> bool:
        """Whether the body is seen: nothing else takes its place."""
        return not self.notes.hides_words and not self._is_edited

    def below(self) -> list[PicturesView | MessageBanner]:
        """Return what stands below words and sources, from the top."""
        return [*([self.pictures] if self.pictures is not None else []), *self.banners]

    def check_words(self) -> str:
        """Return how a check by a model is offered, "" where none is."""
        is_ended = self.message.status is not MessageStatus.STREAMING and not self.is_streaming
        if self._checker is None or not is_ended or not self.message.metadata.get("checks"):
            return ""
        words = self.tr("Check with {model}: each statement is sent to it with its sources")
        return words.format(model=named(self._checker))

    @property
    def is_checked_now(self) -> bool:
        """Whether a model is checking it."""
        return self._beside.checking is not None

    # --- while it arrives --------------------------------------------------------------------------------

    def begin(self) -> None:
        """Text will be appended until `set_message` brings another state."""
        if not self.is_streaming:
            self.arriving.begin(has_text=not self.body.is_empty)
            self._name_thoughts()
            self.height_changed.emit()

    def append_text(self, text: str, tokens: int = 1) -> None:
        """Take more of the answer."""
        is_first = bool(text) and self.body.is_empty
        self.body.append(text)
        if is_first and self._beside.live:
            self._show_notes()
        if text and self.is_streaming:
            self.arriving.count(tokens)
            self._name_thoughts()

    def append_reasoning(self, text: str) -> None:
        """Take more of the thoughts before the answer; nothing is shown for none."""
        self.arriving.think(text)
        self._name_thoughts()

    def set_quotes(self, quotes: Quotes, mode: AnswerMode | None) -> None:
        """Show what the documents say while the model is still thinking.

        `mode` None: by model. Quotes that are the answer, and a refusal, leave no room for words.
        """
        by_model = mode is None and self._beside.is_small
        self._beside = replace(
            self._beside,
            live=() if quotes.refused else quotes.quotes,
            is_certain=quotes.certain,
            is_without_words=quotes.refused or mode is AnswerMode.QUOTES or by_model,
        )
        self._show_notes()

    def _name_thoughts(self) -> None:
        timings = self.message.timings
        measured = timings.reasoning_seconds if timings is not None else None
        self.arriving.name_thoughts(measured, has_text=not self.body.is_empty)

    # --- its state ---------------------------------------------------------------------------------------

    def set_message(self, message: Message) -> None:
        """Show another state of the message; its text is drawn again only where it differs."""
        text, thoughts = self.text, self.reasoning
        if message.text.startswith(text):
            self.body.append(message.text[len(text) :])
        else:
            self._replace_text(message.text)
        if message.reasoning.startswith(thoughts) and message.reasoning != thoughts:
            self.append_reasoning(message.reasoning[len(thoughts) :])
        self.message = message
        if message.status is not MessageStatus.STREAMING:
            self.arriving.end()
            self._name_thoughts()
        self._show_state()
        self.height_changed.emit()

    def set_small(self, is_small: bool) -> None:
        """Say of the model that answers that it is small."""
        if is_small != self._beside.is_small:
            self._beside = replace(self._beside, is_small=is_small)
            self._show_notes()

    def set_checker(self, model: str | None) -> None:
        """Offer a check by the model of a name; None: none that is connected can be trusted with it."""
        if model != self._checker:
            self._checker = model
            self.state_changed.emit()
            self.height_changed.emit()

    def set_checking(self, checking: Checking | None) -> None:
        """Say how far a model is with checking; None: it is not."""
        self._beside = replace(self._beside, checking=checking)
        self._show_notes()
        self.state_changed.emit()
        self.height_changed.emit()

    def set_edited(self, is_edited: bool) -> None:
        """Make room for an editor in the place of the words, or show them again."""
        self._is_edited = is_edited
        self.body.setVisible(self.shows_words)

    def take_over(self, other: MessageContent) -> None:
        """Go on where another content of the same message was: what was read or opened there is kept."""
        self.body.take_over(other.body)
        self._beside, self._checker = other._beside, other._checker
        self._show_notes()
        self.notes.take_over(other.notes)
        if other.is_streaming:
            self.begin()
        self.arriving.take_over(other.arriving)
        self._name_thoughts()
        self.state_changed.emit()

    def _show_state(self) -> None:
        message = self.message
        is_over = message.status is not MessageStatus.STREAMING
        if is_over:
            self.body.finish()
            self.arriving.finish()
        wanted = banners_of(message)
        if wanted != [banner.text for banner in self.banners]:
            self._show_banners(wanted)
        self._show_notes()
        self._show_sources(is_over and message.role is Role.ASSISTANT)
        self._show_pictures()
        self.state_changed.emit()

    # --- its parts ---------------------------------------------------------------------------------------

    def _make_body(self) -> MessageBody:
        is_literal = self.message.role is not Role.ASSISTANT
        body = MessageBody(self._drawing, self._owner, literal=is_literal)
        body.height_changed.connect(self.height_changed)
        body.link_activated.connect(self._actions.link_activated)
        body.source_activated.connect(self._open_source)
        body.place_wanted.connect(self.place_wanted)
        return body

    def _replace_text(self, text: str) -> None:
        old = self.body
        self.body = self._make_body()
        self.body.append(text)
        self.body.show()
        old.hide()
        old.deleteLater()

    def _show_notes(self) -> None:
        message = self.message
        if self.is_streaming:
            message = replace(message, status=MessageStatus.STREAMING)
        has_words = bool(self.text.strip())
        if self.notes.show(self._drawing.look, message, self._beside, has_words=has_words):
            self.body.setVisible(self.shows_words)
            self.body.set_statements(self.notes.marks)
            self.height_changed.emit()

    def _show_sources(self, finished: bool) -> None:
        metadata = self.message.metadata
        wanted = finished and not self.notes.hides_words and SourcesView.has_anything(metadata)
        if not wanted or metadata != self._sources_of:
            if self.sources is not None:
                self.sources.hide()
                self.sources.deleteLater()
                self.sources = None
            self._sources_of = metadata if wanted else None
            if wanted:
                look, name = self._drawing.look, self.message.id
                self.sources = SourcesView(look, self._actions, name, metadata, self._owner)
                self.sources.show()
        self.body.set_markers(self.sources.markers if self.sources is not None else {})

    def _show_pictures(self) -> None:
        wanted = pictures_of(self.message.metadata)
        if wanted == (self.pictures.pictures if self.pictures is not None else ()):
            return
        if self.pictures is not None:
            self.pictures.hide()
            self.pictures.deleteLater()
            self.pictures = None
        if wanted:
            self.pictures = PicturesView(self._drawing, self._actions, self.message, wanted, self._owner)
            self.pictures.show()

    def _show_banners(self, wanted: list[BannerText]) -> None:
        for banner in self.banners:
            banner.hide()
            banner.deleteLater()
        self.banners = []
        for text in wanted:
            look, name = self._drawing.look, self.message.id
            banner = MessageBanner(look, self._actions, name, text, self._owner)
            banner.show()
            self.banners.append(banner)

    @Slot(int)
    def go_to_statement(self, check: int) -> None:
        """Bring a checked sentence into sight and mark it."""
        self.body.go_to_statement(check)

    @Slot(int, object)
    def _open_source(self, number: int, check: Check | None) -> None:
        if self.sources is not None:
            self.sources.activate(number, check)
