"""Works out again, from its archive alone, a round that has no papers: one on a stage from the points of its judges, a total from its rounds.

There is nothing that could be sealed beforehand: the archive shows that the result follows from the points, not who gave them. Points of
which there are several versions count as they stood when the round was settled.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from elearn.contests.rules.candidates import Candidate
from elearn.contests.rules.reading import CRITERIA, Reading, Report, Source, reported
from elearn.contests.rules.seals import is_signed
from elearn.contests.rules.stage import Criterion, Part, mark_of_part
from elearn.contests.rules.standings import LOTS, with_lots

FORMAT = "elearn.tally/1"
FILES = ("rules.json", "entrants.jsonl", "points.jsonl", "ranking.csv", "manifest.json")
"""In the order in which they are written."""
KINDS = ("stage", "total")
"""Kinds of rounds that are archived like this."""
SUMMED = ("score", "correct", "working_ms", "attempts_used")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)


def seed_of_lots(contest: str, number: int, pseudonyms: Iterable[str]) -> str:
    """The public seed of lots where nothing was sealed: over the round and over who took part, which nobody knew before it closed."""
    told = hashlib.sha256(f"{contest}|{number}".encode())
    for pseudonym in sorted(pseudonyms):
        told.update(pseudonym.encode())
    return told.hexdigest()


def verify_tally(source: Source) -> Report:
    """Check the archive of a stage or of a total."""
    report = Report()
    return reported(report, _Tally(source, report).run)


class _Tally(Reading):
    def run(self) -> None:
        told = self.json("manifest.json")
        report = self.report
        report.round, report.public_key = told["round"], told["public_key"]
        if told["format"] != FORMAT or not is_signed(
            told["public_key"], {name: value for name, value in told.items() if name != "signature"}, told["signature"]
        ):
            report.fault("manifest.json", 0, "Chữ ký của cả hồ sơ không đúng.")
        self.files, self.result, self.name = told["files"], told["result"], told["round"]
        self.rules = self.json("rules.json")
        if self.rules["round"] != self.name or self.rules["kind"] not in KINDS:
            report.fault("rules.json", 0, "Hồ sơ có phần lạ hoặc thiếu phần.")
        report.checked.append(("Chữ ký của hồ sơ và mã băm của các tệp", {}))
        self.entrants = self.read_entrants()
        rows = self.on_stage() if self.rules["kind"] == "stage" else self.over_rounds()
        self.rank(rows)
        report.notes.append(("Vòng này không có đề để niêm phong: hồ sơ cho thấy kết quả tính đúng từ điểm đã cho.", {}))

    def read_entrants(self) -> dict[str, Mapping[str, Any]]:
        """Everybody who was entered, by pseudonym, in alphabetical order; whether they were disqualified is taken as told."""
        found: dict[str, Mapping[str, Any]] = {}
        last = ""
        for number, text in self.lines("entrants.jsonl"):
            one = self.value("entrants.jsonl", number, text)
            if one is None:
                continue
            if one.keys() != {"p", "disqualified", "parts"} or one["p"] <= last or not isinstance(one["disqualified"], bool):
                self.report.fault("entrants.jsonl", number, "Dòng này thiếu phần, có phần lạ hoặc đứng sai chỗ.")
            last = one["p"]
            found[last] = {**one, "line": number}
        return found

    def points(self, keys: set[str], place: tuple[str, ...]) -> Iterator[tuple[int, dict[str, Any]]]:
        """(number, line) of points.jsonl; each has these keys, stands at its place and belongs to somebody who was entered."""
        last: tuple[Any, ...] = ()
        for number, text in self.lines("points.jsonl"):
            one = self.value("points.jsonl", number, text)
            if one is None:
                continue
            here = tuple(one[name] for name in place)
            if one.keys() != keys or here <= last or one["p"] not in self.entrants:
                self.report.fault("points.jsonl", number, "Dòng này thiếu phần, có phần lạ hoặc đứng sai chỗ.")
                continue
            last = here
            yield number, one

    def on_stage(self) -> dict[str, Candidate]:
        """What each contestant earns: the mean of the judges by criterion, weights, the sum of the parts."""
        settled_at = datetime.fromisoformat(self.result["settled_at"])
        parts = {
            one["number"]: Part(
                one["number"],
                tuple(Criterion(each["number"], each["most"], each["weight"]) for each in one["criteria"]),
                one["weight"],
            )
            for one in self.rules["parts"]
        }
        most = {(part.key, one.key): one.most for part in parts.values() for one in part.criteria}
        given: dict[tuple[str, int], dict[int, list[int]]] = {}
        at: dict[str, datetime] = {}
        judges, count = set(), 0
        place = ("p", "part", "criterion", "judge")
        for number, one in self.points({*place, "versions"}, place):
            versions = [(datetime.fromisoformat(version["at"]), version["points"]) for version in one["versions"]]
            moments = [moment for moment, _ in versions]
            if moments != sorted(moments) or moments[-1] > settled_at:
                self.report.fault("points.jsonl", number, "Các lần cho điểm không theo thứ tự thời gian, hoặc sau lúc chốt.")
            if any(not 0 <= points <= most[one["part"], one["criterion"]] for _, points in versions):
                self.report.fault("points.jsonl", number, "Điểm ngoài thang điểm của tiêu chí.")
            given.setdefault((one["p"], one["part"]), {}).setdefault(one["criterion"], []).append(versions[-1][1])
            at[one["p"]] = max(at.get(one["p"], moments[-1]), moments[-1])
            judges.add(one["judge"])
            count += 1
        found: dict[str, Candidate] = {}
        for who, entrant in self.entrants.items():
            marks = {
                str(number): mark_of_part(part, given[who, number], self.rules["leaves_out_extremes"])
                for number, part in parts.items()
                if (who, number) in given and not entrant["disqualified"]
            }
            if entrant["parts"] != marks:
                self.report.fault("entrants.jsonl", entrant["line"], "Điểm các phần thi tính lại khác với hồ sơ.")
            if marks:
                found[who] = Candidate(0, score=sum(marks.values()), submitted_ms=(at[who] - EPOCH) // MILLISECOND)
        values: dict[str, object] = {"n": count, "judges": len(judges), "parts": len(parts)}
        self.report.checked.append(("%(n)s điểm của %(judges)s giám khảo, điểm của %(parts)s phần thi", values))
        return found

    def over_rounds(self) -> dict[str, Candidate]:
        """What each person comes to over the rounds that are added up: the sum, and the best of them."""
        sources = {one["number"] for one in self.rules["sources"]}
        rows: dict[str, list[dict[str, Any]]] = {}
        place = ("p", "source")
        for number, one in self.points({*place, *SUMMED, "all_correct", "submitted_ms"}, place):
            if one["source"] not in sources:
                self.report.fault("points.jsonl", number, "Dòng này thuộc một vòng không được cộng.")
            rows.setdefault(one["p"], []).append(one)
        found: dict[str, Candidate] = {}
        for who, entrant in self.entrants.items():
            own = rows.get(who, [])
            if entrant["parts"]:
                self.report.fault("entrants.jsonl", entrant["line"], "Điểm các phần thi tính lại khác với hồ sơ.")
            if not own or entrant["disqualified"]:
                continue
            total, correct, working_ms, used = (sum(one[name] for one in own) for name in SUMMED)
            best = max(one["score"] for one in own)
            is_right = min(one["all_correct"] for one in own)
            found[who] = Candidate(
                0, correct, correct if is_right else correct + 1, total if self.rules["combined"] == "sum" else best, None, None,
                working_ms, max(one["submitted_ms"] for one in own), used, total, best,
            )  # fmt: skip
        values: dict[str, object] = {"people": len(found), "n": len(sources)}
        self.report.checked.append(("Điểm cộng của %(people)s người qua %(n)s vòng", values))
        return found

    def rank(self, found: Mapping[str, Candidate]) -> None:
        """Lots and places."""
        names = dict(enumerate(sorted(found)))
        rows = [replace(found[name], entry_id=number) for number, name in names.items()]
        if self.result["people"] != len(rows):
            self.report.fault("manifest.json", 0, "“%(name)s” tính lại là %(value)s, hồ sơ ghi %(told)s.", name="people", value=len(rows), told=self.result["people"])  # fmt: skip
        chain = [CRITERIA[key] for key in self.rules["criteria"]]
        if LOTS in self.rules["criteria"]:
            contest, number = self.name.rsplit("/", 1)
            seed = seed_of_lots(contest, int(number), names.values())
            if seed != self.result["lot_seed"]:
                self.report.fault("manifest.json", 0, "Số bốc thăm tính lại khác với hồ sơ.")
            rows = with_lots(rows, chain, seed, names)
        self.compare(rows, chain, names, {None: None})
        self.report.checked.append(("Hạng của %(people)s người", {"people": len(rows)}))
