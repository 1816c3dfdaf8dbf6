"""A server that sends far faster than anyone can read: Stop works meanwhile, and no character is lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatbot_app.application import create_services
from chatbot_app.core.messages import MessageStatus
from chatbot_app.core.servers import Server
from tests.benchmarks.bench_streaming import answer_of
from tests.e2e.person import Launch
from tests.scripted_server import ScriptedServer, sse_answer

pytestmark = pytest.mark.xdist_group("e2e")


def test_stop_works_in_a_flood(launch: Launch, data_dir: Path) -> None:
    text = answer_of(100_000) * 20
    tokens = [text[start : start + 50] for start in range(0, len(text), 50)]
    with ScriptedServer(sse_answer(tokens, ending="stall")) as server:
        services = create_services(data_dir)
        services.servers.add(Server("scripted", "Scripted", server.base_url, default_model="scripted"))
        services.servers.set_default("scripted")
        services.settings.set("chat.automatic_titles", False)
        services.close()
        person = launch()
        person.type_and_send("Flood me")
        person.qtbot.waitUntil(lambda: len(person.transcript.message_ids()) == 2, timeout=20_000)
        answer_id = person.transcript.message_ids()[1]
        person.qtbot.waitUntil(lambda: len(person.transcript.text_of(answer_id)) > 50_000, timeout=30_000)
        person.click("stop_button")
        person.wait_until_idle()
        answer = person.answers()[0]
        assert answer.status is MessageStatus.STOPPED
        assert len(answer.text) > 50_000
        assert text.startswith(answer.text)
        assert person.transcript.text_of(answer_id) == answer.text
