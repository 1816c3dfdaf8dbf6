"""Pages of the manual are read as sections and options, whatever macros they are written with; other files of such names as they are."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatbot_app.knowledge.formats.manual_pages import is_manual_page, manual_text
from chatbot_app.knowledge.formats.reading import parse_file
from chatbot_app.knowledge.formats.registry import Reader, reader_for

MAN = r""".\" Free to copy.
.TH HYPERFINE 1
.SH OPTIONS
.HP
\fB\-m\fR, \fB\-\-min\-runs\fR \fINUM\fP
.IP
Perform at least \fINUM\fP runs. Default: 10.
.TP
.BR \-i ", " \-\-ignore\-failure
Ignore them.
.SH EXAMPLES
.nf
hyperfine 'sleep 0.3'
.fi
"""
MDOC = """.Dd May 1
.Dt LS 1
.Os
.Sh NAME
.Nm ls
.Nd list directory contents
.Sh DESCRIPTION
The
.Nm
utility
.Bl -tag
.It Fl a , Fl Fl all
Show all.
.It Fl d Ar depth
At most
.Ar depth .
.El
"""


def test_options_stand_above_what_is_said_of_them() -> None:
    assert manual_text(MAN) == (
        "# HYPERFINE(1)\n\n## OPTIONS\n\n-m, --min-runs NUM\nPerform at least NUM runs. Default: 10.\n\n"
        "-i, --ignore-failure\nIgnore them.\n\n## EXAMPLES\n\n```\nhyperfine 'sleep 0.3'\n```\n"
    )


def test_pages_that_say_what_a_word_is_are_read_as_their_words() -> None:
    assert manual_text(MDOC) == (
        "# LS(1)\n\n## NAME\n\nls\nlist directory contents\n\n## DESCRIPTION\n\nThe\nls\nutility\n\n-a, --all\nShow all.\n\n"
        "-d depth\nAt most\ndepth.\n"
    )


def test_an_example_that_is_not_closed_ends_with_its_section() -> None:
    assert manual_text(".SH A\n.nf\nx\n.SH B\ny").endswith("```\nx\n```\n\n## B\n\ny\n")


@pytest.mark.parametrize(
    ("name", "reader"),
    [
        ("hyperfine.1", Reader.MANUAL),
        ("SSL_read.3ssl", Reader.MANUAL),
        ("libc.so.6", None),
        ("release-1.2", None),
        ("python3.11", None),
        ("application.properties", Reader.CODE),
        ("Dockerfile.distroless", Reader.CODE),
        ("go.mod", Reader.CODE),
        ("song.mod", None),
        (".env", Reader.CODE),
        ("CHANGELOG", Reader.PLAIN),
        ("README", Reader.PLAIN),
        ("mbox", Reader.KREUZBERG),
        ("notes.txt", Reader.PLAIN),
        ("archive.tar.gz", None),
    ],
)
def test_files_of_projects_are_read_by_their_names(name: str, reader: Reader | None) -> None:
    assert reader_for(Path(name)) is reader


def test_what_ends_with_a_number_and_is_no_page_is_read_as_it_is(tmp_path: Path) -> None:
    log = tmp_path / "syslog.1"
    log.write_text("Nov 28 10:41:02 host sshd: started\n", encoding="utf-8")
    page = tmp_path / "hyperfine.1"
    page.write_text(MAN, encoding="utf-8")
    assert not is_manual_page(log.read_text(encoding="utf-8"))
    assert parse_file(log).text == "Nov 28 10:41:02 host sshd: started\n"
    assert parse_file(page).blocks[2].heading_path == ("HYPERFINE(1)", "OPTIONS")
