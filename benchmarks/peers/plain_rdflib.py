"""The peer: what a user of rdflib would write by hand for one question. Called with a file and a query."""

import sys

from rdflib import Graph
from rdflib.query import ResultRow

graph = Graph().parse(sys.argv[1], format="turtle")
for row in graph.query(sys.argv[2]):
    assert isinstance(row, ResultRow)
    print("\t".join(value.n3() for value in row))
