"""The check of rules: examples that fail are told with what was wanted and what came."""

from __future__ import annotations

from pathlib import Path

import pytest
from support import rule

from cleaner.language import Signs
from cleaner.match import Matcher
from cleaner.rulebook import parse
from cleaner.rulecheck import Finding, _check_rule


def findings(pack: str) -> list[Finding]:
    """Check the first rule of a pack, beside a rule of its own that takes ``buy now``."""
    other = rule('any = ["buy now"]', id='"other"')
    contents = [("ad/zz.toml", (pack + other).encode())]
    matcher = Matcher({"zz": contents}, "", Signs({"zz": ["the"]}, {}))
    return list(_check_rule(parse(contents, "").rules[0], matcher))


def test_a_good_rule() -> None:
    assert findings(rule('any = ["sign up"]', hits='["Rates rose.\\n⟦Sign up!⟧"]', misses='["Rates rose."]')) == []


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ({"hits": '["⟦Nothing of the kind⟧"]'}, "hit wanted '⟦Nothing of the kind⟧', got 'Nothing of the kind'"),
        ({"hits": '["Sign up. ⟦It rained.⟧"]'}, "got '⟦Sign up. It rained.⟧'"),
        ({"hits": '["Sign up"]'}, "marks nothing"),
        ({"hits": '["⟦Sign up"]'}, "opens and never closes"),
        ({"misses": '["They sign up."]'}, "miss 'They sign up.': ad/zz/example takes 'They sign up.'"),
        ({"misses": '["⟦No⟧"]'}, "has a mark"),
        ({"misses": '["⟦No"]'}, "opens and never closes"),
        ({"misses": '["Please buy now."]'}, "ad/zz/other takes 'Please buy now.'"),
    ],
)
def test_wrong_examples(keys: dict[str, str], message: str) -> None:
    found = findings(rule('any = ["sign up"]', **{"hits": '["⟦Sign up⟧"]', "misses": '["No."]', **keys}))
    assert [finding.kind for finding in found] == ["error"]
    assert message in found[0].message


def test_a_todo_that_works_is_a_note() -> None:
    base = {"hits": '["⟦Sign up⟧"]', "misses": '["No."]'}
    assert [finding.kind for finding in findings(rule('any = ["sign up"]', todo='["⟦Do sign up⟧"]', **base))] == [
        "note"
    ]
    assert findings(rule('any = ["sign up"]', todo='["⟦Please join⟧"]', **base)) == []


def test_wrong_packs_of_a_folder(tmp_path: Path) -> None:
    from cleaner.rulecheck import check

    (tmp_path / "ad").mkdir()
    (tmp_path / "ad" / "qq.toml").write_text(rule("any = [{ pattern = 'a.*b' }]"), encoding="utf-8")
    found, count = check([tmp_path], frozenset({"qq"}))
    assert count == 0
    assert "has .*" in found[0].message
