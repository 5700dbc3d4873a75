"""Languages: detected for the ledger, plausible for the choice of rules."""

from __future__ import annotations

import pytest

from cleaner.language import Signs, detect, normalise, stated
from cleaner.match import load

TEXTS = {
    "en": "The council of the town met on Monday and decided that the bridge would be closed for the winter.",
    "de": "Der Rat der Stadt hat am Montag beschlossen, dass die Brücke für den Winter geschlossen wird und bleibt.",
    "fr": "Le conseil de la ville a décidé lundi que le pont serait fermé pour tout l'hiver, et les bus avec lui.",
    "ru": "Городской совет решил в понедельник, что мост будет закрыт на всю зиму и что автобусы пойдут в объезд.",
    "el": "Το δημοτικό συμβούλιο αποφάσισε τη Δευτέρα ότι η γέφυρα θα μείνει κλειστή όλο τον χειμώνα.",
    "ja": "市議会は月曜日に、橋を冬の間ずっと閉鎖することを決めました。バスは迂回します。",
    "zh": "市议会星期一决定，这座桥整个冬天都将关闭，公共汽车将绕道行驶，居民对此表示不满。",
    "ko": "시의회는 월요일에 다리를 겨울 동안 폐쇄하기로 결정했으며 버스는 우회할 것입니다.",
    "ar": "قرر مجلس المدينة يوم الاثنين أن الجسر سيبقى مغلقا طوال فصل الشتاء وأن الحافلات ستسلك طريقا آخر.",
    "he": "מועצת העיר החליטה ביום שני שהגשר יהיה סגור במשך כל החורף ושהאוטובוסים יעברו בדרך אחרת.",
}


@pytest.mark.parametrize("code", TEXTS)
def test_detection_is_stable(code: str) -> None:
    assert {detect(TEXTS[code]) for _ in range(3)} == {code}


def test_too_little_to_tell() -> None:
    assert detect("") is None
    assert detect("12345 67890 !!! 12345 67890 12345") is None
    assert detect("short text") is None


@pytest.mark.parametrize("code", TEXTS)
def test_the_language_of_a_text_is_plausible(code: str) -> None:
    from cleaner.folding import fold

    assert code in load().signs.plausible(fold(TEXTS[code]).text)


def test_everything_is_plausible_for_a_short_text() -> None:
    signs = Signs({"en": ["the", "of"], "de": ["der"]}, {"el": [("α", "ω")]})
    assert signs.plausible("hello") == signs.known == {"en", "de", "el"}
    assert signs.plausible("the house of the man of the sea") == {"en"}
    assert signs.plausible("καλημερα σας") == {"el"}


@pytest.mark.parametrize(
    ("code", "primary"),
    [
        ("en", "en"), ("en-GB", "en"), ("EN_us", "en"), (" De ", "de"), ("zh-Hans-CN", "zh"), ("nb", "no"), ("nn-NO", "no"),
        ("iw", "he"), ("in", "id"), ("", None), ("x", None), ("english", None), ("12", None), (None, None), (3, None),
        ("und", None), ("mul,eng", None), ("zxx", None), ("zh-Hant", "zh"), ("pt-BR", "pt"), ("sr-Latn", "sr"),
    ],
)  # fmt: skip
def test_normalise(code: object, primary: str | None) -> None:
    assert normalise(code) == primary


def test_languages_that_are_taken_for_each_other() -> None:
    assert stated("no") == {"no", "da"}
    assert stated("sk") == {"sk", "cs"}
    assert stated("en") == {"en"}
