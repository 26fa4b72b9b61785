from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.formats.api import file_address, is_upload, original_address, uploads_path


@pytest.mark.parametrize(
    ("address", "path"),
    [
        ("https://post.example/wp-content/uploads/2024/03/pier.jpg", "2024/03/pier.jpg"),
        ("https://post.example/blog/wp-content/uploads/a%20b.jpg", "a b.jpg"),
        ("https://post.files.example/2024/03/pier.jpg", "2024/03/pier.jpg"),
        ("https://post.example/wp-content/uploads/./x//pier.jpg", "x/pier.jpg"),
        ("https://post.example/wp-content/../../etc/passwd", None),
        ("https://post.example/wp-content/uploads/..%2f..%2fetc/passwd", None),
        ("https://post.example/wp-content/uploads/..\\x.jpg", None),
        ("https://post.example/wp-content/uploads/C:/x.jpg", None),
        ("https://post.example/wp-content/uploads/a%00.jpg", None),
        ("https://post.example/", None),
        ("file:///etc/passwd", None),
        ("/wp-content/uploads/pier.jpg", None),
        ("http://[oops", None),
        ("", None),
    ],
)
def test_where_a_file_lies(address: str, path: str | None) -> None:
    assert uploads_path(address) == (PurePosixPath(path) if path else None)


@given(st.text() | st.text("/.%2eEfF\\:\0a").map("https://x.example/uploads/".__add__))
def test_no_path_leads_out(address: str) -> None:
    found = uploads_path(address)
    assert found is None or (not found.is_absolute() and ".." not in found.parts)


@pytest.mark.parametrize(
    ("address", "original"),
    [
        ("https://Post.example/u/pier-300x200.jpg?w=1", "//post.example/u/pier.jpg"),
        ("http://post.example/u/pier-scaled.jpg", "//post.example/u/pier.jpg"),
        ("http://post.example/u/pier-2x4-1024x768.png", "//post.example/u/pier-2x4.png"),
        ("http://post.example/u/pier.jpg", "//post.example/u/pier.jpg"),
        ("http://[oops", ""),
    ],
)
def test_the_address_of_the_original(address: str, original: str) -> None:
    assert original_address(address) == original


@pytest.mark.parametrize(
    ("address", "same"),
    [
        ("https://www.Post.example/uploads/Gr%C3%B6%C3%9Fe-2x4.pdf?v=1#page=2", True),
        ("http://post.example/uploads/Größe-2x4.pdf", True),
        ("http://post.example/uploads/Größe.pdf", False),
        ("http://post.example.evil/uploads/Größe-2x4.pdf", False),
    ],
)
def test_two_ways_of_writing_the_address_of_a_file(address: str, *, same: bool) -> None:
    assert (file_address(address) == "//post.example/uploads/Größe-2x4.pdf") is same


def test_an_address_can_be_kept_whatever_is_in_it() -> None:
    assert file_address("http://x.example/uploads/a%00.pdf") == "//x.example/uploads/a%00.pdf"


@pytest.mark.parametrize(
    "address", ["", "http://[oops", "https://post.example/", "mailto:a@b", "/uploads/a.pdf"]
)
def test_what_is_no_address_of_a_file(address: str) -> None:
    assert file_address(address) == ""
    assert not is_upload(address)
