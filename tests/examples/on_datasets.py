"""Hugging Face datasets: clean a dataset with two processes.

python on_datasets.py ROWS.parquet OUTPUT
"""

import sys

from datasets import Dataset

from cleaner.engines.datasets import clean


def main(rows: str, output: str) -> None:
    dataset = clean(Dataset.from_parquet(rows), "standard", num_proc=2)
    good = dataset.filter(lambda reject: reject is None, input_columns="reject")
    bad = dataset.filter(lambda reject: reject is not None, input_columns="reject")
    good.remove_columns("reject").to_parquet(f"{output}/clean.parquet")
    bad.select_columns(["id", "reject"]).to_parquet(f"{output}/rejects.parquet")


if __name__ == "__main__":
    main(*sys.argv[1:])
