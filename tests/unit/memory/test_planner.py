"""The plan keeps what must be kept, in order, within the budget."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from chatbot_app.core.messages import Message, MessageStatus, Role
from chatbot_app.core.prompt_plan import PartKind, PromptPlan, TemplateCosts
from chatbot_app.memory.budget import Budget, make_budget
from chatbot_app.memory.planner import PromptRequest, group_exchanges, plan_prompt

COSTS = TemplateCosts(per_message=3, reply=3)


def count(text: str) -> int:
    return len(text.split())


def exchange(number: int, words: int = 5) -> list[Message]:
    question = Message(f"q{number}", "c", None, number * 2, Role.USER, "why " * words)
    answer = Message(f"a{number}", "c", question.id, number * 2 + 1, Role.ASSISTANT, "because " * words)
    return [question, answer]


def conversation(lengths: list[int]) -> list[Message]:
    return [message for number, words in enumerate(lengths) for message in exchange(number, words)]


def plan(
    history: list[Message], window: int, *, question: str = "and now", passages: tuple[str, ...] = ()
) -> PromptPlan:
    return plan_prompt(
        PromptRequest("be helpful", history, question, passages), Budget(window, 0), count, COSTS
    )


@given(
    st.lists(st.integers(min_value=1, max_value=60), max_size=25), st.integers(min_value=30, max_value=900)
)
def test_a_plan_that_can_fit_fits_and_keeps_exchanges_whole(lengths: list[int], window: int) -> None:
    history = conversation(lengths)
    made = plan(history, window)
    assert made.fits
    assert made.tokens <= made.budget
    kinds = [part.kind for part in made.parts if part.included]
    assert kinds[0] is PartKind.SYSTEM
    assert kinds[-1] is PartKind.QUESTION
    included = [part.message_id for part in made.parts if part.included and part.message_id]
    assert included == [m.id for m in history if m.id in set(included)]
    for group in group_exchanges(history):
        assert len({m.id in included for m in group}) == 1


@given(
    st.lists(st.integers(min_value=1, max_value=60), max_size=20),
    st.integers(min_value=30, max_value=900),
    st.integers(min_value=0, max_value=900),
)
def test_a_larger_window_never_loses_a_message(lengths: list[int], window: int, more: int) -> None:
    history = conversation(lengths)
    small = {part.message_id for part in plan(history, window).parts if part.included}
    large = {part.message_id for part in plan(history, window + more).parts if part.included}
    assert small <= large


def test_tokens_are_the_sum_of_what_is_sent() -> None:
    made = plan(conversation([4, 4]), 500)
    sent = made.messages()
    assert made.tokens == sum(count(m["content"]) + COSTS.per_message for m in sent) + COSTS.reply


def test_pinned_survives_and_excluded_never_leaves() -> None:
    history = conversation([20] * 10)
    history[0] = replace(history[0], pinned=True)
    history[-1] = replace(history[-1], excluded=True)
    made = plan(history, 120)
    by_id = {part.message_id: part for part in made.parts}
    assert by_id["q0"].included
    assert by_id["q0"].kind is PartKind.PINNED
    assert not by_id["a9"].included
    assert by_id["a9"].reason == "excluded by you"


def test_a_question_without_an_answer_is_not_sent_again() -> None:
    history = exchange(0)
    history[1] = replace(history[1], text="", status=MessageStatus.FAILED)
    assert [m["role"] for m in plan(history, 500).messages()] == ["system", "user"]


def test_a_question_larger_than_the_window_is_said_before_sending() -> None:
    made = plan([], 50, question="word " * 100)
    assert not made.fits
    assert made.parts[-1].included


def test_passages_stand_before_the_question_in_the_newest_message() -> None:
    made = plan(conversation([3]), 500, passages=("first passage", "second passage"))
    assert made.messages()[-1]["content"] == "first passage\n\nsecond passage\n\nand now"
    assert made.messages()[0]["content"] == "be helpful"


def test_the_lowest_rank_gives_way_first_and_the_best_never() -> None:
    passages = tuple("w " * 30 for _ in range(6))
    made = plan(conversation([10] * 5), 100, passages=passages)
    chosen = [part.included for part in made.parts if part.kind is PartKind.PASSAGE]
    assert chosen[0]
    assert chosen == sorted(chosen, reverse=True)
    assert not chosen[-1]
    assert made.fits


def test_no_system_prompt_counts_what_the_template_inserts() -> None:
    costs = TemplateCosts(per_message=3, reply=3, without_system=11)
    made = plan_prompt(PromptRequest("  ", [], "hello"), Budget(100, 10), count, costs)
    assert made.tokens == 3 + 11 + 1 + 3
    assert [m["role"] for m in made.messages()] == ["user"]


def test_a_stored_plan_reads_back_equal() -> None:
    made = plan(conversation([3, 3]), 500, passages=("evidence",))
    assert PromptPlan.from_dict(made.to_dict()) == made


def test_the_reserve_never_takes_the_window() -> None:
    assert make_budget(8192, None).reply_reserve == 2048
    assert make_budget(8192, 100_000).prompt_tokens == 2048
    assert make_budget(200_000, None).reply_reserve == 4096
    assert make_budget(None, 100).window_source == "assumed"
