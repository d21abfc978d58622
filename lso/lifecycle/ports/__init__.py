"""What the life cycle needs from the outside world. Only Protocols and the plain data they exchange; no code.

Implemented in `lso.workflow` and `lso.backends`.
"""
