"""Statements that bind names, and the expressions with scopes of their own."""

import asyncio  # @asyncio
from typing import NamedTuple

rows = [[1, 2], [3]]  # @rows
limit: int  # @limit
# <- -> here
(first, *others), [second, third] = rows, rows  # @unpacked
#^ -> here
#        ^ -> here
#                          ^ -> here
alias = other = rows  # @alias
#       ^ -> here
#               ^ -> @rows


def flatten(rows, limit=None):  # @flatten
    flat = [cell for row in rows for cell in row if cell is not limit]  # @flat
    #       ^ -> 19:38
    #                       ^ -> @flatten
    #                                        ^ -> 19:22
    #                                               ^ -> 19:38
    #                                                           ^ -> @flatten
    index = {key: value for key, value in enumerate(flat)}  # @index
    #        ^ -> 25:29
    #             ^ -> 25:34
    #                                               ^ -> @flat
    unique = {cell for cell in (cell for cell in flat)}
    #         ^ -> 29:24
    #                           ^ -> 29:42
    #                                            ^ -> @flat
    lazy = (
        # A comment between them changes nothing.
        rows
    #   ^ -> @lazy
        # Nor does this one.
        for rows in rows  # @lazy
        #           ^ -> @flatten
    )
    if any((found := cell) in index for cell in flat):  # @found
    #                ^ -> 41:41
    #                         ^ -> @index
        return found
        #      ^ -> @found
    return cell, key, found, lazy, unique
    #      ^ -> none
    #            ^ -> none
    #                 ^ -> @found


def loop(names):  # @loop
    for number, (name, *tail) in enumerate(names):  # @for
    #   ^ -> here
    #                   ^ -> here
    #                                      ^ -> @loop
        print(number, name, tail, sep=name)
        #     ^ -> @for
        #                   ^ -> @for
        #                         ^ -> member
        #                             ^ -> @for
    else:
        number = -1
    #   ^ -> here
    while (line := read()):  # @while
    #              ^ -> none
        print(line)
        #     ^ -> @while
    names[number].field = line
#   ^ -> @loop
    #     ^ -> @for
    #             ^ -> member
    return line, name
    #      ^ -> @while
    #            ^ -> @for


def guarded(path):  # @guarded
    try:
        with open(path) as file, lock() as (reader, [writer, *rest]):  # @with
        #    ^ -> none
        #         ^ -> @guarded
        #                  ^ -> here
        #                                   ^ -> here
        #                                                     ^ -> here
            return file, reader, writer, rest
            #      ^ -> @with
            #                    ^ -> @with
            #                            ^ -> @with
        with (open(path) as one, open(path) as holder.handle):  # @grouped
        #                   ^ -> here
        #                                      ^ -> none
        #                                             ^ -> member
            return one
            #      ^ -> @grouped
    except (OSError, ValueError) as error:  # @error
    #       ^ -> none
    #                               ^ -> here
        raise RuntimeError(f"{path!r:>{limit}}: {error.args}") from error
        #                     ^ -> @guarded
        #                              ^ -> @limit
        #                                        ^ -> @error
        #                                              ^ -> member
        #                                                           ^ -> @error
    except* TimeoutError as group:  # @group
        print(group)
        #     ^ -> @group
    finally:
        del path, file
        #   ^ -> @guarded
        #         ^ -> @with


def local_import(text):
    import re  # @re
    from math import pi as tau, e  # @math

    def matches(pattern=re.compile(text)):
    #                   ^ -> @re
        return re.match(pattern, tau, e)
        #      ^ -> @re
        #                        ^ -> @math
        #                             ^ -> @math

    return matches


re = None  # @module-re


def classify(shape, Point):  # @classify
    match shape:
    #     ^ -> @classify
        case Point(x=0, y=width) | Point(width):  # @class-pattern
        #    ^ -> @classify
        #          ^ -> member
        #               ^ -> member
        #                 ^ -> here
            return width
            #      ^ -> @class-pattern
        case [head, *body] if head > limit:  # @sequence
        #     ^ -> here
        #            ^ -> here
        #                     ^ -> @sequence
        #                            ^ -> @limit
            return body
            #      ^ -> @sequence
        case {"size": size, asyncio.KEY: (int() as depth), **extra}:  # @mapping
        #             ^ -> here
        #                   ^ -> @asyncio
        #                           ^ -> member
        #                                 ^ -> none
        #                                          ^ -> here
            return size, depth, extra
            #      ^ -> @mapping
            #            ^ -> @mapping
            #                   ^ -> @mapping
        case asyncio.QUEUE | None | "text":
        #    ^ -> @asyncio
        #            ^ -> member
            return re
            #      ^ -> @module-re
        case anything:  # @anything
        #    ^ -> here
            return anything
            #      ^ -> @anything


def first_of[T: (int, str), *Ts, **P](items: list[T], *more: *Ts, **named: P) -> T:  # @generic
#            ^ -> here
#                ^ -> none
#                            ^ -> here
#                                                 ^ -> @generic
#                                                             ^ -> @generic
#                                                                          ^ -> @generic
#                                                                                ^ -> @generic
    value: T = items[0]
    #      ^ -> @generic
    #          ^ -> @generic
    return value, more, named
    #             ^ -> @generic
    #                   ^ -> @generic


class Stack[Element](NamedTuple):  # @stack
#           ^ -> here
    top: Element
    #    ^ -> @stack

    def push(self, element: Element) -> Stack[Element]:
    #                       ^ -> @stack
    #                                   ^ -> @stack
        return self if isinstance(element, Element) else top
        #                                  ^ -> @stack
        #                                                ^ -> none


type Pairs[K] = dict[K, Pairs[K]]  # @pairs
#    ^ -> here
#          ^ -> here
#                    ^ -> @pairs
#                       ^ -> @pairs


async def gather(jobs, *, key=lambda job, limit=limit: job.rank(limit)):  # @gather
#                                               ^ -> @limit
#                                                      ^ -> 205:38
#                                                               ^ -> 205:43
    async with asyncio.timeout(1) as scope:  # @scope
    #          ^ -> @asyncio
    #                                ^ -> here
        async for job in jobs:  # @job
            await job(scope)
            #     ^ -> @job
            #         ^ -> @scope
    done = [await job async for job in jobs]
    #             ^ -> 216:33
    #                                  ^ -> @gather
    return sorted(done, key=key), job
    #                   ^ -> member
    #                       ^ -> @gather
    #                             ^ -> @job


for type in rows:  # @soft
    match = type  # @match
    #       ^ -> @soft
    print(match, type(rows))
    #     ^ -> @match
    #            ^ -> @soft
