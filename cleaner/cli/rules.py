"""``cleaner rules``: list, show, check and begin rules."""

from __future__ import annotations

from pathlib import Path

import click

from cleaner.errors import ConfigurationError, known_names

RULES_OPTION = click.option(
    "--rules",
    "directories",
    multiple=True,
    type=click.Path(path_type=Path, file_okay=False),
    help="A further folder of packs, DIR/<category>/<language>.toml. May be given several times.",
)


@click.group()
def rules() -> None:
    """List, show, check and write rules. How to write one: rules/README.md."""


@rules.command("list")
@RULES_OPTION
@click.option("--category", help="Only this category.")
@click.option("--language", help="Only this language.")
def list_rules(directories: tuple[Path, ...], category: str | None, language: str | None) -> None:
    """List all rules with their status and reason."""
    from cleaner import rulebook

    found = rulebook.load(directories).rules
    for what, wanted, known in (
        ("category", category, rulebook.CATEGORIES),
        ("language", language, {rule.language for rule in found}),
    ):
        if wanted is not None and wanted not in known:
            raise ConfigurationError(f"there is no {what} {wanted!r}", known_names(wanted, known))
    for rule in found:
        if category in (None, rule.category) and language in (None, rule.language):
            weight = "" if rule.weight >= 1 else f" (weak, {rule.weight:g})"
            click.echo(f"{rule.name}  {rule.status}{weight}  {rule.because}")


@rules.command()
@click.argument("name")
@RULES_OPTION
def show(name: str, directories: tuple[Path, ...]) -> None:
    """Show one rule, for instance newsletter/en/sign-up-call, with its cues and examples."""
    from cleaner import rulebook

    book = rulebook.load(directories)
    found = next((rule for rule in book.rules if rule.name == name), None)
    if found is None:
        raise ConfigurationError(f"there is no rule {name!r}", _close(name, [rule.name for rule in book.rules]))
    click.echo(f"{found.name}  ({found.status}, weight {found.weight:g}, {found.file})\n{found.because}\n")
    rows = {
        "any": [f"{cue.text}" + ("" if weight == 1 else f"  [{weight:g}]") for cue, weight in found.any],
        "none": [cue.text for cue in found.none],
        "where": [f"{key} = {_plain(value)}" for key, value in found.where.items()],
        "hits": list(found.hits),
        "misses": list(found.misses),
        "todo": list(found.todo),
    }
    for index, cues in enumerate(found.all, 1):
        click.echo(f"all, entry {index}:")
        for cue in cues:
            click.echo(f"  {cue.text}")
    click.echo(f"within: {found.within}   drop: {found.drop}   extend: {found.extend}")
    for key, values in rows.items():
        if values:
            click.echo(f"{key}:")
            for value in values:
                click.echo(f"  {value}")


def _plain(value: object) -> str:
    """Return a condition's value as a pack writes it."""
    if isinstance(value, tuple):
        return ", ".join(value)
    return str(value).lower() if isinstance(value, bool) else f"{value:g}"


def _close(name: str, names: list[str]) -> str:
    from difflib import get_close_matches

    close = get_close_matches(name, names, n=3, cutoff=0.5)
    return f"close to it: {', '.join(close)}" if close else "see cleaner rules list"


@rules.command()
@RULES_OPTION
@click.option("--language", "languages", multiple=True, help="Check only rules of this language.")
@click.option("--notes", is_flag=True, help="Also report what is only worth knowing.")
def check(directories: tuple[Path, ...], languages: tuple[str, ...], notes: bool) -> None:
    """Validate all packs and run their examples: hits, misses, and every miss against all rules."""
    from cleaner import rulecheck

    chosen = frozenset(languages)
    findings, count = rulecheck.check(directories, chosen) if chosen else rulecheck.check_by_language(directories)
    errors = [finding for finding in findings if finding.kind == "error"]
    for finding in findings:
        if finding.kind == "error" or notes:
            click.echo(f"{finding.kind}: {finding.rule}: {finding.message}")
    click.echo(f"{count} rules checked, {len(errors)} errors")
    if errors:
        raise SystemExit(2)


_TEMPLATE = """\
[[rule]]
id      = "{id}"
because = "Say in one sentence why this is no part of an article."
status  = "trial"
any     = ["a phrase that only a site uses with its readers"]
{none}
where   = {{ max_words = 40 }}
drop    = "segment"
hits    = ["An article's sentence.\\n⟦Here is a phrase that only a site uses with its readers.⟧"]
misses  = ["The editor called it a phrase of the trade."]
"""


@rules.command()
@click.argument("name")
@click.option("--directory", default="rules", type=click.Path(path_type=Path, file_okay=False), show_default=True)
def new(name: str, directory: Path) -> None:
    """Begin a rule, for instance: cleaner rules new newsletter/en/coffee-break --directory my-rules."""
    from cleaner.rule_reader import is_id
    from cleaner.rulebook import CATEGORIES, LEXICON, default_directory, is_language

    parts = name.split("/")
    if len(parts) != 3 or not all(parts):
        raise ConfigurationError(f"{name!r} is no rule name", "category/language/id")
    category, language, identifier = parts
    if category not in CATEGORIES:
        raise ConfigurationError(f"{category!r} is no category", known_names(category, CATEGORIES))
    if not is_language(language):
        raise ConfigurationError(f"{language!r} is no language code", "two or three letters, or any")
    if not is_id(identifier):
        raise ConfigurationError(f"{identifier!r} is no id of a rule", "lower-case words with hyphens")
    path = directory / category / f"{language}.toml"
    existing = path.read_text(encoding="utf-8") if path.exists() else ""
    if f'"{identifier}"' in existing:
        raise ConfigurationError(f"{path} already has a rule {identifier!r}")
    path.parent.mkdir(parents=True, exist_ok=True)
    groups = any((folder / LEXICON / path.name).is_file() for folder in (default_directory(), directory))
    none = 'none    = ["@reported"]' if groups else "none    = []                 # cues that speak against it"
    rule = _TEMPLATE.format(id=identifier, none=none)
    path.write_text(existing + ("\n" if existing else "") + rule, encoding="utf-8")
    click.echo(f"Wrote {path}. Fill it in, then: cleaner rules check --rules {directory}")
