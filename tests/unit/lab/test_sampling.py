"""Each setting cuts what it says, in llama.cpp's order, and draws follow what is displayed."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot_app.lab.sampling import (
    Cut,
    Floats,
    Sampling,
    counts_of,
    draw,
    draws,
    entropy,
    generator,
    reshape,
)

FOUR = np.log(np.array([0.5, 0.3, 0.15, 0.05]))

SETTINGS = {
    "nothing": Sampling(),
    "temperature 0": Sampling(temperature=0.0),
    "temperature 0.5": Sampling(temperature=0.5),
    "temperature 2": Sampling(temperature=2.0),
    "top k": Sampling(top_k=10),
    "top p": Sampling(top_p=0.9),
    "min p": Sampling(min_p=0.05),
    "repeat penalty": Sampling(repeat_penalty=1.3),
    "presence penalty": Sampling(presence_penalty=0.7),
    "frequency penalty": Sampling(frequency_penalty=0.4),
    "all": Sampling(0.8, 40, 0.95, 0.05, 1.1, 0.2, 0.1),
}


def zipf(count: int = 500) -> Floats:
    """The shape of a vocabulary: few likely tokens, a long tail."""
    weights = 1.0 / np.arange(1, count + 1) ** 1.3
    return np.log(weights / weights.sum())


def chi_square(seen: np.ndarray, expected: np.ndarray) -> tuple[float, int]:
    """Return the statistic and its degrees of freedom; places with fewer than five expected draws count as one."""
    many = expected >= 5
    pairs = list(zip(seen[many], expected[many], strict=True))
    if expected[~many].sum() > 0:
        pairs.append((seen[~many].sum(), expected[~many].sum()))
    return sum((one - other) ** 2 / other for one, other in pairs), len(pairs) - 1


def critical(freedom: int) -> float:
    """Return what chi-square exceeds once in 10,000 times (Wilson and Hilferty 1931)."""
    return freedom * (1 - 2 / (9 * freedom) + 3.719 * (2 / (9 * freedom)) ** 0.5) ** 3


class TestDraws:
    @pytest.mark.parametrize("name", SETTINGS)
    def test_twenty_thousand_draws_follow_what_is_displayed(self, name: str) -> None:
        logprobs = zipf()
        counts = np.zeros(len(logprobs), np.int64)
        counts[[0, 3, 7]] = 1, 4, 2
        displayed = reshape(logprobs, SETTINGS[name], counts)
        places = draws(displayed.probabilities, generator(17), 20_000)
        seen = np.bincount(places, minlength=len(logprobs))
        assert not seen[displayed.cut != Cut.KEPT].any()
        statistic, freedom = chi_square(seen, displayed.probabilities * 20_000)
        assert freedom == 0 or statistic < critical(freedom)

    def test_the_test_itself_finds_a_difference_of_a_twentieth(self) -> None:
        logprobs = zipf()
        displayed = reshape(logprobs, Sampling())
        other = reshape(logprobs, Sampling(temperature=1.05))
        seen = np.bincount(draws(other.probabilities, generator(17), 20_000), minlength=len(logprobs))
        statistic, freedom = chi_square(seen, displayed.probabilities * 20_000)
        assert statistic > critical(freedom)

    def test_one_seed_and_step_draw_one_token(self) -> None:
        displayed = reshape(zipf(), Sampling()).probabilities
        assert draw(displayed, generator(5, 3)) == draw(displayed, generator(5, 3))
        assert len({draw(displayed, generator(5, step)) for step in range(20)}) > 5
        assert len({draw(displayed, generator(seed)) for seed in range(20)}) > 5

    def test_a_draw_from_nothing_is_refused(self) -> None:
        for empty in (np.zeros(0), np.zeros(3)):
            with pytest.raises(ValueError):
                draw(empty, generator(1))

    def test_what_has_no_probability_is_never_drawn_at_the_edges(self) -> None:
        class Edge(np.random.Generator):
            def random(self, *_: object, **__: object) -> object:  # type: ignore[override]
                return np.array([0.0, np.nextafter(1.0, 0.0)])

        edge = Edge(np.random.PCG64(1))
        assert draws(np.array([0.0, 0.5, 0.5, 0.0]), edge, 2).tolist() == [1, 2]


class TestFilters:
    def test_top_k_keeps_the_likeliest(self) -> None:
        found = reshape(FOUR[::-1], Sampling(top_k=2))
        assert found.cut.tolist() == [Cut.TOP_K, Cut.TOP_K, 0, 0]
        assert found.probabilities == pytest.approx([0, 0, 0.375, 0.625])

    def test_top_p_keeps_the_one_that_reaches_it(self) -> None:
        assert reshape(FOUR, Sampling(top_p=0.8)).cut.tolist() == [0, 0, Cut.TOP_P, Cut.TOP_P]
        assert reshape(FOUR, Sampling(top_p=0.81)).cut.tolist() == [0, 0, 0, Cut.TOP_P]
        assert reshape(FOUR, Sampling(top_p=0.0)).cut.tolist() == [0, *[Cut.TOP_P] * 3]

    def test_min_p_is_a_share_of_the_likeliest(self) -> None:
        assert reshape(FOUR, Sampling(min_p=0.3)).cut.tolist() == [0, 0, 0, Cut.MIN_P]
        assert reshape(FOUR, Sampling(min_p=1.0)).cut.tolist() == [0, *[Cut.MIN_P] * 3]

    def test_top_p_sees_what_top_k_has_left(self) -> None:
        # 0.5 of 0.95 is 0.526: of all tokens it would not have reached 0.52
        found = reshape(FOUR, Sampling(top_k=3, top_p=0.52))
        assert found.cut.tolist() == [0, Cut.TOP_P, Cut.TOP_P, Cut.TOP_K]

    def test_filters_see_the_probabilities_at_temperature_one(self) -> None:
        hot = reshape(FOUR, Sampling(temperature=5.0, top_p=0.8, min_p=0.3))
        assert hot.cut.tolist() == reshape(FOUR, Sampling(top_p=0.8, min_p=0.3)).cut.tolist()

    def test_temperature_divides_scores(self) -> None:
        found = reshape(FOUR, Sampling(temperature=0.5))
        squares = np.exp(FOUR) ** 2
        assert found.probabilities == pytest.approx(squares / squares.sum())
        assert found.entropy < entropy(np.exp(FOUR)) < reshape(FOUR, Sampling(temperature=2)).entropy

    def test_temperature_zero_leaves_one(self) -> None:
        found = reshape(FOUR, Sampling(temperature=0.0))
        assert found.probabilities.tolist() == [1, 0, 0, 0]
        assert found.count(Cut.GREEDY) == 3

    def test_nothing_set_changes_nothing(self) -> None:
        found = reshape(FOUR, Sampling())
        assert found.probabilities == pytest.approx(np.exp(FOUR))
        assert not found.cut.any()
        assert found.is_exact

    def test_no_tokens_are_no_error(self) -> None:
        for sampling in SETTINGS.values():
            assert len(reshape(np.zeros(0), sampling).probabilities) == 0


class TestPenalties:
    def test_presence_once_and_frequency_each_time(self) -> None:
        counts = np.array([0, 1, 3, 0])
        once = reshape(FOUR, Sampling(presence_penalty=1.0), counts).probabilities
        expected = np.exp(FOUR - [0, 1, 1, 0])
        assert once == pytest.approx(expected / expected.sum())
        often = reshape(FOUR, Sampling(frequency_penalty=1.0), counts).probabilities
        expected = np.exp(FOUR - [0, 1, 3, 0])
        assert often == pytest.approx(expected / expected.sum())

    def test_repeat_penalty_lowers_scores_of_both_signs(self) -> None:
        counts = np.array([1, 0, 0, 1])
        found = reshape(FOUR, Sampling(repeat_penalty=2.0), counts, offset=2.0).probabilities
        logits = FOUR + 2.0
        logits[0] /= 2  # positive
        logits[3] *= 2  # negative: ln 0.05 + 2
        expected = np.exp(logits)
        assert found == pytest.approx(expected / expected.sum())

    def test_only_the_last_tokens_count(self) -> None:
        assert counts_of("abc", "aabbb", 3).tolist() == [0, 3, 0]
        assert counts_of("abc", "aabbb", -1).tolist() == [2, 3, 0]
        assert counts_of("abc", "aabbb", 0).tolist() == [0, 0, 0]
        assert counts_of("abc", "", 64).tolist() == [0, 0, 0]


class TestOfTheLikeliestAlone:
    """A server names 20 tokens; the others share what is left."""

    def test_a_cut_among_them_is_exact(self) -> None:
        known, rest = FOUR[:3], 0.05
        assert reshape(known, Sampling(top_k=3), rest=rest).is_exact
        assert not reshape(known, Sampling(top_k=4), rest=rest).is_exact
        assert reshape(known, Sampling(top_p=0.9), rest=rest).is_exact
        assert not reshape(known, Sampling(top_p=0.97), rest=rest).is_exact
        assert reshape(known, Sampling(min_p=0.31), rest=rest).is_exact
        assert reshape(known, Sampling(temperature=0), rest=rest).is_exact
        assert not reshape(known, Sampling(temperature=2), rest=rest).is_exact

    def test_those_that_were_not_named_keep_their_share_at_temperature_one(self) -> None:
        assert reshape(FOUR[:3], Sampling(), rest=0.05).probabilities == pytest.approx(np.exp(FOUR[:3]))
        assert reshape(FOUR[:3], Sampling(top_k=3), rest=0.05).probabilities.sum() == pytest.approx(1)

    def test_top_p_counts_those_that_were_not_named(self) -> None:
        whole = reshape(FOUR, Sampling(top_p=0.8)).cut[:3]
        assert reshape(FOUR[:3], Sampling(top_p=0.8), rest=0.05).cut.tolist() == whole.tolist()


@given(
    st.lists(st.floats(-60, 0), min_size=1, max_size=40),
    st.builds(
        Sampling,
        temperature=st.floats(0, 5),
        top_k=st.integers(0, 50),
        top_p=st.floats(0, 1),
        min_p=st.floats(0, 1),
        repeat_penalty=st.floats(0.1, 3),
        presence_penalty=st.floats(-2, 2),
        frequency_penalty=st.floats(-2, 2),
    ),
)
def test_whatever_is_set_something_can_be_drawn(scores: list[float], sampling: Sampling) -> None:
    logprobs = np.array(scores) - np.logaddexp.reduce(scores)
    counts = np.arange(len(scores)) % 3
    found = reshape(logprobs, sampling, counts)
    assert found.probabilities.sum() == pytest.approx(1)
    assert (found.cut == Cut.KEPT).sum() >= 1
    assert (found.probabilities[found.cut != Cut.KEPT] == 0).all()
    assert found.entropy >= 0


def test_entropy_of_equal_tokens_is_the_logarithm_of_their_number() -> None:
    assert entropy(np.full(8, 1 / 8)) == pytest.approx(np.log(8))
    assert entropy(np.array([1.0, 0.0])) == 0
    assert entropy(np.array([0.5]), rest=0.5) == pytest.approx(np.log(2))


def test_every_setting_is_tried_by_draws() -> None:
    names = {field.name for field in fields(Sampling)} - {"last_tokens"}
    default = Sampling()
    tried = {n for n in names for one in SETTINGS.values() if getattr(one, n) != getattr(default, n)}
    assert tried == names
