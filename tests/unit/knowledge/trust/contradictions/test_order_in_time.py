import pytest

from chatbot_app.knowledge.trust.contradictions.order_in_time import in_another_order

_FIRST_THE_TANK = (
    "Remove the water tank first, then open the service door.",
    "Before you open the service door, remove the water tank.",
    "Open the service door after the water tank is removed.",
)


class TestInAnotherOrder:
    @pytest.mark.parametrize("source", _FIRST_THE_TANK)
    def test_the_other_way_round(self, source: str) -> None:
        assert in_another_order("The service door is opened before the water tank is removed.", source)
        assert in_another_order("After opening the service door, remove the water tank.", source)

    @pytest.mark.parametrize("source", _FIRST_THE_TANK)
    def test_the_same_in_other_words(self, source: str) -> None:
        assert (
            in_another_order("The water tank is removed before the service door is opened.", source) is None
        )
        assert in_another_order("After removing the water tank, open the service door.", source) is None

    def test_a_date_is_no_step(self) -> None:
        assert (
            in_another_order("The shop opened before 1990.", "The shop closed after 1990, then opened again.")
            is None
        )

    def test_before_or_after_is_no_order(self) -> None:
        text = "It is uncertain whether the visions came before or after the claim of prophethood."
        assert in_another_order(text, text) is None
        assert in_another_order("It is uncertain whether the visions came after the claim.", text) is None
