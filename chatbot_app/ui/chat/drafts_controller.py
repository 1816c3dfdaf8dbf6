"""What is written and not sent, in whichever conversation: it follows the composer and the exchanges."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QObject, Signal, Slot

from chatbot_app.chat.drafts import Drafts, with_pictures, without_pictures, without_sent
from chatbot_app.chat.open_conversation import OpenConversation
from chatbot_app.chat.requests import NewQuestion
from chatbot_app.core.pictures import Picture
from chatbot_app.storage.draft_file import Sent
from chatbot_app.storage.draft_pictures import DraftPicture
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
        self._brought_back: set[str] = set()  # pictures of the last run
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
        self._drafts = Drafts(drafts, {"": self._composer.pictures.pictures()})
        self.show()

    def bring_back_pictures(self, kept: Mapping[str, tuple[Picture, ...]]) -> None:
        """Show the pictures that were put to what was written before the last end of the program."""
        self.keep_written()
        for key, pictures in kept.items():
            self._brought_back.update(one.id for one in pictures)
            self._drafts.keep_pictures(key, with_pictures(self._drafts.pictures_of(key), pictures))
        self._composer.pictures.set_pictures(self._drafts.pictures_of(self._open.id or ""))

    def all_pictures(self) -> list[DraftPicture]:
        """Return the pictures of everything that is written and not stored."""
        self.keep_written()
        asked = {one.id: turn for turn in self._turns.waiting() for one in turn.pictures}
        kept = self._drafts.all_pictures()
        for turn in asked.values():
            kept[_key_of(turn)] = with_pictures(kept.get(_key_of(turn), ()), turn.pictures)
        return [
            DraftPicture(key, one, _question_of(asked[one.id]) if one.id in asked else "")
            for key, pictures in kept.items()
            for one in pictures
        ]

    def forget(self, conversation_id: str) -> None:
        """Drop what was written in a conversation that is gone for good."""
        self._drafts.forget(conversation_id)
        self.changed.emit()  # what keeps them on disk forgets it now and not at its next round

    def hand_over(self, conversation_id: str, other_id: str) -> None:
        """Give what is written in a conversation that is not open to the one that takes its place."""
        self._drafts.keep(other_id, self._drafts.of(conversation_id))
        self._drafts.keep_pictures(other_id, self._drafts.pictures_of(conversation_id))
        self.forget(conversation_id)

    # --- the open conversation ---------------------------------------------------------------------------

    def keep_written(self) -> None:
        """Keep what stands in the composer: another conversation is about to be opened."""
        self._drafts.keep(self._open.id or "", self._composer.text())
        self._drafts.keep_pictures(self._open.id or "", self._composer.pictures.pictures())

    def show(self) -> None:
        """Write into the composer what was written in the conversation that is open."""
        pictures = self._drafts.pictures_of(self._open.id or "")
        self._composer.set_text(self._drafts.of(self._open.id or ""))
        self._composer.pictures.set_pictures(pictures)

    def go_along(self, written: str, draft: str) -> None:
        """Add to the conversation that was opened what was `written` since the launch for a new one.

        `draft` is what had been written for it before: that stays there.
        """
        self._drafts.keep("", draft)
        if written != draft:
            self._composer.restore_text(written.removesuffix(f"\n\n{draft}") if draft else written)
        for_new = self._drafts.pictures_of("")
        since = [one for one in for_new if one.id not in self._brought_back]
        if since:
            self._drafts.keep_pictures("", without_pictures(for_new, since))
            self._composer.pictures.set_pictures(with_pictures(self._composer.pictures.pictures(), since))

    # --- questions ---------------------------------------------------------------------------------------

    def shows(self, turn: RunningTurn) -> bool:
        """Whether an exchange belongs to what is open."""
        return turn.conversation_id == self._open.key

    def take_out(self, turn: RunningTurn) -> None:
        """Take a question that is stored out of the draft that held it."""
        self.changed.emit()
        if not turn.is_waiting or turn.draft_key is None:
            return
        if self.shows(turn):
            strip = self._composer.pictures
            self._composer.clear_hint()
            self._composer.set_text(without_sent(self._composer.text(), turn.draft))
            strip.set_pictures(without_pictures(strip.pictures(), turn.pictures))
        else:
            self._drafts.take_out(turn.draft_key, turn.draft, turn.pictures)

    def has_begun(self) -> None:
        """The new conversation is stored: its draft belongs to it from now on."""
        self._drafts.forget("")

    @Slot(object, str)
    def _give_back(self, turn: RunningTurn, draft: str) -> None:
        self.changed.emit()
        if not self.shows(turn):
            self._drafts.give_back(_key_of(turn), draft, turn.pictures)
            return
        if draft.strip() not in self._composer.text():
            self._composer.restore_text(draft)
        strip = self._composer.pictures
        if any(one not in strip.pictures() for one in turn.pictures):
            strip.set_pictures(with_pictures(strip.pictures(), turn.pictures))


def _key_of(turn: RunningTurn) -> str:
    """Return which draft a question belongs to."""
    return turn.conversation_id if turn.draft_key is None else turn.draft_key


def _question_of(turn: RunningTurn) -> str:
    return turn.request.question_id if isinstance(turn.request, NewQuestion) else ""
