"""Pictures on their way into the composer: chosen, pasted and dropped; and whether the model that answers sees them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QObject, QSize, Signal, Slot
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QFileDialog

from chatbot_app.core.generation import GenerationSettings
from chatbot_app.core.ids import new_id
from chatbot_app.core.messages import Notice
from chatbot_app.core.picture_errors import PictureUnusable
from chatbot_app.core.pictures import MOST_BYTES_OF_A_MESSAGE, MOST_OF_A_MESSAGE, Picture
from chatbot_app.core.sight import Sight
from chatbot_app.core.visible_text import visible_text
from chatbot_app.ui.chat.chat_controller import ChatController
from chatbot_app.ui.chat.chat_pane import ChatPane
from chatbot_app.ui.chat.picture_decoding import decoded
from chatbot_app.ui.picture_reading import (
    PICTURE_ENDINGS,
    THUMBNAIL,
    ReadPicture,
    is_picture_file,
    picture_of,
    read_picture_file,
)
from chatbot_app.ui.severity import Severity
from chatbot_app.workers.chat_worker import ChatWorker
from chatbot_app.workers.task_runner import TaskRunner

Read = Callable[[], ReadPicture]
_NAMED = 3  # files in a sentence


class KnowsSight(Protocol):
    """What is asked about models: `llm.gateway.Gateway`."""

    async def sight(self, settings: GenerationSettings) -> tuple[Sight, str, str]:
        """Return whether the model of a conversation sees pictures, its name, and a projector beside it; raises AppError."""


class AttachController(QObject):
    """Reads pictures on a lane, asks in the loop of the models, and says what comes of both in the composer."""

    documents_dropped = Signal(list)  # list[Path]: files that are no pictures of the message

    def __init__(
        self,
        pane: ChatPane,
        chat: ChatController,
        models: KnowsSight,
        worker: ChatWorker,
        runner: TaskRunner,
        parent: QObject | None = None,
    ) -> None:
        """Pictures are read in the thread of `runner`."""
        super().__init__(parent)
        self._pane = pane
        self._chat = chat
        self._models = models
        self._worker = worker
        self._runner = runner
        self._strip = pane.composer.pictures
        self._looked = 0  # only the newest answer about what is attached counts
        pane.composer.files_dropped.connect(self.take_files)
        pane.composer.picture_pasted.connect(self.take_image)
        pane.composer.attach_button.clicked.connect(self.choose)
        self._strip.thumbnail_wanted.connect(self._bring_thumbnail)
        self._strip.changed.connect(self._look)
        pane.composer.message_submitted.connect(self._look)  # what could not be asked before may be said now
        chat.prompt_changed.connect(self._look)
        chat.conversation_opened.connect(self._look)

    # --- where they come from ------------------------------------------------------------------------------

    @Slot()
    def choose(self) -> None:
        """Ask for files; the window goes on meanwhile."""
        dialog = QFileDialog(self._pane.window(), self.tr("Attach pictures"))
        dialog.setObjectName("attach_dialog")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        endings = " ".join(f"*{ending} *{ending.upper()}" for ending in PICTURE_ENDINGS)
        dialog.setNameFilters(
            [self.tr("Pictures ({endings})").format(endings=endings), self.tr("All files (*)")]
        )
        dialog.filesSelected.connect(self._take_chosen)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    @Slot(list)
    def _take_chosen(self, names: list[str]) -> None:
        self.attach([Path(name) for name in names])

    @Slot(object)
    def take_image(self, image: QImage) -> None:
        """Put a picture of the clipboard to the message."""
        taken = {item.picture.name for item in self._strip.items}
        number = next(n for n in range(1, len(taken) + 2) if self._pasted_name(n) not in taken)
        name = self._pasted_name(number)
        self._read([lambda: picture_of(name, image, new_id)])

    def _pasted_name(self, number: int) -> str:
        return "pasted.png" if number == 1 else f"pasted {number}.png"

    @Slot(list)
    def take_files(self, paths: list[Path]) -> None:
        """Take what was dropped: pictures go with the message where its model may see them, all else is a document."""
        pictures = [path for path in paths if is_picture_file(path)]
        others = [path for path in paths if path not in pictures]
        if others:
            self.documents_dropped.emit(others)
        if not pictures:
            return

        def decide(sight: Sight, model: str, _beside: str) -> None:
            if sight is not Sight.BLIND:
                self.attach(pictures)
                return
            names = ", ".join(visible_text(path.name) for path in pictures[:_NAMED])
            names += "…" if len(pictures) > _NAMED else ""
            self.documents_dropped.emit(pictures)
            words = self.tr(
                "{model} cannot see pictures: {names} will be read as documents, by the words on them (OCR)."
            ).format(model=model or self.tr("This model"), names=names)
            next_step = self.tr("To show them to a model, choose one that sees pictures and drop them again.")
            self._pane.notice_bar.show_notice(Notice("PicturesAreDocuments", words, next_step), Severity.INFO)

        self._ask(decide)

    def attach(self, paths: Sequence[Path]) -> None:
        """Put the pictures of files to the message."""
        self._read([partial(read_picture_file, path, new_id) for path in paths])

    def _read(self, reads: Sequence[Read]) -> None:
        key = self._chat.conversation_id

        def work() -> tuple[list[ReadPicture], list[PictureUnusable]]:
            found: list[ReadPicture] = []
            refused: list[PictureUnusable] = []
            for read in reads[: MOST_OF_A_MESSAGE + 1]:
                try:
                    found.append(read())
                except PictureUnusable as error:
                    refused.append(error)
            return found, refused

        def show(result: tuple[list[ReadPicture], list[PictureUnusable]]) -> None:
            found, refused = result
            if refused:
                summaries = " ".join(error.summary for error in refused[:_NAMED])
                more = len(refused) - _NAMED
                if more > 0:
                    summaries += " " + self.tr("%n more cannot be used either.", "", more)
                self._pane.notice_bar.show_notice(
                    Notice(PictureUnusable.__name__, summaries, refused[0].next_step), Severity.WARNING
                )
            if found and key == self._chat.conversation_id:
                self._add(found)

        self._runner.run(work, show, self._pane.notice_bar.show_notice)

    def _add(self, found: Sequence[ReadPicture]) -> None:
        pictures = [*self._strip.pictures(), *(one.picture for one in found)]
        weight, kept = 0, []
        for picture in pictures[:MOST_OF_A_MESSAGE]:
            weight += len(picture.data)
            if weight <= MOST_BYTES_OF_A_MESSAGE:
                kept.append(picture)
        self._strip.set_pictures(kept, {one.picture.id: one.thumbnail for one in found})
        self._pane.composer.focus_text()
        if len(kept) < len(pictures):
            megabytes = MOST_BYTES_OF_A_MESSAGE // 2**20
            words = self.tr("At most {count} pictures and {size} MB go with one message.")
            self._pane.composer.show_hint(words.format(count=MOST_OF_A_MESSAGE, size=megabytes))

    @Slot(object)
    def _bring_thumbnail(self, picture: Picture) -> None:
        def show(image: QImage) -> None:
            self._strip.set_thumbnail(picture.id, image)

        self._runner.run(lambda: decoded(picture.data, QSize(THUMBNAIL, THUMBNAIL)), show, lambda _: None)

    # --- who sees them -------------------------------------------------------------------------------------

    @Slot()
    def _look(self) -> None:
        """Say what is known of the model and the pictures of the message."""
        self._looked += 1
        number = self._looked
        if not self._strip.items:
            return

        def tell(sight: Sight, model: str, beside: str) -> None:
            if number != self._looked:
                return
            name = model or self.tr("This model")
            if sight is Sight.BLIND:
                words = self.tr("{model} cannot see pictures. Choose a model that can, or remove them.")
                if beside:
                    words = self.tr(
                        "{model} cannot see pictures yet: set {file}, which lies beside it, as its projector (Tools, Models)."
                    )
                self._strip.show_note(words.format(model=name, file=beside), is_warning=True)
            elif sight is Sight.UNKNOWN:
                words = self.tr(
                    "Nobody says whether {model} sees pictures: they are sent, and it may refuse."
                )
                self._strip.show_note(words.format(model=name))
            else:
                self._strip.show_note("")

        self._ask(tell)

    def _ask(self, then: Callable[[Sight, str, str], None]) -> None:
        settings = self._chat.settings

        def show(found: tuple[Sight, str, str]) -> None:
            then(*found)

        def unknown(_: Notice) -> None:  # it cannot be asked now; the answer will say why
            then(Sight.UNKNOWN, settings.model or "", "")

        self._worker.call(lambda: self._models.sight(settings), show, unknown)
