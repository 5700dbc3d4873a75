"""Data to one self-contained page: no network, nothing but its own script and style runs.

Text from documents stands only in a block of JSON that no browser executes, and is shown through ``textContent`` only.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import Any

import orjson

from cleaner.formats.output import Output

_SCRIPTS = ("build.js", "marks.js", "tables.js", "samples.js", "audit.js", "compare.js", "single.js", "start.js")
_POLICY = (
    "default-src 'none'; script-src '{script}'; style-src '{style}'; base-uri 'none'; form-action 'none'; img-src data:"
)


def encoded(data: object) -> str:
    """Return ``data`` as JSON that can stand in a script element: no sign in it opens or closes a tag or a comment."""
    return orjson.dumps(data).decode("utf-8").replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def render(data: Mapping[str, Any]) -> str:
    """Return the page that shows ``data``, whose ``view`` is ``audit``, ``diff`` or ``explain``."""
    folder = files("cleaner.audit") / "static"
    style = (folder / "page.css").read_text(encoding="utf-8")
    script = "".join((folder / name).read_text(encoding="utf-8") for name in _SCRIPTS)
    script = f'"use strict";\n(() => {{\n{script}}})();\n'
    shell = (folder / "shell.html").read_text(encoding="utf-8")
    parts = {
        "policy": _POLICY.format(script=_source(script), style=_source(style)),
        "style": style,
        "script": script,
        "data": encoded(data),
    }
    # Split, not replaced one after the other: what is put in is never looked at again.
    pieces = shell.split("%%")
    return "".join(parts[piece] if index % 2 else piece for index, piece in enumerate(pieces))


def write(data: Mapping[str, Any], path: Path) -> Path:
    """Write the page of ``data`` to ``path``, whole or not at all, and return it.

    Raises:
        InputError: it cannot be written.
    """
    output = Output(path)
    output.write(render(data).encode("utf-8"))
    output.finish()
    return path


def _source(content: str) -> str:
    return f"sha256-{base64.b64encode(sha256(content.encode('utf-8')).digest()).decode('ascii')}"
