import dataclasses

import pytest

from scopewise.settings import EngineSettings, Settings, describe_settings, read_settings

THREADS_4 = Settings(engine=EngineSettings(threads=4))


@pytest.mark.parametrize(
    "options",
    [
        {"engine": {"threads": 4}},
        {"engine.threads": 4},
        {"scopewise.engine.threads": 4},
        {"scopewise": {"engine": {"threads": 4}}},
        {"scopewise": {"engine.threads": 4}},
        {"engine": {}, "engine.threads": 4},
        {"engine.threads": 4, "engine": {}},
    ],
)
def test_all_the_ways_clients_write_a_setting(options):
    assert read_settings(options) == (THREADS_4, [])


@pytest.mark.parametrize("options", [None, {}, {"scopewise": None}, {"scopewise": {}}])
def test_nothing_said_is_nothing_changed(options):
    assert read_settings(options, THREADS_4) == (THREADS_4, [])


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        (3, "Settings must be an object, not int."),
        ({"scopewise": []}, "Settings must be an object, not list."),
        ({"engine": None}, "Setting `engine` must be an object."),
        (
            {"engine": {"threads": "x"}},
            "Setting `engine.threads`: Expected `int`, got `str`; using 0.",
        ),
        (
            {"engine": {"threads": True}},
            "Setting `engine.threads`: Expected `int`, got `bool`; using 0.",
        ),
        (
            {"engine.hang_timeout_s": 0},
            "Setting `engine.hang_timeout_s`: Expected `float` > 0.0; using 120.0.",
        ),
        (
            {"engine.kind": "cloud"},
            "Setting `engine.kind`: Invalid enum value 'cloud' ('llamacpp' | 'scripted'); "
            "using 'llamacpp'.",
        ),
        ({"engin": {}}, "There is no setting `engin`; did you mean `engine`?"),
        (
            {"engine.thread": 3},
            "There is no setting `engine.thread`; did you mean `engine.threads`?",
        ),
        ({"engine.a.b": 3}, "There is no setting `engine.a.b`."),
        ({1: 2}, "There is no setting `1`."),
    ],
)
def test_wrong_settings_are_complained_about_and_left(options, complaint):
    assert read_settings(options) == (Settings(), [complaint])


def test_right_settings_count_beside_wrong_ones():
    options = {"engine": {"threads": 4, "kv_type": 8}, "colour": "red"}
    settings, complaints = read_settings(options)
    assert settings == THREADS_4
    assert len(complaints) == 2


def test_options_stay_as_they_were():
    options = {"engine": {"gpu_layers": 2}, "engine.threads": 4}
    read_settings(options)
    assert options == {"engine": {"gpu_layers": 2}, "engine.threads": 4}


def test_every_setting_is_described():
    rows = describe_settings()
    n_settings = sum(
        len(dataclasses.fields(getattr(Settings(), section.name)))
        for section in dataclasses.fields(Settings)
    )
    assert len(rows) == n_settings
    assert all(description.endswith(".") for *_, description in rows)
    assert ("engine.threads", "int", 0) in [row[:3] for row in rows]
    assert ("engine.kv_type", "'f16' | 'q8_0' | 'q4_0'", "f16") in [row[:3] for row in rows]


def test_every_default_passes_its_own_check():
    for name, _, default, _ in describe_settings():
        assert read_settings({name: default}) == (Settings(), [])
