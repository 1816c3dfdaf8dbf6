"""What Markdown looks like, and what hostile text must not do (FAULTS 41 to 46)."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path
from time import thread_time

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QGuiApplication, QTextDocument
from PySide6.QtWidgets import (
    QLabel,
    QScrollBar,
)
from pytestqt.qtbot import QtBot

from chatbot_app.core.messages import MessageStatus, Notice
from chatbot_app.ui.chat.block_views import BlockView
from chatbot_app.ui.chat.code_view import CodeView
from chatbot_app.ui.chat.idle_work import IdleWork
from chatbot_app.ui.chat.link_dialog import link_dialog
from chatbot_app.ui.chat.links import is_web_address, true_address
from chatbot_app.ui.chat.look import look_of
from chatbot_app.ui.chat.safe_document import TASK_PROPERTY, SafeDocument
from chatbot_app.ui.chat.table_view import TableView
from chatbot_app.ui.chat.transcript import Transcript
from tests.ui.chat.support import answer, blocks, button, question, settle, shown_text, streaming


def show(transcript: Transcript, qtbot: QtBot, text: str) -> list[BlockView]:
    transcript.show_conversation([answer(text)], has_older=False)
    settle(qtbot, transcript)
    return blocks(transcript)


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    """A socket that must stay silent."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0)
        yield server


def test_nested_lists_keep_their_numbers_around_code(transcript: Transcript, qtbot: QtBot) -> None:
    (view,) = show(transcript, qtbot, "1. one\n   ```sh\n   ls\n   ```\n2. two\n   - deep\n")
    kinds = [type(child).__name__ for child in view.views]
    assert kinds == ["TextView", "CodeView", "TextView"]
    after = view.text_views()[-1].document.begin()
    assert after.textList() is not None
    assert after.textList().format().start() == 2
    assert view.findChild(CodeView).code == "ls"  # type: ignore[union-attr]


def test_task_lists_have_boxes(transcript: Transcript, qtbot: QtBot) -> None:
    (view,) = show(transcript, qtbot, "- [ ] open\n- [x] done\n")
    document = view.text_views()[0].document
    boxes = [document.findBlockByNumber(n).blockFormat().intProperty(TASK_PROPERTY) for n in range(2)]
    assert boxes == [1, 2]
    assert view.text_views()[0].plain_text() == "open\ndone"


def test_tables_are_aligned_and_scroll_sideways(transcript: Transcript, qtbot: QtBot) -> None:
    row = "| " + " | ".join(["quite a long cell"] * 12) + " |\n"
    (view,) = show(transcript, qtbot, row + "|--:" * 12 + "|\n" + row)
    table = view.findChild(TableView)
    assert table is not None
    (bar,) = table.findChildren(QScrollBar)
    assert bar.maximum() > 0
    assert view.width() <= transcript.viewport().width()
    block = table.text_views()[0].document.firstBlock().next()
    assert block.blockFormat().alignment() & Qt.AlignmentFlag.AlignRight


def test_a_head_of_a_table_that_is_its_widest_cell_is_not_broken_within_a_word(
    transcript: Transcript, qtbot: QtBot
) -> None:
    heads = ("Reservoir", "Mmmmmmmmm", "Containers")
    long = "words that go on and on so that the table is wider than the window " * 3
    (view,) = show(
        transcript, qtbot, f"| {' | '.join(heads)} | {long} |\n|---|---|---|---|\n| a | b | c | {long} |\n"
    )
    block = view.text_views()[0].document.firstBlock()
    shown = []
    while block.isValid():
        shown.append((block.text(), block.layout().lineCount()))
        block = block.next()
    assert [(head, 1) for head in heads] == [one for one in shown if one[0] in heads]


def test_code_is_coloured_and_copied_as_it_is(transcript: Transcript, qtbot: QtBot) -> None:
    code = 'def f(x):\n\treturn "\u200c👩‍👧"  # é\n'
    (view,) = show(transcript, qtbot, f"```python\n{code}\n```")
    document = view.text_views()[0].document
    assert document.begin().layout().formats()
    button(view, "copy_code_button").click()
    assert QGuiApplication.clipboard().text() == code
    assert view.text_views()[0].plain_text() == code


