"""Messages as they leave: texts that are valid JSON, and how many pictures go with them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from chatbot_app.core.text import clean_text

# How servers say that they, or a model, take no picture, or not this one: llama.cpp "image input is not supported",
# "Failed to load image or audio file"; OpenAI "image_url is only supported by certain models"; vLLM "At most 0 image(s)
# may be provided", "is not a multimodal model"; OpenRouter "No endpoints found that support image input"; Ollama "this
# model is missing data required for image input"; DeepSeek "unknown variant `image_url`, expected `text`"; Groq and other
# strict ones "messages[0].content must be a string".
_ABOUT_PICTURES = re.compile(
    r"\bimages?\b|image_url|\bvision\b|multi-?modal|mmproj|content\W.{0,40}\bstr(ing)?\b|expected `?text`?",
    re.IGNORECASE | re.DOTALL,
)


def as_sent(messages: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return messages, or the parts of their content, with texts that can be encoded."""
    return [{name: _clean(value) for name, value in message.items()} for message in messages]


def count_pictures(messages: Sequence[Mapping[str, Any]]) -> int:
    """Return how many pictures messages hold."""
    contents = [message.get("content") for message in messages]
    parts = [part for content in contents if isinstance(content, list) for part in content]
    return sum(isinstance(part, dict) and part.get("type") == "image_url" for part in parts)


def is_about_pictures(message: str) -> bool:
    """Whether a refusal of a request with pictures speaks of them."""
    return _ABOUT_PICTURES.search(message) is not None


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, list):
        return [{**part, "text": clean_text(part["text"])} if "text" in part else part for part in value]
    return value
