"""Runs to export, made by the real command, and readers of what an export wrote."""

from __future__ import annotations

import gzip
import io
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import orjson
import zstandard
from support import SEEDS

from cleaner.cli.main import cli
from cleaner.exports.entries import Entry, entries
from cleaner.formats.folders import Finished

LETTER = "Sign up for our free newsletter!"
ASK = "Please donate today to support our independent journalism."
TEXTS = {
    "beyond the basic plane": f"😀 The river 𝒓𝒐𝒔𝒆 by two metres 👩‍👩‍👧.\n{LETTER} 😀\nThe 🏞️ bridge opens on Monday.\n{ASK}",
    "longer in lower case": f"İİİ The river rose in İstanbul.\n\n{LETTER}\n\nThe bridge opens, ﬁnally: ŉ ẞ ΐ.\n{ASK}\n",
    "combining signs": f"The cafe\u0301 opens.\n{LETTER}\n\u0301A line that begins with a sign.\n{LETTER}\u0301\nZ\u0351\u036b\u0343algo.",
    "line ends of all kinds": f"\r\n  The river rose.\r\n\r\n{LETTER}\r\n{ASK}\r\n\r\nThe bridge opens.\u2028{LETTER}\u2028End.\t\r\n",
    "from right to left": f"ارتفع النهر مترين في ليلة واحدة ولم ينم أحد.\n{LETTER}\nגשר חדש ייפתח ביום שני.\n",
    "nothing else": f"\n\n{LETTER}\n{ASK}\n",
    "only an appeal": LETTER,
    "twice the same": f"The river rose.\n{LETTER}\nThe river rose.\n{LETTER}\nThe river rose.\n",
    "white space": " \n\t ",
    "no appeal": "The river rose by two metres in one night.",
    "empty": "",
    "controls": f'A\u0000B\u0007 rose.\n{LETTER}\nThe {{}} bridge opens \\u0041 "now".\n{ASK}',
}
"""Texts that go wrong where offsets are bytes, UTF-16 or places in a folded text."""


def rows(language: str = "en") -> list[dict[str, Any]]:
    """Return these texts and some seeds as rows of JSON."""
    seeds = sorted((SEEDS / "documents" / language).glob("*.txt"))[:8]
    known = {path.stem: path.read_text(encoding="utf-8") for path in seeds}
    return [{"id": name, "text": text, "source": "tests"} for name, text in (TEXTS | known).items()]


def lines(*found: Any) -> bytes:
    """Return rows, and bytes as they are, as lines."""
    return b"".join((item if isinstance(item, bytes) else orjson.dumps(item)) + b"\n" for item in found)


def clean(inputs: Path | Iterable[Path], output: Path, *options: str) -> Path:
    """Clean files with the real command; return the folder of the run."""
    paths = [inputs] if isinstance(inputs, Path) else list(inputs)
    arguments = ["run", *map(str, paths), "--output", str(output), "--quiet", "--allow-rejects", *options]
    assert cli.main(arguments, standalone_mode=False) == 0
    return output


def cleaned(run: Path) -> dict[str, list[Entry]]:
    """Return the documents of a run, by input."""
    finished = Finished.open(run)
    return {
        str(item["name"]): [entry for entry in entries(finished, item) if isinstance(entry, Entry)]
        for item in finished.inputs
    }


def read(path: Path) -> list[dict[str, Any]]:
    """Return the rows of a file, decompressed by its suffix."""
    content = path.read_bytes()
    if path.suffix == ".gz":
        content = gzip.decompress(content)
    elif path.suffix == ".zst":
        content = zstandard.ZstdDecompressor().stream_reader(io.BytesIO(content)).read()
    return [orjson.loads(line) for line in content.splitlines()]


def files(folder: Path) -> Iterator[str]:
    """Yield the names of the files below ``folder``, sorted."""
    yield from sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
