"""Spark: clean the rows of Parquet files on every executor.

python on_spark.py ROWS.parquet OUTPUT
"""

import sys

from pyspark.sql import SparkSession

from cleaner.engines.spark import clean


def main(session: SparkSession, rows: str, output: str) -> None:
    frame = clean(session.read.parquet(rows), "standard").cache()
    frame.where("reject is null").drop("reject").write.parquet(f"{output}/clean")
    frame.where("reject is not null").select("id", "reject").write.parquet(f"{output}/rejects")


if __name__ == "__main__":
    main(SparkSession.builder.master("local[2]").appName("cleaner").getOrCreate(), *sys.argv[1:])
