from .secret_corpus import secret_files
from .look_alikes import innocent_files

def test_counts():
    s=secret_files(1); i=innocent_files(1)
    print(len([m for f in s for m in f.marks]), len({m.kind for f in s for m in f.marks}), len([m for f in i for m in f.marks]), len({m.kind for f in i for m in f.marks}))
