"""Pictures of messages: from the store into the transcript, into a window of their own, and into files."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, QSize, Slot
from PySide6.QtGui import QImage

from chatbot_app.core.pictures import HEAD_BYTES, facts_of
from chatbot_app.storage.message_pictures import PictureStore
from chatbot_app.ui.chat.chat_pane import ChatPane
from chatbot_app.ui.chat.picture_decoding import decoded
from chatbot_app.ui.chat.picture_shelf import Wanted
from chatbot_app.workers.task_runner import TaskRunner

_ENDINGS = {"image/png": ".png", "image/jpeg": ".jpg", "image/gif": ".gif", "image/webp": ".webp"}


class PicturesController(QObject):
    """Reads and unpacks in the thread of `runner`."""

    def __init__(
        self, pane: ChatPane, store: PictureStore, runner: TaskRunner, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._pane = pane
        self._store = store
        self._runner = runner
        pane.transcript.drawing.pictures.wanted.connect(self._bring)
        pane.transcript.user_actions.picture_chosen.connect(self.open)

    @Slot(object)
    def _bring(self, wanted: Wanted) -> None:
        shelf = self._pane.transcript.drawing.pictures

        def work() -> QImage:
            return decoded(self._store.picture(wanted.message_id, wanted.ordinal), wanted.size)

        def show(image: QImage) -> None:
            shelf.put(wanted.message_id, wanted.ordinal, image)

        self._runner.run(work, show, lambda _notice: show(QImage()))

    @Slot(str, int, str)
    def open(self, message_id: str, ordinal: int, name: str) -> None:
        """Show a picture at its full size."""

        def work() -> tuple[QImage, bytes]:
            data = self._store.picture(message_id, ordinal)
            return decoded(data, QSize()), data or b""

        def show(found: tuple[QImage, bytes]) -> None:
            from chatbot_app.ui.chat.picture_window import PictureWindow

            image, data = found
            window = PictureWindow(name, image, file_name_of(name, data), self._pane.window())
            window.save_requested.connect(lambda path: self._save(path, data))
            window.show()

        self._runner.run(work, show, self._pane.notice_bar.show_notice)

    def _save(self, path: str, data: bytes) -> None:
        def work() -> None:
            from chatbot_app.chat.transfer.export_files import taking_place_of

            with taking_place_of(Path(path)) as partial:
                partial.write_bytes(data)

        self._runner.run(work, None, self._pane.notice_bar.show_notice)


def file_name_of(name: str, data: bytes) -> str:
    """Return the name of a file for a picture, with the ending of what it is; "" where it is none."""
    facts = facts_of(data[:HEAD_BYTES])
    if facts is None:
        return ""
    stem = "".join(
        sign for sign in Path(name.replace("\\", "/")).stem if sign.isprintable() and sign not in ':*?"<>|'
    )
    return (stem.strip(". ")[:100] or "picture") + _ENDINGS[facts.media_type]
