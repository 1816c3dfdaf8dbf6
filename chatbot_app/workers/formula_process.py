"""The process that draws mathematics: started by the first formula, replaced when one ends it, gone when idle."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import (
    QCoreApplication,
    QElapsedTimer,
    QObject,
    QProcess,
    QProcessEnvironment,
    QTimer,
    Signal,
    Slot,
)

from chatbot_app.core.child_environment import child_environment
from chatbot_app.core.paths import child_command
from chatbot_app.workers.formulas import FORMULAS_FLAG, Drawn, Formula, Refusal

IDLE_MS = 30_000  # its 40 MB are given back to others when nobody reads formulas
PATIENCE_MS = 20_000  # of the clock for one formula, the start included; its own limit counts computing time
START_SECONDS = 0.3  # of a core for a new process
STARTS_MOST = 2  # that end before they are ready; then a minute passes before the next
_TRY_AGAIN_MS = 60_000
_LONGEST_ANSWER = 1_000_000


class FormulaProcess(QObject):
    """Has formulas drawn, in the order in which they were asked for."""

    answered = Signal(object, object)  # the Formula, its Drawn

    def __init__(
        self,
        parent: QObject | None = None,
        *,
        command: Sequence[str] | None = None,
        idle_ms: int = IDLE_MS,
        patience_ms: int = PATIENCE_MS,
    ) -> None:
        super().__init__(parent)
        self._command = list(command) if command is not None else child_command(FORMULAS_FLAG)
        self._asked: deque[tuple[Formula, float]] = deque()  # with the seconds it may take
        self._process: QProcess | None = None
        self._ready = False
        self._start_seconds = 0.0
        self._failed_starts = 0
        self._last_failure = QElapsedTimer()
        self._idle = QTimer(self)
        self._idle.setSingleShot(True)
        self._idle.setInterval(idle_ms)
        self._idle.timeout.connect(self.close)
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(patience_ms)
        self._patience.timeout.connect(self._lose_patience)
        application = QCoreApplication.instance()
        if application is not None:
            application.aboutToQuit.connect(self.close)

    @property
    def pid(self) -> int:
        """The process's id, 0 where none runs."""
        return self._process.processId() if self._process is not None else 0

    def draw(self, formula: Formula, limit: float) -> None:
        """Ask for a formula that may take `limit` seconds of a core; `answered` tells what came of it."""
        self._idle.stop()
        self._asked.append((formula, limit))
        if self._process is None:
            self._start()
        else:
            self._ask(formula, limit)
        if not self._patience.isActive():
            self._patience.start()

    @Slot()
    def close(self) -> None:
        """End the process; the next formula starts another one. What is not answered is refused."""
        process, self._process = self._process, None
        self._patience.stop()
        if process is not None:
            _end(process)
        self._refuse_all(Refusal.NO_PROCESS)

    # --- inside --------------------------------------------------------------------------------------

    def _start(self) -> None:
        waited = self._last_failure.isValid() and self._last_failure.elapsed() > _TRY_AGAIN_MS
        if self._failed_starts >= STARTS_MOST and not waited:
            QTimer.singleShot(0, self._cannot_start)
            return
        self._ready = False
        process = QProcess(self)
        process.setProgram(self._command[0])
        process.setArguments(self._command[1:])
        process.setProcessEnvironment(_environment())
        process.setStandardErrorFile(QProcess.nullDevice())
        process.readyReadStandardOutput.connect(self._read)
        process.finished.connect(self._ended)
        process.errorOccurred.connect(self._went_wrong)
        self.destroyed.connect(partial(_end, process))
        self._process = process
        process.start()
        for formula, limit in self._asked:
            self._ask(formula, limit)

    def _ask(self, formula: Formula, limit: float) -> None:
        assert self._process is not None
        request = {
            "tex": formula.tex,
            "display": formula.display,
            "size": formula.size,
            "colour": formula.colour,
            "limit": limit,
        }
        self._process.write(json.dumps(request).encode("ascii") + b"\n")

    @Slot()
    def _read(self) -> None:
        process = self._process
        while process is not None and process is self._process and process.canReadLine():
            answer = json.loads(bytes(process.readLine(_LONGEST_ANSWER).data()))
            if answer.get("ready"):
                self._ready = True
                self._failed_starts = 0
                self._start_seconds = float(answer["seconds"])
                continue
            formula, _ = self._asked.popleft()
            self._patience.start()
            if not self._asked:
                self._patience.stop()
                self._idle.start()
            refusal = Refusal(answer["refusal"]) if "refusal" in answer else None
            # Whoever asks first also pays for the start.
            seconds, self._start_seconds = answer["seconds"] + self._start_seconds, 0.0
            self.answered.emit(formula, Drawn(answer.get("svg", ""), refusal, seconds))

    @Slot(QProcess.ProcessError)
    def _went_wrong(self, error: QProcess.ProcessError) -> None:
        if error is QProcess.ProcessError.FailedToStart:
            self._ended()

    @Slot()
    def _ended(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.deleteLater()
        if not self._ready:
            self._failed_starts += 1
            self._last_failure.start()
        elif self._asked:
            formula, limit = self._asked.popleft()
            self.answered.emit(formula, Drawn("", Refusal.DEEP, 2 * limit + START_SECONDS))
        if self._asked and self._process is None:
            self._patience.start()
            self._start()

    @Slot()
    def _lose_patience(self) -> None:
        if self._process is not None:
            self._process.kill()

    @Slot()
    def _cannot_start(self) -> None:
        self._patience.stop()
        self._refuse_all(Refusal.NO_PROCESS)

    def _refuse_all(self, reason: Refusal) -> None:
        asked, self._asked = self._asked, deque()
        for formula, _ in asked:
            self.answered.emit(formula, Drawn("", reason))


def _end(process: QProcess, *_details: object) -> None:
    """End a process whose answers nobody waits for."""
    try:
        process.blockSignals(True)
        if process.state() is not QProcess.ProcessState.NotRunning:
            process.kill()
            process.waitForFinished(1_000)  # a killed process is gone in a few milliseconds
    except RuntimeError:
        return  # its C++ object ended before its owner's
    process.deleteLater()


def _environment() -> QProcessEnvironment:
    needed = QProcessEnvironment()
    for name, value in child_environment().items():
        needed.insert(name, value)
    return needed
