"""How llama.cpp's server is set for a model: measured defaults, and what a person set instead."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chatbot_app.core.available_memory import available_memory
from chatbot_app.core.local_models import EngineSettings, ModelFacts
from chatbot_app.llm.local.control_tokens import control_texts, guarded_template
from chatbot_app.llm.local.gguf import GgufMetadata
from chatbot_app.llm.local.model_facts import facts_of, head_size
from chatbot_app.llm.local.window import KEPT_FREE, LocalWindow, local_window, memory_needed

HOST = "127.0.0.1"

# llama.cpp keeps evaluated prompts of other conversations in memory, 8 GiB of them by default.
PROMPT_CACHE_MIB = 256
# Tokens of a prompt that are computed together, as llama.cpp's own loop does it. Weights are unpacked once a step: with half
# of it a token costs 4 to 8 % of a processor more than that loop's, with this 1 to 3 % (`bench_engine`); it takes 8 MB more.
PROMPT_STEP_TOKENS = 512
# Stretches of at least so many tokens that stand elsewhere in the new prompt are moved there instead of read again:
# what is left when the oldest exchanges or some passages go. llama.cpp switches it off where a model cannot.
REUSED_TOKENS = 64
LOG_WARNINGS = 2  # llama.cpp's verbosity: 1 errors, 2 warnings, 3 information
PACKED = ("q8_0", "q4_0")
# Where llama.cpp puts a picture into a prompt; in a text it would be taken for one.
PICTURE_MARKS = ("<__media__>", "<__image__>")


@dataclass(frozen=True, slots=True)
class EnginePlan:
    """How a model is run, as its own file has it."""

    window: LocalWindow
    chat_template: str
    control_texts: tuple[str, ...]  # what a message must not spell
    reused_tokens: int
    whole_table: bool  # keys and values of all tokens are kept in layers that look at the newest ones only


def engine_plan(metadata: GgufMetadata, size: int, settings: EngineSettings) -> EnginePlan:
    """Return how to run a model whose files have `size` bytes, with the memory that is free now."""
    facts = facts_of(metadata, (), size)
    available = available_memory()
    window = local_window(facts, settings, available)
    texts = control_texts(metadata)
    if settings.projector:
        texts = sorted({*texts, *PICTURE_MARKS})
    template = guarded_template(settings.chat_template or metadata.chat_template, texts)
    whole = bool(metadata.of_architecture("attention.sliding_window")) and _has_room(
        facts, settings, window.tokens, available
    )
    reused = REUSED_TOKENS if _can_move(metadata, settings) else 0
    return EnginePlan(window, template, tuple(texts), reused, whole)


def server_parameters(
    job: Mapping[str, Any], settings: EngineSettings, plan: EnginePlan | None, parameters: Any
) -> Any:
    """Fill llama.cpp's `CommonParams`; without a plan everything of the file is left to llama.cpp, which then says
    what is wrong with it."""
    parameters.model.path = job["model_path"]
    parameters.model_alias = {job["alias"]}
    parameters.api_keys = [job["key"]]
    _serve_safely(parameters)
    parameters.n_parallel = 1
    parameters.n_ubatch = PROMPT_STEP_TOKENS
    parameters.cache_ram_mib = PROMPT_CACHE_MIB
    if plan is not None:
        parameters.n_ctx = plan.window.tokens
        parameters.chat_template = plan.chat_template
        parameters.n_cache_reuse = plan.reused_tokens
        # Else such a layer has forgotten what stood before its stretch, and everything is read again.
        parameters.swa_full = plan.whole_table
    if job.get("idle_seconds"):
        parameters.sleep_idle_seconds = int(job["idle_seconds"])
    threads = settings.threads or job.get("threads")
    if threads:  # llama.cpp counts the physical cores itself otherwise
        parameters.cpuparams.n_threads = int(threads)
    _apply(settings, parameters)
    _sample(job.get("sampling") or {}, parameters)
    return parameters


def _serve_safely(parameters: Any) -> None:
    parameters.hostnames = [HOST]
    parameters.port = 0  # the system picks a free one, `listening_address` tells which
    # The text of a last message of the assistant would go into the prompt past the template, and unbroken.
    parameters.prefill_assistant = False
    parameters.verbosity = LOG_WARNINGS
    parameters.ui = False
    parameters.endpoint_slots = False
    parameters.offline = True
    # "*" by default, and any fixed origin would be answered to everybody: an empty one fits no web page.
    parameters.cors_origins = ""
    parameters.cors_origins_explicit = True
    parameters.cors_credentials = False
    parameters.cors_headers = ""
    parameters.cors_methods = ""


def _apply(settings: EngineSettings, parameters: Any) -> None:
    """Set what a person set."""
    import xllamacpp

    flash = xllamacpp.llama_flash_attn_type
    if settings.gpu_layers is not None:
        parameters.n_gpu_layers = settings.gpu_layers
    if settings.flash_attention is not None:
        parameters.flash_attn_type = (
            flash.LLAMA_FLASH_ATTN_TYPE_ENABLED
            if settings.flash_attention
            else flash.LLAMA_FLASH_ATTN_TYPE_DISABLED
        )
    kind = {
        "q8_0": xllamacpp.ggml_type.GGML_TYPE_Q8_0,
        "q4_0": xllamacpp.ggml_type.GGML_TYPE_Q4_0,
    }.get(settings.cache_type)
    if kind is not None:
        parameters.cache_type_k = kind
        if settings.flash_attention is not False:  # packed values are read by flash attention only
            parameters.flash_attn_type = flash.LLAMA_FLASH_ATTN_TYPE_ENABLED
            parameters.cache_type_v = kind
    parameters.lora_adapters = [xllamacpp.CommonAdapterLoraInfo(path, 1.0) for path in settings.loras]
    if settings.projector:
        parameters.mmproj.path = settings.projector
    if settings.ngram_speculation:
        parameters.speculative.types = [
            xllamacpp.common_speculative_type.COMMON_SPECULATIVE_TYPE_NGRAM_SIMPLE
        ]


def _sample(sampling: Mapping[str, Any], parameters: Any) -> None:
    if "max_tokens" in sampling:
        parameters.n_predict = int(sampling["max_tokens"])
    if "temperature" in sampling:
        parameters.sampling.temp = float(sampling["temperature"])
    if "repeat_penalty" in sampling:
        parameters.sampling.penalty_repeat = float(sampling["repeat_penalty"])
    for name in ("dry_multiplier", "dry_base"):
        if name in sampling:
            setattr(parameters.sampling, name, float(sampling[name]))
    for name in ("dry_allowed_length", "dry_penalty_last_n"):
        if name in sampling:
            setattr(parameters.sampling, name, int(sampling[name]))


def _can_move(metadata: GgufMetadata, settings: EngineSettings) -> bool:
    """Whether llama.cpp moves what it has read. Packed keys of heads of other sizes end its process (32 and 96; 64, 128,
    192 and 256 go)."""
    if settings.cache_type not in PACKED:
        return True
    size = head_size(metadata)
    return size is not None and size % 64 == 0


def _has_room(facts: ModelFacts, settings: EngineSettings, tokens: int, available: int | None) -> bool:
    return available is None or memory_needed(facts, settings, tokens) + KEPT_FREE <= available
