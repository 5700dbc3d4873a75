"""What becomes of a standard output that cannot be written to."""

from __future__ import annotations

import os
import sys

from cleaner.errors import OutputError


def output_error(error: OSError) -> OutputError:
    """Return ``error`` as one of standard output, to which nothing more goes from then on.

    What is still buffered for it would fail again at the end of the process.
    """
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return OutputError(f"standard output: {error.strerror or error}")
