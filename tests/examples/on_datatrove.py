"""datatrove: cleaning as a step of a pipeline; what was removed goes to files by category.

python on_datatrove.py ROWS.parquet OUTPUT
"""

import sys
from pathlib import Path

from datatrove.executor import LocalPipelineExecutor
from datatrove.pipeline.readers import ParquetReader
from datatrove.pipeline.writers import JsonlWriter

from cleaner.engines.datatrove import Cleaner


def main(rows: Path, output: str) -> None:
    steps = [
        ParquetReader(str(rows.parent), glob_pattern=rows.name),
        Cleaner("standard", exclusion_writer=JsonlWriter(f"{output}/removed", "${category}/${rank}.jsonl.gz")),
        JsonlWriter(f"{output}/clean"),
    ]
    LocalPipelineExecutor(steps, tasks=1, logging_dir=f"{output}/logs").run()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
