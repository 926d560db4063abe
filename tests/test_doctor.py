"""The doctor: a finding for each need, well or ill, with what to do."""

import hashlib
from pathlib import Path

import pytest

from pipelines.doctor import Finding, examine
from pipelines.home import Home
from pipelines.job import ROOT

ICP, SETTINGS = ROOT / "examples" / "icp.yaml", ROOT / "examples" / "settings.yaml"


def findings(home: Path, icp: Path = ICP, settings: Path = SETTINGS, python: tuple[int, int] = (3, 12)) -> dict[str, Finding]:
    return {finding.what: finding for finding in examine(Home(home), icp, settings, python)}


def test_a_fresh_home_is_well_and_nothing_is_made(tmp_path: Path) -> None:
    found = findings(tmp_path / "new")
    assert all(finding.well for finding in found.values())
    assert not (tmp_path / "new").exists()
    assert set(found) == {"python", "libraries", "home", "disk", "icp", "settings", "contact", "sql", "release"}


@pytest.mark.parametrize(("python", "well"), [((3, 10), False), ((3, 11), True), ((3, 13), True), ((3, 14), False)])
def test_python_has_to_be_one_we_support(python: tuple[int, int], well: bool, tmp_path: Path) -> None:
    assert findings(tmp_path, python=python)["python"].well is well


def test_a_home_that_is_a_file_is_ill(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("not a folder", "utf-8")
    assert not findings(tmp_path / "home")["home"].well


def test_a_home_is_tried_and_not_only_asked_for_its_rights() -> None:
    found = findings(Path("/proc/bullseye"))
    assert not found["home"].well and "/proc cannot be written" in found["home"].sentence


def test_a_source_that_there_is_not_is_told(tmp_path: Path) -> None:
    (tmp_path / "settings.yaml").write_text("sources: {never: [gitub]}\n", "utf-8")
    finding = findings(tmp_path, settings=tmp_path / "settings.yaml")["settings"]
    assert not finding.well
    assert "there is no source gitub" in finding.sentence


@pytest.mark.parametrize(("free", "well"), [(3, True), (2, False)])
def test_room_is_held_against_what_a_run_needs(free: int, well: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "settings.yaml").write_text("storage: {least_free_bytes: 2684354560}\n", "utf-8")
    monkeypatch.setattr("pipelines.space.free", lambda _: free * 1024**3)
    disk = findings(tmp_path, settings=tmp_path / "settings.yaml")["disk"]
    assert (disk.well, disk.sentence.startswith(f"{free}.0 GiB free, a run needs 2.5")) == (well, True)


def test_a_mistake_in_the_settings_is_told_once(tmp_path: Path) -> None:
    (tmp_path / "broken.yaml").write_text("nonsense: 1\n", "utf-8")
    told = [finding.sentence for finding in findings(tmp_path, settings=tmp_path / "broken.yaml").values() if not finding.well]
    assert len(told) == 2 and sum("nonsense" in each for each in told) == 1


@pytest.mark.parametrize("what", ["icp", "settings"])
def test_a_mistake_in_a_file_is_told(what: str, tmp_path: Path) -> None:
    broken = tmp_path / "broken.yaml"
    broken.write_text("nonsense: 1\n", "utf-8")
    found = findings(tmp_path, **{what: broken})
    assert not found[what].well and "broken.yaml: line 1, at `" in found[what].sentence


def test_no_contact_is_no_illness_but_said(tmp_path: Path) -> None:
    (tmp_path / "settings.yaml").write_text("contact: null\n", "utf-8")
    contact = findings(tmp_path, settings=tmp_path / "settings.yaml")["contact"]
    assert contact.well and "live run" in contact.sentence


@pytest.mark.parametrize(("content", "well"), [(b"same", True), (b"other", False), (None, False)])
def test_a_release_is_held_against_its_checksums(content: bytes | None, well: bool, tmp_path: Path) -> None:
    release = tmp_path / "releases" / "one"
    release.mkdir(parents=True)
    (release / "SHA256SUMS").write_text(f"{hashlib.sha256(b'same').hexdigest()}  leads.csv\n", "utf-8")
    if content is not None:
        (release / "leads.csv").write_bytes(content)
    (tmp_path / "releases" / "current").symlink_to("one")
    found = findings(tmp_path)["release"]
    assert found.well is well, found.sentence
    assert well or "leads.csv" in found.sentence
