"""What tests of pages share: how the browser starts, the sizes of screens, and the check for accessibility."""

from __future__ import annotations

from typing import Any

import pytest

# The browser speaks to nobody: none of its own services may start.
FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()
DESKTOP = {"width": 1360, "height": 860}
PHONE = {"width": 390, "height": 844}


def serious_findings(page: Any) -> list[str]:
    """Return what axe-core finds serious or critical on ``page``."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed")
    violations = axe.Axe().run(page).response["violations"]
    return [
        f"{finding['id']}: {finding['help']}: {[node['html'][:120] for node in finding['nodes'][:3]]}"
        for finding in violations
        if finding["impact"] in ("serious", "critical")
    ]
