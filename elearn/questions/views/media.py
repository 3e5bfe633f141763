"""Pictures of questions, for everybody who is signed in: takers see them in their papers."""

from __future__ import annotations

from flask import Response

from elearn.core import blobs
from elearn.core.guards import signed_in
from elearn.questions import queries
from elearn.questions.views.base import blueprint


@blueprint.get("/media/<digest>")
@signed_in
def media(digest: str) -> Response:
    """The bytes never change under their digest, so that a browser keeps them for ever."""
    medium = queries.get_medium(digest)
    response = Response(blobs.fetch(medium.digest), mimetype=medium.mimetype)
    response.headers["Cache-Control"] = "private, max-age=31536000, immutable"
    response.headers["Content-Disposition"] = "inline"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
