"""What a message of ChatGPT holds: words, code, calls and results of tools, thoughts, pictures, sources."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from chatbot_app.chat.transfer import written_parts as written
from chatbot_app.chat.transfer.carried_pictures import picture_beside
from chatbot_app.chat.transfer.plain_values import as_dict, as_list, as_number, as_str
from chatbot_app.chat.transfer.reading_limits import LONGEST_NAME, Reading
from chatbot_app.core.carried import CarriedPicture

# Places of sources and of what only its own program can show, between characters of the private use area.
_OWN_MARKS = re.compile("\ue200[^\ue201\n]{0,4000}\ue201")
_HIDDEN_KINDS = ("user_editable_context", "model_editable_context", "tether_browsing_display")
_CALLED_ALL = ("", "all")
_FILE_ID = re.compile(r"file[-_][A-Za-z0-9]{6,60}")
_MOST_PARTS = 10_000


@dataclass(frozen=True, slots=True)
class Content:
    """The words of a message, and what the model thought."""

    text: str = ""
    reasoning: str = ""
    is_hidden: bool = False
    pictures: tuple[CarriedPicture, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.text or self.reasoning or self.is_hidden)


def content_of(message: dict[str, Any], tool: str, reading: Reading) -> Content:
    """Return what a message holds; `tool` names who wrote it where that is a tool."""
    content = as_dict(message.get("content"))
    metadata = as_dict(message.get("metadata"))
    kind = as_str(content.get("content_type"), LONGEST_NAME)
    if kind in _HIDDEN_KINDS:
        return Content(is_hidden=True)
    if kind == "reasoning_recap":  # “Thought for 5 seconds”
        return Content()
    if kind == "thoughts":
        return Content(reasoning="\n\n".join(_thoughts(as_list(content.get("thoughts")))))
    pictures: list[CarriedPicture] = []
    text = _text_of(kind, content, metadata, reading, pictures)
    recipient = as_str(message.get("recipient"), LONGEST_NAME)
    role = as_dict(message.get("author")).get("role")
    if text and role == "assistant" and recipient not in _CALLED_ALL:
        language = as_str(content.get("language"), LONGEST_NAME)
        language = "python" if recipient == "python" else "" if language == "unknown" else language
        text = written.call_of(recipient, text, language)
    elif text and role == "tool" and kind != "multimodal_text":
        text = written.result_of(tool or "the tool", text)
    elif text and kind == "code":
        text = written.fenced(text, as_str(content.get("language"), LONGEST_NAME).replace("unknown", ""))
    text = _with_sources(text, metadata)
    if role == "user":
        text = "\n\n".join([*_files(metadata, content, reading), *([text] if text else [])])
    return Content(text, pictures=tuple(pictures))


def _text_of(
    kind: str,
    content: dict[str, Any],
    metadata: dict[str, Any],
    reading: Reading,
    pictures: list[CarriedPicture],
) -> str:
    """Return the words of a message; pictures that come along are added to `pictures`."""
    parts = as_list(content.get("parts"))
    if parts:
        names = {
            as_str(item.get("id")): as_str(item.get("name"), LONGEST_NAME)
            for item in map(as_dict, as_list(metadata.get("attachments")))
        }
        reading.left_out.add(written.UNKNOWN, len(parts) - _MOST_PARTS)
        texts = [_part(part, names, reading, pictures) for part in parts[:_MOST_PARTS]]
        return "\n\n".join(text for text in texts if text)
    for name in ("text", "result", "content"):
        text = as_str(content.get(name))
        if text:
            if kind == "tether_quote":
                where = as_str(content.get("url"), 2_000) or as_str(content.get("domain"), LONGEST_NAME)
                return f"{as_str(content.get('title'), LONGEST_NAME)} {where}\n{text}".strip()
            return text
    if kind and kind not in ("text", "code", "multimodal_text", "execution_output") and len(content) > 1:
        reading.left_out.add(written.UNKNOWN)
    return ""


def _part(part: Any, names: dict[str, str], reading: Reading, pictures: list[CarriedPicture]) -> str:
    if isinstance(part, str):
        return as_str(part)
    if not isinstance(part, dict):
        return ""
    kind = as_str(part.get("content_type"), LONGEST_NAME)
    if kind == "image_asset_pointer":
        width, height = as_number(part.get("width")), as_number(part.get("height"))
        size = f"{width:.0f} × {height:.0f}" if width and height else ""
        dalle = as_dict(as_dict(part.get("metadata")).get("dalle"))
        pointer = as_str(part.get("asset_pointer"), LONGEST_NAME)
        key = _key_of(pointer)
        name = names.get(key) or reading.pictures.get(key, key).rsplit("/", 1)[-1]
        found = picture_beside(reading, key, name)
        if isinstance(found, CarriedPicture):
            pictures.append(found)
        return written.picture(
            name,
            reading.left_out,
            size=size,
            words=as_str(dalle.get("prompt")),
            why=found if isinstance(found, str) else "",
        )
    if kind == "audio_transcription":
        return as_str(part.get("text"))
    if kind.endswith("asset_pointer"):
        reading.left_out.add(written.RECORDINGS)
        return ""
    text = as_str(part.get("text"))
    if not text:
        reading.left_out.add(written.UNKNOWN)
    return text


def pictures_of(names: Sequence[str]) -> dict[str, str]:
    """Return the files of an archive or folder by the ids that their names begin with or hold."""
    found = ((_FILE_ID.search(name.rsplit("/", 1)[-1]), name) for name in names)
    return {match.group(): name for match, name in found if match is not None}


def _key_of(pointer: str) -> str:
    """Return the id of a file of `file-service://file-…` or `sediment://file_…`, what follows it left away."""
    place = pointer.partition("://")[2] or pointer
    match = _FILE_ID.search(place)
    return match.group() if match is not None else place.rsplit("/", 1)[-1]


def _files(metadata: dict[str, Any], content: dict[str, Any], reading: Reading) -> list[str]:
    """Return what stands for the files that a person gave along; pictures stand at their places."""
    shown = str([part.get("asset_pointer") for part in map(as_dict, as_list(content.get("parts")))])
    files = []
    for item in map(as_dict, as_list(metadata.get("attachments"))[:_MOST_PARTS]):
        key = as_str(item.get("id"), LONGEST_NAME)
        if not key or key not in shown:
            files.append(written.attached(as_str(item.get("name"), LONGEST_NAME) or key, reading.left_out))
    return files


def _thoughts(thoughts: list[Any]) -> list[str]:
    texts = []
    for thought in map(as_dict, thoughts[:_MOST_PARTS]):
        summary, text = as_str(thought.get("summary")), as_str(thought.get("content"))
        texts.append("\n".join(part for part in (summary, text) if part))
    return [text for text in texts if text]


def _with_sources(text: str, metadata: dict[str, Any]) -> str:
    """Return the words with links where its program shows sources, and nothing where it shows something else."""
    shown = {
        as_str(item.get("matched_text"), 4_100): as_str(item.get("alt"), 4_000)
        for item in map(as_dict, as_list(metadata.get("content_references")))
    }
    return _OWN_MARKS.sub(lambda mark: shown.get(mark.group(), ""), text)