def test_code_is_laid_out_again_after_it_was_coloured(transcript: Transcript, qtbot: QtBot) -> None:
    # Haskell: a lexer that no other test has loaded, so that the colours come after the first layout.
    transcript.show_conversation([answer("```haskell\nmain = print 42\n```")], has_older=False)
    settle(qtbot, transcript)
    view = transcript.findChild(CodeView)
    assert view is not None
    line = view.chunks[0].document.begin().layout()
    assert line.formats()
    assert line.lineCount() == 1


def test_code_that_changes_state_across_chunks_is_coloured_right(
    transcript: Transcript, qtbot: QtBot
) -> None:
    code = 'x = """\n' + "def not_code():\n" * 100 + '"""\ny = 1'
    (view,) = show(transcript, qtbot, f"```python\n{code}\n```")
    assert len(view.text_views()) > 1

    def colour(chunk: int, line: int) -> str:
        block = view.text_views()[chunk].document.findBlockByNumber(line)
        ranges = block.layout().formats()
        return str(ranges[0].format.foreground().color().name())

    assert colour(1, 3) == colour(0, 3)  # both inside the string, though the second looks like a function


def test_mathematics_is_drawn_and_wrong_latex_shows_its_source(transcript: Transcript, qtbot: QtBot) -> None:
    text = "Inline $x^2$ and wrong $\\notacommand{x}$.\n\n$$\n\\frac{a}{b}\n$$\n\n\\[ \\frac{a}{ \\]"
    views = show(transcript, qtbot, text)
    assert "\ufffc" in views[0].text_views()[0].document.toPlainText()
    assert shown_text(transcript).startswith("Inline $x^2$ and wrong $\\notacommand{x}$.")
    assert "\ufffc" in views[1].text_views()[0].document.toPlainText()
    assert "\ufffc" not in views[2].text_views()[0].document.toPlainText()
    assert "\\frac{a}{" in views[2].text_views()[0].plain_text()


def test_links_defined_later_become_links(transcript: Transcript, qtbot: QtBot) -> None:
    show(transcript, qtbot, "See [this][a].\n\nMore.\n\n[a]: https://example.org/x\n")
    view = transcript.view_of("a")
    assert view is not None
    assert view.body.addresses() == ["https://example.org/x"]


def remote_images(address: str, path: Path) -> dict[str, str]:
    return {
        "inline": f"![alt]({address}/a.png)",
        "reference": f"![alt][r]\n\n[r]: {address}/b.png",
        "html": f'<img src="{address}/c.png">',
        "css": f'<div style="background:url({address}/d.png)">x</div>',
        "svg": f'<svg><image href="{address}/e.png"/></svg>',
        "data": "![alt](data:image/png;base64,iVBORw0KGgo=)",
        "unc": f"![alt](//127.0.0.1:{address.rsplit(':', 1)[1]}/f.png)",
        "file": f"![alt]({path.as_uri()}) <img src='{path}'>",
        "math": f"$\\includegraphics{{{address}/g.png}}$ $\\href{{{address}}}{{x}}$",
    }


@pytest.mark.parametrize(
    "syntax", ["inline", "reference", "html", "css", "svg", "data", "unc", "file", "math"]
)
def test_no_image_is_fetched_or_read(
    transcript: Transcript, qtbot: QtBot, listener: socket.socket, tmp_path: Path, syntax: str
) -> None:
    picture = tmp_path / "secret.png"
    picture.write_bytes(b"not read")
    before = picture.stat().st_atime_ns
    text = remote_images(f"http://127.0.0.1:{listener.getsockname()[1]}", picture)[syntax]
    show(transcript, qtbot, text)
    transcript.grab()
    with pytest.raises(BlockingIOError):
        listener.accept()
    assert picture.stat().st_atime_ns == before
    if syntax in ("inline", "reference", "unc", "file"):
        assert "[image: alt]" in shown_text(transcript) or "![alt]" in shown_text(transcript)
    if syntax in ("html", "css", "svg"):
        assert text in shown_text(transcript)


