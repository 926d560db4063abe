"""Bytes become rows: encodings, delimiters, JSON of every shape."""

import gzip
import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from zipfile import ZipFile

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipelines.errors import Skip
from pipelines.intake import formats
from pipelines.intake.delimited import find_dialect
from pipelines.intake.dialects import Dialect
from pipelines.intake.formats import read_sheets
from pipelines.intake.rows import Sheet

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


def sheets(tmp_path: Path, name: str, content: bytes | str) -> list[Sheet]:
    (tmp_path / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    return list(read_sheets(tmp_path / name))


@pytest.mark.parametrize(
    ("text", "expected", "aside"),
    [
        ('{"n": 2, "data": {"items": [{"a": "x"}], "next": null}}', [{"a": "x"}], ("n: 2", "next: null")),
        (
            '{"otter": {"city": "Bonn"}, "heron": {"city": "Bath"}}',
            [{"key": "otter", "city": "Bonn"}, {"key": "heron", "city": "Bath"}],
            (),
        ),
        (
            '{"company": {"name": "Otter"}, "contact": {"mail": "a@b.example"}}',
            [{"company.name": "Otter", "contact.mail": "a@b.example"}],
            (),
        ),
        (
            '{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"name": "Otter"}, '
            '"geometry": {"type": "Point", "coordinates": [7.1, 50.7]}}]}',
            [{"type": "Feature", "properties.name": "Otter", "geometry.type": "Point", "geometry.coordinates": "[7.1,50.7]"}],
            ("type: FeatureCollection",),
        ),
        ('{"a": "x"}{"a": "y"}\n\n{"a":\n"z"}', [{"a": "x"}, {"a": "y"}, {"a": "z"}], ()),
        ('{"a": {}}', [{"a": "{}"}], ()),
    ],
)
def test_json_however_it_is_wrapped(tmp_path, text, expected, aside):
    (sheet,) = sheets(tmp_path, "a.json", text)
    assert ([dict(row.fields) for row in sheet.rows], sheet.aside) == (expected, aside)


@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("name", ["a.json", "a.jsonl", "a", "a.txt", "a.csv"])
def test_json_under_any_name_and_in_any_unicode(tmp_path, codec, name):
    text = '{"company": "Müller"}\n{"company": "Åkerlund"}\n'
    assert rows(tmp_path, name, text.encode(codec)) == [{"company": "Müller"}, {"company": "Åkerlund"}]


def test_what_breaks_off_is_a_row_with_its_trouble(tmp_path):
    (sheet,) = sheets(tmp_path, "a.json", '{"a": "x"} {"a": "y"} {"a": ')
    assert [(row.fields, row.trouble and row.trouble.reason) for row in sheet.rows] == [
        ({"a": "x"}, None),
        ({"a": "y"}, None),
        ({"line": '{"a":'}, "broken_json_line"),
    ]


def test_headings_again_are_a_row_that_says_so(tmp_path):
    (sheet,) = sheets(tmp_path, "a.csv", "company,city\nOtter,Bonn\ncompany,city\nHeron,Bath\n")
    assert [row.trouble and row.trouble.reason for row in sheet.rows] == [None, "repeated_headings", None]


@pytest.mark.parametrize(
    ("text", "headings", "aside"),
    [
        ("Leads 2026\n\ncompany,city\nOtter,Bonn\n", ["company", "city"], ("Leads 2026",)),
        (
            "Exported,today\nBy,Kim\nCompany,Website,City\nOtter,otter.example,Bonn\n",
            ["Company", "Website", "City"],
            ("Exported,today", "By,Kim"),
        ),
        ('company,"web\nsite"\nOtter,otter.example\n', ["company", "web site"], ()),
        (
            "Contact,,Company,\nName,E-Mail,Name,City\nAda,a@b.example,Otter,Bonn\n",
            ["Contact / Name", "Contact / E-Mail", "Company / Name", "Company / City"],
            (),
        ),
        (
            "Basics,,More,\nCompany,City,Staff,Since\n,,(people),(year)\nOtter,Bonn,5,1990\n",
            ["Basics / Company", "Basics / City", "More / Staff / (people)", "More / Since / (year)"],
            (),
        ),
        ('"=1+1",company\nx,Otter\n', ["=1+1", "company"], ()),
        (",,\n1,2,3\n", ["column 1", "column 2", "column 3"], ()),
        ("Country,2023,2024\nDE,1.5,2.5\nFR,3.5,4.5\n", ["Country", "2023", "2024"], ()),
        ("0,1,2\n5.5,6.5,7.5\n8.5,9.5,1.5\n", ["0", "1", "2"], ()),
        ("Otter,DE\nHeron,FR\nWren,DE\nFinch,DE\n", ["column 1", "column 2"], ()),
        ("Company\n", [], ()),
    ],
)
def test_where_the_table_begins(tmp_path, text, headings, aside):
    (sheet,) = sheets(tmp_path, "a.csv", text)
    first = next(iter(sheet.rows), None)
    assert (list(first.fields) if first else [], sheet.aside) == (headings, aside)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('a,b\n1,"x\n2,"y"\n3,z\n', [{"a": "1", "b": '"x'}, {"a": "2", "b": "y"}, {"a": "3", "b": "z"}]),
        ('a,b,c\n1,"say "hi, you" now",2\n', [{"a": "1", "b": 'say "hi, you" now', "c": "2"}]),
        ('a,b,c\n1,x,2\n1;"y;z";2\n', [{"a": "1", "b": "x", "c": "2"}, {"a": "1", "b": "y;z", "c": "2"}]),
        ('a, "b"\n1, "x, y"\n2, "z"\n', [{"a": "1", "b": "x, y"}, {"a": "2", "b": "z"}]),
        ('a,b\n1,"x \\"y\\" z"\n2,"C:\\\\"\n', [{"a": "1", "b": 'x "y" z'}, {"a": "2", "b": "C:\\\\"}]),
        ('a,b\n1,"C:\\temp\\"\n2,y\n', [{"a": "1", "b": "C:\\temp\\"}, {"a": "2", "b": "y"}]),
        ("a,b\n1,x\\, y\n2,z\\, w\n3,v\n", [{"a": "1", "b": "x, y"}, {"a": "2", "b": "z, w"}, {"a": "3", "b": "v"}]),
        ("'a','b'\n'1','x, y'\n'2','it''s'\n", [{"a": "1", "b": "x, y"}, {"a": "2", "b": "it's"}]),
        ('a,b\n1,"two\nlines"\n', [{"a": "1", "b": "two\nlines"}]),
    ],
)
def test_quotes_of_every_kind(tmp_path, text, expected):
    assert rows(tmp_path, "a.csv", text) == expected


