"""One table declares every setting."""

from __future__ import annotations

from chatbot_app.core.generation import PRESETS, GenerationSettings
from chatbot_app.core.settings import GENERATION_SETTINGS, SETTINGS


def test_every_generation_setting_is_a_field_with_the_same_default() -> None:
    for setting in GENERATION_SETTINGS:
        assert getattr(GenerationSettings(), setting.name) == setting.default, setting.key
        assert setting.accepts(setting.default), setting.key
        assert len(setting.explanation) > 20, setting.key


def test_ranges_are_kept() -> None:
    temperature = SETTINGS["generation.temperature"]
    assert temperature.accepts(0)
    assert temperature.accepts(2.0)
    assert not temperature.accepts(2.1)
    assert not temperature.accepts("1")
    assert not SETTINGS["generation.max_tokens"].accepts(True)
    assert not SETTINGS["ui.theme"].accepts(None)


def test_presets_stay_in_range() -> None:
    for preset in PRESETS:
        for name, value in preset.parameters:
            assert SETTINGS[f"generation.{name}"].accepts(value), (preset.name, name)
