def plain(a, b=1):
#   ^ definition.function
#   ^ name
#        ^ parameters
    """Doc."""
#   ^ doc
#   ^ body
    return a


@decorator
async def decorated(a) -> int: pass
#         ^ definition.function
#                         ^ result
#                              ^ body
#                              ^ stub


class Owner(Base):
#     ^ definition.class
    # A comment may come first.
    r'''Doc.'''
#   ^ doc

    @property
    def method(self):
#       ^ definition.function
        'Doc.'
#       ^ doc
        ...
#       ^ stub

    class Inner:
#         ^ definition.class
        def deep(self):
#           ^ definition.function
            def inner(): "Doc."
#               ^ definition.function
#                        ^ doc
            raise NotImplementedError
#           ^ stub


def raises(a):
#   ^ definition.function
    f"""No {a} docstring to Python, one to us."""
#   ^ doc
    raise NotImplementedError("é 😀", a)
#   ^ stub


def no_docstrings():
#   ^ definition.function
    x = 1
    "too late"
#   ^ !doc
    "a" "b"
#   ^ !doc
    x("in a call")
#     ^ !doc


def no_stubs(x):
#   ^ definition.function
    raise ValueError
#   ^ !stub
    raise NotImplementedError from x
#   ^ !stub
    return ...
#   ^ !stub
    x[...]
#   ^ !stub
    passing = 1
#   ^ !stub


é = lambda: ...
#   ^ !definition.function
if x:
    pass
#   ^ stub
