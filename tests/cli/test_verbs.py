"""The other verbs, help, completion and the list of exit codes."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cleaner.cli.main import cli
from cleaner.marks import parse

Command = Callable[..., Result]
TEXT = "The river rose by two metres.\nSign up for our newsletter!\nRead also\nBridge opens again\nMill burns\n"


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "page.txt"
    path.write_text(TEXT, encoding="utf-8")
    return path


def test_every_verb_has_help(command: Command) -> None:
    for verb in cli.list_commands(None):  # type: ignore[arg-type]
        result = command(verb, "--help")
        assert result.exit_code == 0, verb
        assert result.output.startswith(f"Usage: cleaner {verb} "), verb
    assert "Exit codes:" in command("--help").output


def test_version(command: Command) -> None:
    import cleaner

    assert command("--version").output == f"cleaner, version {cleaner.__version__}\n"


@pytest.mark.parametrize(
    ("arguments", "code"),
    [((), 2), (("rnu",), 2), (("run",), 2), (("run", "--nonsense"), 2), (("explain", "absent.txt"), 2)],
)
def test_wrong_use(command: Command, arguments: tuple[str, ...], code: int) -> None:
    result = command(*arguments)
    assert result.exit_code == code
    assert "Traceback" not in result.output


def test_a_broken_guarantee_ends_with_three(command: Command, page: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cleaner.compiled.restore", lambda clean, edits: "other")
    result = command("run", page, "--output", page.parent / "out")
    assert result.exit_code == 3
    assert result.stderr.startswith("cleaner: the document 'page.txt' cannot be restored")


def test_explain(command: Command, page: Path) -> None:
    result = command("explain", page, "--verdicts")
    assert result.exit_code == 0, result.output
    assert "⟦Sign up for our newsletter!⟧[1]" in result.output
    assert "newsletter/en/" in result.output
    assert "All verdicts:" in result.output
    result = command("explain", page, "--pipeline", "careful")
    assert "Flagged, not removed:" in result.output
    assert "⟦" not in result.output
    assert "⟦Sign up" in command("explain", "-", input=TEXT).output


def test_explain_finds_a_record(command: Command, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"id": "1", "text": "One"}\n{"id": "2", "text": "Two"}\n', encoding="utf-8")
    assert command("explain", path, "--id", "2").output.startswith("Two")
    result = command("explain", path, "--id", "3")
    assert (result.exit_code, "with the id '3'" in result.stderr) == (2, True)


def test_evaluate(command: Command, tmp_path: Path) -> None:
    (tmp_path / "en").mkdir()
    marked = "The river rose.\n⟦newsletter|Sign up for our newsletter!⟧\n⟦ad|An advert that nobody knows⟧\n"
    (tmp_path / "en" / "a.txt").write_text(marked, encoding="utf-8")
    result = command("evaluate", tmp_path, "--misses", "5", "--losses", "5", "--rank", "3", "--pipeline", "rules-only")
    assert result.exit_code == 0, result.output
    assert "1 documents; body words lost 0 of 3" in result.output
    assert "An advert that nobody knows" in result.output
    table = json.loads(command("evaluate", tmp_path, "--json", "--pipeline", "rules-only").output)
    assert table["recall"]["newsletter"] == 1.0
    assert table["languages"]["en"]["documents"] == 1
    assert json.loads(command("evaluate", tmp_path, "--json", "--language", "de").output)["documents"] == 0


def test_rules_list_and_show(command: Command) -> None:
    listed = command("rules", "list", "--category", "newsletter", "--language", "en").output.splitlines()
    assert len(listed) > 5
    name = listed[0].split()[0]
    assert name.startswith("newsletter/en/")
    shown = command("rules", "show", name)
    assert shown.exit_code == 0
    assert "hits:" in shown.output
    assert command("rules", "show", name + "x").exit_code == 2
    assert name in command("rules", "show", name + "x").stderr


def test_a_new_rule_is_ready_to_check(command: Command, tmp_path: Path) -> None:
    result = command("rules", "new", "ad/qq/hat-shop", "--directory", tmp_path)
    assert result.exit_code == 0, result.output
    content = (tmp_path / "ad" / "qq.toml").read_text(encoding="utf-8")
    (rule,) = tomllib.loads(content)["rule"]
    assert (rule["id"], rule["status"]) == ("hat-shop", "trial")
    assert parse(rule["hits"][0])[1]
    for name in (
        "ad/qq/hat-shop",
        "advert/qq/x",
        "ad/qq",
        "ad/QQ/x",
        "ad/q q/x",
        "ad/qq/Hat",
        "ad/qq/a b",
        'ad/qq/a"b',
    ):
        assert command("rules", "new", name, "--directory", tmp_path).exit_code == 2
    assert command("rules", "new", "ad/qq/second", "--directory", tmp_path).exit_code == 0
    assert len(tomllib.loads((tmp_path / "ad" / "qq.toml").read_text(encoding="utf-8"))["rule"]) == 2


@pytest.mark.parametrize("language", ["en", "de", "any", "qq"])
def test_a_new_rule_holds_before_it_is_filled_in(language: str, command: Command, tmp_path: Path) -> None:
    assert command("rules", "new", f"ad/{language}/hat-shop", "--directory", tmp_path).exit_code == 0
    result = command("rules", "check", "--rules", tmp_path, "--language", language)
    assert (result.exit_code, "0 errors" in result.output) == (0, True), result.output
    shown = command("rules", "show", f"ad/{language}/hat-shop", "--rules", tmp_path).output
    assert "  max_words = 40\n" in shown


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("check", "--language", "qq"), "there are no rules of the language 'qq'"),
        (("list", "--language", "qq"), "there is no language 'qq'"),
        (("list", "--category", "advert"), "there is no category 'advert' (known: ad,"),
        (("list", "--rules", "folder"), "folder' holds no packs"),
    ],
)
def test_what_there_are_no_rules_of(arguments: tuple[str, ...], message: str, command: Command, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    result = command("rules", *(tmp_path / part if part == "folder" else part for part in arguments))
    assert (result.exit_code, result.stdout) == (2, "")
    assert message in result.stderr


def test_rules_check_tells_what_is_wrong(command: Command, tmp_path: Path) -> None:
    (tmp_path / "ad").mkdir()
    pack = '[[rule]]\nid = "x"\nbecause = "It sells a hat."\nany = ["my own hat"]\nhits = ["⟦Buy it⟧"]\nmisses = ["Hat."]\n'
    (tmp_path / "ad" / "qq.toml").write_text(pack, encoding="utf-8")
    result = command("rules", "check", "--rules", tmp_path, "--language", "qq")
    assert result.exit_code == 2
    assert "error: ad/qq/x: hit wanted '⟦Buy it⟧', got 'Buy it'" in result.output
    assert result.output.endswith("1 rules checked, 1 errors\n")


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("cleaner ex", "plain,explain"),
        ("cleaner rules ch", "plain,check"),
        ("cleaner run --pipeline st", "plain,standard"),
    ],
)
def test_completion(words: str, wanted: str) -> None:
    variables = {
        "_CLEANER_COMPLETE": "bash_complete",
        "COMP_WORDS": words,
        "COMP_CWORD": str(words.count(" ")),
    }
    result = CliRunner(env=variables).invoke(cli, prog_name="cleaner")
    assert wanted in result.output


def test_completion_script() -> None:
    result = CliRunner(env={"_CLEANER_COMPLETE": "zsh_source"}).invoke(cli, prog_name="cleaner")
    assert "_CLEANER_COMPLETE=zsh_complete" in result.output
