"""Keys out of texts."""

from __future__ import annotations

from chatbot_app.llm.redaction import MASK, mask_key

KEY = "sk-live/Ab+c\\d1234567890"


def test_the_key_goes_in_every_form() -> None:
    for form in (KEY, "sk-live%2FAb%2Bc%5Cd1234567890", "sk-live/Ab+c\\\\d1234567890"):
        masked = mask_key(f"Incorrect key {form}!", KEY)
        assert masked == f"Incorrect key {MASK}!"


def test_other_keys_go_too() -> None:
    assert mask_key("got Bearer abcdefghij.klm and sk-proj-abcdefghijklmnop", None) == (
        f"got Bearer {MASK} and {MASK}"
    )


def test_other_text_stays() -> None:
    text = "The bearer of this task-force letter asks: sk-8?"
    assert mask_key(text, None) == text
    assert mask_key(text, "") == text


def test_a_token_of_a_model_hub_is_masked() -> None:
    assert mask_key("sent hf_abcdefghijklmnop to it", None) == f"sent {MASK} to it"
    assert mask_key("hf_hub and hf_models stay", None) == "hf_hub and hf_models stay"
