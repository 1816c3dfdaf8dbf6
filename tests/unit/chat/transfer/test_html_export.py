"""HTML of conversations shows tables, code, formulas and sources, and asks the network for nothing."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path

import pytest

from chatbot_app.chat.transfer.export_files import write_conversations
from chatbot_app.chat.transfer.html_blocks import checked_svg, html_of
from chatbot_app.chat.transfer.html_export import POLICY
from chatbot_app.chat.transfer.own_json import BesideConversations
from chatbot_app.core.messages import MessageStatus
from chatbot_app.storage.conversation_order import ConversationOrder
from chatbot_app.storage.conversations import ConversationStore
from chatbot_app.storage.database import Database
from chatbot_app.storage.summaries import SummaryStore
from chatbot_app.workers.formula_drawer import FormulaDrawer
from tests.unit.chat.transfer.test_own_json import SOURCE
from tests.unit.storage.support import Clock, numbered_ids

ANSWER = """It is **so** [1].

| a | b |
|---|--:|
| 1 | <script>alert(1)</script> |

```html
<img src="http://127.0.0.1/code">
```

$x^2$ and $$\\frac{a}{b}$$

![remote](http://127.0.0.1/a.png) <img src=http://127.0.0.1/b.png> <iframe src="//127.0.0.1"></iframe>
[click](http://127.0.0.1/c) [bad](javascript:alert(1)) [data](data:text/html,x) <style>@import url(http://127.0.0.1)</style>

[ref]: http://127.0.0.1/d "title"
![ref] ![x](file:///etc/passwd) <http://127.0.0.1/e> <a href="http://127.0.0.1/f" ping="http://127.0.0.1/g">h</a>

<details><summary>Open <img src=x onerror=alert(1)></summary>

inner

</details>
"""
FETCHES = {
    "src", "srcset", "poster", "data", "background", "action", "formaction", "ping", "manifest", "xlink:href", "cite",
    "longdesc", "usemap", "icon", "archive", "codebase", "classid", "profile", "lowsrc", "dynsrc",
}  # fmt: skip
TAGS_ALLOWED = {
    "html", "head", "meta", "link", "title", "style", "body", "nav", "ol", "li", "a", "section", "h1", "h2", "h3", "p",
    "div", "blockquote", "br", "span", "details", "summary", "table", "thead", "tbody", "tr", "th", "td", "pre", "code",
    "strong", "em", "svg", "path", "rect", "ul", "sup", "sub", "b", "i", "u", "s", "kbd", "mark", "hr",
}  # fmt: skip


class Page(HTMLParser):
    """Reads a page as a browser does, and notes whatever could make it fetch something."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.fetched: list[str] = []
        self.links: list[str] = []
        self.policy = ""
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        for name, value in attrs:
            value = value or ""
            if name == "href" and tag == "a":
                self.links.append(value)
            elif (
                name in FETCHES
                or name.startswith("on")
                or (name == "href" and value != "data:,")
                or (name == "style" and ("url" in value or "@" in value or "\\" in value))
            ):
                self.fetched.append(f"{tag} {name}={value}")
            elif name == "content" and dict(attrs).get("http-equiv") == "Content-Security-Policy":
                self.policy = value
            elif name == "http-equiv" and (value or "").lower() == "refresh":
                self.fetched.append(value)

    def handle_data(self, data: str) -> None:
        self.text += data


def export(store: ConversationStore, database: Database, path: Path, *ids: str) -> Page:
    summaries = SummaryStore(database, now=Clock(), new_id=numbered_ids("summary"))
    with FormulaDrawer() as drawer:
        beside = BesideConversations.of(summaries, ConversationOrder(database), drawer.draw)
        assert [done.written for done in write_conversations(store, beside, ids, path)][-1] == len(ids)
    page = Page()
    page.feed(path.read_text(encoding="utf-8"))
    return page


def test_a_page_shows_everything_and_fetches_nothing(
    store: ConversationStore, database: Database, tmp_path: Path
) -> None:
    conversation = store.create_conversation()
    _question, answer = store.begin_exchange(
        conversation.id, None, "Is <b>it</b> so? <script>1</script>", model="m<x>"
    )
    store.finish_message(
        answer.id,
        status=MessageStatus.COMPLETE,
        text=ANSWER,
        finish_reason="stop",
        metadata={"sources": [SOURCE]},
    )
    store.rename(conversation.id, "A </title><img src=http://127.0.0.1/t> title")
    page = export(store, database, tmp_path / "one.html", conversation.id)
    assert page.policy == POLICY
    assert page.fetched == []
    assert page.tags <= TAGS_ALLOWED
    assert {"table", "pre", "svg", "details", "blockquote"} <= page.tags
    assert set(page.links) == {"http://127.0.0.1/c", "http://127.0.0.1/e"}
    for words in (
        "Report.pdf, page 3",
        "It is",
        "<script>alert(1)</script>",
        '<img src="http://127.0.0.1/code">',
    ):
        assert words in page.text


def test_several_stand_on_one_page_with_a_list(
    store: ConversationStore, database: Database, tmp_path: Path
) -> None:
    ids = []
    for number in range(3):
        ids.append(store.create_conversation().id)
        store.begin_exchange(ids[-1], None, f"Question {number}?")
    page = export(store, database, tmp_path / "all.html", *ids)
    assert page.links == ["#conversation-1", "#conversation-2", "#conversation-3"]
    assert page.text.count("Question 2?") == 3  # list, title, question


@pytest.mark.parametrize(
    "svg",
    [
        '<svg width="1" height="1" viewBox="0 0 1 1"><script>x</script></svg>',
        '<svg width="1" height="1" viewBox="0 0 1 1"><image href="http://x"/></svg>',
        '<svg width="1" height="1" viewBox="0 0 1 1"><path d="M" onload=x></svg>',
        "nothing",
    ],
)
def test_a_picture_that_is_more_than_lines_is_not_shown(svg: str) -> None:
    assert checked_svg(svg) == ""
    assert html_of("$x$", lambda *_: svg) == '<p><code class="tex">x</code></p>'


def test_what_a_picture_may_not_say_is_left_out() -> None:
    svg = '<svg width="16" height="16" viewBox="0 -12 16 16"><path d="M 0 0" style="fill:url(x)" fill="#000000" /></svg>'
    assert checked_svg(svg) == (
        '<svg viewBox="0 -12 16 16" style="width:1.000em;height:1.000em;vertical-align:-0.250em">'
        '<path d="M 0 0" fill="currentColor"/></svg>'
    )
