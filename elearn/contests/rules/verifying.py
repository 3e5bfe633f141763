"""Works a round out again from its archive alone and says what differs: hashes, papers, log, marks, what counts, places.

Nothing is taken from the archive that can be derived: papers come from the seed, responses from the log, marks from key and corrections,
places from marks. What is derived is compared with what the archive says, line by line.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from elearn.contests.rules.archives import KEPT_BACK, Papers, Sat, digest_of_event, responses_of
from elearn.contests.rules.candidates import Candidate, Criterion
from elearn.contests.rules.counted import pick_counted
from elearn.contests.rules.prediction import Totals, distance, true_value
from elearn.contests.rules.reading import CRITERIA, MOST_FAULTS, Reading, Report, Source, reported
from elearn.contests.rules.replaying import HIDDEN, Correction, Folded, marks_told, split, work_out
from elearn.contests.rules.seals import (
    AMENDED,
    RANKING_VERSION,
    Commitment,
    amendment_digest,
    amendment_line,
    first_head,
    is_same_paper,
    is_signed,
    line_of,
    lot_seed,
    merkle_root,
    next_head,
    prediction_leaf,
)
from elearn.contests.rules.settings import ContestSettings, RoundSettings, within
from elearn.contests.rules.standings import LOTS, with_lots
from elearn.lib.canonical import canonical
from elearn.quizzes.rules.attempts import KINDS, working_ms
from elearn.quizzes.rules.grading import MARKING_VERSION, plain

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)
LINE_KEYS = frozenset(("p", "n", "seq", "kind", "slot", "at", "a", "data", "client_seq", "key", "digest", "mark", "empty"))
SCALE = 10_000_000


def verify(source: Source, sources: str = "") -> Report:
    """Check an archive; `sources` is the digest of the deciding sources that run here, "" where it is not known."""
    report = Report()
    return reported(report, _Verifier(source, report, sources).run)


@dataclass(slots=True)
class _Open:
    """An attempt while the log is read; `folded` is packed into a text once it is submitted."""

    attempt_id: int
    pseudonym: str
    number: int
    paper: list[dict[str, Any]] | None
    paper_digest: bytes
    started_at: str
    seq: int
    digest: str
    folded: Folded | str


class _Verifier(Reading):
    def __init__(self, source: Source, report: Report, sources: str) -> None:
        super().__init__(source, report)
        self.sources = sources
        self.sat: dict[tuple[str, int], _Open] = {}
        self.final: list[tuple[str, int, int]] = []
        self.first: list[tuple[str, int, int]] = []
        self.candidates: list[Candidate] = []
        self.ids: dict[str, int] = {}
        self.flagged: dict[int, int] = {}

    def run(self) -> None:
        told = self.json("manifest.json")
        self.outer(told)
        self.commitments(told)
        self.log()
        self.attempts()
        self.predictions()
        self.applied()
        self.ranking()

    # Signatures and hashes

    def outer(self, told: dict[str, Any]) -> None:
        """The signature over the whole, the manifest, and the closing."""
        report = self.report
        report.public_key = key = told["public_key"]
        unsigned = {name: value for name, value in told.items() if name != "signature"}
        if not is_signed(key, unsigned, told["signature"]):
            report.fault("manifest.json", 0, "Chữ ký của cả hồ sơ không đúng.")
        self.files, self.result = told["files"], told["result"]
        self.manifest, self.closing = told["manifest"], told["closing"]
        self.name = report.round = self.manifest["round"]
        if not is_signed(key, self.manifest, told["manifest_signature"]):
            report.fault("manifest.json", 0, "Chữ ký của bản niêm phong không đúng.")
        closing = {name: value for name, value in self.closing.items() if name != "signature"}
        if not is_signed(key, closing, self.closing["signature"]) or closing["round"] != self.name:
            report.fault("manifest.json", 0, "Chữ ký của bản chốt sổ không đúng.")
        self.secret, self.salt = told["reveal"]["seed"], told["reveal"]["salt"]
        report.checked.append(("Chữ ký của bản niêm phong số %(number)s, của bản chốt sổ và của hồ sơ", {"number": self.manifest["number"]}))  # fmt: skip

    def commitments(self, told: dict[str, Any]) -> None:
        """The four hashes, and the rules that were applied."""
        report = self.report
        self.rules, paper, key = self.json("rules.json"), self.json("paper.json"), self.json("key.json")
        words, keys = paper["versions"], key["versions"]
        hashes = Commitment(self.name, self.secret, self.salt, self.rules, words, keys).hashes()
        files = {"seed": "manifest.json", "key": "key.json", "bank": "paper.json", "rules": "rules.json"}
        for part, digest in hashes.items():
            if self.manifest["hashes"].get(part) != digest:
                report.fault(files[part], 0, "Mã băm “%(part)s” tính lại khác với bản niêm phong.", part=part)
        if set(self.manifest["hashes"]) != set(hashes) or paper.keys() != {"versions"} or key.keys() != {"versions", "corrections"}:
            report.fault("manifest.json", 0, "Hồ sơ có phần lạ hoặc thiếu phần.")
        self.papers = Papers.of(self.name, self.secret, self.rules, words, keys)
        self.corrections = [Correction.read(one) for one in key["corrections"]]
        self.in_force, self.amendments = self.rules, 0
        versions = {"marking": MARKING_VERSION, "ranking": RANKING_VERSION}
        if self.rules["versions"] != versions:
            report.fault("rules.json", 0, "Vòng thi niêm phong theo quy tắc chấm, xếp hạng của bản phần mềm khác.")
        if self.sources and self.manifest["software"].get("sources") != self.sources:
            report.notes.append(("Phần mềm lúc niêm phong khác phần mềm đang kiểm; kết quả tính lại vẫn phải như nhau.", {}))
        if self.corrections:
            report.notes.append(("%(n)s lần sửa đáp án sau khi thi được tính vào; chúng không thể niêm phong trước.", {"n": len(self.corrections)}))  # fmt: skip
        report.checked.append(("Mã băm của số bí mật, đáp án, ngân hàng %(n)s câu và thể lệ", {"n": len(keys)}))

    # The log

    def checkpoints(self) -> list[dict[str, Any]]:
        """All checkpoints, their signatures and numbers."""
        name = "checkpoints.jsonl"
        found: list[dict[str, Any]] = []
        for number, text in self.lines(name):
            one = self.value(name, number, text)
            if one is None:
                continue
            said = {key: value for key, value in one.items() if key != "signature"}
            if not is_signed(self.report.public_key, said, one.get("signature", "")):
                self.report.fault(name, number, "Chữ ký của mốc sổ không đúng.")
            if one.get("round") != self.name or one.get("number") != len(found) + 1 or one.get("kind") != "checkpoint":
                self.report.fault(name, number, "Mốc sổ thiếu, thừa hoặc sai thứ tự.")
            found.append(one)
        return found

    def log(self) -> None:
        """Every event: its digest, the chain, each checkpoint."""
        report, name = self.report, "log.jsonl"
        marks = self.checkpoints()
        head, count, waiting = first_head(self.manifest), 0, iter(marks)
        due, leaves, last = next(waiting, None), [], (-1, 0)
        closing_seen = self.closing["events"] == 0 and self.closing["log_head"] == head
        for number, text in self.lines(name):
            line = self.value(name, number, text)
            if line is None:
                continue
            place = self.amended(number, line) if line.get("kind") == "amended" else self.event(number, line)
            if place is None:
                continue
            attempt_id, leaf = place
            if (attempt_id, line["seq"]) <= last:
                report.fault(name, number, "Sự kiện đứng sai thứ tự trong mốc sổ.")
            last = (attempt_id, line["seq"])
            head, count = next_head(head, leaf), count + 1
            leaves.append(leaf)
            if count == self.closing["events"]:
                closing_seen = head == self.closing["log_head"]
            while due is not None and due["count"] == count:
                if due["head"] != head or due["root"] != merkle_root(leaves):
                    report.fault(name, number, "Sổ không khớp mốc số %(number)s.", number=due["number"])
                due, leaves, last = next(waiting, None), [], (-1, 0)
        if due is not None:
            report.fault(name, 0, "Sổ có %(count)s sự kiện, mốc số %(number)s ghi %(wanted)s.", count=count, number=due["number"], wanted=due["count"])  # fmt: skip
        elif leaves:
            report.fault(name, 0, "Có %(n)s sự kiện sau mốc cuối cùng.", n=len(leaves))
        if not closing_seen:
            report.fault(name, 0, "Sổ không khớp bản chốt sổ (R_log).")
        report.checked.append(("Sổ %(events)s sự kiện, %(marks)s mốc", {"events": count, "marks": len(marks)}))

    def amended(self, number: int, line: dict[str, Any]) -> tuple[int, str] | None:
        """Rules that two officers changed while the round ran: what is ranked later is ranked by them. (0, line of the chain)."""
        if line.keys() != {"kind", "seq", "at", "reason", "rules"} or line["seq"] != self.amendments + 1:
            self.report.fault("log.jsonl", number, "Lần sửa quy tắc thiếu, thừa hoặc sai thứ tự.")
            return None
        if not is_same_paper(self.rules, line["rules"]):
            self.report.fault("log.jsonl", number, "Lần sửa quy tắc đổi cả cách ra đề đã niêm phong.")
        self.amendments += 1
        self.in_force = line["rules"]
        digest = amendment_digest(self.name, line["seq"], line["at"], line["reason"], line["rules"])
        return AMENDED, amendment_line(line["seq"], digest)

    def event(self, number: int, line: dict[str, Any]) -> tuple[int, str] | None:
        """Take one event; (its attempt id, line of the chain). None where it cannot belong to the log."""
        report, name = self.report, "log.jsonl"
        if not line.keys() <= LINE_KEYS or line.get("kind") not in KINDS:
            report.fault(name, number, "Sự kiện thuộc loại không có, hoặc có phần lạ.")
            return None
        key, kind = (line["p"], line["n"]), line["kind"]
        known = self.sat.get(key)
        if kind == "started":
            if known is not None or line["seq"] != 1:
                report.fault(name, number, "Lượt %(who)s bắt đầu hai lần.", who=f"{key[0]}/{key[1]}")
                return None
            known, digest = self.begin(line)
            return known.attempt_id, line_of(line["p"], line["n"], line["seq"], digest)
        if known is None or line["seq"] != known.seq + 1:
            wanted = known.seq + 1 if known else 1
            report.fault(name, number, "Sổ của lượt %(who)s thiếu hoặc sai thứ tự: chờ sự kiện %(wanted)s.", who=f"{key[0]}/{key[1]}", wanted=wanted)  # fmt: skip
            if known is None:
                return None
        if "digest" in line:
            digest = str(line["digest"])
            if kind not in KEPT_BACK and not self.may_hide(known, line):
                report.fault(name, number, "Sự kiện này phải ghi đủ nội dung.")
        else:
            if kind in KEPT_BACK:
                report.fault(name, number, "Sự kiện này không được ghi nội dung.")
            digest = digest_of_event(known.digest, known.attempt_id, line, line.get("data"))
        known.seq, known.digest = line["seq"], digest
        folded = known.folded if isinstance(known.folded, Folded) else Folded.unpack(known.folded)
        folded.take(line, digest)
        known.folded = folded.pack() if folded.submitted_at else folded
        if folded.submitted_at:
            known.paper = None
        return known.attempt_id, line_of(line["p"], line["n"], line["seq"], digest)

    def begin(self, line: dict[str, Any]) -> tuple[_Open, str]:
        """The first event of an attempt: its paper is drawn again from the seed."""
        seed = self.papers.seed(line["p"], line["n"])
        paper = self.papers.draw(seed)
        digest = digest_of_event("", line["a"], line, {"seed": seed, "paper": paper})
        told = hashlib.sha256(canonical(paper).encode()).digest()
        known = _Open(line["a"], line["p"], line["n"], paper, told, line["at"], 1, digest, Folded())
        self.sat[line["p"], line["n"]] = known
        return known, digest

    def may_hide(self, known: _Open, line: Mapping[str, Any]) -> bool:
        """Whether only the digest of this answer need be given: a person marks it."""
        if line["kind"] not in ("answered", "late_taken"):
            return False
        paper = known.paper if known.paper is not None else self.papers.draw(self.papers.seed(known.pseudonym, known.number))
        return self.papers.is_for_marker(paper, line.get("slot"))

    # Attempts

    def attempts(self) -> None:
        """Every attempt as the log gives it; what counts of each entry."""
        report, name, last, submitted = self.report, "attempts.jsonl", 0, 0
        for number, text in self.lines(name):
            told = self.value(name, number, text)
            if told is None:
                continue
            known = self.sat.pop((told.get("p", ""), told.get("n", 0)), None)
            if known is None or known.attempt_id <= last:
                report.fault(name, number, "Lượt này không có trong sổ, ghi hai lần hoặc đứng sai chỗ.")
                continue
            last = known.attempt_id
            if hashlib.sha256(canonical(told.get("paper")).encode()).digest() != known.paper_digest:
                report.fault(name, number, "Đề của lượt này khác với đề rút từ số đã niêm phong.")
                continue
            sat = self.rebuild(known, told, number)
            line = sat.line()
            if line != text:
                rebuilt = json.loads(line)
                differing = sorted(key for key in {*told, *rebuilt} if told.get(key) != rebuilt.get(key))
                report.fault(name, number, "Tính lại khác với hồ sơ ở: %(names)s.", names=", ".join(differing))
            submitted += sat.submitted_at is not None
            self.count(sat, number)
        for known in list(self.sat.values())[:MOST_FAULTS]:
            report.fault(name, 0, "Thiếu lượt %(who)s có trong sổ.", who=f"{known.pseudonym}/{known.number}")
        report.checked.append(("Đề, câu trả lời và điểm của %(n)s lượt đã nộp", {"n": submitted}))

    def rebuild(self, known: _Open, told: Mapping[str, Any], number: int) -> Sat:
        """The attempt as the log, the key and the corrections make it; only what an officer decides is taken from the line."""
        folded = known.folded if isinstance(known.folded, Folded) else Folded.unpack(known.folded)
        data = folded.final()
        answers, prediction = split(data)
        questions = self.papers.items(told["paper"])
        by_hand = [
            slot for slot, one in answers.items() if one.response == HIDDEN and self.papers.is_for_marker(told["paper"], slot)
        ]
        responses = responses_of({slot: one.response for slot, one in answers.items()}, folded.receipts, by_hand)
        sure = {str(slot): one.certainty for slot, one in sorted(answers.items()) if one.certainty is not None}
        started = datetime.fromisoformat(known.started_at)
        sat = Sat(
            known.attempt_id, known.pseudonym, known.number, self.papers.seed(known.pseudonym, known.number), told["paper"], started,
            None, None, responses, sure, None, None, None, str(told["max"]), None, False, False, known.seq, known.digest,
            told["counted"] is True, told["disqualified"] is True,
        )  # fmt: skip
        if not folded.submitted_at:
            return sat
        result, is_as_logged = work_out(folded, questions, self.corrections, self.papers.scheme, self.papers.pass_percent)
        if not is_as_logged:
            self.report.fault("attempts.jsonl", number, "Điểm lúc nộp ghi trong sổ khác với điểm tính từ đáp án.")
        submitted = datetime.fromisoformat(folded.submitted_at)
        if prediction is not None:
            self.final.append((known.pseudonym, known.number, prediction))
        first = split({slot: one for slot, (_, _, one) in folded.answers.items()})[1]
        if first is not None:
            self.first.append((known.pseudonym, known.number, first))
        return replace(
            sat, submitted_at=submitted, working_ms=working_ms(started, submitted, folded.returned), prediction=prediction,
            marks=marks_told(result), mark=plain(result.mark), max_mark=plain(result.max_mark), correct_count=result.correct_count,
            is_discarded=bool(folded.submitted.get("discarded")) and not folded.late, is_pending=None in result.marks,
        )  # fmt: skip

    def count(self, sat: Sat, number: int) -> None:
        """Let an attempt stand for its entry where it counts for anything."""
        who = self.ids.setdefault(sat.pseudonym, len(self.ids))
        if sat.is_counted:
            self.flagged[sat.attempt_id] = number
        if sat.submitted_at is None or sat.is_discarded or sat.is_pending or sat.is_disqualified:
            return
        assert sat.mark is not None and sat.correct_count is not None and sat.working_ms is not None
        self.candidates.append(
            Candidate(
                who, sat.correct_count, self.rules["quiz"]["question_count"], _scaled(sat.mark), sat.prediction, None, sat.working_ms,
                (sat.submitted_at - EPOCH) // MILLISECOND, sat.number, attempt_id=sat.attempt_id,
            )
        )  # fmt: skip

    def predictions(self) -> None:
        """R_ent and R_pred."""
        names = sorted({*self.ids, *self.result["without_attempt"]})
        if (len(names), merkle_root(names)) != (self.closing["entrants"], self.closing["entrants_root"]):
            self.report.fault("manifest.json", 0, "Danh sách người dự không khớp bản chốt sổ (R_ent).")
        wanted = (self.closing["predictions"], self.closing["predictions_root"])
        if not any(
            (len(them), merkle_root(prediction_leaf(*one) for one in sorted(them))) == wanted for them in (self.final, self.first)
        ):
            self.report.fault("manifest.json", 0, "Các số dự đoán không khớp bản chốt sổ (R_pred).")
        self.report.checked.append(("Gốc băm của %(people)s người dự và %(n)s số dự đoán", {"people": len(names), "n": wanted[0]}))

    # Places

    def applied(self) -> None:
        """The rules that were applied: those sealed, with what was changed in the log."""
        contest, own = ContestSettings.read(self.in_force["contest"]), RoundSettings.read(self.in_force["round"])
        self.settings = within(contest, own)
        if self.settings.store() != self.result["rules"]:
            self.report.fault("manifest.json", 0, "Thể lệ đã áp dụng khác với thể lệ đã niêm phong.")
        if self.amendments:
            self.report.notes.append(
                ("%(n)s lần sửa quy tắc khi vòng đang mở, có hai cán bộ đồng ý, đứng trong sổ.", {"n": self.amendments})
            )

    def ranking(self) -> None:
        """What counts, the true value of the prediction, lots, places."""
        report, result = self.report, self.result
        numbers = {one.attempt_id: one.attempts_used for one in self.candidates}  # there it still is the number of the attempt
        used: dict[int, int] = {}
        for one in self.candidates:
            used[one.entry_id] = used.get(one.entry_id, 0) + 1
        picked = pick_counted(self.candidates, self.settings.counted)
        counted = {one.attempt_id for one in picked}
        for attempt_id, number in self.flagged.items():
            if attempt_id not in counted:
                report.fault("attempts.jsonl", number, "Lượt này được ghi là lượt tính, nhưng theo thể lệ thì không.")
        if len(counted) != len(self.flagged):
            report.fault("attempts.jsonl", 0, "Theo thể lệ có %(n)s lượt tính, hồ sơ ghi %(told)s.", n=len(counted), told=len(self.flagged))  # fmt: skip
        people, attempts = len(picked), len(self.candidates)
        totals = Totals(
            people, attempts, sum(one.is_all_correct for one in picked), result["contest_people"], result["contest_attempts"]
        )
        figures = {"people": people, "attempts": attempts, "all_correct": totals.all_correct}
        for name, value in figures.items():
            if result[name] != value:
                report.fault("manifest.json", 0, "“%(name)s” tính lại là %(value)s, hồ sơ ghi %(told)s.", name=name, value=value, told=result[name])  # fmt: skip
        actual = self.actual(totals)
        order = {old: new for new, old in enumerate(self.ids[name] for name in sorted(self.ids))}
        names = {order[number]: name for name, number in self.ids.items()}
        rows = [
            replace(
                one, entry_id=order[one.entry_id], prediction_distance=distance(one.prediction, actual),
                attempts_used=used[one.entry_id],
            )
            for one in picked
        ]  # fmt: skip
        chain = [CRITERIA[key] for key in self.settings.criteria]
        if LOTS in self.settings.criteria:
            rows = self.draw_lots(rows, chain, names)
        self.compare(rows, chain, names, numbers)
        report.checked.append(("Giá trị thật của câu dự đoán, lượt tính và hạng của %(people)s người", {"people": people}))

    def actual(self, totals: Totals) -> int | None:
        """The true value of the prediction."""
        metric, result = self.in_force["round"].get("metric", ""), self.result
        actual = true_value(metric, totals) if metric else None
        if (result["metric"], result["prediction_actual"]) != (metric, actual):
            self.report.fault("manifest.json", 0, "Giá trị thật của câu dự đoán tính lại là %(value)s, hồ sơ ghi %(told)s.", value=actual, told=result["prediction_actual"])  # fmt: skip
        if metric.startswith("contest_"):
            self.report.notes.append(("Câu dự đoán hỏi về cả cuộc thi: số người và số lượt của các vòng trước lấy theo hồ sơ.", {}))
        return actual

    def draw_lots(self, rows: list[Candidate], chain: Sequence[Criterion], names: dict[int, str]) -> list[Candidate]:
        """The candidates with their lots."""
        seed = lot_seed(self.secret, self.closing["entrants_root"], self.closing["log_head"], self.result["public_value"])
        if seed != self.result["lot_seed"]:
            self.report.fault("manifest.json", 0, "Số bốc thăm tính lại khác với hồ sơ.")
        source = self.in_force["round"].get("public_draw", "")
        if not source:
            self.report.notes.append(("Thể lệ không nêu lần quay số công khai nào: chỉ ban tổ chức biết trước số bốc thăm.", {}))
        elif not self.result["public_value"]:
            self.report.fault("manifest.json", 0, "Thể lệ nêu %(source)s nhưng hồ sơ không có kết quả quay số.", source=source)
        return with_lots(rows, chain, seed, names)


def _scaled(mark: str) -> int:
    """Whole ten-millionths of a mark."""
    return int(Decimal(mark) * SCALE)
