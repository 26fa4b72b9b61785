"""The page "House rules": who may use it, that a save is a version, and that nothing is lost."""

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from broadsheet.discussion import api as discussion
from people import Cast

pytestmark = pytest.mark.usefixtures("newsroom")
PAGE = "/desk/house-rules/"


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("owner", 200),
        ("editor", 200),
        ("reporter", 302),
        ("moderator", 302),
        ("reader", 403),
        ("stranger", 302),
    ],
)
def test_who_edits_the_rules(cast: Cast, client: Client, who: str, status: int) -> None:
    if cast[who].user:
        client.force_login(cast[who].user)
    assert client.get(PAGE).status_code == status


def form_of(client: Client) -> dict[str, str]:
    page = BeautifulSoup(client.get(PAGE).content, "html.parser")
    fields = page.select("form[method=POST] [name], form[method=post] [name]")
    found = {}
    for field in fields:
        value = field.text.strip() if field.name == "textarea" else field.get("value", "")
        if field.get("type") == "checkbox":
            value = "on" if field.has_attr("checked") else ""
        found[str(field["name"])] = str(value)
    return found


def test_a_save_is_a_version_and_a_refusal_loses_nothing(cast: Cast, client: Client) -> None:
    client.force_login(cast.editor.user)
    typed = form_of(client)
    assert typed["form-0-title"] == "Personal attacks"
    assert client.post(PAGE, typed).status_code == 303
    assert discussion.current_rules().version == 1, "nothing was changed"

    # The second goes, the first is said otherwise, a new one comes first.
    typed |= {"form-1-title": "", "form-1-sentence": "", "form-0-title": "No insults"}
    typed |= {"form-9-title": "Stay kind", "form-9-ORDER": "0", "form-9-sentence": ""}
    refused = client.post(PAGE, typed)
    assert refused.status_code == 422
    text = refused.content.decode()
    assert "Rule 1 has no sentence" in text
    assert "Stay kind" in text
    assert "No insults" in text

    typed |= {"form-9-sentence": "Be kind.", "form-9-law": "on"}
    assert client.post(PAGE, typed).status_code == 303
    book = discussion.current_rules()
    assert (book.version, [rule.title for rule in book.rules][:3]) == (
        2,
        ["Stay kind", "No insults", "Off topic"],
    )
    assert (book.rules[0].key, book.rules[0].law, book.rules[1].key) == (
        "house_stay_kind",
        True,
        "personal_attack",
    )
    assert book.title("hate") == "Hate"

    late = client.post(PAGE, typed)
    assert late.status_code == 422
    assert "Somebody else changed the rules meanwhile" in late.content.decode()
    assert "Stay kind" in late.content.decode()
    page = client.get("/rules/").content.decode()
    assert "Be kind." in page
