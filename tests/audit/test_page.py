"""The page's frame: what stands in it is data, and only its own script and style may act."""

from __future__ import annotations

import base64
import json
import re
from hashlib import sha256
from pathlib import Path

import pytest
from audit_runs import HOSTILE

from cleaner.audit.page import encoded, render, write
from cleaner.errors import InputError


@pytest.mark.parametrize("text", [*HOSTILE, "</SCRIPT\t>", "<!-- <script>", "]]>", "\u2028"])
def test_no_text_can_leave_its_block(text: str) -> None:
    page = render({"view": "audit", "text": text})
    assert page.count("<script") == 2
    assert page.lower().count("</script") == 2
    block = re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)
    assert block is not None
    assert json.loads(block[1])["text"] == text
    assert not re.search("[<>&]", block[1])


def test_the_policy_names_the_page_s_own_script_and_style_only() -> None:
    page = render({"view": "audit"})
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', page)
    assert policy is not None
    for tag in ("script", "style"):
        content = re.search(rf"<{tag}>(.*?)</{tag}>", page, re.DOTALL)
        assert content is not None
        source = base64.b64encode(sha256(content[1].encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{source}'" in policy[1]
    assert policy[1].startswith("default-src 'none'")
    assert "unsafe" not in policy[1]


def test_the_page_names_no_address() -> None:
    page = render({"view": "audit"})
    assert not re.search(r"(https?:)?//[a-z]|url\(|@import|innerHTML|insertAdjacent|document\.write|eval\(", page)


def test_encoded_is_json() -> None:
    assert json.loads(encoded({"a": "<&>"})) == {"a": "<&>"}


def test_a_page_that_cannot_be_written(read_only: Path) -> None:
    with pytest.raises(InputError, match="cannot be written"):
        write({"view": "audit"}, read_only / "report.html")
