"""The model: what must be stored after what a person did, in plain Python. It knows nothing of the program."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.e2e.random_actions.scripted_answers import Plan
from tests.e2e.random_actions.seen_store import SeenConversation, SeenMessage, SeenStore

USER, ASSISTANT = "user", "assistant"


@dataclass
class ExpectedMessage:
    """A message. `text` is what must be there at least; `whole` all that it can have become."""

    id: str
    parent: str | None
    role: str
    text: str
    whole: str
    statuses: frozenset[str]
    pinned: bool = False
    excluded: bool = False

    @property
    def can_go_on(self) -> bool:
        """Whether it is an answer that ended before its end."""
        return self.role == ASSISTANT and self.statuses <= {"stopped", "interrupted"}

    def settle(self, text: str, status: str) -> None:
        """Expect exactly this from here on."""
        self.text = self.whole = text
        self.statuses = frozenset({status})

    def differences(self, seen: SeenMessage) -> list[str]:
        """Say what is stored otherwise than it should be."""
        found = []
        if not (seen.text.startswith(self.text) and self.whole.startswith(seen.text)):
            found.append(f"text {seen.text!r}, expected {self.text!r} up to {self.whole!r}")
        if seen.status not in self.statuses:
            found.append(f"status {seen.status}, expected {sorted(self.statuses)}")
        facts = (seen.parent, seen.role, seen.pinned, seen.excluded)
        expected = (self.parent, self.role, self.pinned, self.excluded)
        if facts != expected:
            found.append(f"parent, role, pinned, excluded {facts}, expected {expected}")
        return [f"message {self.id}: {words}" for words in found]


@dataclass
class ExpectedConversation:
    """A tree of messages, in the order of sending."""

    id: str
    title: str
    is_deleted: bool = False
    leaf: str | None = None
    temperature: float | None = None
    messages: dict[str, ExpectedMessage] = field(default_factory=dict)

    def path(self) -> list[ExpectedMessage]:
        """The branch that is shown, oldest first."""
        path = []
        at = self.leaf
        while at is not None:
            path.append(self.messages[at])
            at = self.messages[at].parent
        return path[::-1]

    def siblings(self, message: ExpectedMessage) -> list[str]:
        """All variants of a message, itself among them."""
        return [one.id for one in self.messages.values() if one.parent == message.parent]

    def newest_below(self, message_id: str) -> str:
        """The newest message at or below one: where a switch leads."""
        below = {message_id}
        newest = message_id
        for one in self.messages.values():
            if one.parent in below:
                below.add(one.id)
                newest = one.id
        return newest

    def differences(self, seen: SeenConversation) -> list[str]:
        """Say what is stored otherwise than it should be."""
        facts = (seen.title, seen.leaf, seen.is_deleted, seen.temperature)
        expected = (self.title, self.leaf, self.is_deleted, self.temperature)
        found = []
        if facts != expected:
            found.append(f"title, leaf, deleted, temperature {facts}, expected {expected}")
        ids = [one.id for one in seen.messages]
        if ids != list(self.messages):
            found.append(f"messages {ids}, expected {list(self.messages)}")
        for one in seen.messages:
            if one.id in self.messages:
                found += self.messages[one.id].differences(one)
        return [f"conversation {self.id}: {words}" for words in found]


@dataclass(eq=False)
class Running:
    """An exchange under way: asked, perhaps stored already."""

    conversation: str  # "" for one that begins with it
    plan: Plan
    question: str  # the text that is asked
    parent: str | None = None  # what a new question stands below
    question_id: str | None = None  # of a question that stands already
    continued: str | None = None  # the answer that is continued
    answer: str | None = None  # once it is stored
    base: str = ""  # what the answer held before
    draft_key: str | None = None  # the draft that becomes the question


@dataclass
class ExpectedDocument:
    """A file as it was imported once; another version of it is another document."""

    path: str
    word: str  # stands in it alone
    id: str = ""
    is_deleted: bool = False


class ExpectedStore:
    """Everything that must be kept. Conversations stand in the order of their activity, the newest first."""

    def __init__(self) -> None:
        self.conversations: dict[str, ExpectedConversation] = {}
        self.activity: list[str] = []  # ids of conversations, the newest first
        self.order: list[str] = []  # ids of messages
        self.drafts: dict[str, str] = {}
        self.kept_drafts: dict[str, str] = {}  # when they were last kept for certain
        self.documents: list[ExpectedDocument] = []  # in the order of their import
        self.running: dict[str, Running] = {}  # by conversation
        self.open: str | None = None

    # --- what a person does ----------------------------------------------------------------------------------

    def store_question(self, running: Running, conversation_id: str, question_id: str) -> None:
        """A new question stands in the store."""
        if conversation_id not in self.conversations:
            self.conversations[conversation_id] = ExpectedConversation(conversation_id, running.question)
            if self.open is None and running.draft_key == "":
                self.open = conversation_id
        conversation = self.conversations[conversation_id]
        self._add(
            conversation,
            ExpectedMessage(
                question_id, running.parent, USER, running.question, running.question, frozenset({"complete"})
            ),
        )
        if running.draft_key is not None:
            self.drafts.pop(running.draft_key, None)

    def store_answer(self, running: Running, conversation_id: str, question_id: str, answer_id: str) -> None:
        """An answer stands in the store and streams; a continued one streams on."""
        conversation = self.conversations[conversation_id]
        if answer_id in conversation.messages:
            answer = conversation.messages[answer_id]
            running.base = answer.text
        else:
            answer = ExpectedMessage(answer_id, question_id, ASSISTANT, "", "", frozenset())
            self._add(conversation, answer)
        answer.whole = running.base + running.plan.text
        answer.statuses = frozenset({"streaming", running.plan.ending})
        running.answer = answer_id
        conversation.leaf = answer_id
        self.touch(conversation_id)

    def add_edited_answer(self, conversation_id: str, old: ExpectedMessage, new_id: str, text: str) -> None:
        """The person's own version of an answer stands beside it."""
        conversation = self.conversations[conversation_id]
        new = ExpectedMessage(new_id, old.parent, ASSISTANT, text, text, frozenset({"complete"}))
        self._add(conversation, new)
        conversation.leaf = new_id
        self.touch(conversation_id)

    def purge(self, conversation_id: str) -> None:
        """A conversation is gone for good, with what was written in it."""
        gone = self.conversations.pop(conversation_id)
        self.activity.remove(conversation_id)
        self.order = [one for one in self.order if one not in gone.messages]
        self.drafts.pop(conversation_id, None)

    def touch(self, conversation_id: str) -> None:
        """A conversation was used."""
        if conversation_id in self.activity:
            self.activity.remove(conversation_id)
        self.activity.insert(0, conversation_id)

    def _add(self, conversation: ExpectedConversation, message: ExpectedMessage) -> None:
        conversation.messages[message.id] = message
        self.order.append(message.id)

    def import_document(self, document: ExpectedDocument) -> None:
        """A file was imported; what it was before is in the trash.

        An older version that the person brought back stays beside the newest one, whatever comes after that.
        """
        for other in reversed(self.documents):
            if other.path == document.path and not other.is_deleted:
                other.is_deleted = True
                break
        self.documents.append(document)

    # --- what is there -----------------------------------------------------------------------------------------

    def live(self) -> list[str]:
        """Conversations that are not in the trash, the one used last first."""
        return [one for one in self.activity if not self.conversations[one].is_deleted]

    def in_trash(self) -> list[str]:
        """Conversations in the trash."""
        return [one for one in self.activity if self.conversations[one].is_deleted]

    def differences(self, seen: SeenStore) -> list[str]:
        """Say what is stored otherwise than it should be: lost, doubled, or in another order."""
        found = []
        if list(seen.conversations) != self.activity:
            found.append(f"conversations {list(seen.conversations)}, expected {self.activity}")
        if list(seen.order) != self.order:
            found.append(f"messages in order {list(seen.order)}, expected {self.order}")
        for conversation_id, conversation in self.conversations.items():
            if conversation_id in seen.conversations:
                found += conversation.differences(seen.conversations[conversation_id])
        return found + self._document_differences(seen)

    def _document_differences(self, seen: SeenStore) -> list[str]:
        stored = [(one.path, one.is_deleted) for one in seen.documents]
        expected = [(one.path, one.is_deleted) for one in self.documents]
        if stored != expected:
            return [f"documents {stored}, expected {expected}"]
        states = {one.state for one in seen.documents if not one.is_deleted}
        return [f"documents are {states}"] if states - {"ready"} else []
