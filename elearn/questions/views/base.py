"""The blueprint of the banks and what its pages share."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue

blueprint = Blueprint("questions", __name__, template_folder="../templates")
Answer = ResponseReturnValue
