"""What a training says, as sentences and curves."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QCoreApplication, QObject
from PySide6.QtWidgets import QWidget

from chatbot_app.ui.lab.curve_plot import CurvePlot


class TrainingWords(QObject):
    """Makes sentences of the events of a training (lab/small/training_run.py)."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._steps = 0
        self._sizes = ""

    def begun(self, event: dict[str, Any]) -> str:
        """Return what is known when it begins."""
        self._steps = int(event["steps"])
        self._sizes = self.tr("{parameters} parameters, {tokens} tokens").format(
            parameters=f"{event['parameters']:,}", tokens=f"{event['vocabulary']:,}"
        )
        return self.step(int(event["step"]), None, None)

    def step(self, step: int, loss: float | None, left: float | None) -> str:
        """Return how far it is."""
        said = [
            self.tr("Step {step} of {steps}").format(step=f"{step:,}", steps=f"{self._steps:,}"),
            self._sizes,
        ]
        if loss is not None:
            said.insert(1, self.tr("loss {loss}").format(loss=f"{loss:.3f}"))
        if left is not None:
            said.append(duration_left(left))
        return " · ".join(filter(None, said))

    def ended(self, event: dict[str, Any], exact: float | None) -> str:
        """Return how it ended."""
        if event["event"] == "stopped":
            words = (
                self.tr("Paused at step {step} of {steps}, and saved.")
                if event["is_saved"]
                else self.tr("Paused at step {step} of {steps}, and not saved.")
            )
            return words.format(step=f"{event['step']:,}", steps=f"{self._steps:,}")
        if exact is not None:
            return self.tr("Learned: {share} of the held-out sums are answered exactly.").format(
                share=f"{100 * exact:.1f} %"
            )
        return self.tr("Learned, and saved.") if event["is_saved"] else self.tr("Learned, and not saved.")


def duration_left(seconds: float) -> str:
    """Return "about 4 minutes left"."""
    if seconds < 60:
        return QCoreApplication.translate("TrainingWords", "less than a minute left")
    return QCoreApplication.translate("TrainingWords", "about %n minute(s) left", None, round(seconds / 60))


class LossCurves(CurvePlot):
    """The loss on what is learned and on what is held out, and what counting alone reaches."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("build_curves", "", "", parent)
        self._x_title = self.tr("Steps")
        self._y_title = self.tr("Loss, nats a character")
        self.setAccessibleName(self.tr("Loss by steps"))

    def begin(self, event: dict[str, Any]) -> None:
        """Show the curves as far as they had come."""
        self.clear(float(event["steps"]))
        for look in event["looks"]:
            self.look(look)
        if event["counting"] is not None:
            self.add_line(self.tr("5-gram model"), event["counting"])

    def look(self, look: dict[str, Any]) -> None:
        """Add a point to the curves."""
        if look["training_loss"] is not None:
            self.add(self.tr("learned from"), look["step"], look["training_loss"])
        self.add(self.tr("held out"), look["step"], look["held_out_loss"])
