"""What is written and not sent, in whichever conversation: it follows the composer and the exchanges."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QObject, Signal, Slot

from chatbot_app.chat.drafts import Drafts, without_sent
from chatbot_app.chat.open_conversation import OpenConversation
from chatbot_app.chat.requests import NewQuestion
from chatbot_app.storage.draft_file import Sent
from chatbot_app.ui.chat.composer import Composer
from chatbot_app.ui.chat.running_turns import RunningTurn, RunningTurns


class DraftsController(QObject):
    """A question stays in the draft that it was written in until it is stored, and comes back where it was not."""

    changed = Signal()  # a question left for the store, arrived there or came back: keep the drafts now

    def __init__(
        self,
        composer: Composer,
        opened: OpenConversation,
        turns: RunningTurns,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._composer = composer
        self._open = opened
        self._turns = turns
        self._drafts = Drafts()
        turns.given_back.connect(self._give_back)

    def all(self) -> dict[str, str]:
        """Return what is written and not sent, by conversation ("" for a new one)."""
        self.keep_written()
        # What was written elsewhere would come back to where it belongs.
        elsewhere = [turn for turn in self._turns.waiting() if turn.draft_key is None]
        return self._drafts.all((turn.conversation_id, turn.draft) for turn in elsewhere)

    def sent_questions(self) -> dict[str, Sent]:
        """Return by their ids the questions that are on their way into the store."""
        return {
            turn.request.question_id: Sent(_key_of(turn), turn.draft)
            for turn in self._turns.waiting()
            if isinstance(turn.request, NewQuestion)
        }

    def bring_back(self, drafts: Mapping[str, str]) -> None:
        """Show what was written before the last end of the program, before anything is opened."""
        self._drafts = Drafts(drafts)
        self.show()

    def forget(self, conversation_id: str) -> None:
        """Drop what was written in a conversation that is gone for good."""
        self._drafts.forget(conversation_id)
        self.changed.emit()  # what keeps them on disk forgets it now and not at its next round

    def hand_over(self, conversation_id: str, other_id: str) -> None:
        """Give what is written in a conversation that is not open to the one that takes its place."""
        self._drafts.keep(other_id, self._drafts.of(conversation_id))
        self.forget(conversation_id)

    # --- the open conversation ---------------------------------------------------------------------------

    def keep_written(self) -> None:
        """Keep what stands in the composer: another conversation is about to be opened."""
        self._drafts.keep(self._open.id or "", self._composer.text())

    def show(self) -> None:
        """Write into the composer what was written in the conversation that is open."""
        self._composer.set_text(self._drafts.of(self._open.id or ""))

    def go_along(self, written: str, draft: str) -> None:
        """Add to the conversation that was opened what was `written` since the launch for a new one.

        `draft` is what had been written for it before: that stays there.
        """
        self._drafts.keep("", draft)
        if written != draft:
            self._composer.restore_text(written.removesuffix(f"\n\n{draft}") if draft else written)

    # --- questions ---------------------------------------------------------------------------------------

    def shows(self, turn: RunningTurn) -> bool:
        """Whether an exchange belongs to what is open."""
        return turn.conversation_id == self._open.key

    def take_out(self, turn: RunningTurn) -> None:
        """Take a question that is stored out of the draft that held it."""
        self.changed.emit()
        if not turn.draft or turn.draft_key is None:
            return
        if self.shows(turn):
            self._composer.clear_hint()
            self._composer.set_text(without_sent(self._composer.text(), turn.draft))
        else:
            self._drafts.take_out(turn.draft_key, turn.draft)

    def has_begun(self) -> None:
        """The new conversation is stored: its draft belongs to it from now on."""
        self._drafts.forget("")

    @Slot(object, str)
    def _give_back(self, turn: RunningTurn, draft: str) -> None:
        self.changed.emit()
        if not self.shows(turn):
            self._drafts.give_back(_key_of(turn), draft)
        elif draft.strip() not in self._composer.text():
            self._composer.restore_text(draft)


def _key_of(turn: RunningTurn) -> str:
    """Return which draft a question belongs to."""
    return turn.conversation_id if turn.draft_key is None else turn.draft_key
