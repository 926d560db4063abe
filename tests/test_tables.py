"""What a table's file says of itself, and the one sentence for each way to get it wrong.

Data: `sql-folders/shop` is a tree that is right; each of `sql-folders/broken` has one mistake and, in `stop.txt`, what is said.
"""

from pathlib import Path

import pytest

from pipelines.errors import Stop
from pipelines.promises import Promise, grain_promises, parse_promise
from pipelines.tables import Column, read_tables

HERE = Path(__file__).parent
FOLDERS = HERE / "sql-folders"
SQL = HERE.parent / "sql"


def test_a_contract_says_what_it_holds():
    sale = read_tables(FOLDERS / "shop")["raw.sale"]
    assert (sale.kind, sale.schema, sale.name, sale.grain) == ("contract", "raw", "sale", ("receipt", "line"))
    assert sale.description == "Sales, one row a receipt line. It is a table of two paragraphs."
    assert sale.columns == (
        Column("receipt", "Receipt."),
        Column("line", "Line on it, -- from 1."),
        Column("shop_id", "Shop it was sold in."),
        Column("amount", "What was paid."),
        Column("currency", "Currency."),
        Column("sold_at", "When, UTC."),
    )
    assert sale.sql.startswith("create table raw.sale (")
    assert ";" not in sale.sql
    assert sale.place == "sql/raw/sale.sql"
    assert sale.path == FOLDERS / "shop" / "raw" / "sale.sql"


def test_a_keyword_is_a_column_where_quoted_and_a_constraint_is_none():
    names = [column.name for column in read_tables(FOLDERS / "shop")["raw.shop"].columns]
    assert names == ["shop_id", "opened_on", "offset", "tags", "primary_mail"]


def test_a_model_is_described_where_its_columns_end():
    total = read_tables(FOLDERS / "shop")["core.total"]
    assert total.kind == "model"
    assert total.sql.endswith("group by all")
    assert total.columns == (
        Column("shop_id", "Shop."),
        Column("amount", "Sum of what was paid, in '€'."),
        Column("sells", 'Whether it sold at all; a "from" that ends no list.'),
        Column("how many", "One or many."),
        Column("struct_part", "Brackets of every kind."),
        Column("tags", "Its tags."),
    )


def test_promises_stand_in_the_order_of_the_file_after_what_the_grain_implies():
    promises = read_tables(FOLDERS / "shop")["raw.sale"].promises
    assert promises[:2] == grain_promises("raw.sale", ("receipt", "line"))
    assert [(promise.name, promise.loudness) for promise in promises] == [
        ("unique_receipt_line", "expect"),
        ("not_null_receipt_line", "expect"),
        ("references_shop_id", "expect"),
        ("between_amount", "expect"),
        ("warn_between_amount", "warn"),
        ("in_set_currency", "expect"),
        ("warn_matches_receipt", "warn"),
    ]
    assert promises[5].arguments == ("EUR", "a, b")
    assert promises[6].arguments == (r"^[a-z]{1,3}\d+$",)


@pytest.mark.parametrize("folder", sorted((FOLDERS / "broken").iterdir()), ids=lambda folder: folder.name)
def test_a_mistake_is_said_in_one_sentence(folder):
    with pytest.raises(Stop) as stopped:
        read_tables(folder)
    said = str(stopped.value)
    assert (folder / "stop.txt").read_text("utf-8").strip() in said
    assert said.endswith(".")
    assert "\n" not in said


@pytest.mark.parametrize(
    ("text", "columns", "arguments"),
    [
        ("between(fit, 0, 100)", ("fit",), ("0", "100")),
        ("between(fit, -1.5, 2e3)", ("fit",), ("-1.5", "2e3")),
        ("between(seen_on, 2025-01-01, 2025-12-31)", ("seen_on",), ("2025-01-01", "2025-12-31")),
        ("not_null(a)", ("a",), ()),
        ("not_null(a, b)", ("a", "b"), ()),
        ("in_set(ring, outside, 'a, b', 'it''s')", ("ring",), ("outside", "a, b", "it's")),
        ("references(a, raw.t.b)", ("a",), ("raw.t.b",)),
        ("matches(url, ^https?://[^,]+, .*$)", ("url",), ("^https?://[^,]+, .*$",)),
        ("rows_between(1, 10)", (), ("1", "10")),
        ("unique(a, b)", ("a", "b"), ()),
    ],
)
def test_a_promise_tells_columns_from_arguments(text, columns, arguments):
    kind = text.partition("(")[0]
    name = "_".join((kind, *columns))
    assert parse_promise("core.t", f" {text} ", "expect") == Promise("core.t", name, kind, columns, arguments, "expect")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "between",
        "between(fit, 0, 100",
        "between(fit, 0, 100) and more",
        "sounds_good(fit)",
        "between(fit, 0)",
        "between(fit, 0, 1, 2)",
        "between(fit, 1, 0)",
        "between(fit, low, high)",
        "between(fit, 0, 2025-01-01)",
        "between(fit, nan, nan)",
        "not_null()",
        "not_null(a, )",
        "not_null(a b)",
        "unique()",
        "in_set(ring)",
        "in_set(ring, 'open)",
        "references(a)",
        "references(a, raw.t)",
        "references(a, raw.t.b, raw.t.c)",
        "matches(url)",
        "matches(url, ()",
        "rows_between(1)",
        "rows_between(5, 1)",
        "rows_between(1, many)",
    ],
)
def test_a_promise_that_cannot_be_kept_is_refused(text):
    with pytest.raises(Stop, match=r"^core\.t promises `") as stopped:
        parse_promise("core.t", text, "warn")
    assert "; write " in str(stopped.value)


def test_a_promise_reads_as_it_was_written():
    assert parse_promise("core.t", "between(fit, 0, 100)", "warn").text == "between(fit, 0, 100)"


def test_every_table_of_the_house_is_read():
    found = {f"{path.parent.name}.{path.stem}" for path in SQL.glob("*/*.sql")}
    assert set(read_tables(SQL)) == found
    assert "core.fact" in found
