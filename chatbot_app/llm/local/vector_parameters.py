"""How llama.cpp's server is set for an embedding model: it makes vectors and answers nothing."""

from __future__ import annotations

from typing import Any

from chatbot_app.core.local_models import EngineSettings
from chatbot_app.llm.local.engine_parameters import EnginePlan
from chatbot_app.llm.local.gguf import GgufMetadata
from chatbot_app.llm.local.model_facts import facts_of
from chatbot_app.llm.local.window import LocalWindow

# Tokens of a text at most. A passage has some hundred; a text has to be computed in one step, whose memory grows with
# the square of it (16 heads at 2,048 tokens: 270 MB, at 8,192: 4.3 GB).
LONGEST_TEXT = 2048


def vectors_plan(metadata: GgufMetadata, size: int, settings: EngineSettings) -> EnginePlan:
    """Return how to run an embedding model: the window it was trained with, up to what a text may have.

    No template is used, so no text can pass for a turn of a conversation.
    """
    trained = facts_of(metadata, (), size).context_length
    window = min(settings.context or LONGEST_TEXT, trained or LONGEST_TEXT)
    return EnginePlan(LocalWindow(window, trained), "", (), 0, whole_table=False)


def embed(parameters: Any, plan: EnginePlan | None, pooling: str, stated_pooling: str) -> None:
    """Set `CommonParams` to vectors.

    How those of tokens become one is `pooling` of POOLINGS; where that is "", what the file states; else their mean.
    """
    import xllamacpp

    parameters.embedding = True
    parameters.cache_ram_mib = 0  # no prompt comes again
    if plan is None:
        return
    parameters.n_batch = parameters.n_ubatch = plan.window.tokens
    if pooling or not stated_pooling:
        kinds = xllamacpp.llama_pooling_type
        parameters.pooling_type = getattr(kinds, f"LLAMA_POOLING_TYPE_{(pooling or 'mean').upper()}")
