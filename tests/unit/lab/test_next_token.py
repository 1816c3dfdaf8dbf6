"""What follows a text: asked of every kind of server, chosen, taken back, searched."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import numpy as np
import pytest

from chatbot_app.core.completion_errors import (
    NoCompletions,
    NoForcedTokens,
    NoLogprobs,
    NothingToContinue,
    TextTooLong,
)
from chatbot_app.core.errors import KeyMissing, Offline
from chatbot_app.core.servers import Server, ServerKind
from chatbot_app.lab.answer_words import answer_words
from chatbot_app.lab.beam_search import Tree
from chatbot_app.lab.next_token import Distribution, NextToken, TokenPath, choose, write
from chatbot_app.lab.repetition import Turn, circle_of, vicious_circle
from chatbot_app.lab.sampling import Sampling
from chatbot_app.llm.completion_client import CompletionClient
from chatbot_app.llm.local.server import LocalServer
from chatbot_app.llm.logprobs import ScoredToken, Token, probabilities_after_sampling
from tests.llama_script import FOLLOWS, WORDS, llama_paths, probabilities
from tests.scripted_server import Answer, Request, ScriptedServer, html_answer, json_answer
from tests.unit.llm.local.test_server import COMMAND
from tests.unit.llm.test_tokenize import needs_model

COMPLETIONS = "/v1/completions"


def ask(
    server: ScriptedServer, use: Callable[[NextToken], Awaitable[Any]], kind: ServerKind = ServerKind.OTHER
) -> Any:
    """Run something with a model of a scripted server."""

    async def run() -> Any:
        spoken_to = Server("s", "Scripted", server.base_url, kind)
        async with CompletionClient(spoken_to, None, "m", limits=(5.0, 30.0)) as client:
            return await use(NextToken(client))

    return asyncio.run(run())


def llama() -> ScriptedServer:
    return ScriptedServer(paths=llama_paths())


async def begin_and_ask(model: NextToken, text: str = "a cat") -> tuple[TokenPath, Distribution]:
    path = await model.begin(text)
    return path, await model.after(path)


class TestOfLlamaCpp:
    def test_the_whole_vocabulary_with_names_of_special_tokens(self) -> None:
        with llama() as server:
            path, found = ask(server, begin_and_ask)
        assert [token.text for token in path.tokens] == ["a", " cat"]
        assert [token.text for token in found.tokens[:2]] == [" sat", " ran"]
        assert {token.text for token in found.tokens} == set(WORDS)
        assert np.exp(found.logprobs).sum() == pytest.approx(1)
        assert found.rest == 0
        expected = probabilities(" cat")
        assert found.entropy == pytest.approx(-sum(p * np.log(p) for p in expected))

    def test_the_model_is_asked_for_itself_and_with_ids(self) -> None:
        with llama() as server:
            ask(server, begin_and_ask)
            asked = next(one.json for one in server.requests if one.path == COMPLETIONS)
        assert asked["prompt"] == [0, 2]
        assert (asked["temperature"], asked["repeat_penalty"], asked["dry_multiplier"]) == (0, 1, 0)
        assert asked["max_tokens"] == 1

    def test_tokens_are_taken_and_taken_back(self) -> None:
        async def use(model: NextToken) -> tuple[str, str, Any]:
            path, found = await begin_and_ask(model)
            path = path.and_then(found.tokens[1], float(found.logprobs[1]))
            after = await model.after(path)
            return path.written, path.back().written, after.tokens[0].text

        with llama() as server:
            assert ask(server, use) == (" ran", "", ".")

    def test_greedy_goes_on_until_the_model_ends(self) -> None:
        async def use(model: NextToken) -> list[str]:
            path = await model.begin("a")
            paths = [path async for path, _ in write(model, path, Sampling(presence_penalty=5.0), None, 30)]
            return [one.token.text for one in paths[-1].taken]

        with llama() as server:
            # without the penalty it would go on for ever about the cat
            assert ask(server, use) == [" cat", " sat", ".", " the", " dog", " ran", ".", "<|end|>"]

    def test_a_seed_writes_the_same_and_another_one_something_else(self) -> None:
        async def use(model: NextToken) -> list[str]:
            path = await model.begin("a")
            texts = []
            for seed in (1, 1, 2, 3, 4):
                paths = [path async for path, _ in write(model, path, Sampling(), seed, 6)]
                texts.append(paths[-1].written)
            return texts

        with llama() as server:
            first, again, *others = ask(server, use)
        assert first == again
        assert any(other != first for other in others)

    def test_undo_and_redo_draw_the_same(self) -> None:
        with llama() as server:
            path, found = ask(server, begin_and_ask)
        places = {choose(found, path, Sampling(), 7) for _ in range(5)}
        assert len(places) == 1

    def test_beams_find_the_likeliest_continuation(self) -> None:
        async def use(model: NextToken) -> Tree[Token]:
            tree: Tree[Token] = Tree()
            async for level in model.beams(await model.begin("a"), 3, 3):
                tree.levels.append(level)
            return tree

        with llama() as server:
            best = ask(server, use).best
        # greedy: cat sat . = 0.6 · 0.8 · 0.9; no other way is likelier
        assert [token.text for token in best.tokens] == [" cat", " sat", "."]
        assert np.exp(best.total) == pytest.approx(0.6 * 0.8 * 0.9, rel=1e-3)

    def test_the_circle_is_told_token_by_token(self) -> None:
        async def use(model: NextToken) -> list[Turn]:
            return [turn async for turn in vicious_circle(model.client, "a", " cat sat", 3)]

        with llama() as server:
            turns = ask(server, use)
        assert [(turn.said, turn.is_whole) for turn in turns] == [
            (said, whole) for said in range(3) for whole in (False, True)
        ]
        assert turns[1].probability == pytest.approx((0.6 * 0.8) ** 0.5, rel=1e-3)

    def test_words_of_an_answer_with_what_else_might_have_been_said(self) -> None:
        async def use(model: NextToken) -> list[Any]:
            prompt = await model.client.as_prompt([{"role": "user", "content": "a"}])
            path = await model.begin(prompt or "")
            return [word async for word in answer_words(model.client, path.start, " dog ran")]

        with llama() as server:
            dog, ran = ask(server, use)
        assert (dog.token.text, round(dog.probability, 3)) == (" dog", FOLLOWS[" the"][" dog"])
        assert [one.token.text for one in dog.likeliest[:2]] == [" cat", " dog"]
        assert round(ran.probability, 3) == FOLLOWS[" dog"][" ran"]

    def test_an_empty_text_is_said(self) -> None:
        with llama() as server, pytest.raises(NothingToContinue):
            ask(server, lambda model: begin_and_ask(model, ""))


def legacy(request: Request) -> Answer:
    """A server that names the likeliest five by their texts."""
    asked = request.json
    if asked["logprobs"] > 5:
        return json_answer({"error": {"message": "logprobs: must be at most 5", "type": "bad"}}, 400)
    top = {" Paris": -0.1, " Lyon": -3.0, "bytes:\\xf0\\x9f": -4.0}
    told = {"tokens": [" Paris"], "token_logprobs": [-0.1], "top_logprobs": [top], "text_offset": [0]}
    return json_answer(
        {"choices": [{"text": " Paris", "index": 0, "logprobs": told, "finish_reason": "length"}]}
    )


class TestOfOtherServers:
    def test_as_many_as_the_server_names(self) -> None:
        async def use(model: NextToken) -> tuple[Distribution, Distribution]:
            path, first = await begin_and_ask(model, "France:")
            return first, await model.after(path.and_then(first.tokens[0], -0.1))

        with ScriptedServer(paths={COMPLETIONS: legacy}) as server:
            first, _ = ask(server, use, ServerKind.OPENAI)
            asked = [one.json for one in server.requests]
        assert [token.text for token in first.tokens] == [" Paris", " Lyon", "\\xF0\\x9F"]
        assert first.rest == pytest.approx(1 - np.exp([-0.1, -3, -4]).sum())
        assert [one["logprobs"] for one in asked] == [40, 20, 5, 5]
        assert asked[-1]["prompt"] == "France: Paris"

    @pytest.mark.parametrize(
        ("answer", "error"),
        [
            (json_answer({"choices": [{"text": " Paris", "logprobs": None}]}), NoLogprobs),
            (json_answer({"choices": []}), NoLogprobs),
            (json_answer({"error": {"message": "Not Found"}}, 404), NoCompletions),
            (json_answer({"detail": "Not Found"}, 404), NoCompletions),
            (html_answer(404), NoCompletions),
            (json_answer({"error": {"message": "This is a chat model"}}, 400), NoCompletions),
            (json_answer({"error": {"message": "no key"}}, 401), KeyMissing),
            (
                json_answer(
                    {
                        "error": {
                            "message": "request (9 tokens) exceeds the available context size (4 tokens)"
                        }
                    },
                    400,
                ),
                TextTooLong,
            ),
        ],
    )
    def test_why_there_is_nothing_is_said(self, answer: Answer, error: type[Exception]) -> None:
        with ScriptedServer(paths={COMPLETIONS: answer}) as server, pytest.raises(error) as told:
            ask(server, begin_and_ask)
        assert "Scripted" in str(told.value) or "m" in str(told.value)
        assert "{" not in str(told.value)

    def test_a_server_of_chats_tells_how_its_answer_begins(self) -> None:
        def chat(request: Request) -> Answer:
            if request.json["top_logprobs"] > 20:
                return json_answer({"error": {"message": "top_logprobs: must be at most 20"}}, 400)
            top = [{"token": "Hello", "logprob": -0.1}, {"token": "Hi", "logprob": -2.5}]
            place = {**top[0], "top_logprobs": top}
            return json_answer(
                {"choices": [{"message": {"content": "Hello"}, "logprobs": {"content": [place]}}]}
            )

        async def go_on(model: NextToken) -> Distribution:
            path, found = await begin_and_ask(model, "Greet me")
            assert found.of_answer
            await model.after(path.and_then(found.tokens[0], -0.1))
            return found

        with ScriptedServer(chat) as server:
            _, found = ask(server, lambda model: begin_and_ask(model, "Greet me"), ServerKind.OPENAI)
            sent = server.chat_requests[-1].json
            with pytest.raises(NoCompletions):
                ask(server, go_on, ServerKind.OPENAI)
        assert [token.text for token in found.tokens] == ["Hello", "Hi"]
        assert found.of_answer
        assert (sent["messages"], sent["top_logprobs"], sent["logprobs"]) == (
            [{"role": "user", "content": "Greet me"}],
            20,
            True,
        )

    def test_a_given_token_cannot_be_asked_for(self) -> None:
        async def circle(model: NextToken) -> None:
            async for _ in vicious_circle(model.client, "a", "b", 2):
                pass

        async def logprob(model: NextToken) -> None:
            await model.client.logprob("a", Token(None, "b", b"b"))

        with ScriptedServer(paths={COMPLETIONS: legacy}) as server:
            for use in (circle, logprob):
                with pytest.raises(NoForcedTokens):
                    ask(server, use, ServerKind.OPENAI)

    def test_no_answer_at_all(self) -> None:
        with ScriptedServer() as server:
            address = server.base_url

        async def run() -> None:
            async with CompletionClient(Server("s", "Gone", address), None, "m") as client:
                await begin_and_ask(NextToken(client))

        with pytest.raises(Offline):
            asyncio.run(run())

    def test_json_that_is_none_is_no_crash(self) -> None:
        broken = Answer((b'{"choices": [',), 200, {"Content-Type": "application/json"})
        with (
            ScriptedServer(paths={COMPLETIONS: broken}) as server,
            pytest.raises(Exception, match="answered with"),
        ):
            ask(server, begin_and_ask)


def test_ids_are_sent_and_no_text_that_tokenizes_otherwise() -> None:
    path = TokenPath("x", (Token(4, "x", b"x"),))
    path = path.and_then(Token(9, "\\xF0\\x9F", b"\xf0\x9f"), -1.0).and_then(
        Token(8, "\\x98\\x80", b"\x98\x80"), -1.0
    )
    assert path.prompt() == [4, 9, 8]
    assert path.written == "😀"
    assert json.dumps(path.back().written) == '"\\ufffd"'


Use = Callable[[Callable[[NextToken], Awaitable[Any]]], Any]


@pytest.fixture(scope="module")
def use() -> Iterator[Use]:
    """Runs something with the built-in model; the vocabulary is read once."""
    local = LocalServer(command=COMMAND)
    endpoint = local.ensure_running()
    server = Server("built-in", "Built-in", endpoint.base_url, ServerKind.BUILT_IN)
    client = CompletionClient(server, endpoint.api_key, endpoint.model)

    async def run(work: Callable[[NextToken], Awaitable[Any]]) -> Any:
        async with client:  # closed, it keeps what it has learnt
            return await work(NextToken(client))

    yield lambda work: asyncio.run(run(work))
    local.stop()


class TestOfTheBuiltInModel:
    pytestmark = needs_model

    def test_the_whole_vocabulary_also_where_a_part_of_a_character_is_likeliest(self, use: Use) -> None:
        async def work(model: NextToken) -> list[Distribution]:
            return [
                (await begin_and_ask(model, text))[1] for text in ("The capital of France is", "The sky 😀")
            ]

        paris, part = use(work)
        assert len(paris.tokens) == len(part.tokens) == 49_152
        assert np.exp(paris.logprobs).sum() == pytest.approx(1, abs=0.01)  # float32, summed by llama.cpp
        assert paris.tokens[0].text == " Paris"
        assert part.tokens[0].is_part

    def test_a_forced_token_has_the_probability_that_the_vocabulary_says(self, use: Use) -> None:
        async def work(model: NextToken) -> list[tuple[float, float]]:
            path, found = await begin_and_ask(model, "Hello<|im_end|>\n<|im_start|>assistant\nHi there")
            pairs = []
            special = [token.id for token in found.tokens].index(2)  # <|im_end|>
            for place in (0, 30, 5000, special):
                logprob, _ = await model.client.logprob(path.prompt(), found.tokens[place])
                pairs.append((logprob, float(found.logprobs[place])))
            return pairs

        for forced, said in use(work):
            assert forced == pytest.approx(said, abs=0.02)

    def test_what_reshapes_is_what_llama_cpp_does(self, use: Use) -> None:
        """Our probabilities and those that its own sampler draws from, for each setting and all of them."""
        settings = [
            Sampling(repeat_penalty=1.3),
            Sampling(presence_penalty=0.5, frequency_penalty=0.3),
            Sampling(temperature=0.6, min_p=0.1),
            Sampling(0.7, 20, 0.9, 0.02, 1.1, 0.2, 0.1),
        ]

        async def work(model: NextToken) -> list[tuple[dict[int, float], dict[int, float]]]:
            path, found = await begin_and_ask(
                model, "The capital of France is the city of Paris, the capital of"
            )
            pairs = []
            for one in settings:
                names = ("temperature", "top_k", "top_p", "min_p", "repeat_penalty", "presence_penalty")
                asked = {
                    **{name: getattr(one, name) for name in (*names, "frequency_penalty")},
                    "prompt": path.prompt(),
                    "n_predict": 1,
                    "n_probs": 20,
                    "post_sampling_probs": True,
                    "repeat_last_n": 64,
                    "dry_multiplier": 0.0,
                }
                theirs = probabilities_after_sampling(await model.client.below_root("/completion", asked))
                shares = found.reshaped(one, path.tokens).probabilities
                ours = {token.id or 0: float(p) for token, p in zip(found.tokens, shares, strict=True)}
                pairs.append((theirs, ours))
            return pairs

        for theirs, ours in use(work):
            assert len(theirs) > 1
            assert {token: ours[token] for token in theirs} == pytest.approx(theirs, abs=1e-3)

    def test_a_phrase_becomes_likelier_each_time_it_is_said(self, use: Use) -> None:
        async def work(model: NextToken) -> list[float]:
            circle = vicious_circle(model.client, "My day.", " I went to the shop.", 4)
            return [turn.probability async for turn in circle if turn.is_whole]

        turns = use(work)
        assert turns == sorted(turns)
        assert turns[-1] > 0.6 > 0.3 > turns[0]


class TestCircles:
    """A phrase that a text says again at its end, with the probability of each time."""

    @staticmethod
    def turns(words: str) -> list[tuple[str, int]]:
        scored = [
            ScoredToken(Token(ord(one), one, one.encode()), -1.0 / (n + 1)) for n, one in enumerate(words)
        ]
        found = circle_of(scored)
        return [("".join(one.token.text for one in turn.tokens), turn.said) for turn in found]

    def test_the_shortest_phrase_counts(self) -> None:
        assert self.turns("xababab") == [("ab", 0), ("ab", 1), ("ab", 2)]
        assert self.turns("xyabcabc") == [("abc", 0), ("abc", 1)]
        assert self.turns("xaaa") == [("a", 0), ("a", 1), ("a", 2)]

    @pytest.mark.parametrize("words", ["", "a", "aa", "xaa", "abcab", "abab!"])
    def test_what_is_no_circle(self, words: str) -> None:
        assert self.turns(words) == []

    def test_probabilities_are_those_of_the_tokens(self) -> None:
        scored = [ScoredToken(Token(n % 2, "x", b"x"), -float(4 - n)) for n in range(4)]
        first, second = circle_of(scored)
        assert first.probability == pytest.approx(np.exp(-3.5))
        assert second.probability == pytest.approx(np.exp(-1.5))
