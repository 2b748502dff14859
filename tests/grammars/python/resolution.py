"""A small shop: what names mean in functions, classes and comprehensions."""

from __future__ import annotations  # @future
#                      ^ -> here

import json  # @json
import os.path  # @os
#      ^ -> here
#         ^ -> member
import collections.abc as containers  # @containers
#      ^ -> member
#                         ^ -> here
from decimal import Decimal, localcontext as context  # @decimal
#    ^ -> member
#                   ^ -> here
#                            ^ -> member
#                                            ^ -> here
from .models import *
#     ^ -> member

RATE = 2  # @rate
total = 0  # @total


def convert(amount, rate=RATE, *rest, digits: int = total, **options) -> Decimal:  # @convert
#   ^ -> here
#           ^ -> here
#                   ^ -> here
#                        ^ -> @rate
#                               ^ -> here
#                                             ^ -> none
#                                                   ^ -> @total
#                                                            ^ -> here
#                                                                        ^ -> @decimal
    result = amount * rate  # @result
    #        ^ -> @convert
    #                 ^ -> @convert
    if rest or options:
    #  ^ -> @convert
    #          ^ -> @convert
        result += Decimal(rate)
    #   ^ -> @result
        #         ^ -> @decimal
    return round(result, digits) + context
    #      ^ -> none
    #            ^ -> @result
    #                    ^ -> @convert
    #                              ^ -> @decimal


def describe(date: date, size: size = Size) -> date:  # @describe
#            ^ -> here
#                  ^ -> none
#                              ^ -> none
#                                     ^ -> none
#                                              ^ -> none
    path = os.path.join(date, size)  # @path
#   ^ -> here
    #      ^ -> @os
    #         ^ -> member
    #                   ^ -> @describe
    return json.dumps(path=path, indent=total)
    #      ^ -> @json
    #           ^ -> member
    #                 ^ -> member
    #                      ^ -> @path
    #                            ^ -> member
    #                                   ^ -> @total


def counter(start):  # @counter
    count = start  # @count
    unused = 0  # @unused

    def step(by=count):  # @step
    #           ^ -> @count
        nonlocal count
        #        ^ -> @count
        global total
        #      ^ -> @total
        count += by
    #   ^ -> @count
        #        ^ -> @step
        total = count
        #       ^ -> @count
        unused = total  # @inner-unused
    #   ^ -> here
        #        ^ -> @total

        def read():  # @read
            return count, total, unused
            #      ^ -> @count
            #             ^ -> @total
            #                    ^ -> @inner-unused

        return read
        #      ^ -> @read

    print(unused, later())
    #     ^ -> @unused
    #             ^ -> @later
    return step
    #      ^ -> @step


def later():  # @later
    return later
    #      ^ -> @later


def recorded(total):  # @recorded
    def outer():
        total = 1  # @own-total

        def inner():
            global total
            return total
            #      ^ -> @total

        return inner() + total
        #                ^ -> @own-total

    return outer, total
    #             ^ -> @recorded


class Item:  # @item
    rate = RATE  # @item-rate
    #      ^ -> @rate
    double = rate * 2  # @double
    #        ^ -> @item-rate
    name: str

    def price(self, rate=rate) -> Item:  # @price
    #                    ^ -> @item-rate
    #                             ^ -> @item
        return self.rate * rate + double
        #      ^ -> @price
        #           ^ -> member
        #                  ^ -> @price
        #                         ^ -> none

    def convert(self, by: double):  # @method
    #   ^ -> here
    #                     ^ -> @double
        return convert(self.price(), by), price, name
        #      ^ -> @convert
        #                   ^ -> member
        #                            ^ -> @method
        #                                 ^ -> none
        #                                        ^ -> none

    table = [rate for _ in range(double) if rate]
    #        ^ -> none
    #                                       ^ -> none
    #                      ^ -> none
    #                            ^ -> @double
    lowest = min(rate, key=lambda value: value + rate)
    #            ^ -> @item-rate
    #                  ^ -> member
    #                                    ^ -> 158:35
    #                                            ^ -> none
    converted = convert

    @staticmethod
    #^ -> none
    @double.register
    #^ -> @double
    #       ^ -> member
    def build(cls=RATE):  # @build
    #             ^ -> @rate
        class Part(Item, metaclass=cls):  # @part
        #          ^ -> @item
        #                ^ -> member
        #                          ^ -> @build
            owner = Item
            #       ^ -> @item

            def twice(self):
                return Part, owner, __class__, super()
                #      ^ -> @part
                #            ^ -> none
                #                   ^ -> none
                #                              ^ -> none

        return Part
        #      ^ -> @part


class Shadow:
    RATE = RATE  # @field-rate
#   ^ -> here
    #      ^ -> @rate
    print(RATE)
    #     ^ -> @field-rate

    def total(self):  # @method-total
        return total
        #      ^ -> @total

    total = total  # @field-total
    #       ^ -> @method-total
    shown = total
    #       ^ -> @field-total
    item = Item()
    #      ^ -> @item
