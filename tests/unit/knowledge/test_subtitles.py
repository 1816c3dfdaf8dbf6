"""Subtitles are read as what is said, a sentence a line, with the time at which it begins."""

from __future__ import annotations

from pathlib import Path

from chatbot_app.knowledge.formats.reading import parse_file

SRT = """1
00:00:05,685 --> 00:00:08,000
<i>The salt road begins at the coast,</i>
where women rake the pans.

2
00:00:08,100 --> 00:00:11,500
Mules carried the salt

3
00:00:11,600 --> 00:00:14,000
across the pass &amp; back. It took 25 days.

4
01:02:30,000 --> 01:02:33,000
- Who knows the way?
- Odile does.
"""
VTT = """WEBVTT

NOTE made by nobody

intro
00:01.000 --> 00:03.000 align:start
<c.yellow>we went up</c>

00:03.000 --> 00:05.000
we went up
and down again
"""


def read(folder: Path, name: str, text: str) -> str:
    path = folder / name
    path.write_text(text, "utf-8")
    return parse_file(path).text


def test_sentences_are_put_together_over_cues(tmp_path: Path) -> None:
    assert read(tmp_path, "road.srt", SRT) == (
        "[0:05] The salt road begins at the coast, where women rake the pans.\n"
        "[0:08] Mules carried the salt across the pass & back. It took 25 days.\n\n"
        "[1:02:30] - Who knows the way? - Odile does."
    )


def test_what_automatic_captions_say_twice_is_read_once(tmp_path: Path) -> None:
    assert read(tmp_path, "up.vtt", VTT) == "[0:01] we went up and down again"


def test_cues_without_empty_lines_between_have_no_numbers(tmp_path: Path) -> None:
    text = "1\n00:00:01,000 --> 00:00:02,000\nFirst.\n2\n00:00:02,000 --> 00:00:03,000\nSecond.\n"
    assert read(tmp_path, "bare.srt", text) == "[0:01] First.\n[0:02] Second."


def test_lines_that_a_program_has_doubled_are_all_read(tmp_path: Path) -> None:
    text = SRT.replace("\n", "\r\r\n")
    assert read(tmp_path, "doubled.srt", text) == read(tmp_path, "road.srt", SRT)


def test_long_lines_of_signs_and_cues_of_many_lines_take_no_time(tmp_path: Path) -> None:
    cues = (
        "." * 500_000 + "x",
        "\n".join(f"a{n}" for n in range(50_000)),
        "\n".join(f"b{n}" for n in range(50_000)),
    )
    text = "".join(f"{n}\n00:00:0{n},000 --> 00:00:0{n},900\n{cue}\n\n" for n, cue in enumerate(cues))
    assert read(tmp_path, "long.srt", text).count("[0:0") == len(cues)


def test_a_file_without_cues_is_plain_text(tmp_path: Path) -> None:
    assert read(tmp_path, "notes.srt", "Nothing is timed here.") == "Nothing is timed here."
