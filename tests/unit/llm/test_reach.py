"""What is this machine, what a private network, what public: every range of IANA's registries."""

from __future__ import annotations

import pytest

from chatbot_app.llm.reach import Reach, is_nearby, is_own_name, reach_of

BLOCKED = """
0.0.0.0 0.1.2.3 127.0.0.1 127.255.255.254 169.254.169.254 224.0.0.1 239.255.255.255 240.0.0.1 255.255.255.255
:: ::1 fe80::1 febf::1 fe80::1%eth0 ff02::1 ::ffff:127.0.0.1 ::127.0.0.1 ::ffff:0:127.0.0.1 64:ff9b::127.0.0.1
64:ff9b::a9fe:a9fe 2002:7f00:1:: 2002:a9fe:a9fe::1 2001:0:7f00:1:0:0:0:0 2001:0:808:808:0:0:80ff:fffe
2001:4860::5efe:127.0.0.1 2001:4860::200:5efe:127.0.0.1
"""
PRIVATE = """
10.1.2.3 100.64.0.1 100.127.255.255 172.16.0.1 172.31.255.255 192.0.0.8 192.0.2.1 192.88.99.1 192.168.0.1
198.18.0.1 198.19.255.255 198.51.100.7 203.0.113.9
fc00::1 fd12:3456::1 fec0::1 feff::1 64:ff9b:1::1 64:ff9b:1:ffff::8.8.8.8 100::1 2001:2::1 2001:10::1 2001:20::1
2001:db8::1 3fff::1 5f00::1 4000::1 64:ff9b::10.0.0.1 ::ffff:192.168.1.1 2002:c0a8:101::1 1::1
"""
PUBLIC = """
8.8.8.8 93.184.216.34 172.32.0.1 100.128.0.1 198.20.0.1 2001:4860:4860::8888 2606:2800:220:1::1 2a00::1
64:ff9b::8.8.8.8 ::ffff:8.8.8.8 2002:808:808::1
"""


@pytest.mark.parametrize(
    ("number", "reach"),
    [
        (number, reach)
        for reach, numbers in ((Reach.BLOCKED, BLOCKED), (Reach.PRIVATE, PRIVATE), (Reach.PUBLIC, PUBLIC))
        for number in numbers.split()
    ],
)
def test_reach(number: str, reach: Reach) -> None:
    assert reach_of(number) is reach


@pytest.mark.parametrize("number", ["", "localhost", "1.2.3", "::g"])
def test_what_is_no_number_is_refused(number: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        reach_of(number)


def test_names_of_this_machine() -> None:
    for name in ("localhost", "LOCALHOST.", "a.b.localhost", "a.localhost."):
        assert is_own_name(name)
    assert not is_own_name("localhost.example")


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("http://127.0.0.1:19877", True),
        ("http://10.0.0.7", True),
        ("http://[fd00::1]:8000/v1", True),
        ("http://nas:8000", True),
        ("http://nas.local", True),
        ("http://model.home.arpa", True),
        ("http://2130706433", True),
        ("https://api.example.com", False),
        ("http://8.8.8.8:8000", False),
    ],
)
def test_nearby(address: str, expected: bool) -> None:
    assert is_nearby(address) is expected
