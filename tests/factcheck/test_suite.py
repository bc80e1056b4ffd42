"""How the suite finds a browser and spreads over the cores."""

from pathlib import Path

import pytest

from factcheck import suite
from factcheck.refusal import Refusal


@pytest.fixture
def no_browser(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A machine without any Chromium, and nothing to install one with."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setattr(suite, "MAC_CHROMIUMS", ())
    monkeypatch.setattr(suite, "BROWSERS", tmp_path / "browsers")
    monkeypatch.setattr(suite, "install_chromium", lambda: None)
    return tmp_path


def make_program(path: Path) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o755)
    return str(path)


def test_the_systems_chromium_is_used(no_browser: Path) -> None:
    program = make_program(no_browser / "chromium")
    assert suite.find_chromium() == program


def test_a_named_chromium_comes_first(no_browser: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_program(no_browser / "chromium")
    monkeypatch.setenv("CHROMIUM", make_program(no_browser / "my own"))
    assert suite.find_chromium() == str(no_browser / "my own")


def test_playwrights_chromium_is_found(no_browser: Path) -> None:
    program = make_program(no_browser / "browsers" / "chromium-1" / "chrome-linux64" / "chrome")
    assert suite.find_chromium() == program


def test_without_any_the_refusal_says_what_to_install(no_browser: Path) -> None:
    with pytest.raises(Refusal, match="Install the package `chromium`"):
        suite.get_chromium()


@pytest.mark.parametrize("words", [["-n", "0"], ["-n3", "-k", "x"], ["--pdb"]])
def test_ones_own_spread_is_kept(words: list[str]) -> None:
    assert suite.spread(words) == words


def test_else_it_runs_on_every_core_but_at_most_four() -> None:
    flag, number, *rest = suite.spread(["-k", "x"])
    assert (flag, rest) == ("-n", ["-k", "x"])
    assert 1 <= int(number) <= 4
