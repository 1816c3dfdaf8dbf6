"""What servers write beside a status that is no success: JSON of many shapes, text, web pages."""

from __future__ import annotations

import json
from typing import Any

from chatbot_app.llm.json_bodies import read_json


def looks_like_html(text: str) -> bool:
    """Whether `text` begins as a web page does."""
    return text.lstrip("\ufeff \t\r\n")[:1] == "<"


def read_error_body(body: str) -> tuple[dict[str, Any], str]:
    """Return the error object ({} if there is none) and its message, out of any server's error body."""
    try:
        parsed = read_json(body)
    except ValueError:
        return {}, body.strip()
    if isinstance(parsed, str):
        return {}, parsed
    if not isinstance(parsed, dict):
        return {}, body.strip()
    inner = parsed.get("error")
    if isinstance(inner, dict):
        return inner, _message(inner) or json.dumps(inner)
    if isinstance(inner, str) and inner:
        return parsed, str(parsed.get("message") or parsed.get("error_description") or inner)
    return parsed, _message(parsed) or (json.dumps(parsed) if parsed else "")


def _message(error: dict[str, Any]) -> str:
    for name in ("message", "msg", "detail", "error"):
        value = error.get(name)
        if isinstance(value, str) and value:
            return value
        if isinstance(value, list):  # FastAPI: [{"loc": ["body", "top_k"], "msg": "…", "type": "…"}]
            return "; ".join(_validation_message(item) for item in value)
        if isinstance(value, dict) and value:
            return _message(value) or json.dumps(value)
    return ""


def _validation_message(item: Any) -> str:
    if not isinstance(item, dict):
        return str(item)
    location = item.get("loc")
    where = ".".join(str(part) for part in location) if isinstance(location, list) else ""
    return f"{where}: {item.get('msg', '')} {item.get('type', '')}".strip(": ")
