"""What each format of question files reads, in one line for those who choose one."""

from __future__ import annotations

from collections.abc import Mapping

READS: Mapping[str, str] = {
    "docx": "Câu hỏi soạn như thường lệ: “Câu 1: … A. … B. …”; đáp án in đậm, gạch chân, tô màu, đánh dấu sao, ghi dưới câu hoặc trong bảng ở cuối tệp. Giữ hình và công thức.",
    "text": "Văn bản gõ hoặc dán theo cùng cách. Chữ theo bảng mã cũ (TCVN3, VNI) được chuyển sang Unicode.",
    "xlsx": "Bảng tính, mỗi dòng một câu. Nhận tên cột tiếng Việt và tiếng Anh, thứ tự tuỳ ý.",
    "csv": "Bảng dạng văn bản, mỗi dòng một câu, cùng các cột như bảng tính.",
    "gift": "Định dạng văn bản của Moodle: chuyên mục, thẻ, tỉ lệ điểm, lời nhận xét, khoảng số, ghép đôi.",
    "aiken": "Văn bản giản lược: mỗi câu một đáp án đúng, ghi ở dòng “ANSWER: B”.",
    "moodle_xml": "Tệp xuất từ Moodle, kèm hình; cả câu điền chỗ trống và câu tính theo công thức.",
    "qti21": "Tệp hoặc gói QTI 2.1, 2.2 của hệ thống khác, kèm hình. Loại câu chưa đọc được thì được nêu tên.",
    "qti30": "Tệp hoặc gói QTI 3.0 của hệ thống khác, kèm hình. Loại câu chưa đọc được thì được nêu tên.",
    "json": "Định dạng riêng của hệ thống này, giữ đủ mọi thông tin khi chuyển giữa các ngân hàng.",
}
"""Vietnamese source messages by the key of the format; one that is missing is told by its name and endings alone."""

FIRST = tuple(READS)
"""The order in which formats are offered; others follow."""
