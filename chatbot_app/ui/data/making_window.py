"""Data sets that a model makes of documents: begun, paused, gone on with, looked through and exported."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QProgressBar, QStackedWidget, QVBoxLayout, QWidget

from chatbot_app.chat.made_data.making import MakingProgressed, MakingTold, MakingWaits
from chatbot_app.core.documents import Collection
from chatbot_app.core.generation import GenerationSettings
from chatbot_app.core.made_data import DataJob, DataWish
from chatbot_app.core.messages import Notice
from chatbot_app.core.visible_text import visible_text
from chatbot_app.ui.combo_box import ComboBox
from chatbot_app.ui.data.export_row import ExportRow
from chatbot_app.ui.data.job_form import JobForm
from chatbot_app.ui.data.job_words import name_of, progress_of
from chatbot_app.ui.data.review_pane import ReviewPane
from chatbot_app.ui.data.rows_controller import RowsController
from chatbot_app.ui.data.small_model_note import SmallModelNote
from chatbot_app.ui.dialog_parts import dialog_button, plain_label, question_box
from chatbot_app.ui.shared_keys import SharedKeys
from chatbot_app.ui.theme import em, set_look
from chatbot_app.workers.lab_services import LabServices, Progress
from chatbot_app.workers.model_stream import ModelStream


class MakingWindow(QWidget):
    """A window of its own; a data set that is being made goes on when it is closed."""

    models_wanted = Signal()

    def __init__(self, services: LabServices, parent: QMainWindow) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setObjectName("making_window")
        self.setWindowTitle(self.tr("Make from documents"))
        self.setAccessibleName(self.tr("Make from documents"))
        self._services = services
        self._house = services.house
        self._jobs: dict[str, DataJob] = {}
        self._running = ""  # id of the job that is being made
        self._stream = ModelStream(services.lanes.models, self)
        self._choice = ComboBox(self)
        self._choice.setObjectName("making_job")
        self._choice.setAccessibleName(self.tr("Data set"))
        self._go = dialog_button(self, "making_go", self.tr("Go on"))
        self._again = dialog_button(self, "making_again", self.tr("Try the others again"))
        self._delete = dialog_button(self, "making_delete", self.tr("Delete…"))
        self._bar = QProgressBar(self)
        self._bar.setObjectName("making_progress")
        self._bar.setTextVisible(False)
        self._bar.setFixedHeight(em(self, 0.5))
        self._said = plain_label(self, "making_said", shrinks=True)
        self._problem = plain_label(self, "making_problem", shrinks=True)
        set_look(self._problem, "notice-warning")
        self._small = SmallModelNote(self)
        self.form = JobForm(services, self)
        self.review = ReviewPane(self)
        self.export_row = ExportRow(self)
        self._rows = RowsController(services, self.review, self.export_row, self)
        self._pages = QStackedWidget(self)
        self._build()
        self._connect(parent)

    def _build(self) -> None:
        head = QHBoxLayout()
        head.addWidget(self._choice, 1)
        for button in (self._go, self._again, self._delete):
            head.addWidget(button)
        page = QWidget(self)
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(em(self, 0.5))
        column.addWidget(self._bar)
        column.addWidget(self.review, 1)
        column.addWidget(self.export_row)
        self._pages.addWidget(self.form)
        self._pages.addWidget(page)
        whole = QVBoxLayout(self)
        margin = em(self, 0.9)
        whole.setContentsMargins(margin, margin, margin, margin)
        whole.setSpacing(em(self, 0.5))
        whole.addLayout(head)
        whole.addWidget(self._said)
        whole.addWidget(self._problem)
        whole.addWidget(self._small)
        whole.addWidget(self._pages, 1)
        room = self.screen().availableGeometry().size()
        self.resize(min(em(self, 58), room.width()), min(em(self, 44), room.height()))

    def _connect(self, main: QMainWindow) -> None:
        SharedKeys(main, self)
        self._choice.currentIndexChanged.connect(self._show_chosen)
        self._go.clicked.connect(self._start_or_pause)
        self._again.clicked.connect(self._try_again)
        self._delete.clicked.connect(self._ask_to_delete)
        self._small.models_wanted.connect(self.models_wanted)
        self.form.choice.changed.connect(self._look_at_model)
        self.form.wanted.connect(self._begin)
        self._rows.said.connect(self._say)
        self._rows.counted.connect(self._recount)
        self._stream.told.connect(self._hear)
        self._stream.failed.connect(self._say_problem)
        self._stream.ended.connect(self._end)

    # --- what is shown ---------------------------------------------------------------------------------

    @property
    def job(self) -> DataJob | None:
        """The data set that is shown, None where a new one is described."""
        return self._jobs.get(str(self._choice.currentData() or ""))

    def come_forward(self) -> None:
        """Show the window in front of the others, with what is there now."""
        self._problem.hide()
        self.form.choice.refresh()
        self._read_jobs()
        self.show()
        self.raise_()
        self.activateWindow()

    def shutdown(self) -> None:
        """End what is made; it goes on another time."""
        self.hide()
        self._stream.forget()
        self._services.shutdown()

    def _read_jobs(self, then: str = "") -> None:
        def read(_progress: Progress) -> tuple[list[DataJob], list[Collection]]:
            self._house.data_jobs.remove_leftovers()
            return self._house.data_jobs.jobs(), self._house.library.documents.collections()

        self._services.run(read, partial(self._show_jobs, then), self._say_problem, topic="jobs")

    def _show_jobs(self, wanted: str, found: tuple[Sequence[DataJob], Sequence[Collection]]) -> None:
        jobs, collections = found
        before = wanted or str(self._choice.currentData() or self._running)
        self._jobs = {job.id: job for job in jobs}
        self.form.offer(collections)
        with QSignalBlocker(self._choice):
            self._choice.clear()
            self._choice.addItem(self.tr("New data set"), "")
            for job in jobs:
                self._choice.addItem(name_of(job), job.id)
            self._choice.setCurrentIndex(max(self._choice.findData(before), 0))
        self._show_chosen()

    @Slot()
    def _show_chosen(self) -> None:
        job = self.job
        self._pages.setCurrentIndex(0 if job is None else 1)
        if job is None:
            self._look_at_model()
        elif job.id != self._running:
            self._small.hide()
        self._rows.show_job(job)
        self._show_state()

    @Slot()
    def _look_at_model(self) -> None:
        choice = self.form.choice
        settings = GenerationSettings(server_id=choice.server_id, model=choice.model)

        def show(is_small: bool) -> None:
            self._small.setVisible(is_small and self.job is None)

        self._services.run(
            lambda _: self._house.gateway.is_small(settings), show, self._say_problem, topic="small"
        )

    def _show_state(self, seconds_left: float | None = None) -> None:
        job = self.job
        is_running = job is not None and job.id == self._running
        for button in (self._go, self._again, self._delete):
            button.setVisible(job is not None)
        self._said.setVisible(job is not None)
        if job is None:
            return
        self._go.setText(self.tr("Pause") if is_running else self.tr("Go on"))
        self._go.setEnabled(is_running or (not job.is_done and not self._running))
        self._again.setEnabled(not is_running and job.failed > 0)
        self._delete.setEnabled(not is_running)
        self._bar.setRange(0, max(job.passages, 1))
        self._bar.setValue(job.passages - job.waiting)
        self._said.setText(progress_of(job, seconds_left if is_running else None))

    @Slot(object)
    def _say_problem(self, notice: Notice) -> None:
        self._say(notice.words)

    @Slot(str)
    def _say(self, words: str) -> None:
        self._problem.setText(visible_text(words))
        self._problem.setVisible(bool(words))

    @Slot(object)
    def _recount(self, job: DataJob) -> None:
        self._jobs[job.id] = job
        self._show_state()

    # --- making ----------------------------------------------------------------------------------------

    @Slot(object)
    def _begin(self, wish: DataWish) -> None:
        self._say("")

        def show(job: DataJob | None) -> None:
            if job is None:
                self._say(self.tr("There is no passage that is long enough. Import documents first."))
                return
            self._jobs[job.id] = job
            self._read_jobs(job.id)
            self._make(job.id)

        if self._running:
            self._say(self.tr("Another data set is being made. Pause it first."))
            return
        self._services.run(
            lambda _: self._house.data_jobs.begin(wish), show, self._say_problem, topic="begin"
        )

    def _make(self, job_id: str) -> None:
        self._say("")
        self._running = job_id
        self._stream.start(partial(self._house.data_making.run, job_id))
        self._show_state()

    @Slot()
    def _start_or_pause(self) -> None:
        job = self.job
        if job is not None and job.id == self._running:
            self._stream.stop()
        elif job is not None and not self._running:
            self._make(job.id)

    @Slot()
    def _try_again(self) -> None:
        job = self.job
        if job is not None and not self._running:
            self._services.run(
                lambda _: self._house.data_jobs.retry_failed(job.id),
                lambda _: self._make(job.id),
                self._say_problem,
                topic="again",
            )

    @Slot(object)
    def _hear(self, event: object) -> None:
        if isinstance(event, MakingProgressed):
            self._jobs[event.job.id] = event.job
            if self.job is not None and self.job.id == event.job.id:
                self._small.setVisible(event.is_small)
                self._show_state(event.seconds_left)
                if event.rows:
                    self._rows.add_new()
        elif isinstance(event, MakingWaits):
            self._say(f"{event.notice.summary} " + self.tr("Again in %n s.", "", round(event.seconds)))
        elif isinstance(event, MakingTold):
            self._say(event.notice.summary)

    @Slot()
    def _end(self) -> None:
        self._running = ""
        self._read_jobs()

    @Slot()
    def _ask_to_delete(self) -> None:
        job = self.job
        if job is None:
            return
        box, confirm = question_box(
            self,
            "making_delete_box",
            self.tr("Delete this data set with its rows?"),
            self.tr("Delete"),
            "making_delete_confirm",
            more=self.tr("Files that you exported stay."),
        )
        confirm.clicked.connect(lambda: self._delete_job(job.id))
        box.open()

    def _delete_job(self, job_id: str) -> None:
        self._services.run(
            lambda _: self._house.data_jobs.remove(job_id),
            lambda _: self._read_jobs(),
            self._say_problem,
            topic="delete",
        )

    # --- Qt ------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Close) or event.key() == Qt.Key.Key_Escape:
            self.close()
            return
        super().keyPressEvent(event)
