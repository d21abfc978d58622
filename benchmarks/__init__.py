"""What the service costs, as ratios measured in one run: `make bench`, or `python -m benchmarks [PART…]`.

Absolute times belong to one machine and one hour; ratios travel. So every contender is measured in turns with what it
is compared with, the median counts, and the bar stands beside the ratio. A missed bar is printed, never an error.
"""
