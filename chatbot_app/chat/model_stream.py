"""What a model sends, taken into the answer under way, until it ends, fails or runs in a circle."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from typing import Any

from chatbot_app.chat.empty_answer import empty_answer
from chatbot_app.chat.events import NoticeAdded, TurnEvent, WaitingToRetry
from chatbot_app.chat.picture_courier import Packed
from chatbot_app.chat.running_answer import RunningAnswer
from chatbot_app.core.errors import StreamCut
from chatbot_app.core.messages import MessageStatus, Notice
from chatbot_app.core.ordered_calls import OrderedCalls
from chatbot_app.llm.chat_client import (
    ParameterDropped,
    ReasoningDelta,
    RetryScheduled,
    StreamEvent,
    StreamFinished,
    TextDelta,
    UsageReported,
)
from chatbot_app.llm.connection import Connection
from chatbot_app.llm.gateway import Gateway
from chatbot_app.llm.stream_events import LogprobsReported

# In a flood the loop would hold the interpreter's lock without end, and a window wait for it at every step:
# after so many events in so little time it makes way for a moment. A fast server sends a fifth of that.
FLOOD_EVENTS, FLOOD_SECONDS, MAKE_WAY_SECONDS = 100, 0.02, 0.006


class ModelStream:
    """Sends prompts and takes what comes back."""

    def __init__(self, gateway: Gateway, calls: OrderedCalls, clock: Callable[[], float]) -> None:
        """`clock` returns monotonic seconds."""
        self._gateway = gateway
        self._calls = calls
        self._clock = clock

    async def run(
        self,
        running: RunningAnswer,
        question: str,
        connection: Connection,
        packed: Packed,
        parameters: dict[str, Any],
    ) -> AsyncGenerator[TurnEvent, None]:
        """Send a plan and yield what happens. Raises AppError."""
        running.about_to_stream(question)
        messages = packed.plan.messages(lambda place, _: packed.addresses[place])
        stream = connection.client.stream(messages, connection.model, parameters)
        arrived, since = 0, self._clock()
        async with aclosing(stream):
            async for event in stream:
                for shown in self._handle(running, connection, event):
                    yield shown
                if running.circles:
                    return
                arrived += 1
                if arrived == FLOOD_EVENTS:
                    if self._clock() - since < FLOOD_SECONDS:
                        await asyncio.sleep(MAKE_WAY_SECONDS)
                    arrived, since = 0, self._clock()

    def _handle(self, running: RunningAnswer, connection: Connection, event: StreamEvent) -> list[TurnEvent]:
        match event:
            case TextDelta(text):
                return [*running.first_token(), *running.append(text)]
            case ReasoningDelta(text):
                return [*running.first_token(), *running.append_reasoning(text)]
            case LogprobsReported(places):
                running.places.extend(places)
            case UsageReported(usage, timings):
                running.usage = usage
                self._calls.post(self._gateway.note_speed, connection, timings)
            case RetryScheduled(seconds, error):
                return [WaitingToRetry(seconds, error.notice())]
            case ParameterDropped(name, replacement):
                self._calls.post(self._gateway.remember_refusal, connection, name, replacement)
                return [NoticeAdded(running.add_notice(_parameter_notice(connection, name, replacement)))]
            case StreamFinished(finish_reason):
                running.finish_reason = finish_reason
                if finish_reason is None:
                    raise StreamCut(server=connection.server.name)
                if running.is_blank:
                    raise empty_answer(connection.server.name, finish_reason, thought=running.has_reasoning)
                running.status = MessageStatus.COMPLETE
                return [NoticeAdded(running.add_notice(n)) for n in running.ending_notices(connection)]
        return []


def _parameter_notice(connection: Connection, name: str, replacement: str | None) -> Notice:
    instead = f"; “{replacement}” is sent instead" if replacement else " and was left out"
    return Notice("ParameterDropped", f"{connection.model} does not take “{name}”{instead}.")
