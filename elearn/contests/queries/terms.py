"""The rules of a round as they are put into words."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from elearn.contests.models import Contest, Round
from elearn.contests.queries.contests import criteria_of, list_unit_names
from elearn.contests.rules.rules_text import Paper, Rule, Terms, word_for_rounds, word_rules
from elearn.contests.rules.settings import PrizeKind, RoundSettings
from elearn.contests.rules.words import spell
from elearn.lib.periods import local, local_day
from elearn.quizzes.queries.managing import banks_of

Title = Callable[[Contest | Round], str]


def _title(thing: Contest | Round) -> str:
    return thing.title


def terms_in(
    contest: Contest,
    one: Round,
    title: Title = _title,
    prizes: Callable[[Sequence[PrizeKind]], Sequence[PrizeKind]] = tuple,
    otherwise: str = "vòng",
) -> Terms:
    """The rules in force in a round; `title` and `prizes` name things in the reader's language, `otherwise` is a round without a word."""
    quiz, settings = one.paper, one.rules
    rounds = contest.rounds
    return Terms(
        settings,
        one.own_rules,
        criteria=criteria_of(settings.criteria),
        prizes=prizes(settings.prizes),
        first_day=local_day(min(each.opens_at for each in rounds)),
        kind=one.kind,
        paper=Paper(quiz.question_count, quiz.time_limit_seconds, bool(quiz.paper_seed)) if quiz else None,
        attempt_limit=quiz.attempt_limit if quiz else None,
        unit_names=list_unit_names(settings.unit_ids),
        round_word=word_for_rounds([title(each) for each in rounds], otherwise),
        round_titles={each.number: title(each) for each in rounds},
    )


def words_of_round(one: Round) -> dict[str, str]:
    """All that is said of a round in Vietnamese, by what it is about: for the words of a change."""
    told = {"Tên vòng": one.title, "Giờ mở": _moment(one.opens_at), "Giờ đóng": _moment(one.closes_at)}
    if one.paper is not None:
        names = {bank.id: bank.title for bank in banks_of(one.paper.blueprint)}
        told["Đề"] = "; ".join(_part(part, names) for part in one.paper.blueprint)
        told["Thứ tự phương án"] = "xáo" if one.paper.shuffle_options else "giữ nguyên"
        told["Mức đạt"] = f"{one.paper.pass_percent}%" if one.paper.pass_percent else ""
    return told | _rules(word_rules(terms_in(one.contest, one)))


def words_of_contest(contest: Contest) -> dict[str, str]:
    """All that is said of the contest as a whole in Vietnamese, by what it is about."""
    told = {"Quy định thêm": contest.rules_extra.strip(), "Nội dung xin đồng ý": contest.consent_text.strip()}
    if not contest.rounds:
        return told
    first = terms_in(contest, contest.rounds[0])
    whole = Terms(
        contest.rules, RoundSettings(), criteria_of(contest.rules.criteria), contest.rules.prizes, first.first_day,
        unit_names=first.unit_names, round_word=first.round_word,
    )  # fmt: skip
    return told | _rules(word_rules(whole))


def _rules(rules: Sequence[Rule]) -> dict[str, str]:
    return {spell(rule.title): " ".join(spell(words) for words in (*rule.body, *rule.detail)) for rule in rules}


def _moment(at: object) -> str:
    here = local(at)  # type: ignore[arg-type]
    return f"{here.hour}:{here:%M} ngày {here:%d/%m/%Y}"


def _part(part: dict[str, object], names: dict[int, str]) -> str:
    if "question" in part:
        return f"câu chọn sẵn số {part['question']}"
    chosen = [f"mức {part['level']}"] if part.get("level") else []
    chosen += [f"mỗi câu {part['mark']} điểm"] if part.get("mark") else []
    return ", ".join([f"{part['count']} câu từ “{names.get(int(str(part['bank'])), '?')}”", *chosen])
