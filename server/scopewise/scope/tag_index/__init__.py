"""The workspace's tag index: which files define a name and which use it, kept below the cache.

places    the values: a place, the state of an index
walk      the files of a root that count, by `.gitignore`
store     one SQLite file a root
building  one round: what changed since the last is read, the rest is left
worker    a round in a process of its own
rounds    when a round runs, and how it is stopped
index     what others ask
"""

from scopewise.scope.tag_index.building import Budget
from scopewise.scope.tag_index.index import TagIndex
from scopewise.scope.tag_index.places import IndexState, TagPlace

__all__ = ["Budget", "IndexState", "TagIndex", "TagPlace"]
