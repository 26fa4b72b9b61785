import tomllib
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from broadsheet.site.config import ConfigError, home_from, load
from broadsheet.site.initial import settings_file, toml_value, write_home
from broadsheet.site.options import SETTINGS


def test_an_empty_home_has_the_defaults(tmp_path: Path) -> None:
    config = load(home=tmp_path, environ={})
    assert config["port"] == 8000
    assert config["time_zone"] == ZoneInfo("UTC")
    assert set(config.values) == {setting.name for setting in SETTINGS}


def test_the_environment_goes_before_the_file_and_the_file_before_the_default(
    tmp_path: Path,
) -> None:
    (tmp_path / "broadsheet.toml").write_text('port = 9000\ncurrency = "eur"\n')
    assert load(home=tmp_path, environ={})["port"] == 9000
    both = load(home=tmp_path, environ={"PORT": "9001"})
    assert (both["port"], both["currency"]) == (9001, "EUR")


@pytest.mark.parametrize(
    ("written", "environ", "parts"),
    [
        ("port = 0", {}, ["port is a whole number from 1 to 65535", "broadsheet.toml says 0"]),
        ("port = true", {}, ["port is a whole number"]),
        ("", {"PORT": "http"}, ["port is a whole number", "variable PORT says 'http'"]),
        ('url = "post.example"', {}, ["url is an address such as"]),
        ('url = "https://post.example/news"', {}, ["without a path"]),
        ('time_zone = "Orrin"', {}, ["time_zone is a time zone of the IANA list"]),
        ('currency = "XQQ"', {}, ["currency is a currency code"]),
        ('langauge = "en"', {}, ["does not exist: langauge", "did you mean language?"]),
        ("port = ", {}, ["is not a valid TOML file"]),
        ('mail = "pigeon"', {}, ["mail is"]),
        ('trusted_proxies = ["10.0.0.0/33"]', {}, ["trusted_proxies is a list of networks"]),
        ("", {"DATABASE_URL": "mysql://u:secret@h/d"}, ["database_url starts with postgres://"]),
        ("", {"DATABASE_URL": "postgres://u:p/secret@h/d"}, ["database_url is not", "/ as %2F"]),
        ("", {"DATABASE_URL": "postgres://u:12/secret@h/d"}, ["database_url is not", "/ as %2F"]),
        ("", {"DATABASE_URL": "postgres://u:secret@h"}, ["database_url names no database"]),
        ("", {"DATABASE_URL": "sqlite://"}, ["database_url names no database"]),
        ('mail = "smtp://mail.example:99999"', {}, ["mail is not", "a port ends at 65535"]),
        ('mail = "smtp://u:secret/w@mail.example"', {}, ["mail is not", "/ as %2F"]),
        ('mail = "smtp://u:12/secret@mail.example"', {}, ["mail is only", "/ as %2F"]),
        ('mail = "smtp://"', {}, ["mail is only the mail server"]),
        ('url = "https://post.example:99999"', {}, ["url has a port that does not exist"]),
        ('url = "https://post_office.example"', {}, ["url has a host that cannot exist"]),
        ('url = "https://[::1"', {}, ["url has"]),
        ('language = "xx"', {}, ["language is the code of a language"]),
        ('language = "EN"', {}, ["language is the code of a language"]),
        ("hold_links = 3", {}, ["hold_links is true or false"]),
        ('name = " "', {}, ["name must not be empty"]),
    ],
)
def test_a_wrong_setting_is_refused_by_name_with_a_hint(
    tmp_path: Path, written: str, environ: dict[str, str], parts: list[str]
) -> None:
    (tmp_path / "broadsheet.toml").write_text(written)
    with pytest.raises(ConfigError) as caught:
        load(home=tmp_path, environ=environ)
    for part in parts:
        assert part in str(caught.value)
    assert "secret" not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_the_file_that_init_writes_changes_nothing_and_names_every_setting(tmp_path: Path) -> None:
    text = settings_file({})
    assert tomllib.loads(text) == {}
    for setting in SETTINGS:
        assert f"\n#{setting.name} = {toml_value(setting.default)}\n" in text
    uncommented = "\n".join(
        line[1:] if line.startswith("#") and not line.startswith("# ") else line
        for line in text.splitlines()
    )
    (tmp_path / "broadsheet.toml").write_text(uncommented)
    assert load(home=tmp_path, environ={}).values == load(home=tmp_path / "none", environ={}).values


def test_init_leaves_a_settings_file_as_it_is(tmp_path: Path) -> None:
    file = write_home(tmp_path, {"name": 'The "Orrin" Post'})
    assert load(home=tmp_path, environ={})["name"] == 'The "Orrin" Post'
    before = file.read_text()
    with pytest.raises(ConfigError, match="exists already"):
        write_home(tmp_path)
    assert file.read_text() == before


def test_the_home_is_the_variable_or_var(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert home_from({"BROADSHEET_HOME": str(tmp_path)}) == tmp_path
    monkeypatch.chdir(tmp_path)
    assert home_from({}) == tmp_path / "var"


def test_an_address_that_nobody_gave_follows_the_port(tmp_path: Path) -> None:
    assert load(home=tmp_path, environ={"PORT": "8123"})["url"] == "http://127.0.0.1:8123"
    (tmp_path / "broadsheet.toml").write_text('url = "https://post.example"\n')
    assert load(home=tmp_path, environ={"PORT": "8123"})["url"] == "https://post.example"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("HTTPS://Post.Example/", "https://post.example"),
        ("https://post.example:443", "https://post.example"),
        ("http://post.example:80", "http://post.example"),
        ("http://post.example:443", "http://post.example:443"),
        ("https://münchen.example", "https://xn--mnchen-3ya.example"),
        ("https://straße.example.", "https://xn--strae-oqa.example"),
        ("http://[0:0::1]:8000", "http://[::1]:8000"),
    ],
)
def test_the_address_is_kept_as_browsers_send_it(tmp_path: Path, written: str, meant: str) -> None:
    assert load(home=tmp_path, environ={"BROADSHEET_URL": written})["url"] == meant


@pytest.mark.parametrize(
    ("written", "meant"), [("de", "de"), ("pt-BR", "pt-br"), ("zh-hans", "zh-hans"), ("ar", "ar")]
)
def test_a_language_that_amounts_can_be_written_in_is_taken(
    tmp_path: Path, written: str, meant: str
) -> None:
    assert load(home=tmp_path, environ={"BROADSHEET_LANGUAGE": written})["language"] == meant
