"""LaTeX as pictures: drawn by another process, and refused where they would take too much."""

from __future__ import annotations

import weakref
from collections import deque
from dataclasses import dataclass, field

from PySide6.QtCore import QCoreApplication, QObject, QTimer, Signal, Slot

from chatbot_app.ui.chat.formula_pictures import KeptPictures, Picture, picture_of
from chatbot_app.workers.formula_process import FormulaProcess
from chatbot_app.workers.formulas import FORMULA_SECONDS, Drawn, Formula, Refusal

MAX_SOURCE = 1_500  # characters
MAX_DEPTH = 60  # braces; ziamath's work grows with the square of it
MESSAGE_SECONDS = 1.5  # of a core for the formulas of one message; some 150 of those that people write
LEAST_SECONDS = 0.1  # with less left nothing is begun
AT_ONCE = 2  # asked for together: one is drawn while the answer to the other is read
TELL_MS = 60  # first pause between two tellings; the next one is twice as long, up to:
TELL_MOST_MS = 500


@dataclass(eq=False)
class FormulaBudget:
    """What the formulas of one message may still take of a core, in seconds, and those it came too late for."""

    left: float = MESSAGE_SECONDS
    reserved: float = 0.0
    refused: set[Formula] = field(default_factory=set)

    @property
    def free(self) -> float:
        """What is left and not promised to a formula that is being drawn."""
        return self.left - self.reserved


class MathRenderer(QObject):
    """Has formulas drawn by a process and tells, some at a time, when they are ready."""

    pictures_drawn = Signal(object)  # frozenset of Formula that `picture()` now answers

    def __init__(self, parent: QObject | None = None, *, process: FormulaProcess | None = None) -> None:
        super().__init__(parent)
        self._process = process if process is not None else FormulaProcess(self)
        self._process.answered.connect(self._take)
        self._pictures = KeptPictures()
        self._queue: deque[tuple[Formula, weakref.ref[FormulaBudget]]] = deque()
        self._asked: dict[Formula, tuple[weakref.ref[FormulaBudget], float]] = {}
        self._queued: set[Formula] = set()
        self._fresh: set[Formula] = set()
        self._sending = QTimer(self)
        self._sending.setSingleShot(True)
        self._sending.setInterval(0)
        self._sending.timeout.connect(self._send)
        self._telling = QTimer(self)
        self._telling.setSingleShot(True)
        self._telling.setInterval(TELL_MS)
        self._telling.timeout.connect(self._tell)

    def picture(self, formula: Formula, budget: FormulaBudget) -> Picture | None:
        """Return the picture, or None while it waits to be drawn; `budget` is that of the message."""
        if (kept := self._pictures.of(formula)) is not None:
            return kept
        if formula in budget.refused:
            return Picture(None, refusal=Refusal.MANY)
        if (refusal := refused_at_once(formula.tex)) is not None:
            return Picture(None, refusal=refusal)
        if formula not in self._queued:
            self._queued.add(formula)
            self._queue.append((formula, weakref.ref(budget)))
            self._sending.start()
        return None

    @property
    def process(self) -> FormulaProcess:
        """The process that draws, which tells what each formula took."""
        return self._process

    @property
    def is_idle(self) -> bool:
        """Whether every formula that was asked for is drawn and told."""
        return not self._queued and not self._fresh

    @Slot()
    def _send(self) -> None:
        while self._queue and len(self._asked) < AT_ONCE:
            formula, owner = self._queue[0]
            budget = owner()
            if budget is None:  # nobody shows that message any more
                self._queue.popleft()
                self._queued.discard(formula)
                continue
            limit = min(FORMULA_SECONDS, budget.free)
            if limit < LEAST_SECONDS:
                if budget.reserved > LEAST_SECONDS / 2:
                    return  # what is being drawn may take less than was set aside for it
                self._queue.popleft()
                self._queued.discard(formula)
                budget.refused.add(formula)
                self._announce(formula)
                continue
            self._queue.popleft()
            budget.reserved += limit
            self._asked[formula] = (owner, limit)
            self._process.draw(formula, limit)

    @Slot(object, object)
    def _take(self, formula: Formula, drawn: Drawn) -> None:
        owner, limit = self._asked.pop(formula)
        if (budget := owner()) is not None:
            budget.reserved = max(budget.reserved - limit, 0.0)
            budget.left -= drawn.seconds
        self._queued.discard(formula)
        self._pictures.keep(formula, picture_of(drawn, formula.ratio))
        self._announce(formula)
        self._sending.start()

    def _announce(self, formula: Formula) -> None:
        self._fresh.add(formula)
        if not self._telling.isActive():
            self._telling.start()

    @Slot()
    def _tell(self) -> None:
        fresh, self._fresh = frozenset(self._fresh), set()
        # Each telling has whole blocks written again: many formulas are told in few steps.
        waiting = bool(self._queued)
        self._telling.setInterval(min(self._telling.interval() * 2, TELL_MOST_MS) if waiting else TELL_MS)
        self.pictures_drawn.emit(fresh)


def refused_at_once(tex: str) -> Refusal | None:
    """Return why a formula is not even tried, None where it is."""
    if not tex.strip():
        return Refusal.WRONG
    if len(tex) > MAX_SOURCE:
        return Refusal.LARGE
    depth = deepest = 0
    for character in tex:
        depth += (character == "{") - (character == "}")
        deepest = max(deepest, depth)
    nested = max(tex.count("\\left"), tex.count("\\begin"))
    return Refusal.DEEP if max(deepest, nested) > MAX_DEPTH else None


def reason_in_words(refusal: Refusal) -> str:
    """Return what is said beside the source of a formula, "" where it is probably none."""
    match refusal:
        case Refusal.DEEP:
            return QCoreApplication.translate("MathRenderer", "too deep to be drawn")
        case Refusal.LARGE:
            return QCoreApplication.translate("MathRenderer", "too large to be drawn")
        case Refusal.MANY:
            return QCoreApplication.translate(
                "MathRenderer", "not drawn: this message holds too many formulas"
            )
        case Refusal.NO_PROCESS:
            return QCoreApplication.translate("MathRenderer", "not drawn: drawing formulas failed")
        case _:
            return ""
