"""What is said of a data set."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QLocale

from chatbot_app.core.made_data import DataJob, DataKind
from chatbot_app.core.visible_text import visible_text


def _tr(text: str, count: int = -1) -> str:
    return QCoreApplication.translate("DataSets", text, "", count)


def name_of(job: DataJob) -> str:
    """Return kind, documents and moment of a data set."""
    kinds = {
        DataKind.BACKTRANSLATION: _tr("Instructions"),
        DataKind.QUESTIONS: _tr("Questions and answers"),
        DataKind.FEEDBACK: _tr("Pairs by principles"),
    }
    of = visible_text(job.wish.collection) or _tr("all documents")
    return f"{kinds[job.wish.kind]} · {of} · {job.created_at[:10]} {job.created_at[11:16]}"


def progress_of(job: DataJob, seconds_left: float | None) -> str:
    """Return how far it is, and how long the rest takes where that is known."""
    locale = QLocale()
    words = _tr("{done} of {all} passages, {rows} rows, {taken} taken, {failed} passages without a row.")
    numbers = {
        "done": job.passages - job.waiting,
        "all": job.passages,
        "rows": job.rows,
        "taken": job.accepted,
        "failed": job.failed,
    }
    for name, number in numbers.items():
        words = words.replace(f"{{{name}}}", locale.toString(number))
    if seconds_left:
        words += " " + _tr("About %n min left.", max(round(seconds_left / 60), 1))
    return words
