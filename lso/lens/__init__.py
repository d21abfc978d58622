"""The translation engine: tables in, pairs of compiled functions out. Knows nothing of telecom.

Rows and words are read by `load`, compiled by `compile`, checked against specifications by `check`.
"""

from lso.lens.codec import INSTANT, Call, Calls, Codec, Codecs
from lso.lens.compile import compile_mapping
from lso.lens.explain import Trace, explain
from lso.lens.load import load_table
from lso.lens.losses import Loss, losses
from lso.lens.table import Row, Select, Table, TableError, Types, Words
from lso.lens.translation import Document, Lens, Mapping, Translation

__all__ = ["INSTANT", "Call", "Calls", "Codec", "Codecs", "Document", "Lens", "Loss", "Mapping", "Row", "Select",
           "Table", "TableError", "Trace", "Translation", "Types", "Words", "compile_mapping", "explain", "load_table",
           "losses"]
