"""What is seen of an answer while it arrives: what is waited for, and what the model thinks before it answers."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import SignalInstance
from PySide6.QtWidgets import QWidget

from chatbot_app.core.thinking_time import ThinkingTime
from chatbot_app.ui.chat.drawing import Drawing
from chatbot_app.ui.chat.progress_line import ProgressLine
from chatbot_app.ui.chat.reasoning_view import ReasoningView
from chatbot_app.ui.chat.transcript_actions import TranscriptActions


class MessageArriving:
    """Makes the line below an answer and the fold of its thoughts in `owner`, which places them."""

    def __init__(
        self,
        drawing: Drawing,
        actions: TranscriptActions,
        clock: Callable[[], float],
        owner: QWidget,
        height_changed: SignalInstance,
    ) -> None:
        """`height_changed` is emitted when the thoughts are of another height."""
        self._height_changed = height_changed
        self._drawing = drawing
        self._actions = actions
        self._clock = clock
        self._owner = owner
        self._thinking: ThinkingTime | None = None  # None where its start was not seen
        self._raw_reasoning: list[str] = []
        self.line: ProgressLine | None = None  # while more text is to come
        self.thoughts: ReasoningView | None = None

    @property
    def reasoning(self) -> str:
        """The thoughts before the answer, with what has streamed in."""
        if len(self._raw_reasoning) > 1:
            self._raw_reasoning = ["".join(self._raw_reasoning)]
        return self._raw_reasoning[0] if self._raw_reasoning else ""

    def progress_text(self) -> str:
        """Return the line below an answer that is being written, "" for any other."""
        return self.line.words() if self.line is not None else ""

    def reasoning_text(self) -> str:
        """Return what can be read of the thoughts: nothing while they are folded away."""
        return self.thoughts.body.text if self.thoughts is not None and self.thoughts.is_open else ""

    def begin(self, *, has_text: bool) -> None:
        """More is to come, until `end`; `has_text` of an answer that goes on, or one that is come back to."""
        self.line = ProgressLine(self._drawing.look, self._actions, self._clock, self._owner)
        if has_text or self.reasoning:
            self.line.count(0)
        self.line.show()
        self._thinking = None if self.reasoning else ThinkingTime(self._clock)

    def end(self) -> None:
        """Nothing more is to come."""
        if self.line is not None:
            self.line.hide()
            self.line.deleteLater()
            self.line = None

    def count(self, tokens: int) -> None:
        """Some of the answer has arrived."""
        if self.line is not None:
            self.line.count(tokens)
            if self._thinking is not None:
                self._thinking.answered()

    def say(self, text: str) -> None:
        """Say what is being waited for, instead of the elapsed time."""
        if self.line is not None:
            self.line.say(text)

    def set_prompt_tokens(self, tokens: int) -> None:
        """The request for this answer left with a prompt of about so many tokens."""
        if self.line is not None:
            self.line.set_prompt_tokens(tokens)

    def tick(self) -> None:
        """Draw the time again."""
        if self.line is not None:
            self.line.tick()

    def think(self, text: str) -> None:
        """Take more of the thoughts before the answer; nothing is shown for none."""
        if not text.strip() and self.thoughts is None:
            return
        self._raw_reasoning.append(text)
        if self.thoughts is None:
            self.thoughts = ReasoningView(self._drawing, self._actions, self._owner)
            self.thoughts.height_changed.connect(self._height_changed)
            self.thoughts.show()
        if self.line is not None:
            self.line.count(0)
            if self._thinking is not None:
                self._thinking.thought(text)
        self.thoughts.body.append(text)

    def name_thoughts(self, measured: float | None, *, has_text: bool) -> None:
        """Say how long the thinking took or that it goes on; `measured` is what is kept with a finished answer."""
        if self.thoughts is None:
            return
        if self.line is not None:
            measured = self._thinking.seconds if self._thinking is not None else None
        if measured is not None:
            self.thoughts.set_seconds(measured)
        elif self.line is not None and not has_text:
            self.thoughts.set_seconds(None)
        else:
            self.thoughts.set_done()

    def finish(self) -> None:
        """The thoughts are complete."""
        if self.thoughts is not None:
            self.thoughts.body.finish()

    def materialise(self, top: int, bottom: int) -> bool:
        """Make widgets of the thoughts between two heights of the message; return whether their height changed."""
        if self.thoughts is None:
            return False
        y = self.thoughts.y()
        return self.thoughts.materialise(top - y, bottom - y, self.thoughts.width())

    def leave(self) -> None:
        """Nothing of the message is in sight."""
        if self.thoughts is not None:
            self.thoughts.body.leave()

    def take_over(self, other: MessageArriving) -> None:
        """Go on where another one was, for the same message; after `begin` where that one has a line."""
        self._raw_reasoning = other._raw_reasoning
        if self.thoughts is not None and other.thoughts is not None:
            self.thoughts.take_over(other.thoughts)
        if self.line is not None and other.line is not None:
            self.line.take_over(other.line)
            self._thinking = other._thinking
