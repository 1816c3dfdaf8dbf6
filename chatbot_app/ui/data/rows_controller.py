"""The rows of the data set that is shown, between the store and who looks through them."""

from __future__ import annotations

from PySide6.QtCore import QLocale, QObject, Signal, Slot

from chatbot_app.chat.made_data.exporting import MadeReport, MadeWish, made_files, write_made_data
from chatbot_app.core.made_data import DataJob, MadeRow, RowLine
from chatbot_app.core.messages import Notice
from chatbot_app.ui.data.export_row import ExportRow
from chatbot_app.ui.data.review_pane import ReviewPane
from chatbot_app.workers.lab_services import LabServices, Progress


class RowsController(QObject):
    """Reads, decides, edits and writes, none of it on the thread that paints."""

    said = Signal(str)
    counted = Signal(object)  # DataJob, after something was decided

    def __init__(
        self, services: LabServices, review: ReviewPane, export_row: ExportRow, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._services = services
        self._house = services.house
        self._review = review
        self._export_row = export_row
        self._job: DataJob | None = None
        review.filter_changed.connect(self._read_all)
        review.row_wanted.connect(self._read_row)
        review.decided.connect(self._decide)
        review.edited.connect(self._edit)
        export_row.file_wanted.connect(self._write)

    def show_job(self, job: DataJob | None) -> None:
        """Look at the rows of this data set from now on."""
        self._job = job
        if job is not None:
            self._export_row.offer(job.wish.kind)
            self._read_all()

    def add_new(self) -> None:
        """Show rows that were made since."""
        self._read_lines(above=self._review.model.last_number)

    @Slot()
    def _read_all(self) -> None:
        self._read_lines()

    def _say_problem(self, notice: Notice) -> None:
        self.said.emit(notice.words)

    def _read_lines(self, above: int = 0) -> None:
        job = self._job
        if job is None:
            return
        state, words = self._review.state, self._review.words

        def show(lines: list[RowLine]) -> None:
            if self._job is None or self._job.id != job.id:
                return
            if above:
                self._review.model.append(lines)
            else:
                self._review.clear()
                self._review.model.set_lines(lines, job.wish.kind)

        self._services.run(
            lambda _: self._house.made_rows.lines(job.id, state, words, above),
            show,
            self._say_problem,
            topic="lines",
        )

    @Slot(int)
    def _read_row(self, number: int) -> None:
        def show(row: MadeRow | None) -> None:
            if row is not None and self._job is not None:
                self._review.show_row(row, self._job.wish.kind)

        self._services.run(lambda _: self._house.made_rows.row(number), show, self._say_problem, topic="row")

    @Slot(list, bool)
    def _decide(self, numbers: list[int], accepted: bool) -> None:
        # On the store's lane: there each of several is made, also one that waits behind the next.
        self._services.lanes.store.run(
            lambda: self._house.made_rows.decide(numbers, accepted),
            lambda _: self._count(),
            self._say_problem,
        )

    @Slot(int, str, str, str)
    def _edit(self, number: int, prompt: str, completion: str, rejected: str) -> None:
        job = self._job
        if job is None:
            return

        def edit() -> tuple[MadeRow | None, list[RowLine]]:
            self._house.made_rows.edit(number, prompt, completion, rejected)
            lines = self._house.made_rows.lines(job.id, above=number - 1)
            return self._house.made_rows.row(number), lines[:1]

        def show(found: tuple[MadeRow | None, list[RowLine]]) -> None:
            row, lines = found
            for line in lines:
                self._review.model.show_line(line)
            if row is not None and self._job is not None:
                self._review.show_row(row, self._job.wish.kind)
            self._count()

        self._services.lanes.store.run(edit, show, self._say_problem)

    def _count(self) -> None:
        job = self._job
        if job is None:
            return

        def show(known: DataJob | None) -> None:
            if known is not None:
                self.counted.emit(known)

        self._services.run(
            lambda _: self._house.data_jobs.job(job.id), show, self._say_problem, topic="count"
        )

    @Slot(object)
    def _write(self, wish: MadeWish) -> None:
        job = self._job
        if job is None:
            return
        there = [path.name for path in made_files(wish) if path != wish.path and path.exists()]
        if there:
            self.said.emit(
                self.tr("There already: {names}. Choose another name.").replace("{names}", ", ".join(there))
            )
            return

        def write(progress: Progress) -> MadeReport:
            *_, report = write_made_data(self._house.made_rows, job, wish, lambda: not progress.is_wanted())
            return report

        self.said.emit(self.tr("Writing…"))
        self._services.run(write, self._show_report, self._say_problem, topic="write")

    def _show_report(self, report: MadeReport) -> None:
        if not report.files:
            self.said.emit(self.tr("No row is taken: nothing was written."))
            return
        words = self.tr(
            "Written: {names}. Rows: {train} to train, {test} to test; {tokens} tokens, as OpenAI's models count."
        )
        locale = QLocale()
        words = words.replace("{names}", ", ".join(path.name for path in report.files))
        words = words.replace("{train}", locale.toString(report.rows["train"]))
        words = words.replace("{test}", locale.toString(report.rows["test"]))
        words = words.replace("{tokens}", locale.toString(report.tokens.total()))
        left = [f"{count} × {reason}" for reason, count in report.left_out.most_common()]
        self.said.emit(" ".join([words, *report.notes, *left]))
