"""Every command as a person types it: a real process, a real data folder, a scripted server."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

import pytest

from chatbot_app import __version__
from chatbot_app.chat.services import create_services
from chatbot_app.cli.arguments import COMMANDS
from tests.e2e.terminal import Terminal
from tests.random_gguf import write_embedding
from tests.scripted_server import Answer, Request, ScriptedServer, json_answer, sse_answer

TOWER = "The Eiffel Tower in Paris is 330 metres tall.\n\nIt was completed in March 1889.\n"
ENGINE = "Der Zorblax-Motor wurde 1923 von Ada Quill in Turin gebaut – 12 €.\n"


@pytest.fixture
def terminal(data_dir: Path, tmp_path: Path) -> Terminal:
    return Terminal(data_dir, tmp_path)


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    with ScriptedServer(sse_answer(["The tower is ", "330 metres tall [1]."])) as server:
        yield server


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Terminal:
    """A data folder that two texts and a folder without any were imported into; for reading only."""
    folder = tmp_path_factory.mktemp("library")
    (folder / "texts").mkdir()
    (folder / "texts" / "tower.txt").write_text(TOWER, encoding="utf-8")
    (folder / "texts" / "motor.txt").write_bytes(ENGINE.encode("cp1252"))
    (folder / "texts" / "program.exe").write_bytes(b"MZ")
    terminal = Terminal(folder / "data", folder)
    result = terminal.done("import", "texts", "--collection", "Sights", "--json")
    assert result.json["imported"] == 2
    assert [file["path"].rpartition("/")[2] for file in result.json["files"]] == [
        "motor.txt",
        "tower.txt",
        "program.exe",
    ]
    assert [file["outcome"] for file in result.json["files"]] == ["imported", "imported", "skipped"]
    return terminal


# --- the program ----------------------------------------------------------------------------------------


def test_version_and_help(terminal: Terminal) -> None:
    assert terminal.done("--version").out.strip() == f"chatbot-app {__version__}"
    shown = terminal.done("--help").out
    for command in COMMANDS:
        assert command in shown
    assert not terminal.data_dir.exists()


@pytest.mark.parametrize(
    "words", [["nonsense"], ["ask"], ["models"], ["search", "x", "-k", "0"], ["import"], ["search", "-k"]]
)
def test_a_wrong_call_is_explained(terminal: Terminal, words: Sequence[str]) -> None:
    result = terminal.run(*words)
    assert result.status == 2
    assert "usage:" in result.err
    assert not result.out


def test_data_dir_is_understood_before_and_after_the_command(terminal: Terminal, tmp_path: Path) -> None:
    for words in (["--data-dir", "one", "servers", "list"], ["servers", "list", "--data-dir", "two"]):
        terminal.done(*words)
    assert (tmp_path / "one" / "chatbot.sqlite3").exists()
    assert (tmp_path / "two" / "chatbot.sqlite3").exists()
    assert not terminal.data_dir.exists()


def test_an_unusable_data_folder_is_one_sentence(terminal: Terminal, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    result = terminal.run("servers", "list", "--data-dir", "file")
    assert result.status == 1
    assert result.err.startswith("chatbot-app: ")


def test_doctor_examines_everything(terminal: Terminal) -> None:
    result = terminal.run("doctor")
    for word in (__version__, "PySide6", "SQLite", str(terminal.data_dir)):
        assert word in result.out


def test_models_are_listed(terminal: Terminal, tmp_path: Path) -> None:
    result = terminal.run("models", "list", CHATBOT_MODELS_DIR=str(tmp_path / "nowhere"))
    assert "SmolLM2" in result.out


# --- servers and questions ------------------------------------------------------------------------------


def test_servers_are_added_listed_tested_and_removed(terminal: Terminal, server: ScriptedServer) -> None:
    terminal.use(server)
    assert f"* Scripted\t{server.base_url}\tscripted" in terminal.done("servers", "list").out
    assert "scripted" in terminal.done("servers", "test", "scripted").out
    assert terminal.run("servers", "add", "Scripted", server.base_url).status == 1
    terminal.done("servers", "remove", "Scripted")
    assert "Scripted" not in terminal.done("servers", "list").out
    gone = terminal.run("servers", "test", "Scripted")
    assert gone.status == 1
    assert "There is no server named" in gone.err


def test_a_key_comes_from_the_environment_and_is_never_shown(
    terminal: Terminal, server: ScriptedServer
) -> None:
    missing = terminal.run("servers", "add", "S", server.base_url, "--key-env", "NO_SUCH_VARIABLE")
    assert missing.status == 1
    assert "NO_SUCH_VARIABLE" in missing.err
    added = terminal.done(
        "servers", "add", "S", server.base_url, "--key-env", "MY_KEY", MY_KEY="sk-very-secret"
    )
    assert "sk-very-secret" not in added.out + added.err
    kept = b"".join(path.read_bytes() for path in terminal.data_dir.rglob("*") if path.is_file())
    assert b"sk-very-secret" not in kept


def test_ask_streams_the_answer(terminal: Terminal, server: ScriptedServer) -> None:
    terminal.use(server)
    assert terminal.done("ask", "How tall?").out == "The tower is 330 metres tall [1].\n"
    answer = terminal.done("ask", "How tall?", "--json", "--server", "scripted", "--model", "other").json
    assert answer["answer"] == "The tower is 330 metres tall [1]."
    assert answer["status"] == "complete"
    assert answer["usage"]["completion_tokens"] == 2
    assert "citations" not in answer
    assert [request.json["model"] for request in server.chat_requests] == ["scripted", "other"]


def test_a_failure_of_the_server_is_said_and_shown_in_the_status(
    terminal: Terminal, server: ScriptedServer
) -> None:
    terminal.use(server)
    server.set_answers(json_answer({"error": {"message": "no such model"}}, 404))
    result = terminal.run("ask", "How tall?", "--json")
    assert result.status == 1
    assert result.json["status"] == "failed"
    assert result.json["notices"]
    assert result.err.strip()


# --- documents ------------------------------------------------------------------------------------------


def test_the_same_files_are_imported_once(library: Terminal) -> None:
    again = library.done("import", "texts/tower.txt", "--json").json
    assert (again["imported"], again["already_there"]) == (0, 1)


def test_what_cannot_be_read_is_named_and_the_others_go_on(terminal: Terminal, tmp_path: Path) -> None:
    (tmp_path / "empty.txt").touch()
    (tmp_path / "good.md").write_text("# Good\n\nA text.")
    result = terminal.run("import", "missing.txt", "empty.txt", "good.md")
    assert result.status == 1
    lines = result.out.splitlines()
    assert [line.partition(":")[0] for line in lines] == ["failed", "failed", "imported"]
    assert "missing.txt" in lines[0]
    assert "empty.txt" in lines[1]


def test_documents_are_listed(library: Terminal) -> None:
    listed = library.done("documents", "--json", "--collection", "sights").json
    assert {(item["document"], item["state"], item["passages"]) for item in listed} == {
        ("tower", "ready", 1),
        ("motor", "ready", 1),
    }
    assert "tower.txt" in library.done("documents").out


def test_a_passage_stands_where_the_result_says(library: Terminal) -> None:
    found = library.done("search", "How tall is the Eiffel Tower?", "-k", "1", "--json").json
    (result,) = found["results"]
    assert {"document", "path", "page", "start", "end", "score", "text", "fields"} <= set(result)
    assert result["document"] == "tower"
    assert TOWER[result["start"] : result["end"]] == result["text"]
    assert result["page"] is None
    shown = library.done("search", "Eiffel Tower height").out
    assert "tower" in shown.splitlines()[0]


def test_offsets_count_in_the_decoded_text(library: Terminal) -> None:
    (result,) = library.done("search", "Zorblax-Motor", "-k", "1", "--json").json["results"]
    assert ENGINE[result["start"] : result["end"]] == result["text"]
    assert "– 12 €" in result["text"]


def test_queries_of_a_file_come_out_in_order(library: Terminal, tmp_path: Path) -> None:
    queries = [
        {"id": "a", "query": "How tall is the Eiffel Tower?"},
        {"id": 2, "query": "Zorblax\u2028Motor"},
        {"id": None, "query": ""},
    ]
    path = tmp_path / "queries.jsonl"
    text = "\n".join(json.dumps(query, ensure_ascii=False) for query in queries) + "\n\n"
    path.write_text(text, encoding="utf-8")
    for source, given in ((str(path), ""), ("-", text)):
        lines = [
            json.loads(line)
            for line in library.done("search", "--queries", source, "--json", given=given).out.split("\n")
            if line
        ]
        assert [line["id"] for line in lines] == ["a", 2, None]
        assert [line["results"][0]["document"] for line in lines[:2]] == ["tower", "motor"]
        scores = [[result["score"] for result in line["results"]] for line in lines]
        assert all(values == sorted(values, reverse=True) for values in scores)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["search"], "either a query or --queries"),
        (["search", "x", "--queries", "y"], "either a query or --queries"),
        (["search", "--queries", "missing.jsonl"], "missing.jsonl cannot be read"),
        (["search", "--queries", "-"], "Line 1"),
        (["search", "x", "--collection", "Nothing"], "no collection named “Nothing”"),
        (["import", "texts", "--collection", " "], "needs a name"),
    ],
)
def test_what_cannot_be_done_is_said(library: Terminal, words: Sequence[str], sentence: str) -> None:
    result = library.run(*words, given='{"id": 1}\n')
    assert result.status == 1
    assert sentence in result.err


def test_ask_answers_from_documents(library: Terminal, server: ScriptedServer) -> None:
    library.use(server)
    try:
        answer = library.done("ask", "How tall is the Eiffel Tower?", "--documents", "--json").json
        (citation,) = answer["citations"]
        assert (citation["number"], citation["document"], citation["added"]) == (1, "tower", False)
        assert TOWER[citation["start"] : citation["end"]] == citation["text"]
        assert citation["text"] in server.chat_requests[-1].json["messages"][-1]["content"]

        shown = library.done("ask", "How tall is the Eiffel Tower?", "--collection", "Sights").out
        assert shown.splitlines()[1].startswith("[1] tower: The Eiffel Tower")

        server.set_answers(sse_answer(["The Eiffel Tower is 330 metres tall."]))
        shown = library.done("ask", "How tall is the Eiffel Tower?", "--documents").out
        assert shown.splitlines()[0] == "The Eiffel Tower is 330 metres tall [1]."

        server.set_answers(sse_answer(["I do not know."]))
        nothing = library.done("ask", "xylophone quasar marmalade", "--documents", "--json").json
        assert nothing["refused"]
        assert "do not answer" in nothing["answer"]
        assert nothing["notices"] == []
    finally:
        library.done("servers", "remove", "Scripted")


# --- vectors of a server --------------------------------------------------------------------------------


class Vectors:
    """Plays /v1/embeddings: vectors of letters, `swapped` other ones; requests after `failing_after` fail."""

    def __init__(self) -> None:
        self.swapped = False
        self.failing_after = 1_000_000
        self.asked = 0

    def __call__(self, request: Request) -> Answer:
        self.asked += 1
        if self.asked > self.failing_after:
            return json_answer({"error": {"message": "out of memory"}}, 500)
        data = []
        for index, text in enumerate(request.json["input"]):
            letters = [1.0 + text.count(letter) for letter in "etaoinshrdlu"]
            data.append({"index": index, "embedding": letters[::-1] if self.swapped else letters})
        return json_answer({"object": "list", "data": data})


def test_a_server_makes_the_vectors(terminal: Terminal, tmp_path: Path) -> None:
    vectors = Vectors()
    with ScriptedServer(paths={"/v1/embeddings": vectors}) as server:
        (tmp_path / "tower.txt").write_text(TOWER, encoding="utf-8")
        terminal.done("import", "tower.txt")
        assert "MiniLM" in terminal.done("embedding").out
        terminal.done("servers", "add", "Scripted", server.base_url)

        vectors.failing_after = 3  # the trial goes well, the passages do not
        failed = terminal.run("embedding", "Scripted", "small")
        assert failed.status == 1
        assert "out of memory" in failed.err
        (document,) = terminal.done("documents", "--json").json
        assert document["state"] == "ready"
        # The old vectors are searched until the new ones are whole.
        begun = terminal.done("embedding").out
        assert "MiniLM" in begun
        assert "A move to small (Scripted) was begun" in begun
        found = terminal.done("search", "Eiffel Tower")
        assert (found.err, "tower" in found.out) == ("", True)

        vectors.failing_after = 1_000_000
        assert "small" in terminal.done("embedding", "Scripted", "small").out
        assert terminal.done("embedding", "--json").json["moving_to"] is None
        asked = vectors.asked
        found = terminal.done("search", "Eiffel Tower")
        assert vectors.asked > asked
        assert found.err == ""

        vectors.swapped = True
        found = terminal.done("search", "Eiffel Tower")
        assert "tower" in found.out
        assert "gives other vectors" in found.err

        assert "MiniLM" in terminal.done("embedding", "built-in").out
        asked = vectors.asked
        found = terminal.done("search", "Eiffel Tower")
        assert (found.err, vectors.asked) == ("", asked)

        used, kept = terminal.done("embedding", "--kept", "--json").json
        assert (used["is_used"], kept["is_used"], kept["model"]) == (True, False, "small (Scripted)")


def test_an_embedding_model_that_cannot_be_is_refused(terminal: Terminal, server: ScriptedServer) -> None:
    terminal.use(server)
    for words in (["Scripted"], ["Nobody", "small"], ["Built-in", "small"], ["Scripted", "missing"]):
        assert terminal.run("embedding", *words).status == 1
    assert "MiniLM" in terminal.done("embedding").out


def test_a_gguf_file_of_ones_own_makes_the_vectors(terminal: Terminal, tmp_path: Path) -> None:
    (tmp_path / "tower.txt").write_text(TOWER, encoding="utf-8")
    terminal.done("import", "tower.txt")
    write_embedding(tmp_path / "e5-small-letters.gguf", context_length=128)

    tried = terminal.done("embedding", "built-in", "e5-small-letters.gguf", "--try", "--json").json
    assert (tried["dimension"], tried["query_prefix"]) == (64, "query: ")
    assert tried["prefixes_from"] == "intfloat/multilingual-e5-small"
    assert tried["near"] > tried["far"]

    chosen = terminal.done("embedding", "built-in", "e5-small-letters", "--passage-prefix", "p: ")
    assert "64 numbers a vector" in chosen.err
    assert chosen.out.splitlines()[:2] == [
        "e5-small-letters",
        "before a question 'query: ', before a passage 'p: '",
    ]
    found = terminal.done("search", "Eiffel Tower")
    assert ("tower" in found.out, found.err) == (True, "")


def _history(folder: Path, exchanges: int = 2) -> Path:
    messages = [{"role": "system", "content": "Be brief."}]
    for number in range(exchanges):
        messages += [
            {"role": "user", "content": f"Question {number} " + "word " * 200},
            {"role": "assistant", "content": f"Reply {number}"},
        ]
    path = folder / "history.json"
    path.write_text(json.dumps(messages), "utf-8")
    return path


def test_a_history_goes_along_and_the_plan_is_told(
    terminal: Terminal, server: ScriptedServer, tmp_path: Path
) -> None:
    terminal.use(server)
    told = terminal.done("ask", "And now?", "--history", str(_history(tmp_path)), "--json").json
    sent = server.chat_requests[0].json["messages"]
    assert [message["role"] for message in sent] == [
        "system",
        "user",
        "assistant",
        "user",
        "assistant",
        "user",
    ]
    assert sent[0]["content"] == "Be brief."
    plan = told["plan"]
    assert (
        plan["tokens"]
        == sum(part["tokens"] for part in plan["parts"] if part["included"]) + plan["overhead_tokens"]
    )
    assert {"kind", "tokens", "included", "reason"} <= set(plan["parts"][0])
    assert told["usage"]["prompt_tokens"] == 1
    assert set(told["timings"]) == {
        "first_token_seconds",
        "total_seconds",
        "cached_prompt_tokens",
        "reasoning_seconds",
    }


def test_a_dry_run_sends_and_keeps_nothing(
    terminal: Terminal, server: ScriptedServer, tmp_path: Path
) -> None:
    terminal.use(server)
    history = str(_history(tmp_path, 60))
    result = terminal.done(
        "ask", "And now?", "--history", history, "--system", "Be long.", "--dry-run", "--json"
    )
    plan = result.json["plan"]
    assert plan["tokens"] <= plan["budget"]
    assert plan["parts"][0]["text"] == "Be long."
    assert [part["reason"] for part in plan["parts"] if not part["included"]]
    assert server.chat_requests == []
    refused = terminal.run(
        "ask", "And now?", "--history", history, "--strategy", "keep-everything", "--dry-run", "--json"
    )
    assert refused.status == 1
    assert not refused.json["plan"]["fits"]
    with closing(create_services(terminal.data_dir)) as services:
        assert services.conversations.list_conversations() == []
        assert services.conversations.trash() == []


@pytest.mark.parametrize(
    ("content", "word"),
    [
        ("nothing", "no JSON"),
        ("3", "no history"),
        ('[{"role": "wizard", "content": "x"}]', "message 1 has no role"),
        ('[{"role": "user", "content": null}]', "no text"),
        ('[{"role": "assistant", "content": "x"}]', "begins with an answer"),
        ('[{"role": "user", "content": "x"}, {"role": "system", "content": "y"}]', "message 2"),
        (None, "cannot be read"),
    ],
)
def test_a_bad_history_is_named(terminal: Terminal, tmp_path: Path, content: str | None, word: str) -> None:
    path = tmp_path / "bad.json"
    if content is not None:
        path.write_text(content, "utf-8")
    result = terminal.run("ask", "Hi", "--history", str(path))
    assert result.status == 1
    assert word in result.err


# --- tokens ---------------------------------------------------------------------------------------------


def test_tokens_of_a_text_step_by_step(terminal: Terminal, tmp_path: Path) -> None:
    said = terminal.done("tokens", "Hello world", "--tokenizer", "gpt2", "--json").json
    assert said["ids"] == [15496, 995]
    assert said["tokens"] == ["Hello", " world"]
    assert list(said["steps"]) == [
        "normalisation",
        "pre_tokenisation",
        "tokens",
        "ids",
        "post_processing",
        "decoding",
    ]
    assert said["steps"]["decoding"] == {"text": "Hello world", "is_same": True}
    assert "2 tokens" in terminal.done("tokens", "Hello world", "--tokenizer", "gpt2").out
    assert not terminal.data_dir.exists()  # a table needs no store
    gone = terminal.run("tokens", "x", "--tokenizer", "nothing")
    assert gone.status == 1
    assert "There are: built-in, o200k_base" in gone.err
    assert "Traceback" not in gone.err
