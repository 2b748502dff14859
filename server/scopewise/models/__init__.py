"""Which models there are, where their files lie, and how they get there.

find(name)                  what a name, a `repo:file` or a path means
resolve(settings)           the file to load, checked in a millisecond
pull(spec, folder, …)       the file, fetched and verified
verify(path, spec)          its sha256, compared with the one it should have
"""

from scopewise.models.catalogue import CATALOGUE, ModelSpec, find
from scopewise.models.pull import PullProgress, pull
from scopewise.models.store import (
    ResolvedModel,
    Status,
    StoredModel,
    inspect,
    known_models,
    locate,
    remove,
    resolve,
    store_folder,
    verify,
)

__all__ = [
    "CATALOGUE",
    "ModelSpec",
    "PullProgress",
    "ResolvedModel",
    "Status",
    "StoredModel",
    "find",
    "inspect",
    "known_models",
    "locate",
    "pull",
    "remove",
    "resolve",
    "store_folder",
    "verify",
]