def test_a_quote_that_never_closes_costs_neither_rows_nor_time(tmp_path):
    text = 'company,city\n"Otter,Bonn\n' + "Heron,Bath\n" * 60_000
    found = rows(tmp_path, "a.csv", text)
    assert (len(found), found[0], found[-1]) == (
        60_001,
        {"company": '"Otter', "city": "Bonn"},
        {"company": "Heron", "city": "Bath"},
    )


def test_how_a_file_was_read_can_be_told(tmp_path):
    (tmp_path / "a.csv").write_bytes("Liste\r\nFirma;Ort\r\n'Müller; Söhne';Köln\r\n'Bär; Co';Bonn\r\n".encode("cp1252"))
    found = find_dialect(tmp_path / "a.csv")
    assert found == Dialect(";", "'", "", False, "cp1252", 1)
    assert not found.is_plain and Dialect(";").is_plain


@pytest.mark.parametrize(
    ("codec", "words"),
    [
        ("mac_roman", "Müller Söhne Bäckerei Großhandel Köln Übersee"),
        ("cp850", "Müller Söhne Bäckerei Großhandel Köln Übersee"),
        ("cp1250", "Łódź Spółka Gdańsk Święta Żółty Ćwik"),
        ("iso8859_2", "Łódź Spółka Gdańsk Święta Częstochowa Ćwik"),
        ("cp1250", "Plzeň Dvořák Příbram Společnost Děčín Ústí"),
        ("cp1250", "Győr Kőbánya Székesfehérvár Fűtő Társaság Művek"),
        ("cp1254", "İstanbul Şirketi Çelik Güneş Yıldız Işık"),
        ("cp1252", "Åkerlund Malmö Østergaard Sørensen Räikkönen"),
        ("cp1252", "Société Générale Crédit Forêt Hôtel Français"),
        ("koi8_r", "Выдра Москва Завод Общество Северсталь Компания"),
        ("cp866", "Выдра Москва Завод Общество Северсталь Компания"),
        ("cp1253", "Αθήνα Εταιρεία Θεσσαλονίκη Ελλάδα Εμπορική Πάτρα"),
        ("cp1255", "ירושלים חברה תעשיות אביב חיפה מסחר"),
        ("cp1256", "القاهرة شركة التجارة المحدودة الرياض مصنع"),
        ("cp874", "กรุงเทพ บริษัท จำกัด การค้า เชียงใหม่ ขนส่ง"),
        ("euc_jp", "株式会社カワウソ 東京 有限会社アオサギ 大阪 商事 製作所"),
        ("iso2022_jp", "株式会社カワウソ 東京 有限会社アオサギ 大阪 商事 製作所"),
        ("big5", "水獺有限公司 台北 蒼鷺有限公司 高雄 貿易 集團"),
        ("cp949", "주식회사 서울 수달 부산 무역 전자 대한민국"),
        ("utf-16-be", "水獭有限公司 北京 苍鹭有限公司 上海 贸易 集团"),
    ],
)
def test_encodings_told_by_their_letters(tmp_path, codec, words):
    text = "company,website\n" + "".join(f"{word},w{number}.example\n" for number, word in enumerate(words.split()))
    assert [row["company"] for row in rows(tmp_path, "a.csv", text.encode(codec))] == words.split()


