"""Single requests to a model whose replies are to have a form, and what of a reply can be read."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import aclosing
from typing import Any

from chatbot_app.core.errors import AppError, ReplyTooLong, StreamCut, StreamError
from chatbot_app.core.messages import Notice
from chatbot_app.llm.chat_client import (
    ParameterDropped,
    ReasoningDelta,
    RetryScheduled,
    StreamFinished,
    TextDelta,
)
from chatbot_app.llm.connection import Connection
from chatbot_app.llm.json_bodies import read_json
from chatbot_app.llm.refused_parameters import FORM, refused_parameters, without_refused

LONGEST_REPLY = 8_000  # characters
LONGEST_THOUGHT = 100_000
_THOUGHT = re.compile(r"\A\s*<think(?:ing)?>.*?</think(?:ing)?>", re.DOTALL | re.IGNORECASE)


class ReplyUnusableError(Exception):
    """A reply that cannot be used, and why: a sentence for people. The next request may go well."""


def strict_form(name: str, properties: Mapping[str, Any]) -> dict[str, Any]:
    """Return a `response_format` for an object of these properties (OpenAI's Structured Outputs, in strict mode)."""
    schema = {
        "type": "object",
        "properties": dict(properties),
        "required": list(properties),
        "additionalProperties": False,
    }
    return {"type": "json_schema", "json_schema": {"name": name, "strict": True, "schema": schema}}


def without_thoughts(reply: str) -> str:
    """Return a reply without the thoughts that some models write before it."""
    return _THOUGHT.sub("", reply)


def object_of(reply: str) -> dict[str, Any] | None:
    """Return the JSON object of a reply, also in a fence, behind thoughts or between a few words."""
    text = without_thoughts(reply)
    start, end = text.find("{"), text.rfind("}")
    if start < 0 or end < start:
        return None
    try:
        found = read_json(text[start : end + 1])
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


class FormAsker:
    """Asks one model; `notices` tell of parameters that it refused, each once, `refused` of all of them."""

    def __init__(
        self,
        connection: Connection,
        remember_refusal: Callable[[Connection, str, str | None], object],
        seconds: float,
        *,
        consequence: str = "",
        on_retry: Callable[[float, AppError], None] = lambda _seconds, _error: None,
    ) -> None:
        """`remember_refusal` is told of what a server does not take; it must not block. `seconds` are those of a reply.

        `consequence` says what it means that replies have no form; `on_retry` hears of requests that go out again.
        """
        self.notices: list[Notice] = []
        self.refused = refused_parameters(connection.server, connection.model)
        self.connection = connection
        self._remember_refusal = remember_refusal
        self._seconds = seconds
        self._consequence = consequence
        self._on_retry = on_retry

    async def ask(self, messages: Sequence[Mapping[str, str]], parameters: Mapping[str, Any]) -> str:
        """Return what the model says; cancelling ends the request at once.

        Raises ReplyUnusableError for this reply alone, PromptTooLong where the prompt does not fit, and AppError for
        what every other request would meet, too: the server is gone, the key is wrong.
        """
        try:
            text, finish_reason = await self._reply(messages, without_refused(parameters, self.refused))
        except TimeoutError:
            raise ReplyUnusableError(f"It did not answer in {self._seconds:.0f} s.") from None
        except (ReplyTooLong, StreamCut, StreamError) as error:
            raise ReplyUnusableError(error.summary) from error
        if finish_reason == "content_filter":
            raise ReplyUnusableError("Its server withheld the reply.")
        if finish_reason == "length" and not text.rstrip().endswith("}"):
            raise ReplyUnusableError("Its reply was cut off at its limit of tokens.")
        if not text.strip():
            raise ReplyUnusableError("It said nothing.")
        return text

    async def _reply(
        self, messages: Sequence[Mapping[str, str]], parameters: Mapping[str, Any]
    ) -> tuple[str, str]:
        connection = self.connection
        text, thoughts, finish_reason = "", 0, ""
        stream = connection.client.stream(messages, connection.model, parameters)
        async with asyncio.timeout(self._seconds) as limit, aclosing(stream):
            async for event in stream:
                match event:
                    case TextDelta(more):
                        text += more
                    case ReasoningDelta(more):
                        thoughts += len(more)
                    case RetryScheduled(pause, error):
                        limit.reschedule(asyncio.get_running_loop().time() + pause + self._seconds)
                        self._on_retry(pause, error)
                    case ParameterDropped(name, replacement):
                        self._take_refusal(name, replacement)
                    case StreamFinished(reason):
                        finish_reason = reason or ""
                if len(text) > LONGEST_REPLY or thoughts > LONGEST_THOUGHT:
                    raise ReplyUnusableError("Its reply did not end.")
        if not finish_reason:
            raise StreamCut(server=connection.server.name)
        return text, finish_reason

    def _take_refusal(self, name: str, replacement: str | None) -> None:
        self.refused[name] = replacement
        self._remember_refusal(self.connection, name, replacement)
        if name == FORM:
            words = f"{self.connection.model} does not take a form for its replies (“{name}”): {self._consequence}"
            self.notices.append(Notice("ParameterDropped", words))
