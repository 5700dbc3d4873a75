"""The stage weigh: a model's verdicts, thresholds, reasons, and what it overrules."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import orjson
import pytest
from support import draft_of, matcher_of, rule

from cleaner.errors import ConfigurationError
from cleaner.ledger import DROP, FLAG, KEEP, Verdict
from cleaner.line_measures import FEATURES, measure
from cleaner.line_words import BASE
from cleaner.model import trees_table
from cleaner.stages.weigh import Weigh, model_path

TEXT = "The river rose by two metres in one night.\nRead this\nThe mayor told the council that it would fall again.\n"


def model_file(folder: Path, low: float, high: float) -> str:
    """Write a model that says ``high`` (logits) for segments of up to five words and ``low`` for longer ones."""
    column = FEATURES.index("words")
    tree = {"feature": column, "threshold": 5.0, "left": {"value": high}, "right": {"value": low}, "value": 0.0}
    other = {"value": 1.0}
    table = {
        "format": 1,
        "name": "test",
        "features": list(BASE),
        "trees": trees_table([tree]),
        "heads": {"related": trees_table([other]), "ad": trees_table([{"value": 0.0}])},
        "calibration": [[-20.0, 20.0], [0.0, 1.0]],
        "thresholds": {},
        "card": {},
    }
    path = folder / "test.json"
    path.write_bytes(orjson.dumps(table))
    return str(path)


def test_short_segments_go_with_a_category_and_reasons(tmp_path: Path) -> None:
    draft = draft_of(TEXT, matcher_of(ad_en=""))
    (verdict,) = Weigh(model_file(tmp_path, -20, 20)).judge(draft)
    assert TEXT[verdict.start : verdict.end] == "Read this"
    assert (verdict.category, verdict.action, verdict.weight) == ("related", DROP, 1.0)
    assert verdict.rule.startswith("related/any/test-")
    assert verdict.because == "100% likely to be no part of the article: only 2 words."


def test_between_flag_and_threshold_it_only_flags(tmp_path: Path) -> None:
    draft = draft_of(TEXT, matcher_of(ad_en=""))
    model = model_file(tmp_path, -20, 12)
    (verdict,) = Weigh(model, threshold=0.9, flag=0.6).judge(draft)
    assert (verdict.action, verdict.weight) == (FLAG, 0.5)
    assert list(Weigh(model, flag=0.95).judge(draft)) == []
    (verdict,) = Weigh(model, threshold=0.9, thresholds=(("related", 0.7),)).judge(draft)
    assert verdict.action == DROP


def test_a_threshold_below_that_of_flags_holds(tmp_path: Path) -> None:
    draft = draft_of(TEXT, matcher_of(ad_en=""))
    model = model_file(tmp_path, -20, 12)
    for options in ({"threshold": 0.7}, {"thresholds": (("related", 0.7),)}):
        (verdict,) = Weigh(model, flag=0.95, **options).judge(draft)
        assert verdict.action == DROP
    assert list(Weigh(model, flag=0.95, thresholds=(("ad", 0.1),)).judge(draft)) == []


def test_ordinary_rules_are_overruled_strong_ones_not(tmp_path: Path) -> None:
    draft = draft_of(TEXT, matcher_of(ad_en=""))
    for weight, kept in ((1.0, 1), (2.0, 0)):
        draft.verdicts = (Verdict(0, TEXT.index("\n"), "ad", "rules", "ad/en/x", "Because.", weight),)
        verdicts = [verdict for verdict in Weigh(model_file(tmp_path, -20, -20)).judge(draft) if verdict.action == KEEP]
        assert len(verdicts) == kept


def test_a_rules_sign_names_the_category(tmp_path: Path) -> None:
    draft = draft_of(TEXT, matcher_of(app_en=rule('any = ["read this"]', weight="0.5")))
    from cleaner.stages.rules import Rules

    draft.verdicts = tuple(Rules().judge(draft))
    (verdict,) = Weigh(model_file(tmp_path, -20, 20)).judge(draft)
    assert verdict.category == "app"


def test_one_segment_has_no_neighbours(tmp_path: Path) -> None:
    draft = draft_of("Read this", matcher_of(ad_en=""))
    assert list(Weigh(model_file(tmp_path, 20, 20)).judge(draft)) == []


def test_models_are_found_by_name_or_path(tmp_path: Path) -> None:
    assert model_path("weigh").name == "weigh.json"
    assert model_path("weigh").parent.name == "models"
    draft = draft_of(TEXT, matcher_of(ad_en=""))
    with pytest.raises(ConfigurationError, match="cannot be read"):
        list(Weigh(str(tmp_path / "absent.json")).judge(draft))


@pytest.mark.parametrize("text", [TEXT, "a\nb", "日本語の文。\n二つ目。\n", "😀\n\u0301\n" * 3])
def test_measures_have_a_row_for_each_segment_and_no_holes(text: str) -> None:
    draft = draft_of(text, matcher_of(ad_en=""))
    matrix = measure(draft)
    assert matrix.shape == (len(draft), len(FEATURES))
    assert np.isfinite(matrix).all()


def test_a_long_thai_line_counts_as_a_sentence_though_none_ends_with_a_sign() -> None:
    sentence = "สะพานข้ามแม่น้ำจะเปิดอีกครั้งในเดือนหน้าหลังจากช่างซ่อมเสาเข็มที่น้ำเซาะจนทรุดเมื่อปลายฤดูฝนปีที่แล้วเสร็จ"
    rows = measure(
        draft_of(
            f"{sentence}\nข่าวล่าสุด\nNo sign ends this line, which is long enough to be one of many words in a row\n",
            matcher_of(ad_en=""),
        )
    )
    assert rows[:, FEATURES.index("ends_stop")].tolist() == [1, 0, 0]
    assert rows[:, FEATURES.index("until_long")].tolist()[0] == 0
