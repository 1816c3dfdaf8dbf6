"""The commands on the servers that answer."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from contextlib import closing
from pathlib import Path

from chatbot_app.chat.services import Services, create_services
from chatbot_app.cli.named_servers import named_server
from chatbot_app.core.errors import UsageError
from chatbot_app.core.ids import new_id
from chatbot_app.core.servers import Server, ServerKind
from chatbot_app.storage.database import Access


def run(options: argparse.Namespace, data_dir: Path | None) -> int:
    """List, add, remove or test servers; return the exit status. Raises AppError."""
    from chatbot_app.llm.keys import KeyPlace
    from chatbot_app.llm.servers import check_key, guess_kind, normalise_base_url

    with closing(create_services(data_dir, access=Access.GUEST)) as services:
        known = services.servers.list()
        match options.action:
            case "list":
                default_id = services.servers.default().id
                for server in known:
                    mark = "*" if server.id == default_id else " "
                    key = "key" if server.has_key else ""
                    print(
                        f"{mark} {server.name}\t{server.base_url or 'on this machine'}\t{server.default_model}\t{key}".rstrip()
                    )
            case "add":
                if any(server.name == options.name for server in known):
                    raise UsageError(detail=f"A server named “{options.name}” is there already.")
                base_url = normalise_base_url(options.url)
                key = _key_from(options.key_env) if options.key_env else ""
                server = Server(
                    new_id(),
                    options.name,
                    base_url,
                    guess_kind(base_url) or ServerKind.OTHER,
                    default_model=options.model,
                    has_key=bool(key),
                )
                services.servers.add(server)
                if (
                    key
                    and services.keys.set(server.id, check_key(key), where=KeyPlace.KEYCHAIN)
                    is not KeyPlace.KEYCHAIN
                ):
                    print(
                        "No keychain answers here, so the key was not kept. Enter it in the window, under Servers, "
                        "where you can choose to keep it in a file.",
                        file=sys.stderr,
                    )
                if options.default:
                    services.servers.set_default(server.id)
                print(f"Added {server.name}: {server.base_url}")
            case "remove":
                server = named_server(known, options.name)
                services.servers.remove(server.id)
                services.keys.delete(server.id)
                print(f"Removed {server.name}.")
            case "test":
                return asyncio.run(_test(services, named_server(known, options.name)))
    return 0


async def _test(services: Services, server: Server) -> int:
    try:
        report = await services.gateway.test(server, None)
    finally:
        await services.gateway.close()
    print(report.sentence)
    for model in report.models:
        print(f"  {model.id}")
    return 0 if report.reachable else 1


def _key_from(variable: str) -> str:
    key = os.environ.get(variable, "").strip()
    if not key:
        raise UsageError(detail=f"The environment variable {variable} is not set.")
    return key
