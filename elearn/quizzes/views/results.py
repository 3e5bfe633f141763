"""The result of an attempt."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from elearn.core import clock
from elearn.core.guards import guests_too, signed_in
from elearn.lib.errors import DomainError
from elearn.lib.periods import local_day
from elearn.library.queries import is_in_force
from elearn.quizzes import queries
from elearn.quizzes.queries.history import receipts_of, regraded_of, reports_of
from elearn.quizzes.queries.papers import result_of, sections_of
from elearn.quizzes.views import ATTEMPT, blueprint


@blueprint.get(ATTEMPT + "/result")
@signed_in
@guests_too
def result(attempt_id: int) -> str | Response:
    now = clock.now()
    attempt = queries.access_attempt(current_user.actor, attempt_id)
    is_own = attempt.member_id == current_user.member_id
    if attempt.state == "open":
        if is_own:  # its page decides: it goes on, or is finished where its time is over and comes back here
            return redirect(url_for("quizzes.sit", attempt_id=attempt_id))
        raise DomainError("still_open", "Bài này đang được làm. Kết quả có khi bài đã nộp.")
    siblings = queries.attempts_at(attempt.member_id, attempt.quiz_id)
    return render_template(
        "quizzes/result.html",
        attempt=attempt,
        quiz=attempt.quiz,
        result=result_of(attempt, now),
        siblings=siblings,
        siblings_shown={one.id for one in siblings if "marks" in queries.things_shown(attempt.quiz, one, now)},
        counted=queries.counted_at(attempt.member_id, attempt.quiz),
        regraded=regraded_of(attempt),
        late=queries.late_of(attempt_id),
        reports=reports_of(attempt_id),
        receipts=receipts_of(attempt_id),
        sections=sections_of(attempt.quiz),
        now=now,
        way_back=queries.find_way_back(attempt.quiz_id, attempt.member_id),
        is_own=is_own,
        is_in_force=is_in_force,
        today=local_day(now),
    )
