"""What a window shows beside the composer, built after its first paint, a step of some milliseconds at a time."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtWidgets import QApplication

from chatbot_app.ui.icons import application_icon
from chatbot_app.ui.main_window import MainWindow


def fill_window(qt_application: QApplication, window: MainWindow) -> Iterator[str]:
    """Build the parts from the left to the right, as they are read; yields the name of each step."""
    # Where no menu entry of ours is installed, the window system has no other way to it.
    qt_application.setWindowIcon(application_icon())
    yield "icon"
    window.fill_menus()
    window.add_conversation_list()
    yield "list"
    window.chat_pane.add_gauge()
    window.chat_pane.add_model_note()
    yield "gauge"
    import markdown_it  # noqa: F401  # the slow parts of what follows, one at a time

    yield "markdown"
    from chatbot_app.ui.chat import block_views  # noqa: F401  # as above

    yield "blocks"
    from chatbot_app.ui.chat import transcript  # noqa: F401  # as above

    yield "transcript code"
    window.chat_pane.add_transcript()
    yield "transcript"
    window.add_settings_panel()
    yield "settings panel"
    window.add_knowledge_panel()
    yield "knowledge panel"
