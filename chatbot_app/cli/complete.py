"""The command that continues a raw text."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing, closing
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from chatbot_app.chat.services import create_services
from chatbot_app.cli.named_servers import check_model, chosen_server
from chatbot_app.cli.printing import print_json
from chatbot_app.cli.standard_input import text_of
from chatbot_app.core.messages import Usage
from chatbot_app.storage.database import Access

if TYPE_CHECKING:
    from chatbot_app.llm.stream_events import StreamEvent


def run(options: argparse.Namespace, data_dir: Path | None) -> int:
    """Print what follows a text as it arrives, or one JSON object at the end. Raises AppError."""
    return asyncio.run(_run(options, data_dir))


async def _run(options: argparse.Namespace, data_dir: Path | None) -> int:
    from chatbot_app.lab.completion import CompletionRequest, complete
    from chatbot_app.lab.models import RawModels

    request = CompletionRequest(
        text_of(options.text),
        max_tokens=options.max_tokens,
        temperature=options.temperature,
        top_p=options.top_p,
        seed=options.seed,
        stop=tuple(options.stop or ()),
        echo=options.echo,
    )
    with closing(create_services(data_dir, access=Access.GUEST)) as services:
        server = chosen_server(services.servers, options.server)
        check_model(services.models, server, options.model)
        models = RawModels(services.gateway)
        try:
            async with (
                models.use(server.id, options.model) as client,
                aclosing(complete(client, request)) as events,
            ):
                said = await _heard(events, prints=not options.json)
        finally:
            await services.gateway.close()
    if options.json:
        print_json(
            {
                "text": said.text,
                "finish_reason": said.finish_reason,
                "model": client.model,
                "server": server.id,
                "usage": asdict(said.usage) if said.usage is not None else None,
            }
        )
    else:
        print()
    return 0


@dataclass(frozen=True, slots=True)
class _Said:
    """A continuation that is whole."""

    text: str
    finish_reason: str | None
    usage: Usage | None


async def _heard(events: AsyncIterator[StreamEvent], *, prints: bool) -> _Said:
    """Hear a continuation to its end; `prints` it as it arrives."""
    from chatbot_app.llm.stream_events import StreamFinished, TextDelta, UsageReported

    parts: list[str] = []
    finish_reason: str | None = None
    usage: Usage | None = None
    async for event in events:
        match event:
            case TextDelta(text):
                parts.append(text)
                if prints:
                    print(text, end="", flush=True)
            case UsageReported():
                usage = event.usage
            case StreamFinished():
                finish_reason = event.finish_reason
    return _Said("".join(parts), finish_reason, usage)
