"""What the Servers dialog knows, without a window."""

from __future__ import annotations

from dataclasses import replace

from chatbot_app.core.servers import Server, ServerKind
from chatbot_app.ui.settings.server_drafts import ConnectionResult, ServerDrafts

ONE = Server("one", "One", "http://one/v1", ServerKind.OPENAI)
TWO = Server("two", "Two", "http://two/v1", ServerKind.OPENAI)


def known() -> ServerDrafts:
    drafts = ServerDrafts()
    drafts.store([ONE], "one")
    return drafts


def test_what_is_written_is_shown_until_it_is_as_stored_again() -> None:
    drafts = known()
    changed = replace(ONE, name="Another")
    drafts.write(changed, None)
    assert drafts.server("one") == changed
    assert drafts.stored("one") == ONE
    drafts.write(ONE, None)
    assert drafts.draft("one") is None
    drafts.write(ONE, "key")
    assert drafts.draft("one") is not None, "a key is something to save"


def test_a_server_that_was_begun_stands_behind_those_that_are_stored() -> None:
    drafts = known()
    drafts.begin(TWO)
    assert drafts.ids() == ["one", "two"]
    assert not drafts.is_stored("two")
    drafts.forget("two")
    assert drafts.ids() == ["one"]


def test_only_the_draft_whose_saving_was_answered_goes() -> None:
    drafts = known()
    drafts.write(replace(ONE, name="Another"), None)
    drafts.begin(TWO)
    drafts.save("two")
    drafts.store([ONE, TWO], "two")
    assert drafts.draft("two") is None
    assert drafts.draft("one") is not None
    assert drafts.default_id == "two"
    drafts.save("one")
    drafts.save_failed()
    drafts.store([ONE, TWO], "two")
    assert drafts.draft("one") is not None, "what was not saved is still there"


def test_what_a_test_said_is_of_the_address_that_was_tested() -> None:
    drafts = known()
    drafts.tell("one", ConnectionResult(True, "It\u202eanswers.", ("m",)))
    assert drafts.result("one").models == ("m",)
    assert "\u202e" not in drafts.result("one").sentence
    drafts.write(replace(ONE, base_url="http://elsewhere/v1"), None)
    assert drafts.result("one") == ConnectionResult()
