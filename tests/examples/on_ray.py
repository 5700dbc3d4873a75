"""Ray Data: clean the rows of Parquet files on every core of a cluster.

python on_ray.py ROWS.parquet OUTPUT
"""

import sys

import ray

from cleaner.engines.ray import clean


def main(rows: str, output: str) -> None:
    dataset = clean(ray.data.read_parquet(rows), "standard").materialize()
    good = dataset.filter(lambda row: row["reject"] is None)
    bad = dataset.filter(lambda row: row["reject"] is not None)
    good.drop_columns(["reject"]).write_parquet(f"{output}/clean")
    bad.select_columns(["id", "reject"]).write_parquet(f"{output}/rejects")


if __name__ == "__main__":
    ray.init(num_cpus=2, include_dashboard=False)
    main(*sys.argv[1:])
