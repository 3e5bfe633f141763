"""The words of tables of questions: headings, names of types and levels, and the sheet that explains the template."""

from __future__ import annotations

from collections.abc import Mapping

HEADINGS: Mapping[str, str] = {
    "code": "Mã",
    "text": "Câu hỏi",
    "key": "Đáp án đúng",
    "explanation": "Giải thích",
    "type": "Loại",
    "level": "Mức độ",
    "topic": "Chủ đề",
    "source": "Nguồn",
    "document": "Mã tài liệu",
    "clause": "Điều khoản",
    "mark": "Điểm",
    "tags": "Thẻ",
    "category": "Chuyên mục",
    "name": "Tên câu",
    "extra": "Dữ liệu kèm theo (không sửa)",
}
OPTION = "Phương án"

TYPES: Mapping[str, str] = {
    "single_choice": "Một đáp án đúng",
    "multiple_choice": "Nhiều đáp án đúng",
    "true_false": "Đúng hay sai",
    "short_answer": "Trả lời ngắn",
    "numeric": "Số",
    "essay": "Tự luận",
    "description": "Đoạn dẫn",
}
TRUE, FALSE = "Đúng", "Sai"

SHEET = "Câu hỏi"
GUIDE_SHEET = "Hướng dẫn"
GUIDE: tuple[tuple[str, str], ...] = (
    ("Cách điền tệp câu hỏi", ""),
    (
        "",
        "Mỗi dòng là một câu hỏi. Giữ dòng tiêu đề; có thể đổi thứ tự cột, bỏ cột không dùng. Hãy xoá hai dòng ví dụ trước khi nhập.",
    ),
    ("Câu hỏi", "Nội dung câu hỏi. Bắt buộc. Xuống dòng trong ô bằng Alt + Enter."),
    (
        "Phương án A, B, C …",
        "Mỗi ô một phương án, không cần ghi lại chữ A, B, C. Bỏ trống ô không dùng. Câu trả lời ngắn, câu số và câu tự luận không có phương án.",
    ),
    (
        "Đáp án đúng",
        "Chữ cái của phương án đúng, ví dụ B. Nhiều đáp án đúng: A, C. Câu đúng hay sai: Đúng hoặc Sai. Câu trả lời ngắn: ghi câu trả lời, "
        "các cách trả lời được chấp nhận cách nhau bằng dấu |, dấu * thay cho bất kỳ chữ nào. Câu số: ghi số, có thể kèm sai số, ví dụ 3,14 ± 0,01.",
    ),
    ("Giải thích", "Lời giải thích người học đọc sau khi làm bài. Không bắt buộc."),
    (
        "Loại",
        "Một đáp án đúng, Nhiều đáp án đúng, Đúng hay sai, Trả lời ngắn, Số, Tự luận, Đoạn dẫn. Bỏ trống thì loại được đoán theo đáp án.",
    ),
    ("Mức độ", "Nhận biết, Thông hiểu hoặc Vận dụng."),
    (
        "Chủ đề, Thẻ, Chuyên mục",
        "Để xếp và tìm câu hỏi. Các thẻ cách nhau bằng dấu chấm phẩy; chuyên mục nhiều cấp cách nhau bằng dấu / có khoảng trắng hai bên.",
    ),
    ("Nguồn, Điều khoản", "Văn bản và điều, khoản, trang làm căn cứ cho đáp án."),
    ("Điểm", "Điểm mặc định của câu; bỏ trống là 1."),
    ("Mã", "Mã riêng của câu nếu đơn vị đã đặt. Không bắt buộc."),
)
EXAMPLE_ROWS: tuple[Mapping[str, str], ...] = (
    {
        "code": "VD01",
        "text": "Bác Hồ đọc Tuyên ngôn Độc lập ngày nào?",
        "A": "19/8/1945",
        "B": "2/9/1945",
        "C": "6/1/1946",
        "D": "19/12/1946",
        "key": "B",
        "explanation": "Tuyên ngôn Độc lập được đọc tại Quảng trường Ba Đình ngày 2/9/1945.",
        "type": "Một đáp án đúng",
        "level": "Nhận biết",
        "topic": "Lịch sử Đảng",
        "source": "Giáo trình Lịch sử Đảng Cộng sản Việt Nam",
        "mark": "1",
    },
    {
        "code": "VD02",
        "text": "Những văn kiện nào được thông qua tại Hội nghị thành lập Đảng đầu năm 1930?",
        "A": "Chánh cương vắn tắt",
        "B": "Luận cương chính trị",
        "C": "Sách lược vắn tắt",
        "D": "Tuyên ngôn Độc lập",
        "key": "A, C",
        "type": "Nhiều đáp án đúng",
        "level": "Thông hiểu",
        "topic": "Lịch sử Đảng",
        "mark": "1",
    },
)
