"""Nothing that a person wrote and no key reaches the log, whoever raised what."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from pathlib import Path

import httpx2
import openai
import pytest

from chatbot_app.core.errors import RequestRefused
from chatbot_app.core.paths import DataPaths
from chatbot_app.llm.keys import KeyPlace, KeyStore
from chatbot_app.workers import log_file
from chatbot_app.workers.log_file import describe_exception, keep_log, last_lines, log_path
from tests.scripted_server import ScriptedServer, json_answer

QUESTION = "my secret wish is a blue canoe"
KEY = "local-key-without-a-known-shape"
logger = logging.getLogger("chatbot_app.tests")


@pytest.fixture
def paths(data_dir: Path) -> DataPaths:
    return DataPaths(data_dir)


@pytest.fixture
def log(paths: DataPaths) -> Iterator[Path]:
    keys = KeyStore(paths.keys, open_keychain=lambda: None)
    keys.set("server", KEY, where=KeyPlace.SESSION)
    handler = keep_log(paths, keys.mask)
    assert handler is not None
    yield log_path(paths)
    logging.getLogger("chatbot_app").removeHandler(handler)
    handler.close()


def test_a_refused_request_leaves_neither_question_nor_key(log: Path) -> None:
    """The real client against a server that repeats the body and the headers, as some do."""

    async def ask(address: str) -> None:
        async with openai.AsyncOpenAI(base_url=address, api_key=KEY, max_retries=0) as client:
            await client.chat.completions.create(model="m", messages=[{"role": "user", "content": QUESTION}])

    body = {"error": {"message": f"cannot answer “{QUESTION}” with Bearer {KEY}"}}
    with (
        ScriptedServer(json_answer(body, 400)) as server,
        pytest.raises(openai.BadRequestError, match="blue canoe") as refused,
    ):
        asyncio.run(ask(server.base_url))
    logger.error("an exchange failed with Authorization: Bearer %s", KEY, exc_info=refused.value)
    error = RequestRefused(server="S", detail=str(refused.value))
    error.__cause__ = refused.value
    logger.error("and again", exc_info=error)
    text = log.read_text(encoding="utf-8")
    assert "openai.BadRequestError" in text
    assert "chatbot_app.core.errors.RequestRefused" in text
    assert "test_log_file.py" in text, "the place of the fault helps"
    assert QUESTION not in text
    assert "blue canoe" not in text
    assert KEY not in text


def test_a_network_error_leaves_no_headers(log: Path) -> None:
    request = httpx2.Request(
        "POST", "http://localhost/", headers={"Authorization": f"Bearer {KEY}"}, content=QUESTION
    )
    try:
        raise httpx2.ConnectError(f"{dict(request.headers)} {request.content!r}", request=request)
    except httpx2.ConnectError:
        logger.exception("headers: %s", {"x-api-key": "another-key", "authorization": "Basic dXNlcjpwYXNz"})
    text = log.read_text(encoding="utf-8")
    assert "ConnectError" in text
    for secret in (KEY, "another-key", "dXNlcjpwYXNz", "canoe"):
        assert secret not in text


@pytest.mark.parametrize(
    "error",
    [
        KeyError(QUESTION),
        ValueError(QUESTION),
        RuntimeError(QUESTION),
        UnicodeEncodeError("ascii", QUESTION, 0, 1, QUESTION),
        ExceptionGroup(QUESTION, [ValueError(QUESTION)]),
    ],
)
def test_values_in_exceptions_are_left_out(log: Path, error: Exception) -> None:
    error.add_note(QUESTION)
    try:
        raise error from ValueError(QUESTION)
    except Exception:
        logger.exception("a fault")
    text = log.read_text(encoding="utf-8")
    assert type(error).__name__ in text
    assert "blue canoe" not in text.replace(repr(QUESTION), "").replace("raise error", "")


def test_what_tells_of_files_and_code_is_kept(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="missing") as error:
        (tmp_path / "missing").read_text()
    assert "No such file" in describe_exception(error.value)


def test_a_chain_without_end_ends() -> None:
    one, two = ValueError(), ValueError()
    one.__cause__, two.__cause__ = two, one
    assert describe_exception(one).count("ValueError") == 2


def test_the_log_rotates(log: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(50):
        logger.warning(
            "%d %s", number, "x " * 900_000
        )  # one line is cut, so one record is never the whole file
    assert log.stat().st_size < log_file.LOG_BYTES
    assert not log.with_name("chatbot.log.4").exists()


def test_last_lines(log: Path, paths: DataPaths) -> None:
    assert last_lines(paths, 3) == []
    for number in range(5):
        logger.warning("line %d", number)
    assert [line[-6:] for line in last_lines(paths, 3)] == ["line 2", "line 3", "line 4"]


def test_a_folder_that_cannot_be_written_has_no_log(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    assert keep_log(DataPaths(tmp_path / "file")) is None
