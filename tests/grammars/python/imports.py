from __future__ import annotations
# <- import
import os
# <- import
#      ^ import.module
import a.b, c as d
# <- import
# <- import
#      ^ import.module
#           ^ import.module
#                ^ import.alias
from a.b import c
# <- import
#    ^ import.module
#               ^ import.name
from .. import c as d, e
# <- import
# <- import
#    ^ import.module
#    ^ import.module
#              ^ import.name
#                   ^ import.alias
#                      ^ import.name
from .a import (
# <- import
#    ^ import.module
    b,  # comment
#   ^ import.name
)
from a import *
# <- import
#    ^ import.module
#             ^ import.name


def inside():
    try:
        import json
#       ^ import
#              ^ import.module
    except ImportError:
        json = importlib.import_module("json")
#              ^ !import
