"""A parameter that is declared in the table alone is in the panel, the options, the request, presets and the store."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import chatbot_app.core.generation as table

DECLARATION = """    typical_p: float | None = _parameter(
        float, "Typical p", "Keeps tokens whose information is near the expected one.",
        minimum=0.0, maximum=1.0, step=0.005, suggested=0.95,
    )
"""
PLACE = "    seed: int | None = _parameter("

# Run in a process of its own: every module builds on the table when it is imported.
USE = """
import sys, types
from dataclasses import replace
from pathlib import Path

name, source, folder = "chatbot_app.core.generation", sys.stdin.read(), Path(sys.argv[1])
module = sys.modules[name] = types.ModuleType(name)
exec(compile(source, name, "exec"), module.__dict__)
Settings = module.GenerationSettings

from PySide6.QtWidgets import QApplication, QDoubleSpinBox
from chatbot_app.cli.arguments import parse
from chatbot_app.cli.setting_options import chosen_settings
from chatbot_app.chat.services import Services
from chatbot_app.ui.settings.panel import SettingsPanel
from chatbot_app.ui.settings.preset_field import preset_of

application = QApplication([])
panel = SettingsPanel()
spin = panel.findChild(QDoubleSpinBox, "typical_p_spin")
assert spin.accessibleName() == "Typical p" and spin.text() == "Server default"
assert "information" in spin.toolTip()
spin.setValue(0.125)
assert panel.settings() == replace(module.USUAL_SETTINGS, typical_p=0.125), panel.settings()

chosen = chosen_settings(parse(["ask", "Why?", "--typical-p", "0.125"]))
assert chosen == {"typical_p": 0.125}, chosen
assert chosen_settings(parse(["ask", "Why?"])) == {}

assert Settings(typical_p=0.0).request_parameters() == {"typical_p": 0.0}
assert Settings().request_parameters() == {}

services = Services(folder)
conversation = services.conversations.create_conversation(panel.settings())
assert services.conversations.conversation(conversation.id).settings == panel.settings()
preset = services.settings.save_preset(preset_of(panel.settings(), "Mine"))
assert services.settings.presets()[-1] == preset and dict(preset.parameters) == {"typical_p": 0.125}
assert replace(module.USUAL_SETTINGS, typical_p=0.5).with_preset(preset) == panel.settings()
services.close()
print("found everywhere")
"""


def test_one_declaration_is_a_new_parameter(tmp_path: Path) -> None:
    source = Path(table.__file__).read_text(encoding="utf-8")
    assert source.count(PLACE) == 1
    with_it = source.replace(PLACE, DECLARATION + PLACE)
    used = subprocess.run(
        [sys.executable, "-c", USE, str(tmp_path)], input=with_it, capture_output=True, text=True, timeout=60
    )
    assert used.stdout == "found everywhere\n", used.stderr
