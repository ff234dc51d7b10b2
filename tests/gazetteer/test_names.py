from __future__ import annotations

import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gazetteer.names import (
    TYPE_WORDS,
    alternatives,
    fold_name,
    is_latin,
    looser_forms,
    open_digraphs,
    skeleton_key,
    soft_form,
    sound_key,
    strip_article,
    strip_type_word,
    type_word_matches,
)

CASES = [
    (spelling.strip(), folded.strip())
    for line in (Path(__file__).with_name("cases_fold.txt")).read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
    for folded, spellings in [line.split(" = ")]
    for spelling in spellings.split(" | ")
]


@pytest.mark.parametrize(("spelling", "folded"), CASES)
def test_a_spelling_folds_to_its_name(spelling: str, folded: str) -> None:
    assert fold_name(spelling) == folded


@given(st.text(alphabet=st.characters()))
def test_folding_is_total_and_idempotent(name: str) -> None:
    folded = fold_name(name)
    assert fold_name(folded) == folded
    assert folded == " ".join(folded.split())
    folded.encode()  # no lone surrogate is left


@given(
    st.lists(
        st.sampled_from(["al", "el", "ad", "ash", "az", "zawr", "shaykh", "an", "nabk", "الباب", "İdlib", "'", "-"])
    )
)
def test_folding_words_with_articles_is_idempotent(words: list[str]) -> None:
    folded = fold_name(" ".join(words))
    assert fold_name(folded) == folded


def test_every_character_of_unicode_folds_to_something_stable() -> None:
    unstable = [
        hex(code)
        for code in range(0, sys.maxunicode + 1)
        if fold_name.__wrapped__(folded := fold_name.__wrapped__(chr(code))) != folded
    ]
    assert unstable == []


@pytest.mark.parametrize("name", ["", " ", "\u200f", "\ud800", "'", "...", "\u0301", "\x00"])
def test_a_name_without_letters_folds_to_nothing(name: str) -> None:
    assert fold_name(name) == ""


def test_a_lone_surrogate_and_bidi_controls_do_not_matter() -> None:
    assert fold_name("\u202aAl\ud800 Bab\u202c") == "al bab"


def test_only_a_leading_article_is_stripped() -> None:
    assert strip_article("al bab") == "bab"
    assert strip_article("dayr al zawr") == "dayr al zawr"
    assert strip_article("aleppo") == "aleppo"
    assert strip_article("al") == "al"


@pytest.mark.parametrize(
    "spellings",
    [
        ("Deir Ezzor", "Dayr az-Zawr", "Deir al-Zour", "دير الزور"),
        ("Khan Sheikhoun", "Khan Shaykhun", "Khan Cheikhoun", "خان شيخون", "Хан-Шейхун"),
        ("Hasakeh", "Al-Hasakah", "Haseke", "الحسكة"),
        ("Daraa", "Dar'a", "Deraa", "درعا"),
        ("Tadmur", "Tadmor", "تدمر"),
        ("Kefraya", "Kafriya", "كفريا"),
        ("Maarat al-Numan", "Ma'arrat an-Nu'man", "معرة النعمان"),
        ("Jarablus", "Jarabulus", "جرابلس"),
        ("Manbij", "Membij", "منبج"),
        ("Abu al-Duhur", "Abu az-Zuhur"),
        ("Khirbat Ghazalah", "Khirbet Ghazaleh", "خربة غزالة"),
        ("Abu Kamal", "Albu Kamal", "Al Bu Kamal", "Abou Kamal", "البوكمال", "أبو كمال"),
        ("Abul Fida", "Aboul Fida", "Abu al-Fida"),
        ("Jinderes", "Cinderes", "Jandaris"),
        ("Qahtan", "Gahtan", "Kahtan"),
        ("Zakho", "Zaxo", "زاخو"),
        ("Tahtani", "تحتاني"),
        ("Dahr", "ضهر"),
        ("Beit Sawa", "Bet Sawa", "بيت سوا"),
        ("Bab", "Beb", "باب"),
        ("Aziziyah", "`Aziziyeh", "عزيزية"),
    ],
)
def test_transliterations_of_one_name_share_a_skeleton(spellings: tuple[str, ...]) -> None:
    keys = {skeleton_key(fold_name(open_digraphs(spelling))) for spelling in spellings}
    assert len(keys) == 1
    assert "" not in keys


@pytest.mark.parametrize("name", ["", "Aya", "A", "Ab", "北京", "Ελλάδα", "al"])
def test_a_name_without_consonants_or_in_another_script_has_no_skeleton(name: str) -> None:
    assert skeleton_key(fold_name(name)) == ""
    assert sound_key(fold_name(name)) == ""


def test_a_name_with_one_consonant_meets_its_own_vowels_only() -> None:
    assert skeleton_key("bab") == skeleton_key("beb") != skeleton_key("bib")
    assert skeleton_key("bab") != skeleton_key("babil")


