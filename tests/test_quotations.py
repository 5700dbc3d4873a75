"""Where a segment quotes somebody."""

from __future__ import annotations

import pytest

from cleaner.folding import fold
from cleaner.quotations import quotations


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("She said: “We need money.” They left.", ["“We need money.”"]),
        ("« Aidez-nous », disait-elle, « ou fermons ».", ["« Aidez-nous »", "« ou fermons »"]),
        ("„Podpořte nás“", ["„Podpořte nás“"]),
        ("「寄付を」と語った", ["「寄付を」"]),
        ("“It goes on in the next paragraph.", ["“It goes on in the next paragraph."]),
        ("A 24\" wheel", []),
        ("‘Steun ons met een gift’ was op", ["‘Steun ons met een gift’"]),
        ("The farmers' market doesn't open at 'ten o'clock' any more", ["'ten o'clock'"]),
        ("’t Is de boeren’ markt", ["’t Is de boeren’"]),
        ("Don't, won't, can't", []),
        ("In the '90s we asked for our readers' support", []),
        ("צה\"ל הודיע", []),
        ("— Мы живём только благодаря нашим читателям.", ["— Мы живём только благодаря нашим читателям."]),
        ("– Että tilaa lehti, niin tiedät mitä sinusta puhutaan.", ["– Että tilaa lehti, niin tiedät mitä sinusta puhutaan."]),
        ("- Subscribe to our newsletter", []),
        ("- Donate now.", []),
        ("--- a line of a table that ends here. ---", []),
        ("« Nous avons supprimé le bouton “faire un don” »", ["« Nous avons supprimé le bouton “faire un don” »"]),
        ('그는 "후원해 주세요"라고 말했다', ['"후원해 주세요"']),
        ("", []),
        ("'", []),
        ('"', ['"']),
    ],
)  # fmt: skip
def test_quotations(text: str, quoted: list[str]) -> None:
    view = fold(text).text
    assert len(view) == len(text)
    assert [text[start:end] for start, end in quotations(view)] == quoted
