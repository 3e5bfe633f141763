"""Pages of the library: for reading, for officers who enter documents, for who looks at receipts."""

from elearn.library.views import managing, reading, receipts  # noqa: F401
from elearn.library.views.base import blueprint

__all__ = ["blueprint"]
