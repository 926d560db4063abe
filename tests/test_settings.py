"""What settings.yaml may say: the defaults, and a sentence for each mistake."""

from pathlib import Path

import pytest
import yaml

from pipelines.errors import Stop
from pipelines.settings import Settings, read_settings

ROOT = Path(__file__).parents[1]


def read(tmp_path: Path, text: str) -> Settings:
    path = tmp_path / "settings.yaml"
    path.write_text(text, "utf-8")
    return read_settings(path)


def test_without_a_file_and_with_an_empty_one_everything_is_as_the_code_has_it(tmp_path: Path):
    assert read_settings(None) == Settings()
    assert read(tmp_path, "") == Settings()


def test_the_settings_of_the_house_say_only_what_the_defaults_are():
    assert read_settings(ROOT / "settings.yaml") == Settings()


def test_every_setting_shown_in_the_house_is_one_somebody_may_turn(tmp_path: Path):
    written = yaml.safe_load((ROOT / "settings.yaml").read_text("utf-8"))
    written["manners"]["gap_seconds"] = 7
    written["reading"]["enough_words"] = 1000
    written["lists"]["kinds"] = {"*stammkunden*": "customers"}
    settings = read(tmp_path, yaml.safe_dump(written))
    assert settings.manners.gap_seconds == 7
    assert settings.reading.enough_words == 1000
    assert settings.lists.kinds == {"*stammkunden*": "customers"}
    assert settings.storage == Settings().storage


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("manner: {}", "line 1, at `manner`: there is no such key; did you mean manners?"),
        ("manners: {gap: 2}", "at `manners.gap`: there is no such key"),
        ("manners: {gap_seconds: -1}", "at `manners.gap_seconds`: should be greater than or equal to 0."),
        ("manners: {gap_seconds: two}", "at `manners.gap_seconds`: should be a valid number"),
        ("manners: {gap_seconds: .inf}", "at `manners.gap_seconds`: should be a finite number."),
        ("manners: {timeout_seconds: 0}", "at `manners.timeout_seconds`: should be greater than 0."),
        ("manners: {workers: 0}", "at `manners.workers`: "),
        ("manners: {pages_per_organization: 1.5}", "at `manners.pages_per_organization`: should be a valid integer"),
        ("manners: {body_bytes: 0}", "at `manners.body_bytes`: "),
        ("manners: {redirects: -1}", "at `manners.redirects`: "),
        ("manners: {allow_addresses: [localhost]}", "localhost is no network; write it like 127.0.0.0/8."),
        ("manners: {allow_addresses: 127.0.0.0/8}", "at `manners.allow_addresses`: should be a list, `[one, another]`."),
        ("reading: {enough_pages: 0}", "at `reading.enough_pages`: should be greater than or equal to 1."),
        ("storage: {partitions: 1000}", "at `storage.partitions`: should be less than or equal to 256."),
        ("storage: {keep_releases: 0}", "at `storage.keep_releases`: "),
        ("lists: {kinds: {'*.csv': friends}}", "at `lists.kinds.*.csv`: should be 'leads', 'customers',"),
        ("lists: {default_country: de}", "at `lists.default_country`: `de` is not written as it must be, like ^[A-Z]{2}$."),
        (
            "lists: {default_country: no}",
            "at `lists.default_country`: YAML reads a bare yes, no, on or off as true or false; put",
        ),
        ("lists: []", "at `lists`: should be keys with values, `key: value`."),
        ("contact: one\ncontact: two", "is not valid YAML: line 2: `contact` stands twice; mend that line and run again."),
    ],
)
def test_each_mistake_is_one_sentence(tmp_path: Path, text: str, said: str):
    with pytest.raises(Stop) as stopped:
        read(tmp_path, text)
    assert said in str(stopped.value)
    assert str(stopped.value).startswith(str(tmp_path / "settings.yaml"))
    assert str(stopped.value).endswith((".", "?"))
    assert "\n" not in str(stopped.value)


def test_a_file_that_is_not_there_is_a_sentence(tmp_path: Path):
    with pytest.raises(Stop, match=r"settings.yaml does not exist; create it or name another file\."):
        read_settings(tmp_path / "settings.yaml")
