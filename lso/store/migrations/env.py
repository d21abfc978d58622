"""Run by Alembic. The connection comes from `lso.store.migrate`, with the transaction and the lock already taken."""

from alembic import context

from lso.store.schema import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
context.run_migrations()
