"""The ROK–Singapore knowledge graph: every fact says who says so, where, and how independently.

``import kg`` reads nothing and imports nothing heavy; the names below arrive on first use.

>>> import kg
>>> with kg.Store.open() as store:                       # doctest: +SKIP
...     for row in store.query("SELECT ?mou { ?mou krsg:party org:hsa }"):
...         print(row["mou"])
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from kg.errors import KGError
    from kg.store import Store

__version__ = "0.1.0"

__all__ = ["KGError", "Store", "__version__"]

_HOME = {"Store": "kg.store", "KGError": "kg.errors"}


def __getattr__(name: str) -> object:
    """Import a public name when it is first asked for, so that ``import kg`` stays instant."""
    if name not in _HOME:
        raise AttributeError(f"module 'kg' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOME[name]), name)
