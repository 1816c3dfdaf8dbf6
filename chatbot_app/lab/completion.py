"""Completion: raw text in, what follows out. No roles, no template; the model goes on as its texts went on.

The older of the two interfaces (`completions.create`); a chat is the same with the messages written into one text by
the model's template.
"""

from __future__ import annotations

import json
import shlex
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Any

from chatbot_app.core.completion_errors import NothingToContinue
from chatbot_app.lab.raw_model import RawModel
from chatbot_app.llm.stream_events import StreamEvent, TextDelta

LONGEST_IN_CODE = 20_000  # characters of a prompt that stand in a program or a command
PROMPT_FILE = "prompt.txt"


@dataclass(frozen=True, slots=True)
class CompletionRequest:
    """A text to continue; what is None or empty is not sent, so the server's own default holds.

    `max_tokens` is in tokens, `stop` holds the texts before which the completion ends, `echo` wants the prompt before it.
    """

    prompt: str
    max_tokens: int | None = 64
    temperature: float | None = None
    top_p: float | None = None
    seed: int | None = None
    stop: tuple[str, ...] = ()
    echo: bool = False

    def parameters(self) -> dict[str, Any]:
        """Return what is sent besides model, prompt and the wish for a stream."""
        named = {
            "max_tokens": self.max_tokens,
            "temperature": self.temperature,
            "top_p": self.top_p,
            "seed": self.seed,
            "stop": list(self.stop) or None,
            "echo": self.echo or None,
        }
        return {name: value for name, value in named.items() if value is not None}

    def as_python(self, base_url: str, model: str) -> str:
        """Return the request as a program for the `openai` library; the key is read from the environment.

        A prompt that is too long to be read in a program is read from a file.
        """
        is_long = len(self.prompt) > LONGEST_IN_CODE
        prompt = f'Path("{PROMPT_FILE}").read_text(encoding="utf-8")' if is_long else repr(self.prompt)
        reading = "from pathlib import Path\n" if is_long else ""
        named = {name: repr(value) for name, value in self.parameters().items()}
        arguments = {"model": repr(model), "prompt": prompt, **named}
        lines = "".join(f"    {name}={value},\n" for name, value in arguments.items())
        return (
            f"import os\n{reading}\nfrom openai import OpenAI\n\n"
            f'client = OpenAI(base_url={base_url!r}, api_key=os.environ.get("API_KEY", "none"))\n'
            f"stream = client.completions.create(\n{lines}    stream=True,\n)\n"
            'for chunk in stream:\n    if chunk.choices:\n        print(chunk.choices[0].text, end="", flush=True)\n'
        )

    def as_curl(self, base_url: str, model: str) -> str:
        """Return the request as a command for a shell; jq puts a long prompt into it from a file."""
        sent = {"model": model, **self.parameters(), "stream": True}
        is_long = len(self.prompt) > LONGEST_IN_CODE
        body = json.dumps(sent if is_long else {**sent, "prompt": self.prompt}, ensure_ascii=False)
        before = (
            f"jq -n --rawfile prompt {PROMPT_FILE} {shlex.quote(body + ' + {$prompt}')} | " if is_long else ""
        )
        return (
            f"{before}curl -N {shlex.quote(base_url.rstrip('/') + '/completions')} \\\n"
            '  -H "Authorization: Bearer $API_KEY" -H "Content-Type: application/json" \\\n'
            f"  -d {'@-' if is_long else shlex.quote(body)}\n"
        )


async def complete(client: RawModel, request: CompletionRequest) -> AsyncGenerator[StreamEvent, None]:
    """Yield what follows as it arrives, with the prompt before it where it is to be echoed. Raises ServerError.

    Some servers take `echo` and do not heed it (llama.cpp): then the prompt is put there here.
    """
    echo = _Echo(request.prompt) if request.echo else None
    has_text = False
    async for event in client.stream(request.prompt, request.parameters()):
        if isinstance(event, TextDelta):
            has_text = True
            text = echo.feed(event.text) if echo is not None else event.text
            if text:
                yield TextDelta(text)
            continue
        if echo is not None:
            rest, echo = echo.end(), None
            if rest:
                yield TextDelta(rest)
        yield event
    if not request.prompt and not has_text:
        raise NothingToContinue(server=client.server.name, model=client.model)


class _Echo:
    """Puts the prompt before a text that does not begin with it."""

    def __init__(self, prompt: str) -> None:
        self._prompt = prompt
        self._held: str | None = ""  # None once it is decided

    def feed(self, text: str) -> str:
        """Return what can be shown by now."""
        if self._held is None:
            return text
        self._held += text
        if len(self._held) < len(self._prompt) and self._prompt.startswith(self._held):
            return ""
        return self.end()

    def end(self) -> str:
        """Return what was held back: nothing more comes."""
        held, self._held = self._held, None
        if held is None:
            return ""
        return held if self._prompt and held.startswith(self._prompt) else self._prompt + held
