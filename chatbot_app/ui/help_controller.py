"""The About dialog and the diagnostics: read in a thread of their own, shown and copied here."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QGuiApplication

from chatbot_app.core.messages import Notice
from chatbot_app.ui.about_dialog import AboutDialog
from chatbot_app.ui.main_window import MainWindow
from chatbot_app.ui.severity import Severity
from chatbot_app.workers.task_runner import TaskRunner

Diagnose = Callable[[Sequence[tuple[str, str]]], str]
Done = Callable[[bool], None]


class HelpController(QObject):
    """Carries out what stands in the Help menu."""

    def __init__(
        self,
        window: MainWindow,
        diagnose: Diagnose,
        read_licences: Callable[[], tuple[str, str]],
        create_runner: Callable[[], TaskRunner],
        parent: QObject | None = None,
    ) -> None:
        """`diagnose(facts of the window)` and `read_licences()` run in the runner, made when it is first needed."""
        super().__init__(parent)
        self._window = window
        self._diagnose = diagnose
        self._read_licences = read_licences
        self._create_runner = create_runner
        self._runner: TaskRunner | None = None
        self._dialog: AboutDialog | None = None
        window.about_requested.connect(self.open_about)
        window.diagnostics_requested.connect(self.copy_diagnostics)

    @Slot()
    def open_about(self) -> None:
        """Open the About dialog, or bring it to the front; what it shows is read anew."""
        if self._dialog is None:
            self._dialog = AboutDialog(self._window)
            self._dialog.copy_requested.connect(self._copy_shown)
        dialog = self._dialog
        runner = self._ready_runner()
        runner.run(
            self._read_licences,
            lambda texts: dialog.show_licences(*texts),
            lambda notice: dialog.show_problem(notice.summary),
        )
        self._read_diagnostics(dialog.show_diagnostics, lambda notice: dialog.show_problem(notice.summary))
        dialog.show()
        dialog.raise_()
        dialog.activateWindow()

    @Slot()
    def _copy_shown(self) -> None:
        dialog = self._dialog
        if dialog is not None:
            self.copy_for(lambda is_copied: dialog.show_copied() if is_copied else None)

    @Slot()
    def copy_diagnostics(self) -> None:
        """Put the diagnostics onto the clipboard, and say so in a notice."""
        self.copy_for()

    def copy_for(self, done: Done | None = None) -> None:
        """Put the diagnostics onto the clipboard; `done(worked)` says so, else a notice does."""

        def copy(text: str) -> None:
            QGuiApplication.clipboard().setText(text)
            if done is not None:
                done(True)
                return
            notice = Notice(
                "DiagnosticsCopied",
                self.tr("The diagnostics are on the clipboard."),
                self.tr(
                    "They hold versions, counts and the newest lines of the log, nothing that you wrote."
                ),
            )
            self._window.chat_pane.notice_bar.show_notice(notice, Severity.INFO)

        def explain(notice: Notice) -> None:
            self._window.chat_pane.notice_bar.show_notice(notice)
            if done is not None:
                done(False)

        self._read_diagnostics(copy, explain)

    def shutdown(self) -> None:
        """End the thread, if there is one."""
        if self._runner is not None:
            self._runner.shutdown()

    def _read_diagnostics(self, show: Callable[[str], None], explain: Callable[[Notice], None]) -> None:
        facts = self._facts()
        self._ready_runner().run(lambda: self._diagnose(facts), show, explain)

    def _ready_runner(self) -> TaskRunner:
        if self._runner is None:
            self._runner = self._create_runner()
        return self._runner

    def _facts(self) -> list[tuple[str, str]]:
        """Return what only the GUI thread may ask of Qt."""
        screen = self._window.screen().geometry()
        return [
            ("window system", QGuiApplication.platformName()),
            ("screen", f"{screen.width()} x {screen.height()}, scale {self._window.devicePixelRatioF():g}"),
            ("window", f"{self._window.width()} x {self._window.height()}"),
            ("screens", str(len(QGuiApplication.screens()))),
            ("dark", "yes" if self._window.palette().window().color().lightness() < 128 else "no"),
        ]
