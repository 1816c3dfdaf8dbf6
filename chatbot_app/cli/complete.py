"""The command that continues a raw text."""

from __future__ import annotations

import argparse
import asyncio
from contextlib import aclosing, closing
from dataclasses import asdict
from pathlib import Path

from chatbot_app.chat.services import create_services
from chatbot_app.cli.named_servers import check_model, chosen_server
from chatbot_app.cli.printing import print_json
from chatbot_app.cli.standard_input import text_of
from chatbot_app.core.messages import Usage
from chatbot_app.storage.database import Access


def run(options: argparse.Namespace, data_dir: Path | None) -> int:
    """Print what follows a text as it arrives, or one JSON object at the end. Raises AppError."""
    return asyncio.run(_run(options, data_dir))


async def _run(options: argparse.Namespace, data_dir: Path | None) -> int:
    from chatbot_app.lab.completion import CompletionRequest, complete
    from chatbot_app.lab.models import RawModels
    from chatbot_app.llm.stream_events import StreamFinished, TextDelta, UsageReported

    request = CompletionRequest(
        text_of(options.text),
        max_tokens=options.max_tokens,
        temperature=options.temperature,
        top_p=options.top_p,
        seed=options.seed,
        stop=tuple(options.stop or ()),
        echo=options.echo,
    )
    parts: list[str] = []
    finish_reason: str | None = None
    usage: Usage | None = None
    with closing(create_services(data_dir, access=Access.GUEST)) as services:
        servers, gateway = services.servers, services.gateway
        server = chosen_server(servers, options.server)
        check_model(services.models, server, options.model)
        models = RawModels(gateway)
        try:
            async with (
                models.use(server.id, options.model) as client,
                aclosing(complete(client, request)) as events,
            ):
                async for event in events:
                    if isinstance(event, TextDelta):
                        parts.append(event.text)
                        if not options.json:
                            print(event.text, end="", flush=True)
                    elif isinstance(event, UsageReported):
                        usage = event.usage
                    elif isinstance(event, StreamFinished):
                        finish_reason = event.finish_reason
        finally:
            await gateway.close()
    if options.json:
        print_json(
            {
                "text": "".join(parts),
                "finish_reason": finish_reason,
                "model": client.model,
                "server": server.id,
                "usage": asdict(usage) if usage is not None else None,
            }
        )
    else:
        print()
    return 0
