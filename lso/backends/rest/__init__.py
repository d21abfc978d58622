"""Somebody's Internet On-Demand API as a back end: connections, as published, and with our additions where offered."""
