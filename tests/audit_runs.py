"""Runs to audit: real ones of small documents of our own, some of them hostile."""

from __future__ import annotations

import json
from pathlib import Path

from cleaner.cli.main import cli

BODY = "The river rose by two metres in one night, and nobody in the lower town slept.\n"
HOSTILE = (
    "<script>window.hit = 1</script><img src=x onerror='window.hit = 1'>",
    '</script><svg onload="window.hit = 1"><!--',
    "\u202egnp.drow\u202c <b>bold</b> &amp; \u2066left open \u202e",
    "'\"><iframe srcdoc='<script>parent.hit = 1</script>'></iframe> %%data%% ${1}",
)
DOCUMENTS = [
    *(
        {
            "id": f"https://www.site{number % 3}.example/{number}",
            "language": "en",
            "text": f"{BODY * 3}Story {number} ends.\nSign up for our free newsletter!\nFollow us on Facebook and Instagram!\n",
        }
        for number in range(12)
    ),
    {"id": "short", "language": "en", "text": "Rain is near.\nSign up for our free newsletter!\n"},
    {
        "id": "member",
        "language": "en",
        "text": f"{BODY * 3}We rely on our members. Become a member today and support our journalism!\nAccept all cookies\n",
    },
    {"id": "kept", "language": "en", "text": BODY * 4},
    {"id": "guarded", "language": "en", "text": "Sign up for our newsletter now, dear reader, today!\n\n" * 12},
    *(
        {
            "id": f"hostile {text}",
            "url": f"https://{text}.example/",
            "language": "en",
            "text": f"{BODY}{text}\nSign up for our free newsletter! {text}\n{BODY}{text}",
        }
        for text in HOSTILE
    ),
    {"id": "long", "language": "en", "text": f"{BODY}{'word ' * 250_000}\nSign up for our free newsletter!\n{BODY}"},
    {
        "id": "arabic",
        "language": "ar",
        "text": "ارتفع النهر مترين في ليلة واحدة ولم ينم أحد.\nSign up for our free newsletter!\n",
    },
]


def run_of(folder: Path, rows: list[dict[str, object]], *options: str, bad: int = 2) -> Path:
    """Clean ``rows`` and some lines that are no JSON with the real command; return the folder of the run."""
    folder.mkdir(parents=True, exist_ok=True)
    source = folder / "pages.jsonl"
    lines = [json.dumps(row) for row in rows]
    source.write_text(
        "\n".join([*lines[:2], *[f"</script> {number}" for number in range(bad)], "", *lines[2:]]) + "\n",
        encoding="utf-8",
    )
    arguments = [
        "run",
        str(source),
        "--output",
        str(folder / "out"),
        "--pipeline",
        "rules-only",
        "--allow-rejects",
        "--quiet",
    ]
    assert cli.main([*arguments, *options], standalone_mode=False) == 0
    return folder / "out"
