"""The lesson beside a page: half a page of text with its sources, from `resources/lessons`."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from chatbot_app.core.paths import resources_dir
from chatbot_app.knowledge.places.anchoring import Span
from chatbot_app.ui.chat.link_dialog import offer_link
from chatbot_app.ui.knowledge.rendered_text import RenderedText


class LessonView(RenderedText):
    """Draws Markdown as the transcript does: nothing in it is fetched, and links show where they lead."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("lesson_view")
        self.setAccessibleName(self.tr("Lesson"))
        self._name = ""
        self.link_activated.connect(self._show_link)

    def show_lesson(self, name: str) -> None:
        """Show a lesson by the name of its file, from its beginning where it is another one."""
        if name != self._name:
            self._name = name
            path = resources_dir() / "lessons" / f"{name}.md"
            self.show_text(path.read_text("utf-8"), Span(0, 0))

    @Slot(str)
    def _show_link(self, address: str) -> None:
        offer_link(address, self.window())
