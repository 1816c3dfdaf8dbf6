"""One table declares every setting."""

from __future__ import annotations

from chatbot_app.core.generation import GENERATION_SETTINGS, GenerationSettings
from chatbot_app.core.presets import PRESETS
from chatbot_app.core.setting import REFUSED
from chatbot_app.core.settings import SETTINGS


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


def test_stored_numbers_are_read_whatever_they_are() -> None:
    temperature, seed = SETTINGS["generation.temperature"], SETTINGS["generation.seed"]
    assert temperature.read(1) == 1.0
    assert type(temperature.read(1)) is float
    assert temperature.read(9.5) == 9.5  # a server may take more than is offered
    for wrong in (10**400, float("nan"), float("inf"), True, "1", [], {}):
        assert temperature.read(wrong) is REFUSED, wrong
    for wrong in (1.5, True, "1"):
        assert seed.read(wrong) is REFUSED, wrong
    assert SETTINGS["generation.system_prompt"].read(None) is REFUSED


def test_every_setting_reads_what_it_stores() -> None:
    for setting in SETTINGS.values():
        assert setting.read(setting.stored(setting.default)) == setting.default, setting.key
