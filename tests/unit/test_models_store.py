import hashlib
from pathlib import Path

import pytest

from scopewise.errors import InputError, ModelCorrupt, ModelMissing
from scopewise.models import store
from scopewise.models.catalogue import CATALOGUE, ModelSpec, find
from scopewise.models.store import Record, Status
from scopewise.settings import ModelSettings, Settings

BYTES = b"GGUF" + b"weights!" * 4
SHA256 = hashlib.sha256(BYTES).hexdigest()
SPEC = ModelSpec("tiny", "tiny.gguf", size=len(BYTES), sha256=SHA256)


def put(folder: Path, content: bytes) -> Path:
    path = folder / SPEC.file
    path.write_bytes(content)
    return path


def settings(**model) -> Settings:
    return Settings(model=ModelSettings(**model))


def test_store_is_the_setting_then_the_environment_then_the_platform(monkeypatch):
    monkeypatch.setenv("SCOPEWISE_HOME", "/home-of-it")
    assert store.store_folder(settings(store="/a")) == Path("/a").absolute()
    assert store.store_folder(settings()) == Path("/home-of-it").absolute() / "models"
    monkeypatch.delenv("SCOPEWISE_HOME")
    assert store.store_folder(settings()).parts[-2:] == ("scopewise", "models")


def test_resolve_missing_says_what_to_type(tmp_path):
    with pytest.raises(ModelMissing) as error:
        store.resolve(settings(store=str(tmp_path)))
    assert str(error.value) == (
        "The model qwen2.5-coder-1.5b is not in the store. "
        "Type `scopewise models pull qwen2.5-coder-1.5b`."
    )


def test_resolve_cut_short_names_both_sizes(tmp_path):
    (tmp_path / CATALOGUE[0].file).write_bytes(BYTES)
    with pytest.raises(ModelCorrupt) as error:
        store.resolve(settings(store=str(tmp_path)))
    assert "1,117,320,768 bytes expected, 36 found" in error.value.message


def test_resolve_path(tmp_path):
    path = put(tmp_path, BYTES)
    assert store.resolve(settings(name=str(path))).path == path
    with pytest.raises(ModelMissing):
        store.resolve(settings(name=str(tmp_path / "other.gguf")))


def test_web_page_is_no_model(tmp_path):
    path = put(tmp_path, b"<!DOCTYPE html>")
    with pytest.raises(ModelCorrupt) as error:
        store.resolve(settings(name=str(path)))
    assert error.value.message == (
        "tiny.gguf is not a GGUF model: it is a web page, probably an error or login page."
    )


def test_verify(tmp_path):
    seen = []
    assert store.verify(put(tmp_path, BYTES), SPEC, seen.append) == SHA256
    assert seen == [len(BYTES)]


def test_verify_names_both_hashes(tmp_path):
    wrong = BYTES[:-1] + b"?"
    with pytest.raises(ModelCorrupt) as error:
        store.verify(put(tmp_path, wrong), SPEC)
    assert f"{SHA256} expected" in error.value.message
    assert f"{hashlib.sha256(wrong).hexdigest()} found" in error.value.message


def test_status(tmp_path):
    assert store.inspect(tmp_path, SPEC).status is Status.ABSENT
    (tmp_path / "tiny.gguf.part").write_bytes(BYTES[:9])
    partial = store.inspect(tmp_path, SPEC)
    assert (partial.status, partial.n_bytes) == (Status.PARTIAL, 9)
    path = put(tmp_path, BYTES)
    assert store.inspect(tmp_path, SPEC).status is Status.READY
    path.write_bytes(BYTES[:9])
    assert store.inspect(tmp_path, SPEC).status is Status.DAMAGED


def test_size_and_hash_of_an_uncatalogued_model_are_remembered(tmp_path):
    spec = find("some/one:tiny.gguf")
    store.remember(tmp_path, spec, Record(spec.name, len(BYTES), SHA256, "Hugging Face"))
    (tmp_path / spec.file).write_bytes(BYTES[:-1])
    with pytest.raises(ModelCorrupt):
        store.locate(tmp_path, spec)
    (tmp_path / spec.file).write_bytes(BYTES)
    assert store.locate(tmp_path, spec).spec.sha256 == SHA256
    assert spec in store.known_models(tmp_path)


def test_damaged_sidecars_are_as_good_as_none(tmp_path):
    (tmp_path / "some--one--tiny.gguf.json").write_text("{")
    (tmp_path / "other.json").write_text("[1]")
    assert store.known_models(tmp_path) == list(CATALOGUE)


def test_remove_takes_everything_of_one_model(tmp_path):
    put(tmp_path, BYTES)
    for suffix in (".json", ".part", ".part.json"):
        (tmp_path / f"tiny.gguf{suffix}").write_text("{}")
    (tmp_path / "other.gguf").write_bytes(BYTES)
    (tmp_path / "tiny.gguf.work").mkdir()
    assert len(store.remove(tmp_path, SPEC)) == 4
    left = {path.name for path in tmp_path.iterdir()} - {".tiny.gguf.lock"}
    assert left == {"other.gguf"}
    assert store.remove(tmp_path, SPEC) == []


def test_remove_leaves_files_outside_the_store(tmp_path):
    path = put(tmp_path, BYTES)
    with pytest.raises(InputError):
        store.remove(tmp_path, find(str(path)))
    assert path.exists()
