"""One order, and a process that ends itself at every moment that matters, one after the other.

What a process does between two commits, or between a commit and a call, leaves nothing behind. So whoever is killed at
any line is killed, as far as others can tell, right before one of these, or after the last: those are the points.

    point.py     ends the process at a point; laid over the real code by this test alone
    process.py   for every point, a process that ends there, then one that finds what was left
"""
