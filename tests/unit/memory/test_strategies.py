"""What every strategy keeps, for any history, settings and window."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot_app.core.generation import HistoryStrategy
from chatbot_app.core.messages import Message, Role, Summary
from chatbot_app.core.prompt_plan import PartKind, PromptPlan
from chatbot_app.memory.budget import Budget
from chatbot_app.memory.exchanges import group_exchanges
from chatbot_app.memory.planner import PromptRequest, plan_prompt
from chatbot_app.memory.prepared import prepare
from chatbot_app.memory.summary import dropped_uncovered
from tests.unit.memory.histories import COSTS, Case, cases, conversation, count

windows = st.integers(min_value=1, max_value=1500)
WHOLE = (HistoryStrategy.OLDEST_EXCHANGES, HistoryStrategy.SUMMARISE, HistoryStrategy.RECALL)


def sent_ids(plan: PromptPlan) -> list[str]:
    """The messages of the history that are sent word for word."""
    kinds = (PartKind.HISTORY, PartKind.PINNED)
    return [part.message_id or "" for part in plan.parts if part.included and part.kind in kinds]


def seen_ids(plan: PromptPlan, history: list[Message]) -> set[str]:
    """The messages that are sent word for word or recalled."""
    recalled = {p.message_id for p in plan.parts if p.included and p.kind is PartKind.RECALLED}
    seen = set(sent_ids(plan))
    for group in group_exchanges(history):
        if recalled & {message.id for message in group}:
            seen |= {message.id for message in group}
    return seen


def never_given_up(case: Case) -> int:
    """Tokens of what every plan of a case holds, counted without the planner."""
    request, costs = case.request, case.costs
    best = request.passages[:1]
    tokens = costs.reply + count(request.question) + costs.around(Role.USER) + sum(map(count, best))
    system = request.system_prompt
    everything = request.strategy is HistoryStrategy.KEEP_EVERYTHING
    alone = request.strategy is HistoryStrategy.OLDEST_MESSAGES and costs.free_order
    for group in group_exchanges(case.history):
        answered = any(m.role is Role.ASSISTANT and m.text and not m.excluded for m in group)
        for message in group:
            pinned = message.pinned and not message.excluded
            beside = any(m.pinned and not m.excluded for m in group) and not alone
            other_half = answered if message.role is Role.USER else not group[0].excluded
            sendable = message.text and not message.excluded and other_half
            if pinned or (sendable and (beside or everything)):
                tokens += count(message.text) + costs.around(message.role)
    summary = request.summary
    if summary is not None and summary.pinned:
        tokens += 11 + count(summary.text)  # eleven words of heading
        system = system or "summary"
        tokens += 0 if request.system_prompt else costs.around(Role.SYSTEM)
    tokens += count(request.system_prompt) + costs.around(Role.SYSTEM) if request.system_prompt else 0
    return tokens + (0 if system else costs.without_system)


@given(cases(), windows, st.integers(0, 300))
def test_a_plan_fits_whenever_what_is_never_given_up_does(case: Case, window: int, reserve: int) -> None:
    plan = case.plan(window, reserve)
    assert plan.fits == (never_given_up(case) <= window - reserve)
    assert plan.over_budget_tokens == max(0, plan.tokens - (window - reserve))


@given(cases(), windows)
def test_the_tokens_are_those_of_what_is_sent(case: Case, window: int) -> None:
    plan = case.plan(window)
    messages = plan.messages()
    tokens = sum(count(m["content"]) + case.costs.around(Role(m["role"])) for m in messages)
    tokens += case.costs.reply
    tokens += 0 if messages[0]["role"] == "system" else case.costs.without_system
    assert plan.tokens == tokens


@given(cases(), windows)
def test_system_prompt_pinned_question_and_best_passage_are_always_sent(case: Case, window: int) -> None:
    plan = case.plan(window)
    messages = plan.messages()
    if case.request.system_prompt:
        assert messages[0]["content"].startswith(case.request.system_prompt)
    assert messages[-1]["content"].endswith(case.request.question)
    pinned = {m.id for m in case.history if m.pinned and not m.excluded}
    assert pinned <= set(sent_ids(plan))
    if case.request.passages:
        assert case.request.passages[0] in messages[-1]["content"]
    summary = case.request.summary
    if summary is not None and summary.pinned:
        assert summary.text.strip() in messages[0]["content"]


@given(cases(), windows)
def test_what_was_excluded_is_never_sent(case: Case, window: int) -> None:
    excluded = {m.id for m in case.history if m.excluded}
    plan = case.plan(window)
    assert not excluded & set(sent_ids(plan))
    for part in plan.parts:
        if part.kind is PartKind.RECALLED:
            assert not any(m.text in part.text for m in case.history if m.excluded and m.role is Role.USER)


@given(cases(), windows)
def test_the_order_is_that_of_the_conversation(case: Case, window: int) -> None:
    plan = case.plan(window)
    order = {message.id: place for place, message in enumerate(case.history)}
    places = [order[message_id] for message_id in sent_ids(plan)]
    assert places == sorted(places)
    recalled = [order[p.message_id or ""] for p in plan.parts if p.kind is PartKind.RECALLED]
    assert recalled == sorted(recalled)


@given(cases(*WHOLE), windows)
def test_exchanges_stay_whole(case: Case, window: int) -> None:
    plan = case.plan(window)
    unseen = plan.unseen_message_ids()
    sent = set(sent_ids(plan))
    for group in group_exchanges(case.history):
        ids = {message.id for message in group}
        assert not (ids & unseen and ids & sent)


@given(cases(HistoryStrategy.OLDEST_MESSAGES), windows)
def test_no_answer_stands_without_its_question_where_the_template_forbids_it(case: Case, window: int) -> None:
    case = Case(case.request, replace(case.costs, free_order=False))
    roles = [m["role"] for m in case.plan(window).messages() if m["role"] != "system"]
    assert roles[0] == "user"
    assert all(before != after for before, after in pairwise(roles))


@given(cases(), windows, st.integers(0, 1500))
def test_a_larger_window_never_loses_a_message(case: Case, window: int, more: int) -> None:
    small, large = case.plan(window), case.plan(window + more)
    if case.request.strategy is HistoryStrategy.RECALL:
        assert seen_ids(small, case.history) <= seen_ids(large, case.history)
    assert set(sent_ids(small)) <= set(sent_ids(large))
    assert small.left_out_tokens >= large.left_out_tokens


@given(cases(), windows, st.integers(0, 1500))
def test_a_larger_window_loses_no_passage_and_no_summary_that_is_needed(
    case: Case, window: int, more: int
) -> None:
    small, large = case.plan(window), case.plan(window + more)

    def passages(plan: PromptPlan) -> int:
        return sum(part.included for part in plan.parts if part.kind is PartKind.PASSAGE)

    assert passages(small) <= passages(large)
    has_summary = any(p.included and p.kind is PartKind.SUMMARY for p in small.parts)
    if has_summary and large.unseen_message_ids():
        assert any(p.included and p.kind is PartKind.SUMMARY for p in large.parts)


@given(cases(), windows)
def test_the_same_inputs_give_the_same_plan(case: Case, window: int) -> None:
    history = list(case.request.history)
    prepared = prepare(history, count, case.costs)
    first = case.plan(window)
    for _ in range(2):
        again = plan_prompt(case.request, Budget(window, 0), count, case.costs, prepared)
        assert again == first
    assert list(case.request.history) == history
    assert PromptPlan.from_dict(first.to_dict()) == first


@given(cases(HistoryStrategy.KEEP_EVERYTHING), windows)
def test_keep_everything_drops_nothing_and_says_by_how_much_it_is_too_long(case: Case, window: int) -> None:
    plan = case.plan(window)
    assert not plan.unseen_message_ids()
    assert plan.first_kept_message_id() is None
    assert plan.over_budget_tokens == max(0, plan.tokens - window)


@given(cases(HistoryStrategy.SUMMARISE), windows)
def test_what_left_is_either_in_the_summary_or_waits_for_the_next(case: Case, window: int) -> None:
    plan, summary = case.plan(window), case.request.summary
    waiting = dropped_uncovered(plan, case.history, summary)
    ids = [m.id for m in case.history]
    covered = ids[: ids.index(summary.through_id) + 1] if summary is not None else []
    assert plan.unseen_message_ids() - set(covered) == {m.id for m in waiting}
    reasons = {part.message_id: part.reason for part in plan.parts}
    assert all("follows" in reasons[message.id] for message in waiting)


@given(cases(), windows)
def test_the_line_stands_between_what_left_and_what_is_kept(case: Case, window: int) -> None:
    plan = case.plan(window)
    ids = [*(m.id for m in case.history), "newest"]
    first = plan.first_kept_message_id()
    left = [p.message_id or "" for p in plan.parts if p.over_budget and p.kind is PartKind.HISTORY]
    assert (first is None) == (not left)
    if first is not None:
        assert all(ids.index(message_id) < ids.index(first) for message_id in left)
        unpinned = [i for i in sent_ids(plan) if ids.index(i) < ids.index(first)]
        kinds = {p.message_id: p.kind for p in plan.parts}
        assert all(kinds[message_id] is PartKind.PINNED for message_id in unpinned)


@pytest.mark.parametrize("strategy", list(HistoryStrategy))
def test_the_start_of_the_prompt_stays_for_many_turns(strategy: HistoryStrategy) -> None:
    history = conversation([20] * 200)
    starts = []
    for turn in range(60, 200):
        above = history[: turn * 2]
        summary = None
        if turn > 80:  # a summary arrives, and grows within its share
            summary = Summary("s", "c", above[0].id, "fact " * (20 + turn // 10))
        recalled = [f"q{turn % 7}"] if turn % 3 else []
        request = PromptRequest("be brief", above, "now", (), None, strategy, summary, recalled)
        plan = plan_prompt(request, Budget(2000, 0), count, COSTS)
        starts.append(plan.first_kept_message_id())
    moves = sum(before != after for before, after in pairwise(starts))
    assert moves <= 140 // 4  # one exchange a turn would be 140
    assert (moves > 0) == (strategy is not HistoryStrategy.KEEP_EVERYTHING)


def test_single_messages_leave_where_the_template_takes_what_is_left() -> None:
    history = conversation([40] * 10)
    free = replace(COSTS, free_order=True)
    splits = 0
    for window in range(100, 900, 7):
        request = PromptRequest("", history, "now", strategy=HistoryStrategy.OLDEST_MESSAGES)
        roles = [m["role"] for m in plan_prompt(request, Budget(window, 0), count, free).messages()]
        splits += roles[0] == "assistant"
    assert splits > 0


def test_recalled_exchanges_stand_before_passages_and_question() -> None:
    history = conversation([30] * 20)
    request = PromptRequest(
        "s", history, "now", ("passage",), None, HistoryStrategy.RECALL, None, ["q3", "q1", "q19", "gone"]
    )
    plan = plan_prompt(request, Budget(800, 0), count, COSTS)
    last = plan.messages()[-1]["content"]
    assert last.index("why1 ") < last.index("why3 ") < last.index("passage") < last.index("now")
    assert "why19 " not in last  # inside the window
    assert {"q1", "a1", "q3", "a3"}.isdisjoint(plan.unseen_message_ids())


def test_a_summary_that_does_not_fit_is_given_up_after_the_exchanges() -> None:
    history = conversation([30] * 20)
    summary = Summary("s", "c", "a9", "fact " * 500)
    request = PromptRequest("s", history, "now", (), None, HistoryStrategy.SUMMARISE, summary)
    plan = plan_prompt(request, Budget(400, 0), count, COSTS)
    part = next(part for part in plan.parts if part.kind is PartKind.SUMMARY)
    assert plan.fits
    assert (part.included, part.over_budget, sent_ids(plan)) == (False, True, [])


FACT = "The door code of the archive is 4711."


@pytest.mark.parametrize("way", ["pinned", "summarised", "recalled", "excluded"])
def test_a_fact_told_at_the_first_turn_is_in_the_plan_at_the_eightieth(way: str) -> None:
    history = conversation([40] * 80)
    history[0] = replace(history[0], text=FACT, pinned=way == "pinned", excluded=way == "excluded")
    strategy = {"summarised": HistoryStrategy.SUMMARISE, "recalled": HistoryStrategy.RECALL}.get(
        way, HistoryStrategy.OLDEST_EXCHANGES
    )
    summary = Summary("s", "c", "a40", f"Facts: {FACT}") if way == "summarised" else None
    recalled = ["q0"] if way == "recalled" else []
    request = PromptRequest("s", history, "What is the code?", (), None, strategy, summary, recalled)
    plan = plan_prompt(request, Budget(1500, 300), count, COSTS)
    assert plan.fits
    assert "a40" in plan.unseen_message_ids()
    assert (FACT in str(plan.messages())) == (way != "excluded")
