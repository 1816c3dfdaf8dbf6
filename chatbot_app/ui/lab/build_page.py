"""Build one: a small model that learns on this computer, writes, and is compared with others."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Any

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from chatbot_app.chat.services import Services
from chatbot_app.core.messages import Notice
from chatbot_app.lab.small import kept_models
from chatbot_app.lab.small.kept_models import KeptModel
from chatbot_app.lab.small.training_plan import LONGEST_TEXT, Source, TrainingPlan, text_limited
from chatbot_app.ui.lab.build_compare_tab import CompareTab
from chatbot_app.ui.lab.build_cost_tab import CostTab
from chatbot_app.ui.lab.build_learn_tab import LearnTab
from chatbot_app.ui.lab.build_models import KeptModelsBar
from chatbot_app.ui.lab.build_write_tab import WriteTab
from chatbot_app.ui.lab.view_tabs import ViewTabs
from chatbot_app.ui.theme import em
from chatbot_app.workers.lab_services import LabServices, Progress
from chatbot_app.workers.small_models import SmallModelProcess

_COMPARED_TEXT = "compared.txt"  # of the person's documents, for as long as models are compared


class BuildPage(QWidget):
    """Each view has a process of its own, started when it is used and ended with the window."""

    page_wanted = Signal(str, object)  # the name of another page, and what is to be shown there, a dict

    def __init__(self, services: LabServices, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("build_page")
        self._services = services
        self._root = services.house.paths.small_models
        self._processes = [SmallModelProcess(self) for _ in range(4)]
        learning, writing, comparing, measuring = self._processes
        self._bar = KeptModelsBar(services, self._root, self)
        self._learn = LearnTab(learning, self)
        self._write = WriteTab(writing, self)
        self._compare = CompareTab(comparing, self._learn.form.plan, self)
        cost = CostTab(measuring, self._learn.form.plan, self)
        self._tabs = ViewTabs("build_tabs", self.tr("Build one"), self)
        for tab, title in (
            (self._learn, self.tr("Learn")),
            (self._write, self.tr("Write")),
            (self._compare, self.tr("Compare")),
            (cost, self.tr("Cost")),
        ):
            self._tabs.add(tab, title)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(em(self, 0.5))
        column.addWidget(self._bar)
        column.addWidget(self._tabs, 1)
        self._connect()
        self._bar.refresh()

    def _connect(self) -> None:
        self._bar.chosen.connect(self._show_model)
        self._bar.attention_wanted.connect(self._show_attention)
        self._bar.failed.connect(self._learn.say)
        self._learn.wanted.connect(self._make)
        self._learn.progressed.connect(self._follow)
        self._compare.wanted.connect(self._find_text)
        self._processes[2].happened.connect(self._drop_text)
        self._services.given_up.connect(self._leave)

    def shutdown(self) -> None:
        """End the processes; what was learned is saved."""
        for process in self._processes:
            process.shutdown()

    @Slot(object)
    def _show_model(self, model: KeptModel | None) -> None:
        self._learn.show_model(model)
        self._write.show_model(model)

    @Slot(object)
    def _show_attention(self, model: KeptModel) -> None:
        self.page_wanted.emit("attention", {"path": str(model.folder)})

    @Slot(object)
    def _make(self, plan: TrainingPlan) -> None:
        """Keep a new model and have it learn; a person's documents are read off the window's thread."""
        name = self._name_of(plan)
        house, root = self._services.house, self._root

        def make(progress: Progress) -> KeptModel:
            text = _documents(house, progress) if plan.source is Source.DOCUMENTS else ""
            return kept_models.create(root, name, plan, text)

        self._services.run(make, self._begin, self._fail, topic="make")

    def _begin(self, model: KeptModel) -> None:
        self._learn.learn(model)
        self._bar.set_learning(model.folder)
        self._bar.refresh(model.folder)

    def _fail(self, notice: Notice) -> None:
        self._learn.say(notice.summary)

    @Slot()
    def _follow(self) -> None:
        learns = self._learn.learns
        self._bar.set_learning(learns.folder if learns else None)
        self._bar.refresh()

    @Slot()
    def _find_text(self) -> None:
        """Give the comparison a file with the text that the form names."""
        source = self._learn.form.source
        house, file = self._services.house, self._root / _COMPARED_TEXT

        def find(progress: Progress) -> str:
            match source:
                case Source.ADDITIONS:
                    return ""
                case Source.BOOK:
                    return str(kept_models.book_path())
                case Source.DOCUMENTS:
                    file.parent.mkdir(parents=True, exist_ok=True)
                    file.write_text(_documents(house, progress), "utf-8")
                    return str(file)

        self._services.run(
            find, self._compare.compare, lambda notice: self._compare.say(notice.summary), topic="text"
        )

    @Slot(object)
    def _drop_text(self, event: dict[str, Any]) -> None:
        """Keep no copy of the person's documents that nobody needs: the comparison has read it."""
        if event["event"] in ("point", "stopped", "failed"):
            with suppress(OSError):
                (self._root / _COMPARED_TEXT).unlink(missing_ok=True)

    @Slot()
    def _leave(self) -> None:
        """Nobody sees the page any more: what learns is saved and ends."""
        self._learn.give_up()
        for process in self._processes:
            process.close_when_idle()

    def _name_of(self, plan: TrainingPlan) -> str:
        of = {
            Source.BOOK: self.tr("Emma"),
            Source.DOCUMENTS: self.tr("my documents"),
            Source.ADDITIONS: self.tr("sums"),
        }
        kind = {"gpt": "GPT", "gru": "GRU"}.get(plan.shape.kind, self.tr("Encoder and decoder"))
        return self.tr("{kind}, {data}, {layers} × {width}").format(
            kind=kind, data=of[plan.source], layers=plan.shape.layers, width=plan.shape.width
        )

    def open_at(self, folder: str = "", **_: Any) -> None:
        """Show a kept model."""
        self._bar.refresh(Path(folder) if folder else None)


def _documents(house: Services, progress: Progress) -> str:
    """Return the texts of the library, one after the other, as far as they are learned from."""
    store, texts, length = house.library.documents, [], 0
    for document in store.documents():
        progress.check()
        texts.append(store.text(document.id))
        length += len(texts[-1])
        if length > LONGEST_TEXT:
            break
    return text_limited("\n".join(texts))
