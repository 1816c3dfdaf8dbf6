import random

from chatbot_app.knowledge.values.measures import Value
from chatbot_app.knowledge.values.value_index import ValueIndex
from chatbot_app.knowledge.values.values import values_of

_TEXTS = (
    "1,094.26 km",
    "about 1,100 km",
    "29,031.7 feet",
    "8,848.86 metres",
    "$1.2bn",
    "1,200 million dollars",
    "12 %",
    "-12 %",
    "in 1998",
    "on 3 May 1998",
    "on 3 May",
    "in the 1990s",
    "1998 pages",
    "two bodies",
    "the third",
    "91,482 people",
    "91,500 people",
    "0 errors",
    "1.234",
    "1234",
    "90 minutes",
    "1.5 hours",
    "five years",
)


def _values() -> list[Value]:
    return [value for text in _TEXTS for value in values_of(text)]


class TestMaySay:
    def test_every_text_that_says_a_value_is_among_those_found(self) -> None:
        texts = [*_TEXTS, *(" and ".join(random.Random(seed).sample(_TEXTS, 3)) for seed in range(60))]
        values = [values_of(text) for text in texts]
        for scale in (1.0, 1e3, 1e6):
            index = ValueIndex(values, [scale] * len(texts))
            for claimed in _values():
                saying = {
                    place for place, own in enumerate(values) if any(one.says(claimed, scale) for one in own)
                }
                assert saying <= index.may_say(claimed)

    def test_of_two_thousand_numbers_few_come_in_question(self) -> None:
        index = ValueIndex([values_of(f"costs {12_000 + 7 * i} euros") for i in range(2_000)], [1.0] * 2_000)
        [claimed] = values_of("19,000 euros")
        assert 0 < len(index.may_say(claimed)) < 150

    def test_of_two_thousand_dates_one_year_comes_in_question(self) -> None:
        index = ValueIndex([values_of(f"in {1000 + i}") for i in range(1_000)], [1.0] * 1_000)
        [claimed] = values_of("in 1643")
        assert len(index.may_say(claimed)) == 1

    def test_a_number_of_hundreds_of_digits_is_no_year(self) -> None:
        index = ValueIndex([values_of("in 1643")], [1.0])
        for claimed in values_of(f"{'9' * 300} things"):
            assert index.may_say(claimed) == set()
