"""Something to ask Claude, for tests."""

from pathlib import Path

from scopewise.cloud.proposal import Inquiry, propose
from scopewise.context.part import Part
from scopewise.context.source import Source
from scopewise.prompt.cloud import cloud_request
from scopewise.settings import CloudSettings
from scopewise.syntax.languages import load_language

ROOT = Path("/home/me/shop")
SECRET = "hunter2-" + "Xk9vQ2mL7pRt"
STUB = 'def area(width):\n    """The area."""\n'


def part(text=STUB, name="shop.py", heading="This function has no body yet:", first=1, last=2):
    path = ROOT / name
    return Part(
        text,
        heading,
        "python",
        "the function to be written",
        (Source(path.as_uri(), path, first, last),),
    )


def connection(name="db.py"):
    """Code with a secret in it."""
    return part(f'PASSWORD = "{SECRET}"\n', name, f"{name}, line 1 (constant `PASSWORD`):", 1, 1)


def inquiry(*parts, **changes):
    values = {
        "title": "Fill body of `area`",
        "task": "fill",
        "decision": "offer_cloud",
        "reasons": ("uses `_cache`, shared between threads (line 4)",),
        "root": ROOT,
        "parts": (*(parts or (part(),)), Part("Write `area`.")),
        "request": lambda rendered, stem: cloud_request(
            load_language("python"), rendered, stem, is_code=True
        ),
    }
    return Inquiry(**{**values, **changes})


def proposal(*parts, known=None, settings=None, **changes):
    return propose(inquiry(*parts, **changes), settings or CloudSettings(), known)
