"""A broken data file's message names the remedy that works here: of a clone, or of an installed package."""

from pathlib import Path

import pytest

from mnistgrad.common import data_files
from mnistgrad.common.data_files import unusable


def test_remedy_in_a_clone_is_to_check_the_file_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "mnistgrad"
    monkeypatch.setattr(data_files, "PACKAGE", package)
    (tmp_path / ".git").mkdir()
    message = str(unusable(package / "cost" / "measured.jsonl", "is missing"))
    assert message.startswith(f"The data file {package / 'cost' / 'measured.jsonl'} is missing. ")
    assert message.endswith(f"run `git checkout -- mnistgrad/cost/measured.jsonl` in {tmp_path}.")


def test_remedy_of_an_installed_package_is_to_install_it_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(data_files, "PACKAGE", tmp_path / "site-packages" / "mnistgrad")
    message = str(unusable(tmp_path / "site-packages" / "mnistgrad" / "cost" / "measured.jsonl", "is missing"))
    assert "install mnistgrad again" in message and "git" not in message
