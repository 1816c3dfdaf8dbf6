"""A server whose answers the test has planned, question by question, with gates that hold them in the middle."""

from __future__ import annotations

import re
import threading
from collections import defaultdict, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from tests.scripted_server import (
    DONE,
    Answer,
    Request,
    ScriptedServer,
    chunk,
    event,
    json_answer,
)

_LOOK_SECONDS = 0.05
SLOW_RATE = 60.0  # words a second
QUESTION = re.compile(r"\bq\d+")  # what names a question, also among the words of documents and drafts


class Way(StrEnum):
    """How an answer comes."""

    WHOLE = "whole"
    SLOW = "slow"
    GATED = "gated"  # silent in the middle until its gate is opened
    GATED_CUT = "gated, then cut"
    CUT = "cut"
    LENGTH = "length"
    REFUSED = "refused"


ENDINGS = {Way.CUT: "interrupted", Way.GATED_CUT: "interrupted", Way.REFUSED: "failed"}


@dataclass(eq=False)
class Plan:
    """One answer: what comes before the gate and after it."""

    way: Way
    first: str
    second: str
    gate: threading.Event = field(default_factory=threading.Event)

    @property
    def is_gated(self) -> bool:
        """Whether it waits in the middle."""
        return self.way in (Way.GATED, Way.GATED_CUT)

    @property
    def text(self) -> str:
        """All that comes."""
        return "" if self.way is Way.REFUSED else self.first + self.second

    @property
    def ending(self) -> str:
        """The state that the answer ends in where nothing interferes."""
        return ENDINGS.get(self.way, "complete")


class PlannedServer:
    """Answers each question by the plans made for its text, in their order."""

    def __init__(self) -> None:
        self._plans: dict[str, deque[Plan]] = defaultdict(deque)
        self._all: list[Plan] = []
        self._closing = threading.Event()
        self.unplanned: list[str] = []
        self.server = ScriptedServer(self._answer).start()

    def plan(self, question: str, plan: Plan) -> Plan:
        """Answer the next request that asks this question in this way."""
        self._plans[_name_of(question)].append(plan)
        self._all.append(plan)
        return plan

    def forget(self, question: str) -> None:
        """Take back what was planned for a question: it was not asked."""
        self._plans[_name_of(question)].clear()

    def forget_all(self) -> None:
        """Take back every plan: who might have asked has ended."""
        self._plans.clear()

    def close(self) -> None:
        self._closing.set()
        self.server.close()

    def _answer(self, request: Request) -> Answer:
        said = [one["content"] for one in request.json["messages"] if one["role"] == "user"]
        question = "\n".join(said)  # an answer is continued by a message of its own below the question
        plans = self._plans[_name_of(question)]
        if not plans:
            self.unplanned.append(question)
            return json_answer({"error": {"message": "nobody has planned an answer to this"}}, 400)
        plan = plans.popleft()
        if plan.way is Way.REFUSED:
            return json_answer({"error": {"message": "this model is closed on Sundays"}}, 400)
        ending = "cut" if plan.ending == "interrupted" else "end"
        rate = SLOW_RATE if plan.way is Way.SLOW else None
        headers = {"Content-Type": "text/event-stream"}
        return Answer(self._packets(plan), 200, headers, ending, rate)  # type: ignore[arg-type]

    def _packets(self, plan: Plan) -> Iterator[bytes]:
        for word in plan.first.split(" ")[:-1]:
            yield event(chunk(word + " "))
        while plan.is_gated and not plan.gate.wait(_LOOK_SECONDS):
            if self._closing.is_set():
                return
        for word in plan.second.split(" ")[:-1]:
            yield event(chunk(word + " "))
        if plan.ending == "complete":
            yield event(chunk(finish_reason="length" if plan.way is Way.LENGTH else "stop"))
            yield DONE


def _name_of(question: str) -> str:
    return QUESTION.findall(question)[-1] if QUESTION.search(question) else ""
