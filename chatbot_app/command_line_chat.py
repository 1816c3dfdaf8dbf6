"""The commands around the chat: ask, models, servers."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
from contextlib import aclosing, closing
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chatbot_app import command_line_documents, command_line_trust
from chatbot_app.chat.events import PromptPlanned, SummaryFailed, TextAppended, TurnFinished, WaitingToRetry
from chatbot_app.chat.imported_history import PastConversation, read_history, store_history
from chatbot_app.chat.requests import NewQuestion, PlanRequest
from chatbot_app.command_line_servers import named_server
from chatbot_app.core.documents import citations_of
from chatbot_app.core.errors import UsageError
from chatbot_app.core.generation import GenerationSettings, HistoryStrategy
from chatbot_app.core.messages import Message, MessageStatus
from chatbot_app.core.prompt_plan import PromptPlan
from chatbot_app.core.servers import Server, ServerKind
from chatbot_app.core.trust import AnswerMode
from chatbot_app.library import EMBEDDING_SETTING

if TYPE_CHECKING:
    from chatbot_app.services import Services


def run(options: argparse.Namespace, data_dir: Path | None) -> int:
    """Run the command that was chosen and return the exit status. Raises AppError."""
    match options.command:
        case "ask":
            return asyncio.run(ask(options, data_dir))
        case "models":
            return list_models() if options.action == "list" else fetch_models(quiet=options.quiet)
        case _:
            return manage_servers(options, data_dir)


async def ask(options: argparse.Namespace, data_dir: Path | None) -> int:
    """Stream an answer to the terminal; the exchange is kept like any other."""
    from chatbot_app.application import create_services
    from chatbot_app.storage.database import Access

    with closing(create_services(data_dir, access=Access.GUEST)) as services:
        server = (
            named_server(services.servers.list(), options.server)
            if options.server
            else services.servers.default()
        )
        collections = None
        kept_to = command_line_documents.document_filter(options)
        if options.documents or options.collection is not None or kept_to:
            collections = command_line_documents.collection_ids(services.library, options.collection)
        past = read_history(options.history) if options.history else PastConversation(None, ())
        settings = GenerationSettings(
            server_id=server.id,
            model=options.model,
            collections=collections,
            max_tokens=options.max_tokens,
            history_strategy=HistoryStrategy(options.strategy or HistoryStrategy.OLDEST_EXCHANGES),
            answer_mode=AnswerMode(options.mode) if options.mode else None,
            document_filter=kept_to,
        )
        system_prompt = options.system if options.system is not None else past.system_prompt
        if system_prompt is not None:
            settings = replace(settings, system_prompt=system_prompt)
        # The markers are set when an answer is whole: a pipe gets it with them, a person sees it arrive.
        streams = not options.json and (collections is None or sys.stdout.isatty())
        conversation = services.conversations.create_conversation(settings)
        leaf = store_history(services.conversations, services.database, conversation.id, past.messages)
        answer: Message | None = None
        is_written = False
        if options.dry_run and command_line_trust.needs_no_model(services, settings, options.question):
            services.conversations.delete(conversation.id)
            services.conversations.purge(conversation.id)
            print(
                '{"plan": null}'
                if options.json
                else "Nothing: it is answered with quotes, and no model is asked."
            )
            return 0
        if options.dry_run:
            return await _show_plan(services, PlanRequest(conversation.id, leaf, options.question), options)
        try:
            if leaf is not None:
                await _prepare(services, PlanRequest(conversation.id, leaf, options.question))
            turn = services.run_turn(NewQuestion(conversation.id, leaf, options.question))
            async with aclosing(turn) as events:  # type: ignore[type-var]
                async for event in events:
                    if isinstance(event, PromptPlanned):
                        is_written = True  # by a model; what is quoted is printed in one piece
                    elif isinstance(event, TextAppended) and streams and is_written:
                        print(event.text, end="", flush=True)
                    elif isinstance(event, WaitingToRetry):
                        print(event.notice.summary, file=sys.stderr)
                    elif isinstance(event, TurnFinished):
                        answer = event.answer
        finally:
            await services.gateway.close()
        plan = services.conversations.plan(answer.id) if answer is not None else None
    if answer is None:
        return 130
    if options.json:
        print(json.dumps(_as_json(answer, plan), ensure_ascii=False))
    elif command_line_trust.is_quoted(answer):
        command_line_trust.print_quoted_answer(answer)
    elif answer.text:
        print("" if streams else answer.text)
        command_line_documents.print_sources(citations_of(answer.metadata))
        command_line_trust.print_checks(answer)
    for notice in answer.notices:
        print(f"{notice.summary} {notice.next_step}".strip(), file=sys.stderr)
    return 0 if answer.status is MessageStatus.COMPLETE else 1


async def _prepare(services: Services, request: PlanRequest) -> None:
    """Do for a given history what the window does after each answer: summarise, or make vectors."""
    strategy = services.conversations.conversation(request.conversation_id).settings.history_strategy
    if strategy not in (HistoryStrategy.SUMMARISE, HistoryStrategy.RECALL) or request.parent_id is None:
        return
    plan = await services.plan_turn(request)
    async for event in services.memory.prepare(request.conversation_id, request.parent_id, plan):
        if isinstance(event, SummaryFailed):
            print(f"There is no summary: {event.notice.summary}", file=sys.stderr)


async def _show_plan(services: Services, request: PlanRequest, options: argparse.Namespace) -> int:
    """Print what would be sent; nothing of it is kept."""
    try:
        strategy = services.conversations.conversation(request.conversation_id).settings.history_strategy
        if strategy is HistoryStrategy.RECALL and not services.settings.get(EMBEDDING_SETTING):
            await _prepare(
                services, request
            )  # on this machine; an embedding server would be sent the history
        plan = await services.plan_turn(replace(request, search=True))
    finally:
        await services.gateway.close()
        services.conversations.delete(request.conversation_id)
        services.conversations.purge(request.conversation_id)
    if options.json:
        print(json.dumps({"plan": _plan_as_json(plan)}, ensure_ascii=False))
    else:
        for part in plan.parts:
            first = part.text.strip().partition("\n")[0]
            mark = "+" if part.included else "-"
            print(f"{mark} {part.kind.value:9} {part.tokens:7}  {first[:60]}  ({part.reason})")
        source = f" ({plan.window_source})" if plan.window_source else ""
        print(f"{plan.tokens} tokens of {plan.budget}; window {plan.window}{source}")
    return 0 if plan.fits else 1


def _plan_as_json(plan: PromptPlan) -> dict[str, Any]:
    return {**plan.to_dict(), "budget": plan.budget, "fits": plan.fits}


def _as_json(answer: Message, plan: PromptPlan | None) -> dict[str, Any]:
    used_documents = answer.settings is not None and answer.settings.collections is not None
    citations = [command_line_documents.citation_as_json(c) for c in citations_of(answer.metadata)]
    return {
        "answer": answer.text,
        **({"citations": citations, **command_line_trust.trust_as_json(answer)} if used_documents else {}),
        "status": answer.status.value,
        "finish_reason": answer.finish_reason,
        "model": answer.model,
        "server": answer.server_id,
        "conversation_id": answer.conversation_id,
        "plan": _plan_as_json(plan) if plan else None,
        "usage": asdict(answer.usage) if answer.usage else None,
        "timings": {
            **(asdict(answer.timings) if answer.timings else {}),
            "cached_prompt_tokens": answer.usage.cached_tokens if answer.usage else None,
        },
        "notices": [asdict(notice) for notice in answer.notices],
    }


def list_models() -> int:
    """Print the known model files; 1 where one is missing or damaged."""
    from chatbot_app.llm.model_files import model_file_states

    states = model_file_states()
    for state in states:
        condition = "missing" if state.path is None else "ok" if state.intact else "damaged"
        print(f"{condition:8} {state.file.size / 1e6:6.1f} MB  {state.file.name}  ({state.file.purpose})")
        if state.path is not None:
            print(f"         {state.path}")
    return 0 if all(state.intact for state in states) else 1


def fetch_models(*, quiet: bool) -> int:
    """Download what is missing, with a progress bar; run it again to go on where it ended."""
    from chatbot_app.llm.model_fetching import fetch_models as fetch
    from chatbot_app.llm.model_files import DownloadProgressed, DownloadWaiting, FileReady

    shown = sys.stderr.isatty()
    tenth = -1
    for event in fetch():
        match event:
            case DownloadProgressed(name, received, total) if total and shown:
                done = 30 * received // total
                bar = "█" * done + "░" * (30 - done)
                print(
                    f"\r{name}  {bar} {received / 1e6:5.1f} of {total / 1e6:.1f} MB", end="", file=sys.stderr
                )
            case DownloadProgressed(name, received, total) if total and 10 * received // total > tenth:
                tenth = 10 * received // total
                print(f"{name}: {10 * tenth} %", file=sys.stderr)
            case DownloadWaiting(name):
                print(f"{name}: another process is fetching it, waiting", file=sys.stderr)
            case FileReady(name, path, fetched) if fetched or not quiet:
                print(f"{'' if not (shown and fetched) else chr(13)}{name} is ready: {path}", file=sys.stderr)
    return 0


def manage_servers(options: argparse.Namespace, data_dir: Path | None) -> int:
    """List, add, remove or test servers."""
    from chatbot_app.application import create_services, new_id
    from chatbot_app.llm.keys import KeyPlace
    from chatbot_app.llm.servers import check_key, guess_kind, normalise_base_url
    from chatbot_app.storage.database import Access

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


async def _test(services: Any, server: Server) -> int:
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
