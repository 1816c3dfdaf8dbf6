"""What is not set is not sent: every parameter can be set, unset, stepped, slid and typed."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QDockWidget,
    QInputDialog,
    QLabel,
    QMainWindow,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QWidget,
)

from chatbot_app.core.escapes import escaped, unescaped
from chatbot_app.core.generation import GENERATION_SETTINGS, GenerationSettings, HistoryStrategy
from chatbot_app.core.generation_choices import HISTORY_STRATEGIES
from chatbot_app.core.presets import PRESETS, Preset
from chatbot_app.core.servers import BUILT_IN_SERVER, Server
from chatbot_app.core.trust import AnswerMode
from chatbot_app.ui.calm_fields import CalmSlider
from chatbot_app.ui.icons import IconButton
from chatbot_app.ui.settings.fields import NamedComboBox, NumberSpin
from chatbot_app.ui.settings.panel import SettingsPanel
from chatbot_app.ui.settings.preset_field import PresetField
from chatbot_app.ui.settings.server_field import ServerField
from chatbot_app.ui.theme import apply_theme

NUMBERS = [setting for setting in GENERATION_SETTINGS if setting.type in (int, float)]
OLLAMA = Server("s1", "Ollama <b>", "http://localhost:11434/v1", default_model="qwen")


@pytest.fixture
def panel(qtbot) -> SettingsPanel:
    made = SettingsPanel()
    qtbot.addWidget(made)
    made.resize(300, 800)
    made.set_servers([BUILT_IN_SERVER, OLLAMA], BUILT_IN_SERVER.id)
    made.set_settings(GenerationSettings(), "c1")
    made.show()
    qtbot.waitExposed(made)
    return made


def find(panel: SettingsPanel, kind: type, name: str):  # type: ignore[no-untyped-def]
    found = panel.findChild(kind, name)
    assert found is not None, name
    return found


@pytest.mark.parametrize("setting", NUMBERS, ids=lambda setting: setting.name)
def test_every_number_is_unset_first_and_can_be_set_and_unset(qtbot, panel: SettingsPanel, setting) -> None:
    spin = find(panel, NumberSpin, f"{setting.name}_spin")
    assert spin.text() == "Server default"
    assert getattr(panel.settings(), setting.name) is None
    value = setting.maximum
    with qtbot.waitSignal(panel.settings_changed) as changed:
        spin.setValue(value)
    assert getattr(changed.args[0], setting.name) == value
    assert type(getattr(changed.args[0], setting.name)) is setting.type
    with qtbot.waitSignal(panel.settings_changed):
        spin.setValue(setting.minimum)
    assert getattr(panel.settings(), setting.name) == setting.minimum
    with qtbot.waitSignal(panel.settings_changed) as changed:
        find(panel, IconButton, f"{setting.name}_clear").click()
    assert changed.args[0] == GenerationSettings()
    assert spin.text() == "Server default"


@pytest.mark.parametrize("setting", NUMBERS, ids=lambda setting: setting.name)
def test_slider_and_field_move_together(panel: SettingsPanel, setting) -> None:
    slider = find(panel, CalmSlider, f"{setting.name}_slider")
    spin = find(panel, NumberSpin, f"{setting.name}_spin")
    if setting.name == "seed":
        assert slider.isHidden()
        return
    slider.setValue(slider.maximum())
    assert spin.chosen() == setting.maximum
    slider.setValue(slider.minimum())
    assert spin.chosen() == setting.minimum
    spin.setValue(setting.maximum)
    assert slider.value() == slider.maximum()


@pytest.mark.parametrize("setting", NUMBERS, ids=lambda setting: setting.name)
def test_the_first_step_goes_to_the_suggestion(panel: SettingsPanel, setting) -> None:
    spin = find(panel, NumberSpin, f"{setting.name}_spin")
    QTest.keyClick(spin, Qt.Key.Key_Up)
    assert spin.chosen() == setting.suggested


@pytest.mark.parametrize("name", ["max_tokens", "top_k", "seed"])
def test_whole_numbers_are_whole(panel: SettingsPanel, name: str) -> None:
    spin = find(panel, NumberSpin, f"{name}_spin")
    spin.setValue(7)
    assert type(spin.value()) is int
    assert type(getattr(panel.settings(), name)) is int


def test_the_strategy_is_chosen_by_name_and_explained(qtbot, panel: SettingsPanel) -> None:
    combo = find(panel, NamedComboBox, "history_strategy_combo")
    explanation = find(panel, QLabel, "history_strategy_explanation")
    assert combo.currentText() == "Drop oldest exchanges"
    for row, choice in enumerate(HISTORY_STRATEGIES):
        combo.setCurrentIndex(row)
        assert combo.currentText() == choice.title
        assert explanation.text() == choice.explanation
        assert choice.explanation in combo.accessibleDescription()
        assert panel.settings().history_strategy is choice.value
    with qtbot.waitSignal(panel.settings_changed) as changed:
        panel.flush()
    assert changed.args[0].history_strategy is HistoryStrategy.KEEP_EVERYTHING
    with qtbot.assertNotEmitted(panel.settings_changed):
        panel.set_settings(GenerationSettings(history_strategy=HistoryStrategy.RECALL))
    assert combo.currentText() == "Recall"


def test_a_value_typed_is_reported_once_and_an_emptied_field_is_unset(qtbot, panel: SettingsPanel) -> None:
    heard: list[GenerationSettings] = []
    panel.settings_changed.connect(heard.append)
    spin = find(panel, NumberSpin, "max_tokens_spin")
    spin.selectAll()
    QTest.keyClicks(spin, "256")
    qtbot.waitUntil(lambda: bool(heard))
    assert [settings.max_tokens for settings in heard] == [256]
    spin.selectAll()
    QTest.keyClick(spin, Qt.Key.Key_Delete)
    QTest.keyClick(spin, Qt.Key.Key_Return)
    assert spin.chosen() is None
    qtbot.waitUntil(lambda: len(heard) == 2)
    assert heard[-1].max_tokens is None


def test_settings_are_shown_silently_and_kept_exactly(qtbot, panel: SettingsPanel) -> None:
    exact = GenerationSettings(
        server_id="s1",
        model="a/b",
        temperature=0.123456,
        max_tokens=10**9,
        seed=7,
        stop=("\n", "<b>", "\\n"),
        system_prompt="Be brief.",
        think_step_by_step=True,
    )
    with qtbot.assertNotEmitted(panel.settings_changed, wait=200):
        panel.set_settings(exact)
    assert panel.settings() == exact
    assert find(panel, QPlainTextEdit, "system_prompt_edit").toPlainText() == "Be brief."
    assert find(panel, QPlainTextEdit, "stop_edit").toPlainText() == "\\n\n<b>\n\\\\n"
    assert find(panel, QCheckBox, "think_step_by_step_check").isChecked()
    find(panel, NumberSpin, "top_k_spin").setValue(5)
    assert panel.settings() == replace(exact, top_k=5)


def test_text_and_switch_are_settings_too(qtbot, panel: SettingsPanel) -> None:
    find(panel, QPlainTextEdit, "system_prompt_edit").setPlainText("")
    find(panel, QPlainTextEdit, "stop_edit").setPlainText("END\n\n\\n\\n")
    find(panel, QCheckBox, "think_step_by_step_check").click()
    with qtbot.waitSignal(panel.settings_changed) as changed:
        panel.flush()
    assert changed.args[0] == GenerationSettings(
        system_prompt="", stop=("END", "\n\n"), think_step_by_step=True
    )


def test_a_change_is_reported_before_another_conversation_is_shown(panel: SettingsPanel) -> None:
    heard: list[tuple[str, GenerationSettings]] = []
    panel.settings_changed.connect(lambda settings: heard.append((panel.conversation_id(), settings)))
    find(panel, NumberSpin, "top_k_spin").setValue(3)
    panel.set_settings(GenerationSettings(top_k=9), "c2")
    assert heard == [("c1", GenerationSettings(top_k=3))]
    assert panel.conversation_id() == "c2"
    panel.flush()
    assert len(heard) == 1


def test_escapes_go_both_ways() -> None:
    for text in ("a", "\n\n", "\\n", "\\", "a\\\tb", "é\n"):
        assert "\n" not in escaped(text)
        assert unescaped(escaped(text)) == text
    assert unescaped("\\x") == "\\x"


def test_choosing_a_server_forgets_the_model_of_another(qtbot, panel: SettingsPanel) -> None:
    panel.set_settings(GenerationSettings(model="m"))
    combo = find(panel, NamedComboBox, "server_combo")
    assert [combo.itemText(row) for row in range(combo.count())] == [
        "Default (Built-in)",
        "Built-in",
        "Ollama <b>",
    ]
    combo.setCurrentIndex(2)
    with qtbot.waitSignal(panel.settings_changed) as changed:
        combo.activated.emit(2)
    assert changed.args[0] == GenerationSettings(server_id="s1", model=None)


def test_a_removed_server_is_named_as_such(panel: SettingsPanel) -> None:
    panel.set_settings(GenerationSettings(server_id="gone"))
    assert find(panel, NamedComboBox, "server_combo").currentText() == "A server that was removed"
    panel.set_servers([BUILT_IN_SERVER, OLLAMA])
    panel.set_settings(GenerationSettings(server_id="s1"))
    assert find(panel, NamedComboBox, "server_combo").currentText() == "Ollama <b>"


def test_models_can_be_chosen_or_written(qtbot, panel: SettingsPanel) -> None:
    combo = find(panel, NamedComboBox, "model_combo")
    combo.setEditText("written")
    panel.set_models(["one", "two", "<i>three</i>"])
    assert combo.currentText() == "written"
    assert panel.settings().model == "written"
    combo.setCurrentIndex(1)
    assert panel.settings().model == "two"
    combo.setEditText("  ")
    assert panel.settings().model is None


def test_fetching_models_says_how_it_went(qtbot, panel: SettingsPanel) -> None:
    button = find(panel, IconButton, "models_refresh_button")
    with qtbot.waitSignal(panel.models_refresh_requested):
        button.click()
    panel.set_models_refreshing()
    assert not button.isEnabled()
    panel.show_models_problem("Ollama cannot be reached.")
    status = find(panel, QLabel, "models_status")
    assert (button.isEnabled(), status.text()) == (True, "Ollama cannot be reached.")
    panel.set_models(["one"])
    assert status.isHidden()


def test_the_servers_dialog_is_asked_for(qtbot, panel: SettingsPanel) -> None:
    with qtbot.waitSignal(panel.servers_dialog_requested):
        find(panel, IconButton, "servers_button").click()


def choose_preset(panel: SettingsPanel, name: str) -> None:
    combo = find(panel, NamedComboBox, "preset_combo")
    row = combo.findText(name)
    combo.setCurrentIndex(row)
    combo.activated.emit(row)


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.name)
def test_presets_apply_and_are_named(panel: SettingsPanel, preset: Preset) -> None:
    panel.set_settings(GenerationSettings(min_p=0.5, max_tokens=9))
    combo = find(panel, NamedComboBox, "preset_combo")
    assert combo.currentIndex() == -1  # "Custom"
    choose_preset(panel, preset.name)
    assert panel.settings() == GenerationSettings(max_tokens=9).with_preset(preset)
    assert combo.currentText() == preset.name
    choose_preset(panel, "Server defaults")
    assert panel.settings() == GenerationSettings(max_tokens=9)


def test_own_presets_are_saved_and_deleted(qtbot, panel: SettingsPanel) -> None:
    find(panel, NumberSpin, "temperature_spin").setValue(1.5)
    find(panel, IconButton, "preset_save").click()
    dialog = find(panel, QInputDialog, "preset_name_dialog")
    dialog.setTextValue(" My <b> preset ")
    with qtbot.waitSignal(panel.preset_saved) as saved:
        dialog.accept()
    assert saved.args[0] == Preset("My <b> preset", (("temperature", 1.5),))
    panel.set_presets([saved.args[0]])
    assert find(panel, NamedComboBox, "preset_combo").currentText() == "My <b> preset"
    with qtbot.waitSignal(panel.preset_deleted) as deleted:
        find(panel, IconButton, "preset_delete").click()
    assert deleted.args == ["My <b> preset"]
    choose_preset(panel, "Greedy")
    assert not find(panel, IconButton, "preset_delete").isEnabled()


@pytest.mark.parametrize(
    ("name", "reason"), [(" ", "name"), ("precise", "built in"), ("fine", "nothing to save")]
)
def test_a_preset_that_cannot_be_saved_says_why(qtbot, panel: SettingsPanel, name: str, reason: str) -> None:
    field = panel.findChild(PresetField)
    with qtbot.assertNotEmitted(panel.preset_saved):
        field.save_as(name)
    problem = find(panel, QLabel, "preset_problem")
    assert problem.isVisible()
    assert reason in problem.text()


def test_reset_unsets_parameters_and_keeps_the_rest(qtbot, panel: SettingsPanel) -> None:
    kept = GenerationSettings(server_id="s1", model="m", system_prompt="S", think_step_by_step=True)
    panel.set_settings(replace(kept, temperature=1.0, seed=3, stop=("x",)))
    with qtbot.waitSignal(panel.settings_changed) as changed:
        find(panel, QPushButton, "reset_parameters_button").click()
    assert changed.args == [kept]
    assert not find(panel, QPushButton, "reset_parameters_button").isEnabled()


def test_more_parameters_are_folded_and_counted(panel: SettingsPanel) -> None:
    more = find(panel, QPushButton, "more_parameters_button")
    assert not find(panel, NumberSpin, "min_p_spin").isVisible()
    assert find(panel, NumberSpin, "temperature_spin").isVisible()
    more.click()
    assert find(panel, NumberSpin, "min_p_spin").isVisible()
    panel.set_settings(GenerationSettings(min_p=0.1, stop=("x",)))
    assert more.text() == "More parameters (2 set)"


def test_every_setting_is_explained_in_tooltip_and_beside(qtbot, panel: SettingsPanel) -> None:
    panel.activateWindow()
    for setting in GENERATION_SETTINGS:
        suffix = {
            "stop": "_edit",
            "system_prompt": "_edit",
            "think_step_by_step": "_check",
            "history_strategy": "_combo",
            "answer_mode": "_combo",
        }
        widget = find(panel, QWidget, setting.name + suffix.get(setting.name, "_spin"))
        assert widget.accessibleName()
        assert setting.explanation in widget.accessibleDescription()
        assert setting.title in widget.toolTip()
    find(panel, QPlainTextEdit, "system_prompt_edit").setFocus()
    assert "Role and task" in find(panel, QLabel, "settings_help").text()


def test_the_wheel_scrolls_and_changes_nothing_without_focus(panel: SettingsPanel) -> None:
    for widget in (
        find(panel, NumberSpin, "temperature_spin"),
        find(panel, CalmSlider, "temperature_slider"),
        find(panel, NamedComboBox, "server_combo"),
    ):
        widget.clearFocus()
        wheel = QWheelEvent(
            QPointF(5, 5),
            QPointF(5, 5),
            QPoint(0, 0),
            QPoint(0, 120),
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(widget, wheel)
        assert not wheel.isAccepted()
    assert panel.settings() == GenerationSettings()


def test_a_long_model_name_does_not_widen_the_panel(panel: SettingsPanel) -> None:
    before = panel.minimumSizeHint().width()
    panel.set_models(["m" * 300])
    panel.set_settings(GenerationSettings(model="m" * 300))
    assert panel.findChild(ServerField).minimumSizeHint().width() <= 280
    assert panel.minimumSizeHint().width() == before


def test_what_can_be_focused_has_a_name(panel: SettingsPanel) -> None:
    panel.findChild(QPushButton, "more_parameters_button").setChecked(True)
    nameless = [
        widget
        for widget in panel.findChildren(QWidget)
        if widget.focusPolicy() != Qt.FocusPolicy.NoFocus
        and widget.isVisible()
        and not widget.objectName().startswith("qt_")
        and not (widget.objectName() and widget.accessibleName())
    ]
    assert nameless == []


def test_the_way_of_answering_from_documents_is_a_setting_as_well(qtbot, panel: SettingsPanel) -> None:
    combo = find(panel, NamedComboBox, "answer_mode_combo")
    assert [combo.itemText(row) for row in range(combo.count())] == [
        "By model",
        "Quotes",
        "Answer with sources",
        "Both",
    ]
    with qtbot.waitSignal(panel.settings_changed) as changed:
        combo.setCurrentIndex(1)
    assert changed.args[0].answer_mode is AnswerMode.QUOTES
    panel.set_settings(GenerationSettings(answer_mode=AnswerMode.BOTH))
    assert combo.currentText() == "Both"


def test_no_field_is_cut_off_by_the_scroll_bar(qtbot, qapp: QApplication) -> None:
    """Nor one of those that are folded away at first."""
    apply_theme(qapp, "light")
    window = QMainWindow()
    qtbot.addWidget(window)
    panel = SettingsPanel()
    dock = QDockWidget("Settings", window)
    dock.setWidget(panel)
    window.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, dock)
    window.setCentralWidget(QWidget())
    window.resize(900, 500)
    window.show()
    qtbot.waitExposed(window)
    window.resizeDocks([dock], [1], Qt.Orientation.Horizontal)
    find(panel, QPushButton, "more_parameters_button").setChecked(True)
    area = find(panel, QScrollArea, "settings_scroll")
    qtbot.waitUntil(lambda: area.viewport().width() >= area.widget().minimumSizeHint().width())
    assert area.verticalScrollBar().isVisible()
