"""What one more exchange costs in a conversation that grows: size of the store, time and memory.

    .venv/bin/python -m tests.benchmarks.bench_long_conversation [--exchanges 2000] [--strategy oldest-exchanges]

Questions and answers of one line go through the real turn and the real client to a scripted server; after
each answer the work in the background is done and a draft is planned, as in the window. Times are the median
of the 20 exchanges before a mark, as CPU seconds of this process: the machine may be busy with other things.

On two cores: 0.52, 1.36, 2.41 and 4.48 MB after 100, 500, 1,000 and 2,000 exchanges; 47, 148, 154 and 116 ms of CPU an
exchange. From about 300 exchanges on the window of 8,192 tokens is full, and most of the time is the client library's,
which looks at every message of the prompt. Before plans were kept by reference: 734 exchanges took 15.6 MB, and an exchange 0.27 s instead of 0.03 s.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import tempfile
import time
from pathlib import Path

from chatbot_app.chat.events import TurnFinished
from chatbot_app.chat.requests import NewQuestion, PlanRequest
from chatbot_app.chat.services import Services, create_services
from chatbot_app.core.generation import GenerationSettings, HistoryStrategy
from chatbot_app.core.servers import Server, ServerKind
from tests.scripted_server import MODELS, ScriptedServer, models_answer, sse_answer

MARKS = (100, 500, 1000, 2000)
SAMPLED = 20


async def exchange(services: Services, conversation_id: str, leaf: str | None, number: int) -> str:
    """Ask, do the work behind it, plan a draft; return the answer's id."""
    answer_id = ""
    async for event in services.run_turn(
        NewQuestion(conversation_id, leaf, f"Question number {number}: how does it go on?")
    ):
        if isinstance(event, TurnFinished):
            answer_id = event.answer.id
            async for _ in services.after_turn(event.answer):
                pass
    await services.plan_turn(PlanRequest(conversation_id, answer_id, "And then"))
    return answer_id


def size_of(services: Services) -> int:
    """Return the bytes of the file, its log moved into it."""
    services.database.truncate_log()
    return services.paths.database.stat().st_size


async def measure(services: Services, exchanges: int, strategy: HistoryStrategy) -> None:
    settings = GenerationSettings(server_id="scripted", history_strategy=strategy)
    conversation_id = services.conversations.create_conversation(settings).id
    leaf: str | None = None
    cpu: list[float] = []
    wall: list[float] = []
    print(f"{'exchanges':>10} {'MB':>6} {'CPU ms':>8} {'wall ms':>8}")
    for number in range(1, exchanges + 1):
        started, began = time.process_time(), time.perf_counter()
        leaf = await exchange(services, conversation_id, leaf, number)
        cpu.append(time.process_time() - started)
        wall.append(time.perf_counter() - began)
        if number in MARKS or number == exchanges:
            median_cpu, median_wall = (1000 * statistics.median(times[-SAMPLED:]) for times in (cpu, wall))
            size = size_of(services) / 1e6
            print(f"{number:>10} {size:>6.2f} {median_cpu:>8.1f} {median_wall:>8.1f}", flush=True)
    await services.gateway.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--exchanges", type=int, default=2000)
    parser.add_argument("--strategy", type=HistoryStrategy, default=HistoryStrategy.OLDEST_EXCHANGES)
    options = parser.parse_args()
    models = models_answer([{"id": "scripted", "max_model_len": 8192}])
    answer = sse_answer(["It goes ", "on as ", "it did before."])
    with (
        tempfile.TemporaryDirectory() as folder,
        ScriptedServer(answer, paths={MODELS: models}) as server,
    ):
        services = create_services(Path(folder))
        try:
            scripted = Server(
                "scripted", "Scripted", server.base_url, ServerKind.OPENAI, default_model="scripted"
            )
            services.servers.add(scripted)
            asyncio.run(measure(services, options.exchanges, options.strategy))
        finally:
            services.close()


if __name__ == "__main__":
    main()
