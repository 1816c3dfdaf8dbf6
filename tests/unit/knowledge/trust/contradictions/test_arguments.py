import pytest

from chatbot_app.knowledge.trust.contradictions.arguments import another_argument


class TestAnotherArgument:
    @pytest.mark.parametrize(
        ("said", "source"),
        [
            (
                "She worked as a nurse in Ghent during the First World War.",
                "During the First World War she worked as a nurse in Bruges.",
            ),
            (
                "The inquiry led by the ferry company will take six weeks.",
                "An inquiry led by the coastguard is expected to take six weeks.",
            ),
        ],
    )
    def test_something_else_behind_the_same_words(self, said: str, source: str) -> None:
        assert another_argument(said, source) is not None

    @pytest.mark.parametrize(
        ("said", "source"),
        [
            (
                "In the war she worked as a nurse in Bruges.",
                "During the war she worked as a nurse in Bruges.",
            ),
            ("He helped music schools in the countryside.", "He helped music schools in rural areas."),
            ("She did not work as a nurse in Ghent.", "She worked as a nurse in Bruges."),
            ("She lived for a year in Ghent.", "She worked as a nurse in Bruges."),
        ],
    )
    def test_the_same_or_of_something_else(self, said: str, source: str) -> None:
        assert another_argument(said, source) is None

    def test_a_long_text_is_left_alone(self) -> None:
        assert (
            another_argument("She worked in Ghent as a nurse.", "She worked in Bruges as a nurse. " * 100)
            is None
        )
