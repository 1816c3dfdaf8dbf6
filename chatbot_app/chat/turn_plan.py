"""The prompt plan of one exchange, counted as the server that answers counts."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace

from chatbot_app.chat.evidence import Sources, without_added_markers
from chatbot_app.chat.prompts import CONTINUE_REQUEST, question_on_sources, question_text
from chatbot_app.core.generation import GenerationSettings
from chatbot_app.core.messages import Message, MessageStatus, Role, Summary
from chatbot_app.core.pictures import ShownPicture, pictures_of
from chatbot_app.core.prompt_plan import SEAM, PartKind, PlanPart, PromptPlan, TemplateCosts
from chatbot_app.core.servers import ServerKind, is_shipped_model
from chatbot_app.core.sight import Eye, Sight
from chatbot_app.llm.connection import Connection
from chatbot_app.memory.budget import Budget
from chatbot_app.memory.evidence_parts import recallable_texts
from chatbot_app.memory.planner import PromptRequest, plan_prompt, system_text
from chatbot_app.memory.prepared import PreparedHistory, prepare

# Servers that go on writing a last message of role assistant instead of starting another.
_PREFILLING = {ServerKind.BUILT_IN, ServerKind.LLAMA_CPP}

PASSAGES = 5  # shown to a model: the answer is in one of the first five for 96 % of retrieval/wikipedia
PASSAGES_FOR_SMALL = (
    3  # shown to the model that ships: five brought no more right answers, and 1 s of reading
)

_EVIDENCE = (PartKind.RECALLED, PartKind.PASSAGE)  # stands before the question, see PromptPlan.messages


@dataclass(frozen=True, slots=True)
class TurnPrompt:
    """What a plan is made of: the messages above the question, the answer so far where it is continued.

    `summary` stands for the start of the history, `recalled` names by their questions the exchanges that
    resemble this one, best first; the strategy in `settings` says whether they are used.
    """

    settings: GenerationSettings
    history: Sequence[Message]
    question: Message
    so_far: Message | None = None
    sources: Sources | None = None
    summary: Summary | None = None
    recalled: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class PreparedTurn:
    """A history as it is sent, counted as one server counts: kept while its next question is typed."""

    history: PreparedHistory
    costs: TemplateCosts
    eye: Eye
    source: tuple[Message, ...] = ()  # as it is stored


def passages_wanted(*, shipped: bool) -> int:
    """Return how many passages a model is shown at most; `shipped` says that it is the one that ships."""
    return PASSAGES_FOR_SMALL if shipped else PASSAGES


def included_passages(plan: PromptPlan) -> int:
    """Return how many passages are sent: always the first ones."""
    return sum(part.included for part in plan.parts if part.kind is PartKind.PASSAGE)


async def prepare_turn(
    history: Sequence[Message], connection: Connection, known: PreparedTurn | None = None
) -> PreparedTurn:
    """Count a history, oldest message first. Raises ServerError where the server cannot count.

    `known` is one that was prepared for the same connection: what both begin with is not counted again.
    """
    costs = await connection.template_costs()
    eye = await eye_for(history, connection)
    start = 0
    if known is not None and (known.costs, known.eye) == (costs, eye):
        start = known.history.common_start(known.source, history)
    sent = [
        replace(message, text=without_added_markers(message)) if message.metadata else message
        for message in history[start:]
    ]
    texts = [eye.text_of(message.text, pictures_of(message.metadata)) for message in sent]
    counts = await _count(texts, connection, lasting=True)
    if known is None or not start:
        prepared = await asyncio.to_thread(prepare, sent, counts.__getitem__, costs, eye)
    else:
        prepared = known.history.extended(start, prepare(sent, counts.__getitem__, costs, eye))
    return PreparedTurn(prepared, costs, eye, tuple(history))


async def eye_for(messages: Sequence[Message], connection: Connection) -> Eye:
    """Return how the model takes the pictures of messages; where there are none, nobody is asked."""
    if any(pictures_of(message.metadata) for message in messages if message.role is Role.USER):
        return await connection.eye()
    return Eye(Sight.BLIND)


async def plan_turn(
    prompt: TurnPrompt, connection: Connection, budget: Budget, prepared: PreparedTurn | None = None
) -> PromptPlan:
    """Return the plan of an exchange. Raises ServerError where the server cannot count.

    `prepared` is what `prepare_turn` returned for `prompt.history` and this connection: with it only what
    is new is counted, and planning again takes milliseconds however long the history is.
    """
    asked = await _asked(prompt, connection, prepared)
    settings, history, so_far = prompt.settings, asked.above.history, asked.so_far
    eye = await eye_for([prompt.question], connection) if asked.shown else asked.above.eye
    text = eye.text_of(asked.text, asked.shown)
    passages = prompt.sources.texts if prompt.sources is not None else ()
    recalled = recallable_texts(history, prompt.recalled)
    lasting = [system_text(settings.system_prompt), system_text(settings.system_prompt, prompt.summary), SEAM]
    counts = await _count(lasting, connection, lasting=True)
    counts |= await _count([text, so_far, *passages, *recalled.values()], connection)
    request = PromptRequest(
        settings.system_prompt,
        history.messages,
        text,
        passages,
        prompt.question.id,
        settings.history_strategy,
        prompt.summary,
        prompt.recalled,
        eye.planned(asked.shown),
    )
    # Not counted by the planner: the answer so far goes last and is not closed, so that it costs no frame of its own but that
    # of the reply.
    budget_left = replace(budget, reply_reserve=budget.reply_reserve + counts[so_far])
    plan = await _fitted(request, budget_left, counts, asked.above, connection)
    plan = replace(plan, reply_reserve=budget.reply_reserve)
    if prompt.so_far is None or not so_far:
        return plan
    part = PlanPart(
        PartKind.HISTORY,
        Role.ASSISTANT,
        so_far,
        counts[so_far],
        True,
        "the answer so far",
        prompt.so_far.id,
    )
    return replace(plan, parts=(*plan.parts, part))


@dataclass(frozen=True, slots=True)
class _Asked:
    """The newest message, its pictures and what stands above it; `so_far` is the text that its answer goes on with."""

    text: str
    shown: tuple[ShownPicture, ...]
    above: PreparedTurn
    so_far: str = ""


async def _asked(prompt: TurnPrompt, connection: Connection, prepared: PreparedTurn | None) -> _Asked:
    """Return what is asked: the question, or, of a server that begins another answer, to continue the one so far."""
    if prompt.so_far is not None and connection.server.kind not in _PREFILLING:
        # What is continued is what is asked now: it is sent, also where it is left out of other prompts.
        cut_off = replace(prompt.so_far, status=MessageStatus.COMPLETE, excluded=False)
        question = replace(prompt.question, excluded=False)
        above = await prepare_turn([*prompt.history, question, cut_off], connection)
        return _Asked(CONTINUE_REQUEST, (), above)
    text = question_text(prompt.question.text, prompt.settings)
    if prompt.sources is not None and prompt.sources.texts:
        text = question_on_sources(text, small_model=is_shipped_model(connection.server))
    if prepared is None:
        prepared = await prepare_turn(prompt.history, connection)
    so_far = prompt.so_far.text if prompt.so_far is not None else ""
    return _Asked(text, pictures_of(prompt.question.metadata), prepared, so_far)


async def _fitted(
    request: PromptRequest,
    budget: Budget,
    counts: dict[str, int],
    prepared: PreparedTurn,
    connection: Connection,
) -> PromptPlan:
    """Return the plan with the tokens of its question as they are where passages and question meet: some join or part there."""
    seams = 0
    while True:
        narrowed = replace(budget, reply_reserve=budget.reply_reserve + seams)
        plan = plan_prompt(request, narrowed, counts.__getitem__, prepared.costs, prepared.history)
        difference = await _seam_difference(plan, connection, counts)
        if not plan.fits or plan.tokens + difference <= budget.prompt_tokens:
            return replace(plan, parts=_corrected(plan.parts, difference))
        seams += difference  # grows with each round, so that this ends


async def _count(texts: Sequence[str], connection: Connection, *, lasting: bool = False) -> dict[str, int]:
    return dict(zip(texts, await connection.count_texts(texts, lasting=lasting), strict=True))


async def _seam_difference(plan: PromptPlan, connection: Connection, counts: dict[str, int]) -> int:
    """Return by how many tokens the newest message as a whole differs from the sum of its parts."""
    evidence = [part for part in plan.parts if part.included and part.kind in _EVIDENCE]
    question = next(part.text for part in plan.parts if part.kind is PartKind.QUESTION)
    if not evidence:
        return 0
    [whole] = await connection.count_texts([SEAM.join([*(part.text for part in evidence), question])])
    return whole - sum(part.tokens for part in evidence) - counts[question]


def _corrected(parts: Sequence[PlanPart], difference: int) -> tuple[PlanPart, ...]:
    return tuple(
        replace(part, tokens=part.tokens + difference) if part.kind is PartKind.QUESTION else part
        for part in parts
    )
