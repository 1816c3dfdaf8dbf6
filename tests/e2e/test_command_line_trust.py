"""What can be measured from outside: quote, check, and `ask` with its modes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.terminal import Terminal
from tests.scripted_server import Answer, Request, ScriptedServer, sse_answer

TOWER = "The Eiffel Tower in Paris is 330 metres tall.\n\nIt was completed in March 1889.\n"
TALL = "How tall is the Eiffel Tower?"
SILENT = "Which enzymes break down lactose in mammals?"


@pytest.fixture(scope="module")
def server() -> Iterator[ScriptedServer]:
    with ScriptedServer(
        sse_answer(["The tower is 330 metres tall [1]. ", "It was completed in 1925."])
    ) as server:
        yield server


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory, server: ScriptedServer) -> Terminal:
    """A data folder with one text and a server; for reading only."""
    folder = tmp_path_factory.mktemp("library")
    (folder / "tower.txt").write_text(TOWER, encoding="utf-8")
    terminal = Terminal(folder / "data", folder)
    terminal.done("import", "tower.txt", "--collection", "Sights")
    terminal.use(server)
    return terminal


def lines(text: str) -> list[Any]:
    return [json.loads(line) for line in text.split("\n") if line]


def test_quotes_of_a_file_come_out_in_order(library: Terminal) -> None:
    queries = [{"id": "a", "query": TALL}, {"id": 2, "query": SILENT}, {"id": None, "query": ""}]
    given = "\n".join(json.dumps(query) for query in queries)
    found = lines(library.done("quote", "--queries", "-", "--json", given=given).out)
    assert [set(line) for line in found] == [{"id", "refused", "certain", "quotes"}] * 3
    assert [(line["id"], line["refused"]) for line in found] == [("a", False), (2, True), (None, True)]
    best = found[0]["quotes"][0]
    assert {"document", "path", "page", "start", "end", "score", "text", "fields"} <= set(best)
    assert TOWER[best["start"] : best["end"]] == best["text"]
    assert "330 metres" in best["text"]


def test_quotes_are_readable(library: Terminal) -> None:
    shown = library.done("quote", TALL, "--collection", "Sights").out
    assert shown.splitlines()[0].startswith("[1] “The Eiffel Tower in Paris is 330 metres tall.")
    assert shown.splitlines()[1].strip() == "tower"
    assert library.done("quote", SILENT).out.startswith("The documents do not answer this.")
    assert library.done("quote", TALL, "--json").json["query"] == TALL


def test_the_marks_of_markdown_are_for_files_not_for_people(tmp_path: Path) -> None:
    said = "The **lighthouse keeper** of [Lindau](https://example.org/lindau) is called *Agathe Brunner*."
    (tmp_path / "keeper.md").write_text(
        f"# Keeper\n\n![A lighthouse](img/tower.png)\n\n{said}\n", encoding="utf-8"
    )
    terminal = Terminal(tmp_path / "data", tmp_path)
    terminal.done("import", "keeper.md")
    question = "Who is the lighthouse keeper of Lindau?"
    words = "The lighthouse keeper of Lindau is called Agathe Brunner."
    for shown in (terminal.done("quote", question).out, terminal.done("search", question).out):
        assert words in shown
        assert not {"**", "](", "!["} & {mark for mark in ("**", "](", "![") if mark in shown}
    assert terminal.done("quote", question, "--json").json["quotes"][0]["text"] == said


def test_statements_are_checked(library: Terminal) -> None:
    passages = [TOWER]
    statements = [
        {"id": 1, "statement": "The Eiffel Tower is 330 metres tall.", "passages": passages},
        {"id": 2, "statement": "The Eiffel Tower is 303 metres tall.", "passages": passages},
        {"id": 3, "statement": "How tall is the Eiffel Tower? 330 metres.", "passages": passages},
        {"id": 4, "statement": "", "passages": []},
    ]
    given = "\n".join(json.dumps(statement) for statement in statements)
    found = lines(library.done("check", "--statements", "-", "--json", given=given).out)
    assert [line["id"] for line in found] == [1, 2, 3, 4]
    verdicts = [[check["verdict"] for check in line["checks"]] for line in found]
    assert verdicts == [["supported"], ["contradicted"], ["supported"], []]
    assert set(found[0]["checks"][0]) == {"start", "end", "verdict", "sources", "reason"}
    assert found[0]["checks"][0]["sources"] == [1]
    shown = library.done("check", "--statements", "-", given=given).out
    assert "contradicted by [1]: The answer says “303 metres”" in shown


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["quote"], "either a question or --queries"),
        (["quote", "--queries", "-"], "Line 1"),
        (["check", "--statements", "-"], "Line 1 of - is not like"),
        (["check", "--statements", "missing.jsonl"], "missing.jsonl cannot be read"),
    ],
)
@pytest.mark.parametrize("given", ['{"id": 1}\n', "[]", "7", "{", "[" * 100_000])
def test_what_cannot_be_done_is_said(library: Terminal, words: list[str], sentence: str, given: str) -> None:
    result = library.run(*words, given=given)
    assert result.status == 1
    assert sentence in result.err


def test_passages_must_be_texts(library: Terminal) -> None:
    for damaged in ({"statement": 5, "passages": []}, {"statement": "x", "passages": "y"}):
        result = library.run("check", "--statements", "-", given=json.dumps({"id": 1, **damaged}))
        assert result.status == 1
        assert "line 1" in result.err


@pytest.mark.parametrize("mode", ["quotes", "answer", "both"])
def test_ask_says_what_can_be_believed(library: Terminal, server: ScriptedServer, mode: str) -> None:
    before = len(server.chat_requests)
    answer = library.done("ask", TALL, "--documents", "--mode", mode, "--json").json
    assert "330 metres" in answer["quotes"][0]["text"]
    assert answer["refused"] is False
    assert answer["status"] == "complete"
    if mode == "quotes":
        assert answer["checks"] == []
        assert len(server.chat_requests) == before
        assert answer["model"] is None
    else:
        assert [check["verdict"] for check in answer["checks"]] == ["supported", "contradicted"]
    refused = library.done("ask", SILENT, "--documents", "--mode", mode, "--json").json
    assert (refused["refused"], refused["checks"]) == (True, [])


def test_ask_is_readable_in_every_mode(library: Terminal) -> None:
    quoted = library.done("ask", TALL, "--documents", "--mode", "quotes").out
    assert quoted.startswith("[1] “The Eiffel Tower in Paris is 330 metres tall.")
    answered = library.done("ask", TALL, "--documents")
    assert answered.out.startswith("The tower is 330 metres tall [1].")
    assert "1 of 2 statements found in your sources." in answered.err
    assert "“It was completed in 1925.”: contradicted by [1]" in answered.err
    refused = library.done("ask", SILENT, "--documents").out
    assert refused.startswith("Your documents do not answer this question. Searched: 1 document.")


def test_an_answer_without_the_documents_says_so(library: Terminal) -> None:
    sentence = "From the model alone. With --documents it is answered from the document of the library."
    assert library.done("ask", TALL).err.splitlines()[-1] == sentence
    assert sentence not in library.done("ask", TALL, "--documents").err
    assert sentence not in library.done("ask", TALL, "--json").err
    assert sentence not in library.done("ask", "code please").err


def test_small_talk_leaves_the_library_alone(library: Terminal, server: ScriptedServer) -> None:
    answer = library.done("ask", "code please", "--documents", "--json").json
    assert server.chat_requests[-1].json["messages"][-1]["content"] == "code please"
    assert (answer["quotes"], answer["refused"], answer["checks"], answer["notices"][1:]) == (
        [],
        False,
        [],
        [],
    )


def test_a_dry_run_of_quotes_sends_nothing(library: Terminal) -> None:
    words = ("ask", TALL, "--documents", "--dry-run", "--json")
    assert library.done(*words, "--mode", "quotes").json == {"plan": None}
    assert library.done(*words, "--mode", "both").json["plan"]["fits"]


def test_a_wrong_mode_is_explained(library: Terminal, tmp_path: Path) -> None:
    assert library.run("ask", "x", "--mode", "guess").status == 2


def test_a_model_checks_beside_us(library: Terminal, server: ScriptedServer) -> None:
    def reply(request: Request) -> Answer:
        statement = json.loads(request.json["messages"][-1]["content"])["statement"]
        found = {"sentence": "It was completed in March 1889", "source": 1, "verdict": "supported"}
        if "1889" not in statement:
            found = {"sentence": "", "source": 0, "verdict": "unsupported"}
        return sse_answer([json.dumps(found)])

    statements = [
        {"id": 1, "statement": "The tower was completed in March 1889.", "passages": [TOWER]},
        {"id": 2, "statement": "It was completed in 1889. It is 330 metres tall.", "passages": [TOWER]},
        {"id": 3, "statement": "", "passages": [TOWER]},
        {"id": 4, "statement": "The tower is 330 metres tall.", "passages": []},
    ]
    given = "\n".join(json.dumps(statement) for statement in statements)
    before = len(server.chat_requests)
    server.set_answers(reply)
    found = lines(library.done("check", "--statements", "-", "--with-model", "--json", given=given).out)
    assert [line["model_verdict"] for line in found] == [
        "supported",
        "unsupported",
        "not-checked",
        "not-checked",
    ]
    assert len(server.chat_requests) - before == 3
    [check] = found[0]["checks"]
    assert (check["verdict"], check["model_verdict"], check["model_source"]) == ("supported", "supported", 1)
    assert "March 1889" in check["model_sentence"]
    assert [check["model_verdict"] for check in found[1]["checks"]] == ["supported", "unsupported"]
    assert found[3]["checks"][0]["model_reason"] == "No source was sent."
    shown = library.done("check", "--statements", "-", "--with-model", given=given).out
    assert "   by scripted: supported by [1]: “It was completed in March 1889.”" in shown
    small = library.run("check", "--statements", "-", "--with-model", "--server", "Built-in", given=given)
    assert small.status == 1
    assert "too small to check" in small.err
    alone = library.run("check", "--statements", "-", "--model", "m", given=given)
    assert alone.status == 1
    assert "--with-model" in alone.err
