import pytest

from chatbot_app.knowledge.trust.contradictions.quantifiers import (
    all_of_some,
    must_for_may,
    only_one_of_all,
    only_what_is_excluded,
)


class TestAllOfSome:
    def test_all_is_more_than_most(self) -> None:
        source = "The book has 612 plates, most of which she drew herself."
        assert all_of_some("She drew all plates of the book.", source)
        assert not all_of_some("She drew most plates of the book.", source)

    @pytest.mark.parametrize(
        ("said", "source"),
        [
            ("All rooms have a window.", "Every room has a window; most face the sea."),
            ("Not all rooms face the sea.", "Most rooms face the sea."),
            ("All visitors get a map.", "Most rooms face the sea."),
        ],
    )
    def test_what_is_said_of_all_or_of_something_else_is_no_contradiction(
        self, said: str, source: str
    ) -> None:
        assert not all_of_some(said, source)


class TestMustForMay:
    def test_what_is_allowed_need_not_be(self) -> None:
        source = "Employees may work from home on up to three days a week; Tuesdays are office days."
        assert must_for_may("Employees must work from home on three days a week.", source)
        assert not must_for_may("Employees may work from home on three days a week.", source)

    def test_with_or_without_is_no_duty(self) -> None:
        source = "The tablets may be taken with or without food, but not together with milk."
        assert must_for_may("The tablets must be taken with food.", source)

    def test_a_duty_is_one(self) -> None:
        source = "Guests must leave by ten, but may store their bags."
        assert not must_for_may("Guests have to leave by ten.", source)


class TestOnlyWhatIsExcluded:
    def test_what_is_excluded_is_not_the_only_case(self) -> None:
        assert only_what_is_excluded(
            "Bikes are only carried on line 4.", "Bikes are carried on all lines except line 4."
        )
        assert only_what_is_excluded(
            "It can only be used while running.", "It can no longer be used while running."
        )

    def test_only_of_something_else(self) -> None:
        assert not only_what_is_excluded(
            "Bikes are only carried on weekdays.", "Bikes are not carried on line 4."
        )


class TestOnlyOneOfAll:
    def test_either_is_not_one_alone(self) -> None:
        source = "12.1 Either party may terminate this Agreement by written notice."
        assert only_one_of_all("Only the landlord may terminate the agreement by written notice.", source)
        assert not only_one_of_all("The landlord may terminate the agreement by written notice.", source)

    def test_of_something_else(self) -> None:
        source = "Either party may terminate this Agreement by written notice."
        assert not only_one_of_all("Only the landlord has a key.", source)
