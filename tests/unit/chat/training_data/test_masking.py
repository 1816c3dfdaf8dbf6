"""What is masked, and what is not mistaken for it."""

from __future__ import annotations

import pytest

from chatbot_app.chat.training_data.masking import masker


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("Write to ada.b+c@mail.example.co.uk, please.", "Write to [EMAIL], please."),
        ("mailto:ö.ä@bücher.example!", "[EMAIL]!"),
        ("See https://example.org/a?b=1#c and www.example.org/x.", "See [URL] and [URL]"),
        ("Call +49 (0)30 123-45 67 or 030/1234567 or (555) 123-4567.", "Call [PHONE] or [PHONE] or [PHONE]."),
        ("0049 170 1234567, 555-123-4567", "[PHONE], [PHONE]"),
        ("IBAN DE89 3704 0044 0532 0130 00 and AT611904300234573201 HERE", "IBAN [ACCOUNT] and [ACCOUNT] HERE"),
        ("AT61 1904 3002 3457 3201 HERE", "[ACCOUNT] HERE"),
        ("Card 4111 1111 1111 1111, number 123-45-6789, account 1234567890.", "Card [ACCOUNT], number [ACCOUNT], account [ACCOUNT]."),
        ("At 192.168.0.17.", "At [IP]."),
        ("Call 1-800-555-0199 now", "Call [PHONE] now"),
        (f"https://example.org/{'secret' * 1000} end", "[URL] end"),
        (f"a@{'b.' * 20}example end", "[EMAIL] end"),
    ],
)  # fmt: skip
def test_what_tells_who_somebody_is_is_masked(text: str, masked: str) -> None:
    assert masker()(text).rstrip(".") == masked.rstrip(".")


@pytest.mark.parametrize(
    "text",
    [
        "From 01.02.2024 to 2024-03-05, in 1843–1852, at 09:30.",
        "Pi is 3.14159265358979 and e is 2.718281828; 0.0012345678 is small.",
        "x = [1, 2, 3]; version 1.2.3; 12,345,678 people; 1 000 000",
        "@decorator and a @ b",
        "Ada Lovelace",
    ],
)
def test_ordinary_numbers_and_words_stay(text: str) -> None:
    assert masker()(text) == text


def test_names_are_masked_as_whole_words_in_any_case_the_longest_first() -> None:
    mask = masker(["Ada", "Ada Lovelace", " ", "C++ Club", "Ünal"])
    assert (
        mask("ADA LOVELACE, Ada, Adam, the C++ Club and ünal.")
        == "[NAME], [NAME], Adam, the [NAME] and [NAME]."
    )
    assert mask("ada@ada.example") == "[EMAIL]"


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    ("piece", "masked"),
    [
        *((piece, None) for piece in ("a", "1", "a.", "+1(", "A1", "a@", "1.1.")),  # it stays as it is
        ("0 ", "[ACCOUNT] [ACCOUNT] "),
        ("www.", "[URL]"),
        ("http://", "[URL]"),
    ],
)
def test_a_long_text_of_anything_ends(piece: str, masked: str | None) -> None:
    text = piece * (200_000 // len(piece))
    assert masker(["Ada"])(text).startswith(masked or text)
