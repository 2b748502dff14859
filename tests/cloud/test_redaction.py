"""Secrets out, placeholders in, and back again exactly."""

from __future__ import annotations

import ast
import json
import random

import pytest

from scopewise.cloud.redaction import Redaction, redact
from scopewise.cloud.secrets import find_secrets

from .secret_corpus import ALNUM, chars, private_key, secret_files

PASSWORD = "-".join(["Amber7", "Badger", "19"])
OTHER = "_".join(["Cedar8", "Dragon", "77"])


def _key() -> str:
    return "ghp_" + chars(ALNUM, 36)(random.Random(4))


def test_a_secret_becomes_a_word_that_says_what_it_was() -> None:
    redaction = redact([f'TOKEN = "{_key()}"\n'])
    assert redaction.texts == ('TOKEN = "SCOPEWISE_SECRET_1_github_token"\n',)
    (item,) = redaction.items
    assert (item.kind, item.n_uses, item.uses[0].line) == ("github_token", 1, 1)


def test_the_same_secret_has_the_same_placeholder_in_all_texts() -> None:
    texts = [f'password = "{PASSWORD}"', f'connect(\n  password="{PASSWORD}")', f"# was {PASSWORD}"]
    redaction = redact(texts)
    (item,) = redaction.items
    assert [text.count(item.placeholder) for text in redaction.texts] == [1, 1, 1]
    assert [(use.text, use.line) for use in item.uses] == [(0, 1), (1, 2), (2, 1)]
    for use in item.uses:
        assert texts[use.text][use.start : use.end] == PASSWORD


def test_placeholders_are_kept_through_a_session() -> None:
    first = redact([f'password = "{PASSWORD}"'])
    second = redact([f'pwd = "{OTHER}"; old = "{PASSWORD}"'], first)
    assert second.items[0].placeholder == first.items[0].placeholder
    assert second.items[1].placeholder == "SCOPEWISE_SECRET_2_password"
    third = redact(["nothing = 1"], second)
    assert third.restore(first.texts[0]).text == f'password = "{PASSWORD}"'


def test_a_text_that_speaks_of_placeholders_keeps_its_own() -> None:
    text = f'assert s == "SCOPEWISE_SECRET_1_password"\npassword = "{PASSWORD}"\n'
    redaction = redact([text])
    assert redaction.texts[0].splitlines()[0] == text.splitlines()[0]
    assert redaction.restore(redaction.texts[0]).text == text
    assert not redaction.restore(redaction.texts[0]).unknown


def test_a_known_redaction_gives_way_to_a_text_that_speaks_of_its_placeholders() -> None:
    known = redact([f'password = "{PASSWORD}"'])
    text = f'"SCOPEWISE_SECRET_1_password"\npassword = "{PASSWORD}"\n'
    redaction = redact([text], known)
    assert redaction.restore(redaction.texts[0]).text == text


@pytest.mark.parametrize("seed", [1, 7])
def test_every_text_of_the_corpus_comes_back_exactly(seed: int) -> None:
    files = secret_files(seed)
    redaction = redact([file.text for file in files], paths=[file.path for file in files])
    for file, sent in zip(files, redaction.texts, strict=True):
        restored = redaction.restore(sent)
        assert restored.text == file.text
        assert not restored.unknown
        assert not restored.findings


def test_no_planted_secret_is_left_in_what_is_sent() -> None:
    for file in secret_files(5):
        (sent,) = redact([file.text], paths=[file.path]).texts
        for mark in file.marks:
            assert file.text[mark.start : mark.end] not in sent


def test_nothing_is_found_in_what_was_redacted() -> None:
    for file in secret_files(3):
        (sent,) = redact([file.text], paths=[file.path]).texts
        assert find_secrets(sent, file.path) == (), sent


def test_python_and_json_still_parse() -> None:
    n_parsed = 0
    for file in secret_files(2, n_rounds=12):
        (sent,) = redact([file.text], paths=[file.path]).texts
        if file.path.endswith(".py") and _parses(file.text):
            ast.parse(sent)
            n_parsed += 1
        elif file.path.endswith(".json") and file.text.startswith("{"):
            json.loads(sent)
            n_parsed += 1
    assert n_parsed > 50


def _parses(text: str) -> bool:
    try:
        ast.parse(text)
    except SyntaxError:
        return False
    return True


