"""Attention: what each token of a text takes from the others, in every layer and head of a model of this computer."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QTimer, Slot
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from chatbot_app.core.messages import Notice
from chatbot_app.core.visible_text import visible_text
from chatbot_app.lab.attention import Part
from chatbot_app.lab.attention_look import AttentionLook, AttentionSource
from chatbot_app.lab.attention_model import attention_sources
from chatbot_app.lab.attention_process import AttentionProcess
from chatbot_app.ui.lab.attention_controls import AttentionControls
from chatbot_app.ui.lab.attention_picture import AttentionPicture
from chatbot_app.ui.lab.attention_views import AttentionViews
from chatbot_app.ui.theme import em, set_look
from chatbot_app.workers.lab_services import LabServices, Progress

_KEPT_MS = 60_000  # that a model stays unpacked while nobody sees the page
_SLOW_MS = 300  # until it is said that something is computed
_SHOWN_UNKNOWN = 40  # characters


class AttentionPage(QWidget):
    """The model is held by a child process, which is there while the page is seen and a minute longer."""

    def __init__(self, services: LabServices, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("attention_page")
        self._services = services
        self._process = AttentionProcess()  # used in the page's thread
        self._looks: tuple[AttentionLook, ...] = ()
        self._looked_into: AttentionSource | None = None
        self._is_stale = True
        self._controls = AttentionControls(self)
        self._said = QLabel(self)
        self._said.setObjectName("attention_said")
        self._said.setWordWrap(True)
        self._views = AttentionViews(self)
        self._slow, self._unseen = QTimer(self), QTimer(self)
        for timer, wait in ((self._slow, _SLOW_MS), (self._unseen, _KEPT_MS)):
            timer.setSingleShot(True)
            timer.setInterval(wait)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, em(self, 0.3), 0, 0)
        column.setSpacing(em(self, 0.5))
        column.addWidget(self._controls)
        column.addWidget(self._said)
        column.addWidget(self._views, 1)
        self._controls.text_changed.connect(self._compute)
        self._controls.place_changed.connect(self._draw)
        self._views.head_opened.connect(self._controls.choose)
        self._slow.timeout.connect(self._say_slow)
        self._unseen.timeout.connect(self._let_go)
        services.given_up.connect(self._let_go)

    def open_at(self, text: str = "", second: str | None = None, path: str = "", **_: Any) -> None:
        """Look at a text, or compare two; or look into the model that lies at a path."""
        if path:
            self._controls.want(path)
        else:
            self._controls.set_texts(text, second)

    def shutdown(self) -> None:
        """End the child, also while it computes."""
        self._process.kill()
        self._services.shutdown()
        self._process.end()

    # --- computing -------------------------------------------------------------------------------------

    @Slot()
    def _compute(self) -> None:
        source, texts, causal = self._controls.source, self._controls.texts, self._controls.causal
        part = self._controls.part
        if source is None:
            return
        if not texts:
            self._services.cancel("look")
            self._clear(self.tr("Write a text to see what its words look at."))
            return
        self._is_stale = False
        self._slow.start()

        def job(progress: Progress) -> tuple[AttentionSource, list[AttentionLook]]:
            looks = self._process.look(
                source, texts, causal=causal, part=part, check=progress.check, progress=progress.tell
            )
            return source, looks

        self._services.run(job, self._show, self._say, topic="look", progress=self._show_progress)

    def _show(self, found: tuple[AttentionSource, list[AttentionLook]]) -> None:
        self._slow.stop()
        source, looks = found
        self._looks, self._looked_into = tuple(looks), source
        picture = AttentionPicture(self._looks)
        self._controls.show_shape(picture.layers, picture.heads)
        self._controls.offer_mask(looks[0].has_both_masks)
        self._controls.offer_parts(looks[0].parts, looks[0].part)
        self._draw()

    @Slot()
    def _draw(self) -> None:
        if not self._looks:
            return
        head = min(self._controls.head, self._looks[0].record.weights.shape[1] - 1)
        picture = AttentionPicture(self._looks, self._controls.layer, head)
        set_look(self._said, "muted")
        self._said.setText(self._facts(picture))
        self._views.show_picture(picture)

    def _facts(self, picture: AttentionPicture) -> str:
        words = [
            self.tr("{layers} layers of {heads} heads; tokens: {tokens}.").format(
                layers=picture.layers,
                heads=picture.heads,
                tokens=", ".join(str(len(look.tokens)) for look in self._looks),
            ),
            self._sight(self._looks[0]),
        ]
        if any(look.was_cut for look in self._looks):
            limit = self._looks[0].limit
            words.append(self.tr("Only the first {count} tokens are looked at.").format(count=limit))
        if any(look.written for look in self._looks):
            words.append(self.tr("What follows “=” the model wrote itself."))
        unknown = "".join(dict.fromkeys("".join(look.unknown for look in self._looks)))
        if unknown:
            left_out = self.tr("It has no tokens for these characters and leaves them out: {characters}")
            words.append(left_out.format(characters=visible_text(unknown[:_SHOWN_UNKNOWN])))
        return " ".join(words)

    def _sight(self, look: AttentionLook) -> str:
        """Return who sees whom."""
        if look.part is Part.CROSS:
            return self.tr("What the decoder writes (left) looks at what the encoder has read (right).")
        if look.is_causal:
            return self.tr("A token sees itself and what stands before it.")
        return self.tr("Every token sees every other.")

    def _show_progress(self, share: object) -> None:
        self._slow.stop()
        set_look(self._said, "muted")
        self._said.setText(
            self.tr("The model is unpacked: {share}").format(share=f"{100 * float(str(share)):.0f} %")
        )

    def _say(self, notice: Notice) -> None:
        self._clear(notice.words, "danger")

    @Slot()
    def _say_slow(self) -> None:
        set_look(self._said, "muted")
        self._said.setText(self.tr("Computing…"))

    def _clear(self, words: str, look: str = "muted") -> None:
        self._slow.stop()
        self._looks = ()
        self._views.show_picture(None)
        set_look(self._said, look)
        self._said.setText(words)

    # --- the models, and the child -----------------------------------------------------------------------

    def _read_sources(self) -> None:
        house = self._services.house
        self._services.run(
            lambda _: attention_sources(house.models.list(), house.paths.small_models),
            self._show_sources,
            self._say,
            topic="models",
        )

    def _show_sources(self, sources: list[AttentionSource]) -> None:
        self._controls.show_sources(sources)
        if not sources:
            self._clear(self.tr("There is no model on this computer yet. Fetch one in Tools › Models."))
        elif self._is_stale:
            self._compute()

    @Slot()
    def _let_go(self) -> None:
        """End the child and let go of what it computed: the memory of both is free until the page is seen again."""
        self._is_stale = True
        self._clear("")
        if self._process.pid is None:
            return
        self._services.cancel("look")
        self._process.kill()
        self._services.run(lambda _: self._process.end(), self._ignore, self._ignore, topic="end")

    def _ignore(self, _: object) -> None:
        """There is nothing to say of a process that has ended."""

    # --- Qt ------------------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._unseen.stop()
        self._read_sources()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._unseen.start()
