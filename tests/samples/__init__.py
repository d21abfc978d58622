"""Documents of our own, one for every action and product type, and what they become in each dialect.

`sonata/` and `tmf/` hold what callers send: orders, and a folder for each other resource. `expected/` holds the
translations, one folder a sample, one file a target.
After a deliberate change of a table: `LSO_RENEW_SAMPLES=1 pytest tests/samples`, then read the difference.
"""