def test_letters_that_make_no_sense_are_refused_or_left_unknown(tmp_path):
    odd = b"company,city\n" + b"Ot\x81\x8d\xfeter,B\x9d\xd0nn\n"
    assert refused(tmp_path, "a.csv", odd) == "unsure_encoding"
    assert rows(tmp_path, "a.csv", odd + b"Heron,Bath\n" * 500)[0]["company"] == "Ot\ufffd\ufffd\ufffdter", "one bad row in 500"


def test_columns_that_cannot_be_told_apart(tmp_path):
    mixed = "a;b\nc,d,e\nf;g;h;i\nj,k\nl;m;n\no,p,q,r\ns;t;u;v;w\nx,y,z,1,2\n"
    assert refused(tmp_path, "a.csv", mixed) == "no_delimiter"


def test_parquet_of_every_type(tmp_path):
    table = pa.table(
        {
            "company": ["Otter", None],
            "staff": pa.array([18.0, 2.5]),
            "id": pa.array([2**62, -1]),
            "paid": pa.array([True, None]),
            "since": pa.array([date(2026, 3, 1), None]),
            "at": pa.array([datetime(2026, 3, 1, 10, 30, tzinfo=UTC), None], pa.timestamp("us", "UTC")),
            "price": pa.array([Decimal("1.50"), None]),
            "tags": pa.array([["a", "ü"], None]),
            "address": pa.array([{"city": "Köln", "zip": None}, None]),
            "raw": pa.array([b"x\xff", None]),
            "kind": pa.array(["a", "b"]).dictionary_encode(),
            "took": pa.array([timedelta(seconds=90), None]),
        }
    )
    pq.write_table(table, tmp_path / "a.csv")
    (sheet,) = read_sheets(tmp_path / "a.csv")
    assert sheet.format == "parquet", "by what is in it, not by its name"
    assert [dict(row.fields) for row in sheet.rows] == [
        {
            "company": "Otter",
            "staff": "18",
            "id": str(2**62),
            "paid": "true",
            "since": "2026-03-01",
            "at": "2026-03-01T10:30:00+00:00",
            "price": "1.50",
            "tags": '["a","ü"]',
            "address": '{"city":"Köln","zip":null}',
            "raw": "x\\xff",
            "kind": "a",
            "took": "90 s",
        },
        {"staff": "2.5", "id": "-1", "kind": "b"},
    ]


def test_packed_lists_are_unpacked_within_bounds(tmp_path, monkeypatch):
    packed = gzip.compress(TEXT.encode())
    assert [row["city"] for row in rows(tmp_path, "a.csv.gz", packed)] == ["Köln", "Malmö"]
    assert rows(tmp_path, "b.gz", gzip.compress(b'{"a": 1}\n{"a": 2}\n')) == [{"a": "1"}, {"a": "2"}]
    assert refused(tmp_path, "c.gz", gzip.compress(packed)) == "unsupported_format"
    monkeypatch.setattr(formats, "NO_BOMB", 1000)
    assert refused(tmp_path, "d.csv.gz", gzip.compress(b"a,b\n" * 1_000_000)) == "unsafe_archive"


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.pdf", b"%PDF-1.7", "unsupported_format"),
        ("a.csv", b"\x89PNG\r\n\x1a\n", "unsupported_format"),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "unsupported_format"),
        ("a.xls", b"<html><table><tr><td>Otter</td></tr></table>", "unsupported_format"),
        ("a.xlsx", b"PAR1 and no more", "broken_parquet"),
        ("a.numbers", b"PK\x03\x04", "unsupported_format"),
        ("a.yaml", b"company: Otter\n", "unsupported_format"),
        ("notes.log", b"a,b\n", "unsupported_format"),
        ("notes.foo", b"Dear all\nplease read\n", "unsupported_format"),
        ("a.md", b"# Nothing\n\nbut prose\n", "no_rows"),
        ("a.md", b" \n", "empty_file"),
    ],
)
def test_what_is_no_list_says_so(tmp_path, name, content, reason):
    assert refused(tmp_path, name, content) == reason


@pytest.mark.parametrize(
    ("name", "content"), [("a.xlsx", "a;b\n1;2\n"), ("a", "a;b\n1;2\n"), ("list.foo", "a;b\n1;2\n"), ("a.dat", "a\tb\n1\t2\n")]
)
def test_a_list_under_any_name(tmp_path, name, content):
    assert rows(tmp_path, name, content) == [{"a": "1", "b": "2"}]


@pytest.mark.parametrize(
    ("inside", "said"),
    [("xl/workbook.bin", "xlsb"), ("content.xml", "OpenDocument"), ("word/document.xml", "Word"), ("x.csv", "zip")],
)
def test_what_is_zipped_is_named(tmp_path, inside, said):
    with ZipFile(tmp_path / "a.dat", "w") as archive:
        archive.writestr(inside, "x")
    with pytest.raises(Skip, match=said):
        list(read_sheets(tmp_path / "a.dat"))
