"""What would be sent: made of parts without their secrets, and held against the limits."""

import json

import pytest

from scopewise.cloud.limits import LimitReached
from scopewise.context.part import Part
from scopewise.engine.claude_request import body_of, estimated_prompt_tokens, payload_of
from scopewise.errors import InputError
from scopewise.settings import CloudSettings, ModelPrice

from .inquiries import ROOT, SECRET, STUB, connection, part, proposal

AWKWARD = 'x = "ü 漢 🦔 \u2028 \\ "\r\n\ty = """```\n~~~"""\n'


def asked(made):
    return json.loads(made.payload)["messages"][0]["content"][0]["text"]


def test_the_payload_is_the_body_of_the_request():
    made = proposal()
    assert made.payload == payload_of(made.request, made.config)
    assert f"This function has no body yet:\n```python\n{STUB}\n```\n\nWrite `area`." == asked(made)
    assert made.n_tokens == estimated_prompt_tokens(body_of(made.request, made.config))
    assert (made.host, made.n_requests) == ("api.anthropic.com", 1)
    assert made.workspace == str(ROOT)


def test_awkward_text_goes_as_it_is():
    assert AWKWARD in asked(proposal(part(AWKWARD)))
    # A fence the text cannot end.
    assert f"````python\n{AWKWARD}\n````" in asked(proposal(part(AWKWARD)))


def test_half_a_character_cannot_be_sent():
    with pytest.raises(InputError, match="half a character"):
        proposal(part("x = '\ud83e'"))


def test_secrets_are_taken_out_of_every_part():
    made = proposal(connection(), part(f'{STUB}    """{SECRET}"""\n'))
    (item,) = made.redaction.items
    assert SECRET.encode() not in made.payload
    assert (item.value, item.n_uses) == (SECRET, 2)
    assert asked(made).count(item.placeholder) == 2
    assert f"Names that begin with `{made.redaction.stem}` stand for values" in asked(made)
    assert made.redaction.restore(f'x = "{item.placeholder}"').text == f'x = "{SECRET}"'


def test_headings_are_searched_as_well():
    made = proposal(part(heading=f"`connect(password='{SECRET}')`:"), connection())
    assert SECRET.encode() not in made.payload


def test_without_a_secret_nothing_is_said_of_placeholders():
    assert "SCOPEWISE_SECRET" not in asked(proposal())
    # Nor where only an earlier payload had one.
    earlier = proposal(connection()).redaction
    assert "SCOPEWISE_SECRET" not in asked(proposal(known=earlier))


def test_placeholders_are_kept_from_one_proposal_to_the_next():
    first = proposal(connection())
    again = proposal(part('TOKEN = "ghp_' + "a1B2c3D4e5" * 4 + '"\n'), connection(), known=None)
    known = proposal(connection(), part(), known=again.redaction)
    assert first.redaction.items[0].placeholder.startswith("SCOPEWISE_SECRET_1_")
    name = {item.value: item.placeholder for item in again.redaction.items}[SECRET]
    assert name.startswith("SCOPEWISE_SECRET_2_")
    assert name in asked(known)


def test_code_that_speaks_of_placeholders_itself():
    made = proposal(part("NAME = 'SCOPEWISE_SECRET_1_password'\n"), connection())
    assert made.redaction.stem == "SCOPEWISE_SECRETX"
    assert "SCOPEWISE_SECRETX_1_" in asked(made)
    assert made.redaction.restore("SCOPEWISE_SECRET_1_password").text == (
        "SCOPEWISE_SECRET_1_password"
    )


def test_the_cost_is_that_of_all_requests():
    one, three = proposal(), proposal(settings=CloudSettings(samples=3))
    assert (one.n_requests, three.n_requests) == (1, 3)
    assert three.cost.low_usd == pytest.approx(3 * one.cost.low_usd)
    assert three.cost.high_usd == pytest.approx(3 * one.cost.high_usd)
    # The task is cached, for it is sent more than once.
    assert three.payload.count(b"cache_control") == one.payload.count(b"cache_control") + 1


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        (CloudSettings(request_limit_usd=0), "one request may cost $0.00"),
        (CloudSettings(request_limit_usd=0.01), "could cost up to"),
        (CloudSettings(samples=50), "could cost up to"),
        (CloudSettings(max_tokens=1_000_000), "could cost up to"),
        (CloudSettings(model="brand-new"), "Nobody told scopewise what `brand-new` costs"),
    ],
)
def test_what_may_cost_too_much_is_refused(settings, words):
    with pytest.raises(LimitReached) as caught:
        proposal(settings=settings)
    assert words in caught.value.message
    assert caught.value.remedy


def test_a_price_of_the_users_own():
    price = ModelPrice("brand-new", 1, 2)
    made = proposal(settings=CloudSettings(model="brand-new", prices=(price,)))
    assert made.price.origin == "the setting `cloud.prices`"
    assert json.loads(made.payload)["model"] == "brand-new"


@pytest.mark.parametrize(
    "base_url", ["", "api.anthropic.com", "http://example.org", "https://me:pw@example.org", "ftp:"]
)
def test_what_is_no_address(base_url):
    with pytest.raises(InputError, match="base_url") as caught:
        proposal(settings=CloudSettings(base_url=base_url))
    assert "pw" not in str(caught.value)


def test_what_the_settings_say_is_in_the_body():
    settings = CloudSettings(max_tokens=99, effort="low")
    body = json.loads(proposal(settings=settings).payload)
    assert (body["max_tokens"], body["output_config"]) == (99, {"effort": "low"})
    assert body["stream"] is True
    assert "tools" not in body


def test_parts_that_are_in_no_file():
    trace = Part(f"connect('{SECRET}')", "It failed like this:", "", "the stack trace, in short")
    made = proposal(trace, connection())
    assert SECRET.encode() not in made.payload


def test_a_document_outside_of_any_folder():
    assert proposal(root=None).workspace == ""
