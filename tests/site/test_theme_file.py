from pathlib import Path

from broadsheet.site.theme import ThemeFile


def test_a_theme_that_was_changed_makes_pages_old(tmp_path: Path) -> None:
    file = ThemeFile(tmp_path)
    assert file() == frozenset()
    (tmp_path / "theme.css").write_text("p { color: navy }")
    assert file() == {"site"}
    assert file() == frozenset()
    (tmp_path / "theme.css").unlink()
    assert file() == {"site"}
