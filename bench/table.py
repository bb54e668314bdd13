"""The table of docs/benchmarks.md from what was measured on each database; fails where a page costs too much.

python -m bench.table [--save] RESULT…
"""

import json
import sys
from pathlib import Path

AT_MOST = 2  # times what the same rows cost by known ids
DOCUMENT = Path(__file__).parent.parent / "docs" / "benchmarks.md"
BEGIN, END = "<!-- measured -->\n", "<!-- end -->\n"


def main(arguments):
    save = "--save" in arguments
    results = [json.loads(Path(path).read_text()) for path in arguments if path != "--save"]
    table = as_table(results)
    sys.stdout.write("\n" + table)
    if save:
        before, rest = DOCUMENT.read_text().split(BEGIN)
        DOCUMENT.write_text(before + BEGIN + table + END + rest.split(END)[1])
    sys.exit(0 if all(is_fine(row) for result in results for row in result["rows"]) else 1)


def as_table(results):
    """Markdown: a row for each reader and database."""
    counted = results[0]["counted"]
    lines = [
        ", ".join(f"{number:,} {what}" for what, number in counted.items()) + ".",
        "",
        "| reader | database | rows | by `visible_to` : by known ids | sequential scan of agreements |",
        "|---|---|---|---|---|",
    ]
    for result in results:
        for row in result["rows"]:
            scan = ("yes" if row["sequential"] else "none") if row["plans"] else "–"
            lines.append(
                f"| {row['reader']} | {result['database']} | {row['rows']} | {row['ratio']:.2f} : 1 | {scan} |"
            )
    return "\n".join(lines) + "\n"


def is_fine(row):
    return row["ratio"] <= AT_MOST and not row["sequential"]


if __name__ == "__main__":
    main(sys.argv[1:])
