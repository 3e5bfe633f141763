"""The small content folder, loaded."""

from __future__ import annotations

import pytest

from elearn.content.services import sync_content
from elearn.core import clock
from tests.content.conftest import root  # noqa: F401 - a fixture


@pytest.fixture
def course(app, root):  # noqa: F811
    sync_content(root, 1, clock.now())
    return "khoa-thu"
