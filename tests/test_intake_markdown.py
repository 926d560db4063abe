"""Lists in Markdown: one company a file, tables, links; prose is kept aside and is no company."""

from pathlib import Path

import pytest

from pipelines.intake.formats import read_sheets
from pipelines.intake.rows import Sheet


def sheet(tmp_path: Path, text: str, name: str = "a.md") -> Sheet:
    (tmp_path / name).write_text(text, "utf-8")
    (found,) = read_sheets(tmp_path / name)
    return found


def rows(tmp_path: Path, text: str) -> list[dict[str, str]]:
    return [dict(row.fields) for row in sheet(tmp_path, text).rows]


def test_front_matter_is_one_company(tmp_path: Path) -> None:
    text = (
        '---\ntitle: "Otter"\nwebsite: https://otter.example/\nsize: 010\nsince: 2015-10-14\ntags: [php, ü]\nopen: yes\n---\n'
        "\n## About\n\nWe fish.\n\n- [Elsewhere](https://x.example)\n- [There](https://y.example)\n"
    )
    assert rows(tmp_path, text) == [
        {
            "title": "Otter",
            "website": "https://otter.example/",
            "size": "010",
            "since": "2015-10-14",
            "tags": '["php","ü"]',
            "open": "yes",
            "body": "## About\n\nWe fish.\n\n- [Elsewhere](https://x.example)\n- [There](https://y.example)",
        }
    ]


@pytest.mark.parametrize(
    "matter",
    ["title: [never closed", "- a\n- b", "just words", "a: &x [1]\nb: *x", "a: " + "[" * 5000, "\t: x"],
)
def test_broken_front_matter_is_a_row_with_its_text(tmp_path: Path, matter: str) -> None:
    (row,) = sheet(tmp_path, f"---\n{matter}\n---\nbody\n").rows
    assert row.trouble is not None and row.trouble.reason == "broken_front_matter"
    assert row.fields == {"front matter": f"{matter}\n", "body": "body"}


def test_front_matter_of_a_page_with_a_list_stands_aside(tmp_path: Path) -> None:
    found = sheet(tmp_path, "---\nlayout: page\n---\n| Company | City |\n|---|---|\n| Otter | Bonn |\n")
    assert (found.aside, [dict(row.fields) for row in found.rows]) == (("layout: page",), [{"Company": "Otter", "City": "Bonn"}])


def test_tables_lose_no_cell(tmp_path: Path) -> None:
    text = (
        "# Companies\n\nSome prose.\n\n| Name | City | |\n|:--|--:|---|\n| [Otter](https://otter.example) | Bonn | a \\| b |\n"
        "| Heron | Bath | x | more | cells |\nWren | Lyon\n\n```\n| no | table |\n|--|--|\n| 1 | 2 |\n```\n"
    )
    found = sheet(tmp_path, text)
    assert [dict(row.fields) for row in found.rows] == [
        {"Name": "Otter", "website": "https://otter.example", "City": "Bonn", "column 3": "a | b"},
        {"Name": "Heron", "City": "Bath", "column 3": "x", "column 4": "more", "column 5": "cells"},
        {"Name": "Wren", "City": "Lyon"},
    ]
    assert found.aside[:2] == ("# Companies", "Some prose.") and len(found.aside) == 7


def test_links_with_columns(tmp_path: Path) -> None:
    text = (
        "# List\n\n- [Read this](https://blog.example/post) first\n  - [and that](https://blog.example/2)\n- no link at all\n\n"
        "- [Otter](https://otter.example/jobs) | Bonn | tests [ours](https://x.example)\n* [Heron (UK)](https://heron.example)\n"
        "- **[Wren](<https://wren.example>)** | Lyon\n- Plain Ltd | Bath\n"
    )
    found = sheet(tmp_path, text)
    assert [(dict(row.fields), row.trouble and row.trouble.reason) for row in found.rows] == [
        ({"line": "[Read this](https://blog.example/post) first"}, "not_an_entry"),
        (
            {
                "company": "Otter",
                "website": "https://otter.example/jobs",
                "column 3": "Bonn",
                "column 4": "tests [ours](https://x.example)",
            },
            None,
        ),
        ({"line": "[Heron (UK)](https://heron.example)"}, "not_an_entry"),
        ({"company": "Wren", "website": "https://wren.example", "column 3": "Lyon"}, None),
        ({"company": "Plain Ltd", "column 3": "Bath"}, None),
    ]
    assert found.aside == ("# List", "  - [and that](https://blog.example/2)", "- no link at all")


def test_links_without_columns(tmp_path: Path) -> None:
    text = (
        "- [Contents](#fish)\n- Fish\n  - [Otter](https://otter.example) - they fish\n  - ![logo](l.png) [Heron][h]: stands\n"
        "1. <https://wren.example>\n2. [A \\[b\\] (c)](https://abc.example/x_(y) 'title')\n\n[h]: https://heron.example\n"
    )
    assert rows(tmp_path, text) == [
        {"company": "Otter", "website": "https://otter.example", "column 3": "they fish"},
        {"company": "Heron", "website": "https://heron.example", "column 3": "stands"},
        {"website": "https://wren.example"},
        {"company": "A [b] (c)", "website": "https://abc.example/x_(y)"},
    ]


@pytest.mark.parametrize("text", ["[" * 100_000, "- [" * 20_000, "- " * 5_000 + "x", "|" * 50_000, "> " * 5_000])
def test_nothing_takes_for_ever(tmp_path: Path, text: str) -> None:
    assert rows(tmp_path, f"- [Otter](https://otter.example)\n\n{text}\n")[0] == {
        "company": "Otter",
        "website": "https://otter.example",
    }
