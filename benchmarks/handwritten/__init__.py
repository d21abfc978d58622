"""What a careful person would write by hand for the orders of the bench: the bar the compiled tables are held to.

It covers the members these orders use, checks nothing, remembers nothing and finds no faults; the tables do all of
that. `python -m benchmarks` refuses to time it when its results differ from the tables'.
"""

from __future__ import annotations

from benchmarks.handwritten.sonata import read_order, write_order
from benchmarks.handwritten.tmf import write_tmf

__all__ = ["read_order", "write_order", "write_tmf"]
