import pytest

from broadsheet.kit.origin import ForeignOrigin, check_origin

OURS = ["https://post.example"]


@pytest.mark.parametrize(
    ("fetch_site", "origin", "referer", "code"),
    [
        ("same-origin", "", "", None),
        ("cross-site", "https://post.example", "", "other_site"),
        ("same-site", "", "", "other_site"),
        ("none", "", "", "other_site"),
        ("", "https://post.example", "", None),
        ("", "https://evil-post.example", "", "other_origin"),
        ("", "null", "https://post.example/a/", "other_origin"),
        ("", "http://post.example", "", "other_origin"),
        ("", "", "https://post.example/town/ferry/", None),
        ("", "", "https://post.example.evil/", "other_origin"),
        ("", "", "https://evil.example/https://post.example/", "other_origin"),
        ("", "", "", "no_origin"),
    ],
)
def test_only_our_own_pages_may_send_forms(
    fetch_site: str, origin: str, referer: str, code: str | None
) -> None:
    def check() -> None:
        check_origin(fetch_site=fetch_site, origin=origin, referer=referer, allowed=OURS)

    if code is None:
        check()
        return
    with pytest.raises(ForeignOrigin) as caught:
        check()
    assert caught.value.code == code
