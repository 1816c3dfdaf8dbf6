"""Makes exports in the public shape of ChatGPT's: no conversation of anybody is in them."""

from __future__ import annotations

import json
import random
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.tiny_png import png

WORDS = (
    "the tide follows the moon because water is pulled a little more on the near side and a table of heights with"
    " numbers helps a sailor who asks about harbours in spring".split()
)
START = 1_680_000_000.0


class Maker:
    """Makes conversations, the same ones for the same seed."""

    def __init__(self, seed: int = 0) -> None:
        self._random = random.Random(seed)

    def conversation(self, number: int, exchanges: int) -> dict[str, Any]:
        """Return a conversation with hidden and deleted nodes, variants, code, tools, thoughts, pictures and sources."""
        prefix = f"{number:08d}-0000-4000-8000-"
        nodes: dict[str, Any] = {}
        moment = START + number * 9_000

        def add(parent: str | None, role: str, content: dict[str, Any] | None, **more: Any) -> str:
            nonlocal moment
            moment += 7
            name = f"{prefix}{len(nodes):012d}"
            metadata = more.pop("metadata", {})
            message = content and {
                "id": name,
                "author": {"role": role, "name": more.pop("name", None), "metadata": {}},
                "create_time": moment,
                "update_time": None,
                "content": content,
                "status": "finished_successfully",
                "end_turn": None,
                "weight": 1.0,
                "metadata": metadata,
                "recipient": "all",
                **more,
            }
            nodes[name] = {"id": name, "message": message, "parent": parent, "children": []}
            if parent in nodes:
                nodes[parent]["children"].append(name)
            return name

        def text(words: int) -> dict[str, Any]:
            return {"content_type": "text", "parts": [self.words(words)]}

        place = add(None, "system", None)
        place = add(place, "system", {"content_type": "text", "parts": [""]}, weight=0.0)
        hidden = {"is_visually_hidden_from_conversation": True}
        place = add(
            place, "user", {"content_type": "user_editable_context", "user_profile": "x"}, metadata=hidden
        )
        for exchange in range(exchanges):
            kind = (number + exchange) % 8
            asked: dict[str, Any] = text(20)
            if kind == 1:
                picture = {
                    "content_type": "image_asset_pointer",
                    "asset_pointer": f"file-service://file-Abc{number:06d}",
                }
                asked = {
                    "content_type": "multimodal_text",
                    "parts": [{**picture, "width": 640, "height": 480}, self.words(5)],
                }
            question = add(place, "user", asked)
            place = question
            if kind == 2:
                code = {"content_type": "code", "language": "unknown", "text": "print(6 * 7)"}
                place = add(place, "assistant", code, recipient="python")
                place = add(place, "tool", {"content_type": "execution_output", "text": "42"}, name="python")
            if kind == 3:
                thoughts = [{"summary": "Thinking", "content": self.words(30)}]
                place = add(place, "assistant", {"content_type": "thoughts", "thoughts": thoughts})
            answer = text(120)
            metadata: dict[str, Any] = {"model_slug": "gpt-4o", "finish_details": {"type": "stop"}}
            if kind == 4:
                mark = "\ue200cite\ue202turn0search1\ue201"
                answer["parts"][0] += f" It is so.{mark}"
                metadata["content_references"] = [
                    {"matched_text": mark, "alt": "([Tides](https://example.org/tides))"}
                ]
            if kind == 5:
                answer["parts"][0] += "\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n\\( x^2 \\)"
            if kind == 6:
                add(question, "assistant", text(60), metadata={"model_slug": "gpt-4"})  # another variant
            place = add(place, "assistant", answer, metadata=metadata)
            if kind == 7:  # a node whose message was deleted
                place = add(place, "assistant", None)
        return {
            "title": f"Conversation {number}: {self.words(4)}",
            "create_time": START + number * 9_000,
            "update_time": moment,
            "mapping": nodes,
            "current_node": place,
            "conversation_id": f"{number:08d}-aaaa-4000-8000-000000000000",
            "is_archived": number % 50 == 7,
            "default_model_slug": "gpt-4o",
        }

    def words(self, count: int) -> str:
        """Return so many words."""
        return " ".join(self._random.choices(WORDS, k=count))


def conversations(count: int, *, longest: int, seed: int = 0) -> Iterator[dict[str, Any]]:
    """Yield conversations, newest first as there; the first has about `longest` nodes."""
    maker = Maker(seed)
    for number in range(count, 0, -1):
        yield maker.conversation(number, longest * 2 // 5 if number == count else 1 + number % 20)


def write_export(path: Path, count: int, *, longest: int = 2_000, seed: int = 0) -> int:
    """Write a ZIP archive as it comes from there; return the size of the conversations in it, in bytes."""
    size = 0
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("user.json", json.dumps({"id": "user-1", "email": "a@example.org"}))
        archive.writestr("message_feedback.json", "[]")
        archive.writestr("chat.html", "<html><script>var jsonData = [];</script></html>")
        archive.writestr("file-Abc000001-beach.png", png(64, 48))
        with archive.open("conversations.json", "w", force_zip64=True) as file:
            size += file.write(b"[")
            for number, conversation in enumerate(conversations(count, longest=longest, seed=seed)):
                size += file.write(b", " if number else b"")
                size += file.write(json.dumps(conversation).encode())
            size += file.write(b"]")
    return size
