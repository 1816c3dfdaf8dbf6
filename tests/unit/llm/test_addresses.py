"""International hosts and addresses: what is shown is what is opened."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot_app.llm.addresses import network_address, network_host, shown_host


@pytest.mark.parametrize(
    ("written", "opened"),
    [
        ("faß.de", "xn--fa-hia.de"),  # not fass.de: that is another owner
        ("FAß.DE", "xn--fa-hia.de"),
        ("βόλος.com", "xn--nxasmm1c.com"),
        ("bücher.example", "xn--bcher-kva.example"),
        ("ＥＸＡＭＰＬＥ.com", "example.com"),
        ("例え。jp", "xn--r8jz45g.jp"),
        ("☕.example", "xn--53h.example"),
        ("xn--fa-hia.de", "xn--fa-hia.de"),
        ("A_b.example.", "a_b.example."),
        ("1.2.3.4", "1.2.3.4"),
        ("2130706433", "127.0.0.1"),
        ("0x7f.1", "127.0.0.1"),
        ("0177.0.0.1", "127.0.0.1"),
        ("１２７.0.0.1", "127.0.0.1"),
        ("2001:DB8:0::1", "2001:db8::1"),
    ],
)
def test_a_host_is_what_browsers_open(written: str, opened: str) -> None:
    assert network_host(written) == opened


@pytest.mark.parametrize(
    "host",
    ["", ".", "a..b", "a b", "a%2eb", "a<b", "1.2.3.4.5", "256.1.1.1", "0x1ffffffff", "08.1.1.1", "fe80::1%25eth0",
     "a\u200db.de", "a" * 64 + ".de", "a" * 5000, "-a-"],
)  # fmt: skip
def test_what_is_no_host_is_refused(host: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        network_host(host)


@pytest.mark.parametrize(
    ("written", "opened"),
    [
        ("https://faß.de/straße?q=größe&x=%C3%A9#ende", "https://xn--fa-hia.de/stra%C3%9Fe?q=gr%C3%B6%C3%9Fe&x=%C3%A9#ende"),
        ("HTTP://Example.ORG:8080/a b", "http://example.org:8080/a%20b"),
        ("http://example.org/100%", "http://example.org/100%25"),
        ("http://[::1]:1/x", "http://[::1]:1/x"),
        ("http://us er:p@example.org/", "http://us%20er:p@example.org/"),
        ("http://example.org/\ud800", "http://example.org/?".replace("?", "%3F")),
        ("https://ja.wikipedia.org/wiki/猫", "https://ja.wikipedia.org/wiki/%E7%8C%AB"),
    ],
)  # fmt: skip
def test_an_address_becomes_ascii(written: str, opened: str) -> None:
    assert network_address(written) == opened


@pytest.mark.parametrize(
    "address", ["file:///etc/passwd", "//host/x", "http:///x", "http://[::1", "mailto:a@b.c"]
)
def test_other_addresses_lead_nowhere(address: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        network_address(address)


def test_letters_are_shown_only_where_they_lead_back() -> None:
    assert shown_host("xn--fa-hia.de") == "faß.de"
    assert shown_host("xn--pple-43d.com") == "аpple.com"
    assert shown_host("xn--zz.example") == "xn--zz.example"
    assert shown_host("example.org") == "example.org"


@given(st.text(max_size=60))
def test_any_text_is_ascii_and_stable_or_refused(text: str) -> None:
    try:
        address = network_address(f"https://{text}/{text}?{text}#{text}")
    except ValueError:
        return
    assert address.isascii()
    assert network_address(address) == address
