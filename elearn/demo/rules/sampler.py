"""A bank that holds one question of every type, on facts that the courses teach; for trying out the paper, the marking and the repair."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from elearn.questions.rules.exchange import Draft

BANK = "cac-dang-cau-hoi"
BANK_TITLE, BANK_TITLE_EN = "Các dạng câu hỏi", "Every type of question"
QUIZ = "lam-quen-cac-dang-cau-hoi"
QUIZ_TITLE, QUIZ_TITLE_EN = "Làm quen với các dạng câu hỏi", "Getting to know the types of question"
QUIZ_INTRO = "Mỗi dạng câu hỏi một câu, để làm quen trước khi vào bài kiểm tra thật. Điểm không tính vào đâu; làm lại bao nhiêu lần cũng được trong ba lượt."


def _on_rule_37(**says: Any) -> Draft:
    return Draft(document="qd-37-2021", topic="Quy định 37-QĐ/TW", level="nhan_biet", **says)


def sampler() -> list[Draft]:
    """The questions, in the order of the paper."""
    return [
        Draft(
            type="description",
            text="Các câu sau nói về Quy định 37-QĐ/TW và hai kỳ đại hội đầu tiên của Đảng. Hãy đọc kỹ yêu cầu của từng câu: mỗi câu một cách trả lời.",
            body={}, code="mau-01", topic="Làm quen",
        ),
        _on_rule_37(
            type="single_choice", text="Cơ quan nào ban hành Quy định 37-QĐ/TW?", code="mau-02",
            body={
                "options": [
                    {"text": "Ban Chấp hành Trung ương", "right": True},
                    {"text": "Bộ Chính trị", "feedback": "Quy định này do Ban Chấp hành Trung ương ban hành."},
                    {"text": "Ban Bí thư"},
                    {"text": "Uỷ ban Kiểm tra Trung ương"},
                ]
            },
            explanation="Quy định 37-QĐ/TW do Ban Chấp hành Trung ương khoá XIII ban hành.",
        ),
        _on_rule_37(
            type="multiple_choice", text="Những văn bản nào quy định về những điều đảng viên **không được làm**?", code="mau-03",
            body={
                "credit": "right_minus_wrong",
                "options": [
                    {"text": "Quy định 37-QĐ/TW", "right": True},
                    {"text": "Quy định 47-QĐ/TW", "right": True},
                    {"text": "Quy định 144-QĐ/TW"},
                    {"text": "Chỉ thị 05-CT/TW"},
                ],
            },
            explanation="Quy định 37-QĐ/TW thay thế Quy định 47-QĐ/TW; cả hai cùng nội dung về những điều đảng viên không được làm.",
        ),
        _on_rule_37(
            type="true_false", text="Quy định 37-QĐ/TW thay thế Quy định 47-QĐ/TW.", body={"answer": True}, code="mau-04",
            explanation="Quy định 47-QĐ/TW ban hành ngày 1/11/2011, được Quy định 37-QĐ/TW thay thế.",
        ),
        Draft(
            type="short_answer", text="Đại hội đại biểu toàn quốc lần thứ I của Đảng họp ở đâu?", code="mau-05",
            body={"answers": [{"text": "Ma Cao"}], "accents": False},
            explanation="Đại hội I họp từ ngày 27 đến ngày 31/3/1935 tại Ma Cao.", topic="Đại hội I", level="nhan_biet",
            document="dh-tu-dai-hoi-i-den-xiii",
        ),
        _on_rule_37(
            type="numeric", text="Quy định 37-QĐ/TW gồm bao nhiêu điều?", code="mau-06", body={"answers": [{"value": "19"}]},
            explanation="Quy định 37-QĐ/TW gồm 19 điều.",
        ),
        Draft(
            type="matching", text="Ghép mỗi kỳ đại hội với nơi họp.", code="mau-07",
            body={
                "pairs": [{"left": "Đại hội I (1935)", "right": "Ma Cao"}, {"left": "Đại hội II (1951)", "right": "Tuyên Quang"}, {"left": "Đại hội III (1960)", "right": "Hà Nội"}],
                "extra": ["Cao Bằng"],
            },
            explanation="Đại hội II là đại hội đầu tiên họp trong nước.", topic="Các kỳ đại hội", level="thong_hieu",
            document="dh-tu-dai-hoi-i-den-xiii",
        ),
        Draft(
            type="ordering", text="Xếp các văn bản theo ngày ban hành, sớm nhất ở trên.", code="mau-08",
            body={"items": ["Quy định 47-QĐ/TW", "Quy định 37-QĐ/TW", "Quy định 144-QĐ/TW"], "credit": "pairwise"},
            explanation="Lần lượt là 1/11/2011, 25/10/2021 và 9/5/2024.", topic="Quy định 37-QĐ/TW", level="thong_hieu",
            document="qd-37-2021",
        ),
        _on_rule_37(
            type="gap_fill", text="Quy định 37-QĐ/TW ban hành ngày {#1} tháng 10 năm {#2}, do {#3} khoá XIII ban hành.", code="mau-09",
            body={
                "gaps": {
                    "1": {"kind": "number", "answers": [{"value": "25"}]},
                    "2": {"kind": "number", "answers": [{"value": "2021"}]},
                    "3": {"kind": "choice", "options": [{"text": "Ban Chấp hành Trung ương", "right": True}, {"text": "Bộ Chính trị"}, {"text": "Ban Bí thư"}]},
                }
            },
            explanation="Quy định 37-QĐ/TW ban hành ngày 25/10/2021.",
        ),
        Draft(
            type="calculated", code="mau-10", topic="Tính tỉ lệ", level="van_dung",
            text="Chi bộ có {tat_ca} đảng viên, {da_nop} người đã nộp bài thu hoạch. Tỉ lệ đã nộp là bao nhiêu phần trăm? (hai chữ số sau dấu phẩy)",
            body={
                "answers": [{"formula": "100*{da_nop}/{tat_ca}", "tolerance": "0.01", "tolerance_kind": "absolute"}],
                "variants": [{"tat_ca": "24", "da_nop": "21"}, {"tat_ca": "32", "da_nop": "27"}, {"tat_ca": "18", "da_nop": "13"}],
                "decimals": 2,
            },
            explanation="Lấy số người đã nộp chia cho số đảng viên, nhân với 100.", source="Bài tập tự đặt, số liệu giả định",
        ),
        Draft(
            type="essay", code="mau-11", topic="Liên hệ bản thân", level="van_dung",
            text="Chọn một điều trong Quy định 37-QĐ/TW. Nêu điều đó nói gì và một việc cụ thể ở nơi bạn công tác để thực hiện.",
            body={
                "lines": 8, "word_limit": 300, "attachments": 1,
                "rubric": [
                    {"name": "Nêu đúng nội dung của điều", "points": "1"},
                    {"name": "Việc cụ thể, làm được", "points": "1", "guide": "Có người làm, thời gian, cách kiểm tra."},
                ],
            },
            default_mark=Decimal(2), document="qd-37-2021",
        ),
    ]  # fmt: skip
