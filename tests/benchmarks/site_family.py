"""What some labelled documents of a new family of sites do: the judge without the family, and with a few documents of it.

    python tests/benchmarks/site_family.py GOLD.jsonl [MORE.jsonl ...] --sites '[.](org|edu|gov)$' [--added 50] [--draws 3]
    python tests/benchmarks/site_family.py GOLD.jsonl [MORE.jsonl ...] --language de

Takes the family's documents out of training, and a fifth of all others, by site; trains once without the family, and for each
draw with so many documents of it. Both are scored on the family's other documents, of sites that no added document is from,
and on that fifth: words found at the threshold at which rules and judge lose the share ``--body-loss`` of the body there, and
the mean log loss of lines, which no threshold moves.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from held_out import THIN
from numpy.typing import NDArray

from cleaner.labelled import BODY, read
from cleaner.pipeline import Pipeline
from cleaner.stages.weigh import Weigh
from cleaner.train import fold_of
from cleaner.train_lines import Lines, collect, logits_without
from cleaner.train_report import report


def figures(lines: Lines, logits: NDArray[np.float64], chosen: NDArray[np.bool_], budget: float) -> str:
    counted = chosen & np.isfinite(logits)
    probabilities = np.clip(1 / (1 + np.exp(-logits[counted])), 1e-6, 1 - 1e-6)
    scored = lines.where(counted)
    found = report(scored, probabilities, budget, Weigh().overrule)["at_threshold"]
    right = np.where(scored.labels == BODY, 1 - probabilities, probabilities)
    weights = np.minimum(scored.words, 60)
    loss = -float((weights * np.log(right)).sum() / weights.sum())
    return f"all {found['found']:5.1%}  appeals {found['appeals_found']:5.1%}  log loss {loss:.4f}"


def family_of(lines: Lines, sites: str | None, language: str | None) -> NDArray[np.bool_]:
    if language:
        return np.asarray(lines.languages == language)
    pattern = re.compile(sites or "(?!)")
    return np.array([bool(pattern.search(site)) for site in lines.sites.tolist()], dtype=bool)


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", nargs="+", type=Path)
    parser.add_argument("--sites", help="a pattern; the sites in which it is found are the family")
    parser.add_argument("--language", help="the documents of a language are the family")
    parser.add_argument("--added", type=int, default=50)
    parser.add_argument("--draws", type=int, default=3)
    parser.add_argument("--body-loss", type=float, default=0.002)
    options = parser.parse_args(arguments)
    lines = collect(read(options.gold), Pipeline.load("rules-only"), THIN)
    family = family_of(lines, options.sites, options.language)
    documents = np.unique(lines.documents[family])
    if len(documents) <= options.added:
        parser.error(f"the family has {len(documents)} documents; more than {options.added} are needed")
    others = ~family & (np.array([fold_of(site) for site in lines.sites.tolist()]) == 0)
    print(f"a family of {len(documents)} documents; {len(np.unique(lines.documents[others]))} others held out")
    without = logits_without(lines, family | others)
    random = np.random.default_rng(1)
    for draw in range(options.draws):
        added = family & np.isin(lines.documents, random.permutation(documents)[: options.added])
        rest = family & ~np.isin(lines.sites, np.unique(lines.sites[added]))
        trained = logits_without(lines, (family & ~added) | others)
        print(f"draw {draw + 1}: {options.added} documents added, {len(np.unique(lines.documents[rest]))} scored")
        for title, logits in (("without", without), ("with", trained)):
            print(f"  {title:8} family: {figures(lines, logits, rest, options.body_loss)}", flush=True)
            print(f"  {title:8} others: {figures(lines, logits, others, options.body_loss)}", flush=True)


if __name__ == "__main__":
    main()
