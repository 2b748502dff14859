import os.path as paths, json
#         ^ tag.reference.import
#         ^ name
#                        ^ tag.reference.import
#      ^ !name
from .models import Item as Thing, Shelf
#                   ^ tag.reference.import
#                                  ^ tag.reference.import
#     ^ !name

LIMIT = 3
# <- tag.definition.constant
_default = LIMIT
# <- tag.definition.variable
#          ^ tag.reference.name


def load(path, fallback=LIMIT) -> Thing:
#   ^ tag.definition.function
#                       ^ tag.reference.name
#                                 ^ tag.reference.type
#        ^ !name
    def parse(text):
        return json.loads(text)
        #           ^ tag.reference.call

    rows = parse(path)
    #      ^ tag.reference.call
    return rows


if LIMIT:
    @paths.cached
    #      ^ tag.reference.name
    def checked(): ...
    #   ^ tag.definition.function
    MODE = 1
#   ^ tag.definition.constant
elif _default:
    class Slow: ...
    #     ^ tag.definition.class
try:
    class Fast: ...
    #     ^ tag.definition.class
except ImportError:
#      ^ tag.reference.type
    fast = None
#   ^ tag.definition.variable


@register
#^ tag.reference.name
class Store(Thing, paths.Base):
#     ^ tag.definition.class
#           ^ tag.reference.type
#                        ^ tag.reference.type
    KEY: int = 0
#   ^ tag.definition.constant
    #    ^ tag.reference.type
    items: list[Shelf] = LIMIT
#   ^ tag.definition.variable
    #           ^ tag.reference.type

    class Row: ...
    #     ^ tag.definition.class

    @property
    #^ tag.reference.name
    def first(self) -> "Shelf":
    #   ^ tag.definition.method
        found = self.find(self.items, key=load)
        #            ^ tag.reference.call
        #                      ^ tag.reference.name
        #                                 ^ tag.reference.name
        return Store.KEY
        #      ^ tag.reference.name
        #            ^ tag.reference.name

    if LIMIT:
        def find(self, *keys): ...
        #   ^ tag.definition.method


type Pairs[K] = dict[K, Store]
#    ^ tag.definition.type
#                       ^ tag.reference.type