@pytest.mark.parametrize(
    "spellings",
    [
        ("Deraa", "Dar'a", "Daraa"),
        ("Tell Rifaat", "Tall Rif'at", "Tel Rifaat"),
        ("Khirbat Ghazalah", "Khirbet Ghazaleh", "Khirbet Ghazale"),
        ("As-Suwayda", "Soueida", "Sweida", "Suweida"),
        ("Deir al-Zour", "Deir ez-Zor", "Dayr az-Zur"),
    ],
)
def test_spellings_of_one_name_sound_the_same(spellings: tuple[str, ...]) -> None:
    assert len({soft_form(fold_name(spelling)) for spelling in spellings}) == 1


def test_names_that_differ_do_not_sound_the_same() -> None:
    for one, other in (("Salamiyah", "Salma"), ("Jubb", "Qubb"), ("Halab", "Halba"), ("Douma", "Dumayr")):
        assert soft_form(fold_name(one)) != soft_form(fold_name(other))


@pytest.mark.parametrize(
    ("name", "names"),
    [
        ("Tadmur/Palmyra town", ("Tadmur town", "Palmyra town")),
        ("Abu Rasin/Zarkan", ("Abu Rasin", "Zarkan")),
        ("Hacilar / Hajilar village", ("Hacilar village", "Hajilar village")),
        ("al-Rai town (Choban Bey)", ("al-Rai town", "Choban Bey town")),
        ("Tiyas Military Airbase (T4)", ("Tiyas Military Airbase", "T4 military airbase")),
        ("As Suwar town/Sur town", ("As Suwar town", "Sur town")),
        ("Homs (Hims)", ("Homs", "Hims")),
        ("Kobane or Ayn al-Arab", ("Kobane", "Ayn al-Arab")),
        ("Jiman/Chama/Shamanli village", ("Jiman village", "Chama village", "Shamanli village")),
        ("Hadalat Border Crossing (IDP Camp)", ("Hadalat Border Crossing",)),
        ("منبج (ممبج)", ("منبج", "ممبج")),
        ("Orange", ()),
        ("al-Bab", ()),
        ("()", ()),
        ("/", ()),
        ("", ()),
    ],
)
def test_several_names_in_one_are_told_apart(name: str, names: tuple[str, ...]) -> None:
    assert alternatives(name) == names


@given(st.text(max_size=60))
def test_no_alternative_is_empty_or_the_whole(name: str) -> None:
    for each in alternatives(name):
        assert fold_name(each)
        assert each != name


@pytest.mark.parametrize(
    ("folded", "form"),
    [
        ("eastern ghariyah", "ghariyah sharqi"),
        ("ghariyah eastern", "ghariyah sharqi"),
        ("northern darfur", "north darfur"),
        ("north darfur", "northern darfur"),
        ("little zab", "zab saghir"),
        ("west farhaniyah", "farhaniyah"),
        ("haymar kabir", "haymar"),
        ("ghariyah al sharqiyah", "ghariyah"),
        ("rasm 2", "rasm"),
        ("mt lebanon", "mount lebanon"),
        ("ft hood", "fort hood"),
        ("ayn eltineh", "ayn tineh"),
    ],
)
def test_a_name_that_is_not_found_has_looser_forms(folded: str, form: str) -> None:
    assert form in looser_forms(folded)


@given(st.text(max_size=60))
def test_looser_forms_are_folded_and_new(name: str) -> None:
    folded = fold_name(name)
    for form in looser_forms(folded):
        assert form
        assert form != folded
        assert fold_name(form) == form


@pytest.mark.parametrize(
    ("name", "bare", "word"),
    [
        ("Idlib province", "idlib", "province"),
        ("Province of Idlib", "idlib", "province"),
        ("the province of Idlib", "idlib", "province"),
        ("City of al-Bab", "al bab", "city"),
        ("Hmeimim air base", "hmeimim", "air base"),
        ("Zalin checkpoint", "zalin", "checkpoint"),
        ("Conico gas field", "conico", "gas field"),
        ("Qaryat al-Sadun", "al sadun", "qaryat"),
        ("Adra Prison Complex", "adra", "prison complex"),
        ("Yarmouk refugee camp", "yarmouk", "refugee camp"),
        ("Rif Dimashq Governorate", "rif dimashq", "governorate"),
        ("محافظة إدلب", "adlb", fold_name("محافظة")),
        ("Донецкая oblast", "donetskaya", "oblast"),
        ("Province", "province", None),
        ("Kansas City", "kansas", "city"),
        ("city of", "city of", None),
        ("Aleppo", "aleppo", None),
        ("", "", None),
    ],
)
def test_a_type_word_is_no_part_of_the_name(name: str, bare: str, word: str | None) -> None:
    assert strip_type_word(fold_name(name)) == (bare, word)


def test_type_words_are_folded_and_name_codes() -> None:
    for word, codes in TYPE_WORDS.items():
        assert fold_name(word) == word
        assert all(code.isupper() or code[-1].isdigit() for code in codes)


def test_a_type_word_asks_for_its_codes_only() -> None:
    assert type_word_matches("province", "ADM1")
    assert type_word_matches("town", "PPLA")
    assert not type_word_matches("province", "PPLA")
    assert type_word_matches("town", "PPLX")
    assert not type_word_matches("village", "PPLX")
    assert not type_word_matches("no type word", "PPL")


def test_scripts_are_told_apart() -> None:
    assert is_latin("Şanlıurfa")
    assert not is_latin("Ῥόδος")
    assert not is_latin("عمان")
    assert is_latin("Fuʿah 4")
