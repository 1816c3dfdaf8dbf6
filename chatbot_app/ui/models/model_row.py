"""A model of this computer as it is shown, in a list and beside it."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from chatbot_app.chat.model_keeper import LocalModelState
from chatbot_app.core.local_models import Fit
from chatbot_app.ui.models.model_words import one_line, short_facts
from chatbot_app.ui.models.two_line_list import TwoLines

FIT_INKS = {"well": "success", "slowly": "warning", "no": "danger"}


def _tr(words: str) -> str:
    return QCoreApplication.translate("Models", words)


def fit_words(fit: Fit | None) -> str:
    """Return in two words how a model runs here, "" where nobody knows."""
    if fit is None:
        return ""
    return {"well": _tr("runs well"), "slowly": _tr("runs slowly"), "no": _tr("does not fit")}[fit.verdict]


@dataclass(frozen=True, slots=True)
class ModelRow(LocalModelState):
    """A model with what holds of it; `is_busy` while it is loaded or unloaded."""

    is_busy: bool = False

    @classmethod
    def of(cls, state: LocalModelState, *, is_busy: bool) -> ModelRow:
        """Return the row of a model."""
        return cls(
            state.model,
            state.is_default,
            state.is_loaded,
            state.fit,
            state.problem,
            state.has_own_files,
            state.is_asleep,
            is_busy,
        )

    @property
    def id(self) -> str:
        """The model's id."""
        return self.model.id

    def state_words(self) -> str:
        """Return what holds of it now, "" for nothing in particular."""
        if self.problem:
            return _tr("cannot be used")
        if self.is_busy:
            return _tr("working…")
        if self.is_asleep:
            return _tr("asleep")
        return _tr("loaded") if self.is_loaded else ""

    def lines(self) -> TwoLines:
        """Return it for a list."""
        name = one_line(self.model.name)
        if self.is_default:
            name = _tr("{name} (default)").replace("{name}", name)
        fit = None if self.problem else self.fit
        return TwoLines(
            self.id,
            name,
            short_facts(self.model.facts),
            self.state_words(),
            fit_words(fit),
            "danger" if self.problem else "success",
            FIT_INKS[fit.verdict] if fit is not None and fit.verdict != "well" else "muted",
        )
