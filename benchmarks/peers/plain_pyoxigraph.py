"""The peer: what a user of pyoxigraph would write by hand for one question. Called with a file and a query."""

import sys

from pyoxigraph import QuerySolutions, RdfFormat, Store

store = Store()
store.load(path=sys.argv[1], format=RdfFormat.TURTLE)
solutions = store.query(sys.argv[2])
assert isinstance(solutions, QuerySolutions)
for row in solutions:
    print("\t".join(str(value) for value in row))
