"""An S3 server of our own on a loopback port, for tests of inputs by URL."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

BUCKET = "corpus"


@dataclass
class Store:
    """A running server. ``process`` is it, ``address`` where it answers."""

    process: subprocess.Popen[str]
    address: str

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()
        assert self.process.stderr is not None
        self.process.stderr.close()

    def put(self, folder: Path, prefix: str) -> str:
        """Store the files of ``folder`` and return the URL of where they are."""
        import s3fs

        # A client of its own, apart from the one that the program uses, which remembers what it listed.
        files = s3fs.S3FileSystem(skip_instance_cache=True)
        if not files.exists(BUCKET):
            files.mkdir(BUCKET)
        for path in sorted(item for item in folder.rglob("*") if item.is_file()):
            files.pipe_file(f"{BUCKET}/{prefix}/{path.relative_to(folder).as_posix()}", path.read_bytes())
        return f"s3://{BUCKET}/{prefix}"

    @property
    def environment(self) -> dict[str, str]:
        """What a client needs to know: the address, any keys, and that no proxy lies between."""
        return {
            "AWS_ENDPOINT_URL": self.address,
            "AWS_ACCESS_KEY_ID": "key",
            "AWS_SECRET_ACCESS_KEY": "secret",
            "AWS_DEFAULT_REGION": "us-east-1",
            "NO_PROXY": "127.0.0.1",
            "no_proxy": "127.0.0.1",
        }


def start_store(port: int = 0) -> Store:
    """Start a server; without a port it takes a free one."""
    words = [sys.executable, "-m", "moto.server", "--host", "127.0.0.1", "--port", str(port)]
    process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    said = ""
    for line in process.stderr:
        said += line
        found = re.search(r"Running on (http://127\.0\.0\.1:\d+)", line)
        if found:
            return Store(process, found[1])
    raise RuntimeError(f"the server did not start: {said}")
