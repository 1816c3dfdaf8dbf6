"""Parameters that a model does not take: how servers say so, and how it is remembered."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chatbot_app.core.servers import Server

TRAIT = "refused_parameters"  # Server.traits[model][TRAIT] = {name: replacement or None}

_CODES = {"unsupported_parameter", "unsupported_value", "unknown_parameter", "extra_forbidden"}
_WORDS = re.compile(
    r"unsupported|not supported|does not support|doesn't support|unrecogni[sz]ed|unknown (?:parameter|field|argument)"
    r"|not permitted|not allowed|unexpected (?:keyword|field|argument)|extra inputs|extra_forbidden",
    re.IGNORECASE,
)
_NEVER_DROPPED = {"model", "messages", "stream"}
# What is wanted of the form of a reply has many names, and servers that cannot do it many words for that
# ("This response_format type is unavailable now", "does not support response format `json_schema`").
FORM = "response_format"
_ABOUT_FORM = re.compile(
    r"response[_ ]?format|json[_ ]?schema|structured[_ ]output|guided[_ ]json|grammar", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class RefusedParameter:
    """The parameter `name` is refused; `replacement` is the name to send its value under, if any."""

    name: str
    replacement: str | None = None


def find_refused_parameter(
    message: str, error: Mapping[str, Any], sent: Mapping[str, Any]
) -> RefusedParameter | None:
    """Return which of the parameters `sent` a 400 or 422 complains of, or None if it is about something else."""
    candidates = [name for name in sent if name not in _NEVER_DROPPED]
    if FORM in candidates and _ABOUT_FORM.search(message):
        return RefusedParameter(FORM)
    code = str(error.get("code") or error.get("type") or "")
    if code not in _CODES and not _WORDS.search(message):
        return None
    named = str(error.get("param") or "").split(".")[0]
    if named not in candidates:
        if named in _NEVER_DROPPED:
            return None
        mentioned = [
            (found.start(), name)
            for name in candidates
            if (found := re.search(rf"(?<![\w]){re.escape(name)}(?![\w])", message))
        ]
        if not mentioned:
            return None
        named = min(mentioned)[1]  # "Unsupported parameter: 'a' … use 'b'": the first is the refused one
    if named == "max_tokens" and (
        "max_completion_tokens" in message or code in {"unsupported_parameter", "unknown_parameter"}
    ):
        return RefusedParameter(named, "max_completion_tokens")
    return RefusedParameter(named)


def refused_parameters(server: Server, model: str) -> dict[str, str | None]:
    """Return what `server` is known to refuse for `model`: each name with its replacement or None."""
    traits = server.traits.get(model)
    known = traits.get(TRAIT) if isinstance(traits, dict) else None
    if not isinstance(known, dict):
        return {}
    return {
        str(name): replacement if isinstance(replacement, str) else None
        for name, replacement in known.items()
    }


def without_refused(parameters: Mapping[str, Any], refused: Mapping[str, str | None]) -> dict[str, Any]:
    """Return `parameters` without those in `refused`, values moved to their replacements."""
    kept: dict[str, Any] = {}
    for name, value in parameters.items():
        if name not in refused:
            kept[name] = value
    for name, replacement in refused.items():
        if replacement and replacement not in refused and name in parameters:
            kept.setdefault(replacement, parameters[name])
    return kept