def test_a_private_key_of_many_lines_becomes_one_word() -> None:
    key = private_key(random.Random(1))
    redaction = redact([f'KEY = """{key}"""\nrest = 1\n'])
    assert redaction.texts == ('KEY = """SCOPEWISE_SECRET_1_private_key"""\nrest = 1\n',)
    assert redaction.restore('k = """SCOPEWISE_SECRET_1_private_key"""').text == f'k = """{key}"""'


def _redaction_of(literal: str) -> Redaction:
    redaction = redact([f"password = {literal}"])
    assert redaction.items
    return redaction


def test_a_secret_is_put_back_where_the_model_moved_and_repeated_it() -> None:
    redaction = redact([f'password = "{PASSWORD}"'])
    name = redaction.items[0].placeholder
    restored = redaction.restore(f"a(\n  '{name}', u'{name}', {name})  # {name}.\nf`{name}`")
    assert restored.text.count(PASSWORD) == 5
    assert not restored.unknown
    assert not restored.findings


@pytest.mark.parametrize(
    ("literal", "quote", "comes_back"),
    [
        (r'"Amber7\"Badger"', '"', True),
        (r'"Amber7\"Badger"', "'", False),
        (r'"Amber7\\Badger"', '"', True),
        (r'r"Amber7\Badger"', 'r"', True),
        (r'r"Amber7\Badger"', '"', False),
        ('"Amber7\'Badger"', "'", False),
        ('"Amber7\'Badger"', '"""', True),
        ('"Amber7\'Badger"', "", False),
        ('"Amber7#Badger"', "'", True),
    ],
)
def test_a_secret_with_quotes_or_backslashes_needs_quotes_like_its_own(
    literal: str, quote: str, comes_back: bool
) -> None:
    redaction = _redaction_of(literal)
    item = redaction.items[0]
    end = quote.lstrip("r")
    restored = redaction.restore(f"x = {quote}{item.placeholder}{end}")
    if comes_back:
        assert restored.text == f"x = {quote}{item.value}{end}"
        assert not restored.findings
    else:
        assert item.placeholder in restored.text
        assert len(restored.findings) == 1
        assert item.value not in restored.findings[0]


def test_a_key_of_several_lines_does_not_go_into_a_literal_of_one() -> None:
    redaction = redact([f'KEY = """{private_key(random.Random(1))}"""\n'])
    restored = redaction.restore(f'k = "{redaction.items[0].placeholder}"')
    assert "BEGIN" not in restored.text
    assert restored.findings


@pytest.mark.parametrize(
    "word",
    [
        "SCOPEWISE_SECRET_2_password",
        "SCOPEWISE_SECRET_1_password_hash",
        "scopewise_secret_1_password",
        "SCOPEWISE_SECRET_1",
        "SCOPEWISE_SECRET_",
    ],
)
def test_a_placeholder_that_the_payload_did_not_have_is_reported(word: str) -> None:
    redaction = redact([f'password = "{PASSWORD}"'])
    restored = redaction.restore(f'a = "{word}"; b = "{word}"')
    assert restored.unknown == (word,)
    assert PASSWORD not in restored.text


def test_without_secrets_every_placeholder_is_unknown() -> None:
    redaction = redact(["a = 1\n"])
    assert redaction.texts == ("a = 1\n",)
    assert redaction.items == ()
    assert redaction.restore('a = "SCOPEWISE_SECRET_1_jwt"').unknown == ("SCOPEWISE_SECRET_1_jwt",)


def test_a_short_word_is_replaced_only_where_it_is_a_secret() -> None:
    redaction = redact(['pwd = "1234"\nyear = 1234\n'])
    assert redaction.texts == ('pwd = "SCOPEWISE_SECRET_1_password"\nyear = 1234\n',)


def test_no_secret_is_in_a_repr() -> None:
    redaction = redact([f'password = "{PASSWORD}"'])
    restored = redaction.restore(redaction.texts[0])
    assert PASSWORD in restored.text
    assert PASSWORD not in f"{redaction!r} {redaction.items[0]!r} {restored!r} {redaction}"


@pytest.mark.parametrize("text", ["", "\n", '"', 'password = "', "password = '''", "\0", "\ud800"])
def test_broken_text_is_passed_on(text: str) -> None:
    redaction = redact([text])
    assert redaction.texts == (text,)
    assert redaction.restore(text).text == text


def test_line_ends_and_wide_characters_stay() -> None:
    text = f'# 🙂 é\r\npassword = "{PASSWORD}"\r\n\tx = 1\r\n'
    redaction = redact([text])
    assert redaction.texts[0] == text.replace(PASSWORD, redaction.items[0].placeholder)
    assert redaction.restore(redaction.texts[0]).text == text
