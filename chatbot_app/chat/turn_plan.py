"""The prompt plan of one exchange, counted as the server that answers counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from chatbot_app.chat.evidence import Sources, without_added_markers
from chatbot_app.chat.prompts import CONTINUE_REQUEST, question_on_sources, question_text
from chatbot_app.core.generation import GenerationSettings
from chatbot_app.core.messages import Message, MessageStatus, Role
from chatbot_app.core.prompt_plan import PartKind, PlanPart, PromptPlan
from chatbot_app.core.servers import Server, ServerKind
from chatbot_app.llm.gateway import Connection
from chatbot_app.memory.budget import Budget
from chatbot_app.memory.planner import PromptRequest, plan_prompt

# Servers that go on writing a last message of role assistant instead of starting another.
_PREFILLING = {ServerKind.BUILT_IN, ServerKind.LLAMA_CPP}

PASSAGES = 5  # shown to a model: the answer is in one of the first five for 96 % of retrieval/wikipedia
PASSAGES_FOR_SMALL = (
    3  # shown to the model that ships: five brought no more right answers, and 1 s of reading
)

_SEAM = "\n\n"  # between passages and question, see PromptPlan.messages


@dataclass(frozen=True, slots=True)
class TurnPrompt:
    """What a plan is made of: the messages above the question, the answer so far where it is continued."""

    settings: GenerationSettings
    history: Sequence[Message]
    question: Message
    so_far: Message | None = None
    sources: Sources | None = None


def passages_wanted(server: Server) -> int:
    """Return how many passages a model is shown at most."""
    return PASSAGES_FOR_SMALL if _is_small(server) else PASSAGES


def included_passages(plan: PromptPlan) -> int:
    """Return how many passages are sent: always the first ones."""
    return sum(part.included for part in plan.parts if part.kind is PartKind.PASSAGE)


async def plan_turn(prompt: TurnPrompt, connection: Connection, budget: Budget) -> PromptPlan:
    """Return the plan of an exchange. Raises ServerError where the server cannot count."""
    settings, sources = prompt.settings, prompt.sources
    history = [
        replace(message, text=without_added_markers(message)) if message.metadata else message
        for message in prompt.history
    ]
    text = question_text(prompt.question.text, settings)
    if sources is not None:
        text = question_on_sources(text, found=bool(sources.texts), small_model=_is_small(connection.server))
    so_far = prompt.so_far.text if prompt.so_far is not None else ""
    if prompt.so_far is not None and connection.server.kind not in _PREFILLING:
        history += [prompt.question, replace(prompt.so_far, status=MessageStatus.COMPLETE)]
        text, so_far = CONTINUE_REQUEST, ""
    passages = sources.texts if sources is not None else ()
    texts = [settings.system_prompt.strip(), text, so_far, _SEAM, *passages, *(m.text for m in history)]
    counts = dict(zip(texts, await connection.count_texts(texts), strict=True))
    costs = await connection.template_costs()
    request = PromptRequest(settings.system_prompt, history, text, passages, prompt.question.id)

    # Not counted by the planner: the answer so far goes last and is not closed, so that it costs no frame of
    # its own but that of the reply; and where passages and question meet, tokens may join or part.
    budget_left = replace(budget, reply_reserve=budget.reply_reserve + counts[so_far])
    seams = 0
    while True:
        narrowed = replace(budget_left, reply_reserve=budget_left.reply_reserve + seams)
        plan = plan_prompt(request, narrowed, counts.__getitem__, costs)
        difference = await _seam_difference(plan, connection, counts)
        if not plan.fits or plan.tokens + difference <= budget_left.prompt_tokens:
            break
        seams += difference  # grows with each round, so that this ends
    plan = replace(plan, parts=_corrected(plan.parts, difference), reply_reserve=budget.reply_reserve)
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


def _is_small(server: Server) -> bool:
    return server.kind is ServerKind.BUILT_IN and not server.model_path


async def _seam_difference(plan: PromptPlan, connection: Connection, counts: dict[str, int]) -> int:
    """Return by how many tokens the newest message as a whole differs from the sum of its parts."""
    passages = [part for part in plan.parts if part.included and part.kind is PartKind.PASSAGE]
    question = next(part.text for part in plan.parts if part.kind is PartKind.QUESTION)
    if not passages:
        return 0
    [whole] = await connection.count_texts([_SEAM.join([*(part.text for part in passages), question])])
    return whole - sum(part.tokens for part in passages) - counts[question]


def _corrected(parts: Sequence[PlanPart], difference: int) -> tuple[PlanPart, ...]:
    return tuple(
        replace(part, tokens=part.tokens + difference) if part.kind is PartKind.QUESTION else part
        for part in parts
    )
