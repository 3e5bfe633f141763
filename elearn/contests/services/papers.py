"""Gathers what the documents of a closing say."""

from __future__ import annotations

from elearn.contests.models import Round, Settlement, Standing
from elearn.contests.queries.awards import Winner, list_awarded, list_refused, list_reserves
from elearn.contests.queries.contests import criteria_of
from elearn.contests.rules.papers import Awarded, Closing, contest_words
from elearn.contests.rules.prediction import METRICS
from elearn.lib.numbers import format_number, format_scaled
from elearn.lib.periods import local


def closing_of(found: Round, settlement: Settlement) -> Closing:
    """A settlement as the documents tell it."""
    metric = METRICS.get(settlement.prediction_metric)
    prediction = None
    if metric is not None and settlement.prediction_actual is not None:
        prediction = (
            metric.prompt,
            f"{format_scaled(settlement.prediction_actual, metric.decimals)} {metric.unit}".replace(" %", "%"),
        )
    names = [one.name for one in criteria_of(settlement.criteria)]
    chain = ", rồi ".join(name if place == 0 else name[:1].lower() + name[1:] for place, name in enumerate(names))
    return Closing(
        contest=contest_words(found.contest.title),
        round=found.title,
        organiser=found.contest.organiser_name,
        opens_at=found.opens_at,
        closes_at=found.closes_at,
        settled_at=settlement.settled_at,
        version=settlement.version,
        people=settlement.people_count,
        attempts=settlement.attempts_count,
        all_correct=settlement.all_correct_count,
        question_count=settlement.question_count,
        chain=f"{chain}.",
        winners=tuple(_awarded(one, settlement) for one in list_awarded(found, settlement)),
        reserves=tuple((one.display_name, one.unit_name) for one in list_reserves(settlement)),
        prediction=prediction,
        is_published=settlement.version == found.published_version,
        plan_number=found.contest.decision_number,
        plan_day=found.contest.decision_on,
        refused=len(list_refused(found.id)),
    )


def _awarded(one: Winner, settlement: Settlement) -> Awarded:
    why = one.reason or (why_words(one.row, settlement) if one.row else "Xếp hạng đơn vị")
    day = one.delivery.handed_on if one.delivery else None
    return Awarded(one.prize, one.name, one.unit_name, why, one.amount, not one.is_person, day)


def why_words(row: Standing, settlement: Settlement) -> str:
    """The figures by which a person stands where they stand."""
    told = [f"Hạng {format_number(row.place)}"]
    if settlement.question_count:
        told.append(f"{row.correct_count}/{settlement.question_count} câu")
    metric = METRICS.get(settlement.prediction_metric)
    if metric and row.prediction is not None and row.prediction_distance is not None:
        off = f"lệch {format_scaled(row.prediction_distance, metric.decimals)}" if row.prediction_distance else "đúng"
        told.append(f"dự đoán {format_scaled(row.prediction, metric.decimals)} ({off})")
    if row.attempt_id is not None:
        minutes, seconds = divmod(row.working_ms // 1000, 60)
        told.append(f"làm bài {minutes} phút {seconds:02} giây")
        told.append(f"nộp {local(row.submitted_at):%H:%M:%S ngày %d/%m/%Y}")
    return "; ".join(told)
