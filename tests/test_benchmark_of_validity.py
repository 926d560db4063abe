"""The benchmark of validity counts what it says, on companies that do not exist, and reads no label."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

BENCHMARK = Path(__file__).parents[1] / "benchmarks" / "validity.py"
sys.path.insert(0, str(BENCHMARK.parent))

from validity import Profile, as_page, band, band_of, kappa, profiles_in, rates  # noqa: E402 - a script's own folder

PROFILE = """---
title: {name}
website: https://{slug}.example/
remote_policy: hybrid
{labels}
---

## Company blurb

{text}
"""
COMPANIES = {
    # labelled and read alike
    "teal": (
        "company_size: medium\ntechnologies:\n  - python\n  - sql",
        "Teal has 120 employees.\n\n* We write Python\n* We ask PostgreSQL",
    ),
    # one band beside; a technology that nobody labelled, and one that nobody wrote about
    "umber": ("company_size: small\ntechnologies:\n  - ruby", "Umber has 60 employees, who love Elixir."),
    # nothing stated; a label that is not asked for
    "ochre": ("company_size: tiny\ntechnologies:\n  - cobol\n  - go", "Ochre paints. We use [Golang](https://go.example)."),
    # a range of two bands
    "beige": ("company_size: small", "Beige has 11-50 employees."),
    # nothing labelled
    "slate": ("region: europe", "Slate has 9,000 employees and no Rust."),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for slug, (labels, text) in COMPANIES.items():
        (tmp_path / f"{slug}.md").write_text(PROFILE.format(name=slug.title(), slug=slug, labels=labels, text=text), "utf-8")
    (tmp_path / "README.md").write_text("# Not a profile\n", "utf-8")
    return tmp_path


@pytest.mark.slow
def test_agreement_is_counted_over_what_is_labelled_and_read(folder: Path):
    done = subprocess.run(
        [sys.executable, str(BENCHMARK), "--profiles", str(folder), "--show"], capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    figures = json.loads(done.stdout.splitlines()[-1])
    assert [figures[name] for name in ("profiles", "size_n", "size_said", "size_stated", "size_coverage")] == [5, 4, 3, 2, 0.5]
    assert (figures["size_agreement"], figures["size_within_one"]) == (0.5, 1.0)
    assert (figures["technology_n"], figures["technology_facts"], figures["technology_labels_not_asked"]) == (3, 0, 1)
    # Heard: python, sql, elixir, go; labelled of those asked for: python, sql, ruby, go.
    assert (figures["technology_precision"], figures["technology_recall"]) == (0.75, 0.75)
    assert figures["by_label"]["elixir"] == {"n": 0, "precision": 0.0, "recall": None, "kappa": 0.0}
    assert "SIZE Umber: labelled small, read medium" in done.stdout
    assert "TECH Umber: not heard ['ruby'], not labelled ['elixir']" in done.stdout


def test_no_label_is_on_the_page_that_is_read(folder: Path):
    for profile in profiles_in(folder):
        page = as_page(profile).decode()
        assert "company_size" not in page and "hybrid" not in page and "technologies" not in page
        assert profile.name in page


def test_the_text_stands_on_the_page_block_by_block():
    page = as_page(Profile("A & B", "", {}, "## Size\n\nTen of <us>\n\n* one\n* [two](https://two.example)\n")).decode()
    assert "<title>A &amp; B</title>" in page
    assert [line for line in page.splitlines() if line.startswith("<ul>")] == [
        "<ul><li>one</ul>",
        '<ul><li><a href="https://two.example">two</a></ul></body></html>',
    ]
    assert "<h2>Size</h2>\n<p>Ten of &lt;us&gt;</p>" in page


def test_without_a_profile_it_says_so(tmp_path: Path):
    done = subprocess.run(
        [sys.executable, str(BENCHMARK), "--profiles", str(tmp_path)], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 1
    assert "There is no profile" in done.stderr


def test_kappa_is_one_for_agreement_zero_for_chance_and_below_for_opposites():
    assert kappa([(0, 0), (1, 1)]) == 1
    assert kappa([(0, 0), (0, 1), (1, 0), (1, 1)]) == 0
    assert kappa([(0, 1), (1, 0)]) == -1
    assert kappa([(0, 0)]) == 1
    near, far = [(0, 0), (1, 2), (2, 1), (3, 3)], [(0, 3), (1, 1), (2, 2), (3, 0)]
    assert kappa(near) == kappa(far)
    assert kappa(near, lambda one, other: abs(one - other)) > kappa(far, lambda one, other: abs(one - other))


def test_rates_of_nothing_are_none():
    assert rates([]) == {"precision": None, "recall": None, "kappa": None}
    assert rates([(True, True), (True, False), (False, True), (False, False)]) == {"precision": 0.5, "recall": 0.5, "kappa": 0.0}


def test_bands_begin_where_ours_do():
    assert [band(each) for each in (1, 9, 10, 49, 50, 249, 250, 999, 1000, 90_000)] == [0, 0, 1, 1, 2, 2, 3, 3, 4, 4]


def test_a_range_has_a_band_where_it_lies_within_one():
    assert [band_of(each) for each in ("7", "11-49", "11-50", "50-249", "500+", "1200+", "5000+")] == [0, 1, None, 2, None, 4, 4]
