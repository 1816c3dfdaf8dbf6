"""What is not set is not sent, and stored settings are read whatever they hold."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from chatbot_app.core.generation import GenerationSettings
from chatbot_app.core.presets import PRESETS, Preset

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
field_names = st.sampled_from([*GenerationSettings.__dataclass_fields__, "unknown", ""])


def test_nothing_is_sent_by_default() -> None:
    assert GenerationSettings().request_parameters() == {}


def test_what_is_set_is_sent_also_zero() -> None:
    settings = GenerationSettings(temperature=0.0, max_tokens=50, seed=0, stop=("END",))
    assert settings.request_parameters() == {"temperature": 0.0, "max_tokens": 50, "seed": 0, "stop": ["END"]}


@given(st.dictionaries(field_names, json_values, max_size=8))
def test_any_stored_json_gives_settings_that_read_back_equal(stored: dict[str, Any]) -> None:
    settings = GenerationSettings.from_dict(stored)
    assert GenerationSettings.from_dict(settings.to_dict()) == settings


def test_values_of_a_wrong_type_are_left_out() -> None:
    settings = GenerationSettings.from_dict(
        {"temperature": "hot", "max_tokens": True, "top_p": 0.5, "stop": [1]}
    )
    assert settings == GenerationSettings(top_p=0.5)


def test_a_preset_replaces_sampling_and_nothing_else() -> None:
    before = GenerationSettings(
        model="m", max_tokens=99, temperature=1.5, min_p=0.2, system_prompt="Be brief."
    )
    after = before.with_preset(Preset("mine", (("temperature", 0.1),)))
    assert after == GenerationSettings(model="m", max_tokens=99, temperature=0.1, system_prompt="Be brief.")


def test_greedy_always_takes_the_likeliest_token() -> None:
    greedy = next(preset for preset in PRESETS if preset.name == "Greedy")
    assert GenerationSettings().with_preset(greedy).request_parameters() == {"temperature": 0.0, "top_k": 1}
