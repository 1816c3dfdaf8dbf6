"""What is said of answers beside their words: quotes that come first, small models, checks, what is waited for."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from chatbot_app.core.trust import AnswerMode, Quotes
from chatbot_app.ui.chat.message_content import MessageContent
from chatbot_app.ui.chat.model_check_line import Checking
from chatbot_app.ui.chat.transcript_record import Record


class AnswerRemarks:
    """Says it on the widgets that there are, and keeps what those that are made later have to show."""

    def __init__(self, records: Callable[[], Iterable[Record]], find: Callable[[str], Record | None]) -> None:
        """`records` returns all messages that were given, `find` the one of an id."""
        self._records = records
        self._find = find
        self._is_small: Callable[[str | None, str | None], bool] = lambda *_: False
        self._checker: str | None = None

    # --- of one answer -----------------------------------------------------------------------------------

    def set_quotes(self, message_id: str, quotes: Quotes, mode: AnswerMode | None = None) -> None:
        """Show what the documents say to a question while its answer, in a `mode`, is still to come."""
        if (content := self._content_of(message_id)) is not None:
            content.set_quotes(quotes, mode)

    def set_checking(self, message_id: str, checking: Checking | None) -> None:
        """Say how far a model is with checking an answer; None: it is not."""
        record = self._find(message_id)
        if record is not None:
            record.checking = checking
            if record.view is not None:
                record.view.content.set_checking(checking)

    def set_status_line(self, message_id: str, text: str) -> None:
        """Say below an answer what is being waited for; the next text takes it away."""
        if (content := self._content_of(message_id)) is not None:
            content.arriving.say(text)

    def set_prompt_tokens(self, message_id: str, tokens: int) -> None:
        """Say that the request for an answer left, with a prompt of about so many tokens."""
        if (content := self._content_of(message_id)) is not None:
            content.arriving.set_prompt_tokens(tokens)

    # --- of all ------------------------------------------------------------------------------------------

    def set_small_models(self, is_small: Callable[[str | None, str | None], bool]) -> None:
        """Say which models are small: `is_small(server id, model)`."""
        self._is_small = is_small
        for record in self._records():
            self.show_size(record)

    def set_checker(self, model: str | None) -> None:
        """Offer a check by the model of a name ("": not known) with answers from documents; None offers none."""
        self._checker = model
        for record in self._records():
            if record.view is not None:
                record.view.content.set_checker(model)

    # --- widgets that are made ---------------------------------------------------------------------------

    def show_on(self, record: Record) -> None:
        """Say on a widget that was just made what is known."""
        self.show_size(record)
        if record.view is not None:
            record.view.content.set_checker(self._checker)
            if record.checking is not None:
                record.view.content.set_checking(record.checking)

    def show_size(self, record: Record) -> None:
        """Say on a widget whether the model that answers is small."""
        if record.view is not None:
            is_small = self._is_small(record.message.server_id, record.message.model)
            record.view.content.set_small(is_small)

    def _content_of(self, message_id: str) -> MessageContent | None:
        record = self._find(message_id)
        return record.view.content if record is not None and record.view is not None else None
