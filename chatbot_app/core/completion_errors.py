"""Why a model's probabilities or raw completions cannot be had."""

from __future__ import annotations

from chatbot_app.core.errors import Action, ServerError


class NoLogprobs(ServerError):
    """A server answered, and named no probabilities of tokens."""

    summary_template = "{server} sends no probabilities of tokens for {model}."
    next_step_template = "The built-in model does, and so do llama.cpp and vLLM."
    action = Action.NONE


class NoCompletions(ServerError):
    """A server does not have the endpoint for raw text, or not for this model."""

    summary_template = "{server} does not continue raw texts with {model}: {detail}"
    next_step_template = "The built-in model does, and so do llama.cpp, vLLM, LM Studio and Ollama."
    action = Action.NONE


class NothingToContinue(ServerError):
    """The text is empty; `model` would need a token to begin with."""

    summary_template = "There is nothing to continue: {model} needs at least one token."
    next_step_template = "Write a word or more."
    action = Action.NONE


class TextTooLong(ServerError):
    """A text has more tokens than the model's window; both may be unknown."""

    summary_template = "The text is too long for {model}{numbers}."
    next_step_template = "Shorten it, or choose a model with a larger window."
    action = Action.NONE


class NoForcedTokens(ServerError):
    """A server's probability of a given token cannot be asked for."""

    summary_template = "{server} does not say how likely a given text is, only what is likeliest."
    next_step_template = "The built-in model and llama.cpp do."
    action = Action.NONE


class AnswerNotReadable(ServerError):
    """An answer came without probabilities, and its server does not say them of a given text."""

    summary_template = (
        "{server} does not say how likely the words of a given answer are, and none were kept with it."
    )
    next_step_template = (
        "Set “Alternatives” in the settings of the conversation: then they are asked for with each answer."
    )
    action = Action.OPEN_SETTINGS
