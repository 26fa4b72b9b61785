"""Each decision gets a key and a commitment, and the chain is linked anew from its first entry.

What was linked before had in clear who decided and about which comment. What is hashed here is
written out as it was when this migration was made: the code that it comes from may go on.
"""

import hashlib
import hmac
import json
import secrets
from datetime import UTC

from django.db import migrations

_TOGETHER = 1000
_RULES = (
    *("personal_attack", "hate", "off_topic", "advertising", "private_data", "unlawful"),
    *("impersonation", "out_of_context", "other"),
)


def relink(apps, schema_editor):
    """Walk the chain in parts of a thousand, so that its length does not matter to the memory."""
    decisions = apps.get_model("discussion", "Decision")
    heads = apps.get_model("discussion", "ChainHead")
    rows = decisions.objects.using(schema_editor.connection.alias).order_by("sequence")
    columns = (
        *("pk", "sequence", "thread_id", "comment_id", "verb", "rule", "actor_id", "by_role"),
        *("at", "reason__text"),
    )
    update = (
        "UPDATE discussion_decision SET rules = %s, key = %s, commitment = %s, previous = %s,"
        " hash = %s WHERE id = %s"
    )
    previous, sequence = bytes(32), 0
    while part := list(rows.filter(sequence__gt=sequence).values(*columns)[:_TOGETHER]):
        changed = []
        for row in part:
            key = secrets.token_bytes(32)
            commitment = hmac.digest(key, _canonical(_private(row)), hashlib.sha256)
            rules = 1 if row["rule"] in _RULES else None
            entry = _entry(row, rules, commitment)
            hashed = hashlib.sha256(previous + _canonical(entry)).digest()
            changed.append((rules, key, commitment, previous, hashed, row["pk"]))
            previous = hashed
        sequence = part[-1]["sequence"]
        with schema_editor.connection.cursor() as cursor:
            cursor.executemany(update, changed)
    heads.objects.using(schema_editor.connection.alias).filter(room="discussion").update(
        sequence=sequence, hash=previous
    )


def _entry(row, rules, commitment):
    kind, _, pointed = row["rule"].partition(":")
    refers = int(pointed) if kind == "decision" and pointed.isdecimal() else None
    return {
        "at": row["at"].astimezone(UTC).strftime("%Y-%m-%dT%H:%MZ"),
        "by": {"system": "system", "": "author"}.get(row["by_role"], "moderator"),
        "commitment": commitment.hex(),
        "number": row["sequence"],
        "refers": refers,
        "rule": "" if refers else kind,
        "rules": rules,
        "verb": row["verb"],
    }


def _private(row):
    return {
        "actor": row["actor_id"],
        "at": row["at"].astimezone(UTC).isoformat(timespec="microseconds"),
        "comment": row["comment_id"],
        "facts": "",
        "number": row["sequence"],
        "reason": row["reason__text"] or "",
        "role": row["by_role"],
        "rule": row["rule"],
        "thread": row["thread_id"],
        "verb": row["verb"],
    }


def _canonical(payload):
    return json.dumps(payload, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


class Migration(migrations.Migration):
    dependencies = [
        ("discussion", "0012_log"),
    ]

    # Backwards there is nothing to link the old way with: the digests of the reasons are gone. The
    # rows stay, and the selfcheck of the older version says that its chain does not hold.
    operations = [migrations.RunPython(relink, migrations.RunPython.noop)]
