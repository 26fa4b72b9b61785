"""Write src/broadsheet/kit/lookalikes.txt from the data of UTS #39.

    python tools/lookalikes.py confusables.txt

The file is https://www.unicode.org/Public/security/latest/confusables.txt. Left out is what
compatibility normalisation maps by itself, and what is not like a letter or a digit.
"""

import sys
import unicodedata
from pathlib import Path

TABLE = Path(__file__).parents[1] / "src" / "broadsheet" / "kit" / "lookalikes.txt"


def main() -> None:
    text = Path(sys.argv[1]).read_text(encoding="utf-8-sig")
    version = next(line for line in text.splitlines() if line.startswith("# Version:"))
    found = {}
    for line in text.splitlines():
        one, separator, rest = line.split("#")[0].partition(";")
        if not separator:
            continue
        source = chr(int(one, 16))
        target = "".join(chr(int(code, 16)) for code in rest.split(";")[0].split())
        by_itself = unicodedata.normalize("NFKC", source) != source
        letters = "".join(c for c in target if unicodedata.category(c)[0] in "LN")
        if letters and not by_itself:
            found[source] = letters
    head = [
        "# Which characters look like which others: made by tools/lookalikes.py from the data of",
        "# Unicode Technical Standard #39, and changed: shortened to letters and digits.",
        f"{version}. Copyright © 1991-2025 Unicode, Inc. (lookalikes-license.txt)",
    ]
    lines = [f"{source}\t{target}" for source, target in sorted(found.items())]
    TABLE.write_text("\n".join(head + lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
