"""The command that asks one question; the exchange is kept like any other."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from contextlib import aclosing, closing
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from chatbot_app.chat.events import PromptPlanned, SummaryFailed, TextAppended, TurnFinished, WaitingToRetry
from chatbot_app.chat.imported_history import PastConversation, read_history, store_history
from chatbot_app.chat.refusal import NO_DOCUMENTS
from chatbot_app.chat.requests import NewQuestion, PlanRequest
from chatbot_app.chat.services import Services, create_services
from chatbot_app.chat.small_talk import Asking, asking_of
from chatbot_app.cli.document_choice import collection_ids, document_filter
from chatbot_app.cli.file_states import FileStates
from chatbot_app.cli.json_forms import citation_as_json, trust_as_json
from chatbot_app.cli.named_servers import chosen_server
from chatbot_app.cli.pictures import encode_picture, read_pictures
from chatbot_app.cli.setting_options import chosen_settings
from chatbot_app.cli.shown_answers import is_quoted, print_checks, print_quoted_answer, print_sources
from chatbot_app.core.answer_modes import answer_mode
from chatbot_app.core.citations import citations_of
from chatbot_app.core.errors import UsageError
from chatbot_app.core.generation import GenerationSettings, HistoryStrategy
from chatbot_app.core.messages import Message, MessageStatus
from chatbot_app.core.prompt_plan import PromptPlan
from chatbot_app.core.sight import shown_pictures
from chatbot_app.core.trust import AnswerMode
from chatbot_app.storage.database import Access


def run(options: argparse.Namespace, data_dir: Path | None) -> int:
    """Run the command and return the exit status. Raises AppError."""
    return asyncio.run(ask(options, data_dir))


async def ask(options: argparse.Namespace, data_dir: Path | None) -> int:
    """Stream an answer to the terminal; the exchange is kept like any other."""
    pictures = read_pictures(options.picture)
    with closing(create_services(data_dir, access=Access.GUEST)) as services:
        services.encode_picture = encode_picture
        settings, past = _wanted(options, services)
        # The markers are set when an answer is whole: a pipe gets it with them, a person sees it arrive.
        streams = not options.json and (settings.collections is None or sys.stdout.isatty())
        conversation = services.conversations.create_conversation(settings)
        leaf = store_history(services.conversations, services.database, conversation.id, past.messages)
        if options.dry_run:
            if not pictures and _needs_no_model(services, settings, options.question):
                return _show_no_plan(services, conversation.id, as_json=options.json)
            shown = shown_pictures(pictures)
            planned = PlanRequest(conversation.id, leaf, options.question, pictures=shown)
            return await _show_plan(services, planned, options)
        try:
            if leaf is not None:
                await _prepare(services, PlanRequest(conversation.id, leaf, options.question))
            asked = NewQuestion(conversation.id, leaf, options.question, pictures=pictures)
            answer = await _answer(services, asked, streams=streams)
        finally:
            await services.gateway.close()
        if answer is None:
            return 130
        plan = services.conversations.plan(answer.id)
        as_json = _as_json(answer, plan, FileStates(services.library.documents)) if options.json else None
        unread = 0
        if (
            settings.collections is None
            and not past.messages
            and asking_of(options.question) is not Asking.CHAT
        ):
            unread = services.library.documents.scope().documents
    if as_json is not None:
        print(json.dumps(as_json, ensure_ascii=False))
    else:
        _print_answer(answer, streamed=streams)
    for notice in answer.notices:
        print(notice.words, file=sys.stderr)
    if unread and not options.json:
        what = "the document" if unread == 1 else f"the {unread:,} documents"
        print(
            f"From the model alone. With --documents it is answered from {what} of the library.",
            file=sys.stderr,
        )
    return 0 if answer.status is MessageStatus.COMPLETE else 1


def _wanted(options: argparse.Namespace, services: Services) -> tuple[GenerationSettings, PastConversation]:
    """Return the settings of the conversation that is asked for, and the history that it begins with. Raises UsageError."""
    server = chosen_server(services.servers, options.server)
    collections = None
    kept_to = document_filter(options)
    if options.documents or options.collection is not None or kept_to:
        if not services.library.documents.has_had_searchable():
            raise UsageError(detail=NO_DOCUMENTS)
        collections = collection_ids(services.library, options.collection)
    past = read_history(options.history) if options.history else PastConversation(None, ())
    chosen = chosen_settings(options)
    if past.system_prompt is not None:
        chosen.setdefault("system_prompt", past.system_prompt)
    settings = GenerationSettings(
        server_id=server.id,
        model=options.model,
        collections=collections,
        document_filter=kept_to,
        **chosen,
    )
    return settings, past


async def _answer(services: Services, asked: NewQuestion, *, streams: bool) -> Message | None:
    """Run the turn and return its answer, None where there is none; prints it as it is written."""
    answer: Message | None = None
    is_written = False
    async with aclosing(services.run_turn(asked)) as events:
        async for event in events:
            if isinstance(event, PromptPlanned):
                is_written = True  # by a model; what is quoted is printed in one piece
            elif isinstance(event, TextAppended) and streams and is_written:
                print(event.text, end="", flush=True)
            elif isinstance(event, WaitingToRetry):
                print(event.notice.summary, file=sys.stderr)
            elif isinstance(event, TurnFinished):
                answer = event.answer
    return answer


def _print_answer(answer: Message, *, streamed: bool) -> None:
    """Print an answer with its sources and checks; of one that was `streamed` the text stands there already."""
    if is_quoted(answer):
        print_quoted_answer(answer)
    elif answer.text:
        print("" if streamed else answer.text)
        print_sources(citations_of(answer.metadata))
        print_checks(answer)


async def _prepare(services: Services, request: PlanRequest) -> None:
    """Do for a given history what the window does after each answer: summarise, or make vectors."""
    strategy = services.conversations.conversation(request.conversation_id).settings.history_strategy
    if strategy not in (HistoryStrategy.SUMMARISE, HistoryStrategy.RECALL) or request.parent_id is None:
        return
    plan = await services.plan_turn(request)
    async for event in services.memory.prepare(request.conversation_id, request.parent_id, plan):
        if isinstance(event, SummaryFailed):
            print(f"There is no summary: {event.notice.summary}", file=sys.stderr)


def _show_no_plan(services: Services, conversation_id: str, *, as_json: bool) -> int:
    """Print that no model would be asked; nothing of the conversation is kept."""
    services.conversations.delete(conversation_id)
    services.conversations.purge(conversation_id)
    print('{"plan": null}' if as_json else "Nothing: it is answered with quotes, and no model is asked.")
    return 0


async def _show_plan(services: Services, request: PlanRequest, options: argparse.Namespace) -> int:
    """Print what would be sent; nothing of it is kept."""
    try:
        strategy = services.conversations.conversation(request.conversation_id).settings.history_strategy
        if strategy is HistoryStrategy.RECALL and services.embedding_models.sends_nothing:
            await _prepare(services, request)  # a server would be sent the history
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
            for one in part.pictures:
                sign = "+" if part.included and one.is_sent else "-"
                size = f"{one.width} × {one.height}"
                why = f"  ({one.why_not})" if one.why_not else ""
                print(f"{sign} {'picture':9} {one.tokens:7}  {one.name}, {size}{why}")
            tokens = part.tokens - part.picture_tokens
            print(f"{mark} {part.kind.value:9} {tokens:7}  {first[:60]}  ({part.reason})")
        source = f" ({plan.window_source})" if plan.window_source else ""
        print(f"{plan.tokens} tokens of {plan.budget}; window {plan.window}{source}")
    return 0 if plan.fits else 1


def _plan_as_json(plan: PromptPlan) -> dict[str, Any]:
    return {**plan.to_dict(), "budget": plan.budget, "fits": plan.fits}


def _as_json(answer: Message, plan: PromptPlan | None, files: FileStates) -> dict[str, Any]:
    used_documents = answer.settings is not None and answer.settings.collections is not None
    citations = [citation_as_json(c, files) for c in citations_of(answer.metadata)]
    return {
        "answer": answer.text,
        **({"citations": citations, **trust_as_json(answer, files)} if used_documents else {}),
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


def _needs_no_model(services: Services, settings: GenerationSettings, question: str) -> bool:
    """Whether a question is answered with quotes alone."""
    if settings.collections is None or asking_of(question) is Asking.CHAT:
        return False
    small = services.gateway.is_small(settings)
    return answer_mode(settings, small_model=small) is AnswerMode.QUOTES
