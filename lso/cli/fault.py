"""What an operator can mend, told in a sentence."""

from __future__ import annotations


def sentence(error: Exception) -> str | None:
    """What is wrong, and where; None for what is nobody's mistake at the command line, but a fault of ours."""
    from pydantic import ValidationError
    from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError
    from yaml import YAMLError

    from lso.errors import BridgeError

    match error:
        case BridgeError():
            return error.reason
        case ValidationError():
            said = "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors())
            return f"{error.title}: {said}"
        case ArgumentError():
            return "LSO_DATABASE_URL is not a database URL."
        case OperationalError():
            return f"The database does not answer: {error.orig}"
        case DBAPIError():
            return f"The database cannot be used: {error.orig}"
        case YAMLError():
            return f"The file is not YAML: {error}"
        case UnicodeDecodeError():
            return f"The file is not text in {error.encoding}: {error.reason}."
        case OSError() if error.strerror:
            return f"{error.filename or 'A file'} cannot be used: {error.strerror}."
    return None
