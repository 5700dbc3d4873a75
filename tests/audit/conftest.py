"""One run that all tests of audits share."""

from __future__ import annotations

from pathlib import Path

import pytest
from audit_runs import DOCUMENTS, run_of


@pytest.fixture(scope="session")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return run_of(tmp_path_factory.mktemp("audit"), DOCUMENTS)
