"""Bytes become rows: encodings, delimiters, JSON of every shape."""

import json
from pathlib import Path

import pytest

from pipelines.errors import Skip
from pipelines.intake.formats import read_sheets

TEXT = "company;city\r\nMüller & Söhne;Köln\r\nÅkerlund;Malmö\r\n"


def rows(tmp_path: Path, name: str, content: bytes | str) -> list[dict[str, str]]:
    (tmp_path / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    return [dict(row.fields) for sheet in read_sheets(tmp_path / name) for row in sheet.rows]


def refused(tmp_path: Path, name: str, content: bytes | str) -> str:
    with pytest.raises(Skip) as skip:
        rows(tmp_path, name, content)
    assert skip.value.sentence.endswith(".")
    return skip.value.reason


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252", "latin-1"])
def test_encodings_of_the_west(tmp_path, codec):
    assert rows(tmp_path, "a.csv", TEXT.encode(codec)) == [
        {"company": "Müller & Söhne", "city": "Köln"},
        {"company": "Åkerlund", "city": "Malmö"},
    ]


@pytest.mark.parametrize(
    ("codec", "text"),
    [
        ("shift_jis", "会社,市\n株式会社カワウソ,東京\n有限会社アオサギ,大阪\n"),
        ("gb18030", "公司,城市\n水獭有限公司,北京\n苍鹭有限公司,上海\n"),
        ("cp1251", "компания,город\nВыдра и сыновья,Москва\nСерая цапля,Самара\n"),
    ],
)
def test_encodings_of_the_world(tmp_path, codec, text):
    heading = text.split(",")[0]
    assert [row[heading] for row in rows(tmp_path, "a.csv", text.encode(codec))] == [
        line.split(",")[0] for line in text.splitlines()[1:]
    ]


def test_two_encodings_in_one_file(tmp_path):
    mixed = "company\nMüller\n".encode() + "Müller\n".encode("cp1252")
    assert rows(tmp_path, "a.csv", mixed) == [{"company": "Müller"}, {"company": "Müller"}]


def test_a_stray_byte_far_into_a_file(tmp_path):
    text = b"company,n\n" + b"Otter,1\n" * 300_000 + "Bär,2\n".encode("cp1252")
    assert rows(tmp_path, "a.csv", text)[-1] == {"company": "Bär", "n": "2"}


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_dialects(tmp_path, delimiter, end):
    lines = [("name", "quote"), ("Otter", f'"a{delimiter}b"'), ("Heron", f'"two{end}lines ""x"""')]
    assert rows(tmp_path, "a.csv", "".join(delimiter.join(cells) + end for cells in lines)) == [
        {"name": "Otter", "quote": f"a{delimiter}b"},
        {"name": "Heron", "quote": f'two{end}lines "x"'},
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a,b\n1\n1,2,3,4\n", [{"a": "1"}, {"a": "1", "b": "2", "column 3": "3", "column 4": "4"}]),
        ("a,b\n\n1,2\n\n\n", [{"a": "1", "b": "2"}]),
        ("a,,A,a \n1,2,3,4\n", [{"a": "1", "column 2": "2", "A": "3", "a (2)": "4"}]),
        ("a;b\n1,5;2\n", [{"a": "1,5", "b": "2"}]),
        ('"sep=;"\na;b\n1;2\n', [{"a": "1", "b": "2"}]),
        ("a,b\n1,x\x00y\n", [{"a": "1", "b": "x\x00y"}]),
        ('a,b\n1,ab"c"d\n', [{"a": "1", "b": 'ab"c"d'}]),
        ('a,b\n1,"x\n2,y\n', [{"a": "1", "b": '"x'}, {"a": "2", "b": "y"}]),
        ("a,b\n", []),
    ],
)
def test_odd_lines_lose_nothing(tmp_path, text, expected):
    assert rows(tmp_path, "a.csv", text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('[{"a": 1.0, "b": null}]', [{"a": "1.0"}]),
        ('{"a": "x"}', [{"a": "x"}]),
        ('{"items": ["x", "y"]}', [{"value": "x"}, {"value": "y"}]),
        ('[["x", null, true]]', [{"column 1": "x", "column 3": "true"}]),
        ('[{"a": {"b": [1e5, NaN, "é\\n"]}}]', [{"a.b": '[1e5,NaN,"é\\n"]'}]),
        ('[{"a": "\\ud800"}]', [{"a": "?"}]),
        (f'[{{"a": {"9" * 5000}}}]', [{"a": "9" * 5000}]),
        ('{"a": "x"}\n{"a": "y"}\n', [{"a": "x"}, {"a": "y"}]),
        ("[]", []),
    ],
)
def test_json_of_every_shape(tmp_path, text, expected):
    assert rows(tmp_path, "a.json", text) == expected


def test_deep_json_is_kept_whole(tmp_path):
    deep = "[" * 600 + "1" + "]" * 600
    (row,) = rows(tmp_path, "a.json", f'[{{"a": {deep}}}]')
    assert json.loads(row["a"])[0]
    assert row["a"].count("[") == 600


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.csv", b"", "empty_file"),
        ("a.csv", b"\xef\xbb\xbf", "empty_file"),
        ("a.json", b" \n", "empty_file"),
        ("a.json", b"{not json", "broken_json"),
        ("a.json", b"[" * 100_000, "broken_json"),
        ("a.json", b"3", "no_rows"),
        ("a.json", b'{"a": [{}], "b": [{}]}', "several_arrays"),
        ("a.csv", b"PK\x03\x04", "broken_workbook"),
        ("a.jsonl", b"\x1f\x8b", "broken_archive"),
        ("a.xlsx", b"", "empty_file"),
        ("README", b"x", "unsupported_format"),
    ],
)
def test_files_that_cannot_be_read(tmp_path, name, content, reason):
    assert refused(tmp_path, name, content) == reason
