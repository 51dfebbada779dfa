"""Where everything stands in the picture: deterministic, in plain Python, the same on every machine.

Korea stands on the left, Singapore on the right. Everything else leans to the side it is tied to, and what
the two share stands between them. Within that, ties pull together and neighbours keep their distance.

No numpy: it is not in the default install. No ``math.hypot`` and no ``sum`` of floats either, since their last
digits differ between Python versions; plain sums and square roots do not, so the rounded positions agree.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from kg.namespaces import THINGS

if TYPE_CHECKING:
    import networkx as nx

    Point = tuple[int, int]
    Links = list[list[tuple[int, float]]]
    #: A place, and which node stands there or how many.
    Spot = tuple[float, float, int]

#: The two poles of the picture.
LEFT, RIGHT = THINGS["co"] + "kor", THINGS["co"] + "sgp"

#: Distance at which two neighbours are left in peace, in units of the picture (a screen pixel at zoom 1).
SPACING = 62.0

#: Width over height of the whole picture: that of a desktop window beside its panel.
ASPECT = 1.42

# How far out the poles stand, as a share of half the width; the push and the pulls, tuned by eye on the record.
_POLE = 0.6
_PUSH = 0.05
_TIE, _TIE_TO_POLE = 0.5, 0.035
_ANCHOR, _GRAVITY = 0.05, 0.1

# Ties that say where something belongs; one of them tells more about its side than a dozen others.
_BELONGING = frozenset({"country", "officeIn", "office", "holder", "parentBody", "within"})
_BELONGING_WEIGHT = 60.0

# How much of a place is its rank among all (fills the frame) rather than what the forces made of it.
_EVEN = 0.6

_GOLDEN = (math.sqrt(5) - 1) / 2


def positions(graph: nx.MultiDiGraph[str]) -> dict[str, Point]:
    """A place ``(x, y)`` for every node, in whole units, y downwards, the middle near ``(0, 0)``.

    The order in which nodes and edges were added does not matter; equal graphs get equal places.
    """
    nodes = sorted(graph)
    links = _links(graph, nodes)
    field = _Field(nodes, links, _lean(graph, nodes))
    for heat in _cooling(len(nodes)):
        field.step(heat)
    field.fill()
    field.separate()
    return dict(zip(nodes, field.rounded(), strict=True))


def _links(graph: nx.MultiDiGraph[str], nodes: list[str]) -> Links:
    """Neighbours of each node with the pull of the tie; ties to a hub pull less, or all would end on it."""
    index = {node: number for number, node in enumerate(nodes)}
    near: list[set[int]] = [set() for _ in nodes]
    for source, target in graph.edges():
        if source != target:
            near[index[source]].add(index[target])
            near[index[target]].add(index[source])
    degree = [len(others) for others in near]
    return [
        [(other, 1.0 / math.sqrt(max(degree[node], degree[other]))) for other in sorted(others)]
        for node, others in enumerate(near)
    ]


def _cooling(size: int) -> list[float]:
    """How far a node may move in each round, falling to nothing; fewer rounds for a large graph."""
    rounds = max(14, min(160, 40_000 // max(size, 1)))
    return [SPACING * 1.8 * (1 - number / rounds) + 0.5 for number in range(rounds)]


class _Field:
    """Nodes as points that push each other away and are pulled by their ties."""

    def __init__(self, nodes: list[str], links: Links, lean: list[float]) -> None:
        self.links = links
        self.size = len(nodes)
        self.fixed = {number for number, node in enumerate(nodes) if node in (LEFT, RIGHT)}
        height = SPACING * math.sqrt(max(self.size, 1) / ASPECT) * 1.35
        self.half_width, self.half_height = height * ASPECT / 2, height / 2
        self.lean = lean
        self.x = [lean * self.half_width * _POLE for lean in self.lean]
        self.y = [rank * self.half_height for rank in _spread(links, self.fixed)]
        for number in self.fixed:
            self.y[number] = 0.0

    def step(self, heat: float) -> None:
        """One round: every free node moves along the sum of its forces, no further than ``heat``."""
        push_x, push_y = self._push()
        for node in range(self.size):
            if node in self.fixed:
                continue
            force_x, force_y = self._pull(node)
            force_x += push_x[node]
            force_y += push_y[node]
            length = math.sqrt(force_x * force_x + force_y * force_y)
            if length > heat:
                force_x, force_y = force_x * heat / length, force_y * heat / length
            self.x[node] += force_x
            self.y[node] += force_y

    def _pull(self, node: int) -> tuple[float, float]:
        x, y = self.x[node], self.y[node]
        # Towards its own side, and gently towards the middle line.
        force_x = (self.lean[node] * self.half_width - x) * _ANCHOR
        force_y = -y * _GRAVITY
        for other, weight in self.links[node]:
            strength = weight * (_TIE_TO_POLE if other in self.fixed else _TIE)
            force_x += (self.x[other] - x) * strength
            force_y += (self.y[other] - y) * strength
        return force_x, force_y

    def _push(self) -> tuple[list[float], list[float]]:
        """Forces that keep nodes apart: exact for near cells of a grid, one sum a cell for far ones."""
        cells = self._cells(self._cell_size())
        centres = {cell: self._centre(members) for cell, members in cells.items()}
        force_x, force_y = [0.0] * self.size, [0.0] * self.size
        for (column, row), members in cells.items():
            near = [
                (self.x[other], self.y[other], other)
                for dx in (-1, 0, 1)
                for dy in (-1, 0, 1)
                for other in cells.get((column + dx, row + dy), ())
            ]
            far = [centre for (c, r), centre in centres.items() if abs(c - column) > 1 or abs(r - row) > 1]
            for node in members:
                force_x[node], force_y[node] = self._push_on(node, near, far)
        return force_x, force_y

    def _push_on(self, node: int, near: list[Spot], far: list[Spot]) -> tuple[float, float]:
        """The innermost loop: what does not change is worked out before it, and nothing is looked up in it."""
        x, y, force_x, force_y = self.x[node], self.y[node], 0.0, 0.0
        reach = SPACING * SPACING * _PUSH
        for near_x, near_y, other in near:
            dx = x - near_x
            dy = y - near_y
            distance = dx * dx + dy * dy
            if distance < 1.0:  # on top of each other: part them by their numbers
                if other == node:
                    continue
                dx, dy, distance = (1.0 if node > other else -1.0), 0.5 * ((node + other) % 3 - 1), 1.0
            share = reach / distance
            force_x += dx * share
            force_y += dy * share
        for centre_x, centre_y, count in far:
            dx = x - centre_x
            dy = y - centre_y
            share = count * reach / (dx * dx + dy * dy + 1.0)
            force_x += dx * share
            force_y += dy * share
        return force_x, force_y

    def fill(self) -> None:
        """Spread the crowded parts and draw in the far ones, so that the picture fills its frame evenly."""
        self.x = _evened(self.x, self.half_width)
        self.y = _evened(self.y, self.half_height)
        for number in self.fixed:  # the poles stand level
            self.y[number] = 0.0

    def separate(self) -> None:
        """Part the pairs that still stand too close; the poles stay."""
        for _ in range(60):
            if not self._part():
                return

    def _part(self) -> bool:
        cells, moved = self._cells(SPACING), False
        for (column, row), members in sorted(cells.items()):
            for dx, dy in ((0, 0), (1, 0), (0, 1), (1, 1), (-1, 1)):
                for node in members:
                    for other in cells.get((column + dx, row + dy), ()):
                        if (dx or dy or node < other) and self._part_pair(node, other):
                            moved = True
        return moved

    def _part_pair(self, node: int, other: int) -> bool:
        room = SPACING * (1.5 if node in self.fixed or other in self.fixed else 0.8)
        dx, dy = self.x[other] - self.x[node], self.y[other] - self.y[node]
        distance = math.sqrt(dx * dx + dy * dy)
        if distance >= room:
            return False
        if distance < 1.0:
            dx, dy, distance = 0.6, 0.8, 1.0
        shift = (room - distance) / distance * 0.5
        for number, sign in ((node, -1), (other, 1)):
            if number not in self.fixed:
                self.x[number] += sign * dx * shift
                self.y[number] += sign * dy * shift
        return True

    def _cell_size(self) -> float:
        """So large that a node has about as many neighbours in near cells as there are far ones: the least work."""
        columns = max(9.0, math.sqrt(3 * math.sqrt(self.size) * ASPECT))
        return max(SPACING * 2, self.half_width * 2 / columns)

    def _cells(self, side: float) -> dict[tuple[int, int], list[int]]:
        cells: dict[tuple[int, int], list[int]] = {}
        for node in range(self.size):
            cell = (math.floor(self.x[node] / side), math.floor(self.y[node] / side))
            cells.setdefault(cell, []).append(node)
        return cells

    def _centre(self, members: list[int]) -> Spot:
        x = y = 0.0
        for node in members:
            x += self.x[node]
            y += self.y[node]
        return x / len(members), y / len(members), len(members)

    def rounded(self) -> list[Point]:
        """The places in whole units."""
        return [(round(x), round(y)) for x, y in zip(self.x, self.y, strict=True)]


def _lean(graph: nx.MultiDiGraph[str], nodes: list[str]) -> list[float]:
    """From -1 (tied to Korea only) to 1 (tied to Singapore only): the mean of the neighbours, repeated."""
    sides = {LEFT: -1.0, RIGHT: 1.0}
    index = {node: number for number, node in enumerate(nodes)}
    near: list[list[tuple[int, float]]] = [[] for _ in nodes]
    for source, target, predicate in sorted(graph.edges(keys=True), key=lambda edge: (edge[0], edge[1], str(edge[2]))):
        weight = _BELONGING_WEIGHT if predicate in _BELONGING else 1.0
        near[index[source]].append((index[target], weight))
        near[index[target]].append((index[source], weight))
    lean = [sides.get(node, 0.0) for node in nodes]
    for _ in range(120):
        following = lean[:]
        for node, others in enumerate(near):
            if nodes[node] not in sides and others:
                total, weights = 0.0, 0.05
                for other, weight in others:
                    total += weight * lean[other]
                    weights += weight
                following[node] = total / weights
        lean = following
    return lean


def _spread(links: Links, fixed: set[int]) -> list[float]:
    """A first height for each node in -1 … 1, near that of its neighbours: slow averaging, poles left out."""
    size = len(links)
    height = [((number * _GOLDEN) % 1.0) * 2 - 1 for number in range(size)]
    for _ in range(25):
        following = height[:]
        for node, near in enumerate(links):
            total = height[node]
            count = 1
            for other, _weight in near:
                if other not in fixed:
                    total += height[other]
                    count += 1
            following[node] = total / count
        height = _ranks(following)
    return height


def _evened(values: list[float], half: float) -> list[float]:
    """The values within -half … half: partly where they were, partly evenly spaced in the same order."""
    reach = max((abs(value) for value in values), default=0.0) or 1.0
    return [
        half * (_EVEN * place + (1 - _EVEN) * value / reach)
        for value, place in zip(values, _ranks(values), strict=True)
    ]


def _ranks(values: list[float]) -> list[float]:
    """The values replaced by evenly spaced ones in the same order, so that averaging cannot collapse them."""
    order = sorted(range(len(values)), key=lambda number: (round(values[number], 9), number))
    spaced = [0.0] * len(values)
    for place, number in enumerate(order):
        spaced[number] = 2 * (place + 0.5) / len(values) - 1
    return spaced


def closest(places: dict[str, Point]) -> float:
    """The smallest distance between two places, for tests and benchmarks; infinity when there are fewer than two."""
    best = math.inf
    points = sorted(places.values())
    for number, (x, y) in enumerate(points):
        for other_x, other_y in points[number + 1 :]:
            if other_x - x >= best:
                break
            best = min(best, math.sqrt((other_x - x) ** 2 + (other_y - y) ** 2))
    return best
