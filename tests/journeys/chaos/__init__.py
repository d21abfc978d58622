"""Orders by the hundred through real processes that are killed without warning, and the books held against each other.

    plan.py      how many orders, by whom, what is killed how often; from a seed
    network.py   the three back ends and their own ledgers
    fleet.py     the processes, started again whenever they die, and who may be killed
    killer.py    kills and starts again
    customer.py  clients that repeat until they are answered, with an idempotency key
    audit.py     what must be so in the end, read from the service, the ledgers and the subscribers
    run.py       all of it in order
    figures.py   what is told of it

`python -m tests.journeys.chaos` is the long run with a display, `make chaos`.
"""
