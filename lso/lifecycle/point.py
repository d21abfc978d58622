"""Points: how far apart they are, and in which cells of a grid they lie, so that near ones are found by equality."""

from __future__ import annotations

from math import asin, cos, floor, radians, sin, sqrt

EARTH_METRES = 6_371_000.0
THERE_METRES = 15.0
"""So near, it is the place itself."""
NEAR_METRES = 100.0
"""So near, it may be meant."""
_ROW_DEGREES = 0.001
_COLUMNS = 400_000


def cell(latitude: float, longitude: float) -> int:
    """The cell of a point: a little over a hundred metres high and wide, wherever it is."""
    row = floor(latitude / _ROW_DEGREES)
    return _numbered(row, _column(row, longitude))


def around(latitude: float, longitude: float) -> tuple[int, ...]:
    """All cells that hold points within NEAR_METRES."""
    middle = floor(latitude / _ROW_DEGREES)
    return tuple(dict.fromkeys(_numbered(row, _column(row, longitude) + step)
                               for row in (middle - 1, middle, middle + 1) for step in (-1, 0, 1)))


def metres(here: tuple[float, float], there: tuple[float, float]) -> float:
    """The way between two points, each by latitude and longitude in degrees."""
    (one, two), (other, another) = (map(radians, point) for point in (here, there))
    height = sin((other - one) / 2) ** 2 + cos(one) * cos(other) * sin((another - two) / 2) ** 2
    return 2 * EARTH_METRES * asin(sqrt(min(1.0, height)))


def _column(row: int, longitude: float) -> int:
    """Columns are as wide as rows are high: there are fewer of them towards the poles."""
    width = _ROW_DEGREES / max(cos(radians(row * _ROW_DEGREES)), 1e-3)
    return floor(longitude / width)


def _numbered(row: int, column: int) -> int:
    return row * _COLUMNS + column
