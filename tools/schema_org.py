"""What schema.org says of the types and properties that our structured data uses.

    tools/schema_org.py schemaorg-current-https.jsonld

reads a release of https://github.com/schemaorg/schemaorg (data/releases/) and writes
tests/stories/schema_org.json, against which a test holds every page. Only names and their
relations are kept, and only those of the types named here.
"""

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

TABLE: Final = Path(__file__).resolve().parent.parent / "tests" / "stories" / "schema_org.json"
TYPES: Final = (
    *("NewsArticle", "OpinionNewsArticle", "AnalysisNewsArticle", "BackgroundNewsArticle"),
    *("ReviewNewsArticle", "NewsMediaOrganization", "Person", "ImageObject", "CorrectionComment"),
    *("Comment", "DiscussionForumPosting", "InteractionCounter", "CommentAction", "WebSite"),
    *("WebPage", "CollectionPage", "ProfilePage", "BreadcrumbList", "ListItem", "ItemList"),
    *("CreativeWorkSeries", "SearchAction", "EntryPoint", "PropertyValueSpecification"),
    *("Quotation", "DataDownload"),
)


def main() -> int:
    graph = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))["@graph"]
    above = {_name(node): _names(node.get("rdfs:subClassOf")) for node in graph if _is_class(node)}
    wanted = {kind for name in TYPES for kind in _with_all_above(name, above)}
    properties = {
        _name(node): {
            "of": sorted(set(_names(node.get("schema:domainIncludes"))) & wanted),
            "is": sorted(_names(node.get("schema:rangeIncludes"))),
        }
        for node in graph
        if node.get("@type") == "rdf:Property"
        and "schema:supersededBy" not in node
        and set(_names(node.get("schema:domainIncludes"))) & wanted
    }
    ranges = {kind for fact in properties.values() for kind in fact["is"]}
    kinds = wanted | {kind for name in ranges for kind in _with_all_above(name, above)}
    table = {
        "source": "https://github.com/schemaorg/schemaorg, terms and their relations",
        "types": {name: sorted(above.get(name, ())) for name in sorted(kinds)},
        "properties": dict(sorted(properties.items())),
    }
    lines = json.dumps(table, indent=None, separators=(",", ":"), ensure_ascii=False)
    TABLE.write_text(lines.replace('},"', '},\n"').replace('],"', '],\n"') + "\n")
    print(f"{len(kinds)} types, {len(properties)} properties: {TABLE}")
    return 0


def _with_all_above(name: str, above: dict[str, list[str]]) -> Iterable[str]:
    yield name
    for kind in above.get(name, ()):
        yield from _with_all_above(kind, above)


def _is_class(node: dict[str, Any]) -> bool:
    kinds = node.get("@type")
    return "rdfs:Class" in (kinds if isinstance(kinds, list) else [kinds])


def _names(value: Any) -> list[str]:
    nodes = value if isinstance(value, list) else [value] if value else []
    return [_name(node) for node in nodes if _name(node)]


def _name(node: dict[str, Any]) -> str:
    prefix, _, name = str(node.get("@id", "")).partition(":")
    return name if prefix == "schema" else ""


if __name__ == "__main__":
    sys.exit(main())
