"""What import-linter cannot see: rooms that know each other through strings and the schema."""

from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db.migrations.loader import MigrationLoader
from django.template import engines
from django.template.backends.django import get_installed_libraries

from house.layers import (
    DOTTED,
    PACKAGE,
    TEMPLATE,
    Edge,
    layers,
    room_of,
    rooms,
    sources,
    strings,
    template_references,
    wrong,
)


def room_by_label() -> dict[str, str]:
    found = {config.label: room_of(config.name) for config in apps.get_app_configs()}
    return {label: room for label, room in found.items() if room}


def owner_of_template(name: str) -> str | None:
    """Return the room whose folder holds the template; site's are overridden by nobody here."""
    holders = [room for room in rooms() if (PACKAGE / room / "templates" / name).exists()]
    assert len(holders) <= 1, f"two rooms hold a template {name}: {holders}"
    return holders[0] if holders else None


def templates() -> list[tuple[str, Path]]:
    return [
        (room, path)
        for room in rooms()
        for path in sorted((PACKAGE / room / "templates").rglob("*.*"))
        if path.suffix in {".html", ".txt", ".xml"}
    ]


def test_every_room_is_in_a_layer() -> None:
    declared = {room for layer in layers() for room in layer}
    folders = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    assert folders <= declared


def test_planted_references_are_seen() -> None:
    top, bottom = rooms()[0], rooms()[-1]
    assert wrong([Edge(top, bottom, "down")]) == []
    assert wrong([Edge(bottom, top, "up")]) == [f"{bottom} → {top}: up"]
    siblings = next(layer for layer in layers() if len(layer) > 1)
    one, other, *_ = sorted(siblings)
    assert wrong([Edge(one, other, "sideways")]) == [f"{one} → {other}: sideways"]


def test_foreign_keys_point_down() -> None:
    by_label = room_by_label()
    edges = [
        Edge(by_label[model._meta.app_label], target, f"{model.__name__}.{field.name}")
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_label in by_label
        for field in model._meta.get_fields()
        if field.is_relation and not field.auto_created and field.related_model
        if (target := by_label.get(field.related_model._meta.app_label))
    ]
    assert edges, "the walk found no relation at all"
    assert wrong(edges) == []


def test_rooms_without_accounts_hold_no_key_to_one() -> None:
    """Erasing an account must not reach into threads and books: they hold opaque ids."""
    label = settings.AUTH_USER_MODEL.partition(".")[0]
    holders = [
        f"{model.__name__}.{field.name}"
        for model in apps.get_models()
        if room_of(model.__module__) in {"discussion", "funding", "outbox"}
        for field in model._meta.get_fields()
        if field.is_relation and field.related_model
        if field.related_model._meta.app_label in {label, "auth", "contenttypes"}
    ]
    assert holders == []


def test_migrations_depend_downwards() -> None:
    by_label = room_by_label()
    loader = MigrationLoader(None)
    edges = [
        Edge(by_label[label], by_label[dependency[0]], f"migration {name}")
        for (label, name), migration in loader.disk_migrations.items()
        if label in by_label
        for dependency in [*migration.dependencies, *migration.run_before]
        if dependency[0] in by_label
    ]
    assert wrong(edges) == []


def test_templates_name_what_exists_below() -> None:
    libraries = get_installed_libraries()
    engine = engines["django"]
    edges = []
    for room, path in templates():
        where = str(path.relative_to(PACKAGE))
        named, loaded = template_references(path)
        for name in named:
            engine.get_template(name)
            owner = owner_of_template(name)
            if owner:
                edges.append(Edge(room, owner, f"{where} names {name}"))
        for library in loaded:
            assert library in libraries, f"{where} loads {library}, which does not exist"
            owner = room_of(libraries[library])
            if owner:
                edges.append(Edge(room, owner, f"{where} loads {library}"))
    assert wrong(edges) == []


def test_strings_in_code_point_down() -> None:
    """Dotted names, models by label and templates by name, wherever they stand in a module."""
    by_label = room_by_label()
    models = {model._meta.label: model._meta.app_label for model in apps.get_models()}
    edges = []
    for room in rooms():
        for path, tree in sources(room):
            for text, line in strings(tree):
                target = None
                if DOTTED.fullmatch(text):
                    target = room_of(text)
                elif TEMPLATE.fullmatch(text):
                    target = owner_of_template(text)
                elif text in models:
                    target = by_label.get(models[text])
                if target:
                    edges.append(Edge(room, target, f"{path.relative_to(PACKAGE)}:{line} {text!r}"))
    assert edges, "the walk found no string that names a room"
    assert wrong(edges) == []
