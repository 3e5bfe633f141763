"""Files handed in with an answer."""

from __future__ import annotations

import io

from flask import Response, jsonify, request, send_file
from flask_login import current_user

from elearn.core import blobs, clock
from elearn.core.guards import guests_too, signed_in
from elearn.lib.errors import InvalidInput
from elearn.quizzes import queries, services
from elearn.quizzes.rules.handing_in import LARGEST_FILE
from elearn.quizzes.views import ATTEMPT, blueprint
from elearn.quizzes.views.reading import bad_field, read_json, read_words


@blueprint.post(ATTEMPT + "/files")
@signed_in
@guests_too
def hand_in(attempt_id: int) -> Response:
    """Take a file; multipart with `slot` and `file`."""
    slot, sent = request.form.get("slot", ""), request.files.get("file")
    if not slot.isascii() or not slot.isdigit() or len(slot) > 5:
        raise bad_field("slot")
    if sent is None or not sent.filename:
        raise InvalidInput("bad_file", "Hãy chọn một tệp.", field="file")
    holder = request.form.get("holder", "")[:40]
    data = sent.stream.read(LARGEST_FILE + 1)
    told = services.hand_in_file(attempt_id, current_user.member_id, int(slot), sent.filename, data, holder, clock.now())
    return jsonify(told)


@blueprint.post(ATTEMPT + "/files/remove")
@signed_in
@guests_too
def remove_file(attempt_id: int) -> Response:
    read = read_json({"slot": int, "holder": str}, optional=("holder",))
    name, holder = read_words("name", 100), read.get("holder", "")[:40]
    services.remove_file(attempt_id, current_user.member_id, read["slot"], name, holder, clock.now())
    return jsonify(removed=True)


@blueprint.get(ATTEMPT + "/files/<int(max=2147483647):file_id>")
@signed_in
@guests_too
def show_file(attempt_id: int, file_id: int) -> Response:
    """The file as its owner sent it, never shown inside a page of ours."""
    found = queries.access_file(current_user.actor, attempt_id, file_id)
    data = io.BytesIO(blobs.fetch(found.digest))
    return send_file(data, mimetype=found.mimetype, as_attachment=True, download_name=found.name)