def test_a_document_loads_nothing_even_if_asked(transcript: Transcript, tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text("secret")
    document = SafeDocument(look_of(transcript))
    for kind in (QTextDocument.ResourceType.ImageResource, QTextDocument.ResourceType.StyleSheetResource):
        assert document.resource(kind, QUrl.fromLocalFile(str(file))) is None


@pytest.mark.parametrize(
    "address",
    [
        "file:///etc/passwd",
        "smb://host/share",
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "data:text/html,x",
        "ms-msdt:/id",
        "vscode://x",
        "//host/share",
        "http:///nohost",
        "http://a\\b",
        "http://exa\u202emple.org",
        "",
    ],
)
def test_only_web_addresses_open(transcript: Transcript, qtbot: QtBot, address: str) -> None:
    assert not is_web_address(address)
    assert link_dialog(address) is None
    show(transcript, qtbot, f"[click](<{address}>)")
    view = transcript.view_of("a")
    assert view is not None
    assert view.body.addresses() == []


def test_a_link_asks_with_its_true_address(transcript: Transcript, qtbot: QtBot) -> None:
    (block,) = show(transcript, qtbot, "[https://bank.example](http://evil.example/x)")
    text = block.text_views()[0]
    with qtbot.waitSignal(transcript.user_actions.link_activated) as asked:
        qtbot.mouseClick(
            text, Qt.MouseButton.LeftButton, pos=text.rect().topLeft() + text.rect().center() / 50
        )
    assert asked.args == ["http://evil.example/x"]


def test_the_dialog_shows_the_host_that_the_network_sees(qtbot: QtBot) -> None:
    found = true_address("http://user@xn--pple-43d.com/login?x=1")
    assert found is not None
    assert found.host == "xn--pple-43d.com"
    assert found.shown_host == "аpple.com"
    assert set(found.warnings) == {"international", "user", "plain"}
    cyrillic = true_address("https://аpple.com/")
    assert cyrillic is not None
    assert cyrillic.host == "xn--pple-43d.com"
    dialog = link_dialog("https://аpple.com/<b>x</b>")
    assert dialog is not None
    qtbot.addWidget(dialog)
    assert dialog.findChild(object, "link_host").text() == "xn--pple-43d.com"  # type: ignore[attr-defined]
    assert dialog.url.scheme() == "https"


@pytest.mark.parametrize(
    ("address", "opened"),
    [
        ("https://faß.de/straße", "https://xn--fa-hia.de/stra%C3%9Fe"),
        ("https://☕.example/x", "https://xn--53h.example/x"),
        ("http://0x7f.1/", "http://127.0.0.1/"),
        ("https://例え。jp/猫?x=猫", "https://xn--r8jz45g.jp/%E7%8C%AB?x=%E7%8C%AB"),
    ],
)
def test_the_host_that_is_shown_is_the_one_that_is_opened(qtbot: QtBot, address: str, opened: str) -> None:
    dialog = link_dialog(address)
    assert dialog is not None
    qtbot.addWidget(dialog)
    assert dialog.url.toEncoded().data().decode() == opened
    shown = dialog.findChild(QLabel, "link_host")
    assert shown is not None
    assert shown.text() == dialog.url.host(QUrl.ComponentFormattingOption.FullyEncoded)


HOSTILE = {
    "nested html tables": "<table><tr><td>" * 30 + "x",
    "no space": "x" * 400_000,
    "divs": "<div>" * 50_000,
    "columns": "|a" * 20_000 + "|\n" + "|-" * 20_000 + "|\n" + "|1" * 20_000 + "|\n",
    "code lines": "```\n" + "line of code\n" * 200_000 + "```\n",
    "code line": "```py\n" + "x" * 400_000 + "\n```",
    "marks": "a" + "\u0301" * 500_000,
    "table rows": "|a|b|\n|-|-|\n" + "|1|2|\n" * 50_000,
    "formulas": "$x_1$ " * 5_000,
    "deep formula": "$" + "\\frac{" * 300 + "x" + "}" * 300 + "$",
    "quotes": "> " * 400 + "deep",
}


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("way", ["stream", "reopen"])
def test_hostile_text_never_stops_the_window(
    transcript: Transcript, qtbot: QtBot, name: str, way: str
) -> None:
    text = HOSTILE[name]
    start = thread_time()
    if way == "reopen":
        transcript.show_conversation([answer(text)], has_older=False)
    else:
        transcript.begin_answer(streaming())
        for position in range(0, len(text), 100_000):
            transcript.append_text("a", text[position : position + 100_000])
        transcript.set_message(answer(text))
    given = thread_time() - start
    transcript.grab()
    # The measured time is far below one second; the limit leaves room for a busy machine.
    assert given < 3
    assert transcript.text_of("a") == text
    qtbot.waitUntil(lambda: bool(blocks(transcript)), timeout=10_000)


def test_long_code_is_shown_in_part_with_a_way_to_all(transcript: Transcript, qtbot: QtBot) -> None:
    code = "\n".join(f"line {n}" for n in range(5_000))
    (view,) = show(transcript, qtbot, f"```\n{code}\n```")
    shown = sum(text.document.blockCount() for text in view.text_views())
    assert shown < 2_000
    button(view, "copy_code_button").click()
    assert QGuiApplication.clipboard().text() == code
    more = button(view, "show_all_button")
    assert f"{5_000 - shown:,}" in more.accessibleName()
    more.click()
    settle(qtbot, transcript)
    assert "\n".join(text.plain_text() for text in view.text_views()) == code


def test_a_very_long_answer_is_shown_in_part_with_a_way_to_all(transcript: Transcript, qtbot: QtBot) -> None:
    text = "A paragraph of words.\n\n" * 20_000
    show(transcript, qtbot, text)
    view = transcript.view_of("a")
    assert view is not None
    height = view.height()
    button(view, "show_all_button").click()
    settle(qtbot, transcript)
    qtbot.waitUntil(lambda: view.height() > height * 1.05)


def test_html_is_shown_as_it_is_everywhere(transcript: Transcript, qtbot: QtBot) -> None:
    html = "<a href=x>bold</a> & <img src=x>"
    failed = answer(html, status=MessageStatus.FAILED, notices=(Notice("X", html, ""),), model=html)
    transcript.show_conversation([question(html), failed], has_older=False)
    settle(qtbot, transcript)
    assert shown_text(transcript, "q") == html
    assert shown_text(transcript, "a") == html
    view = transcript.view_of("a")
    assert view is not None
    label = view.content.banners[0].findChild(QLabel, "message_banner_text")
    assert isinstance(label, QLabel)
    assert label.text() == html
    assert label.textFormat() is Qt.TextFormat.PlainText


def test_hidden_characters_are_seen_and_copied_as_seen(transcript: Transcript, qtbot: QtBot) -> None:
    text = "a\x1b[31m b\u202ec \U000e0041\U000e0042 می‌خواهم 👩‍👩‍👧\n\n```\nif x\u202e:\n```"
    show(transcript, qtbot, text)
    shown = shown_text(transcript)
    assert shown == "a␛[31m b⟨U+202E⟩c ⟨2 hidden characters from U+E0041⟩ می‌خواهم 👩‍👩‍👧\nif x⟨U+202E⟩:"
    button(transcript, "copy_code_button").click()
    assert QGuiApplication.clipboard().text() == "if x⟨U+202E⟩:"
    view = transcript.view_of("a")
    assert view is not None
    view.copy()
    assert "\u202e" not in QGuiApplication.clipboard().text()
    assert "\x1b" not in QGuiApplication.clipboard().text()
    assert transcript.text_of("a") == text


def test_code_that_grows_while_it_is_coloured_is_coloured_on(transcript: Transcript, qtbot: QtBot) -> None:
    idle = IdleWork(transcript)
    view = CodeView(transcript.drawing.look, idle, transcript)
    lines = [f"x{n} = '{n}'" for n in range(400)]
    begun = "\n".join(lines[:200])
    view.set_code(begun, "python", closed=False)
    idle.run_until_idle()
    chunks = len(view.chunks)
    view.set_code(begun, "python", closed=True)
    is_coloured_to_a_chunk = iter([False, True])
    idle.run_until_idle(lambda: next(is_coloured_to_a_chunk))
    assert not idle.is_idle
    view.set_code("\n".join(lines), "python", closed=False)
    assert len(view.chunks) > chunks
    idle.run_until_idle()
    assert len(view.chunks) > 4
    ink = transcript.drawing.look.colors.text
    for chunk in view.chunks:
        block = chunk.document.begin()
        assert {shape.format.foreground().color().name() for shape in block.layout().formats()} - {ink}
