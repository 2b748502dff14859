from pathlib import Path

import pytest

from scopewise.errors import InputError
from scopewise.models.catalogue import CATALOGUE, find
from scopewise.settings import ModelSettings


def test_default_setting_is_in_the_catalogue():
    assert find(ModelSettings().name).role == "default"


@pytest.mark.parametrize("spec", CATALOGUE, ids=lambda spec: spec.name)
def test_parts_add_up_to_the_model(spec):
    n_full = len(spec.parts.packages) - 1
    assert n_full * spec.parts.part_bytes < spec.size <= (n_full + 1) * spec.parts.part_bytes


def test_hugging_face_file():
    spec = find("Some-One/a.model:folder/a-q4.gguf")
    assert (spec.hub.repo, spec.hub.file) == ("Some-One/a.model", "folder/a-q4.gguf")
    assert spec.file == "Some-One--a.model--folder--a-q4.gguf"
    assert spec.sha256 is None


def test_hugging_face_name_of_a_catalogue_model():
    spec = CATALOGUE[0]
    assert find(f"{spec.hub.repo}:{spec.hub.file}") is spec


def test_path(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    spec = find("sub/a.gguf")
    assert spec.file == str(tmp_path / "sub/a.gguf")
    assert spec.is_outside_store
    assert Path("/store") / spec.file == tmp_path / "sub/a.gguf"


@pytest.mark.parametrize("name", ["a/b:../../x.gguf", "a/b:/etc/x.gguf", "", "nothing"])
def test_refused(name):
    with pytest.raises(InputError):
        find(name)


def test_misspelt_name_is_mended():
    with pytest.raises(InputError) as error:
        find("qwen2.5-coder-1.5")
    assert "Did you mean `qwen2.5-coder-1.5b`?" in error.value.remedy
