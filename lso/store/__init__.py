"""Where state lives: tables, migrations, and plain functions of a connection, run by the store in `engine.py`."""
