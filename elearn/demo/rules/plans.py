"""Plans of studying and following Ho Chi Minh as invented units and people write them: five clear points each."""

from __future__ import annotations

import random

_WHO = (
    "Ban Chấp hành, Bí thư phụ trách chung",
    "Cấp uỷ và các chi bộ trực thuộc",
    "Bí thư, cùng tổ giúp việc",
    "Chi uỷ, mỗi đảng viên một việc",
)
_WHAT = (
    "Mỗi tháng sinh hoạt một chuyên đề về học tập và làm theo Bác, gắn với việc của đơn vị.",
    "Rà soát thủ tục còn chậm, trả kết quả cho người dân đúng hẹn.",
    "Xây dựng một mô hình tiết kiệm điện, nước, văn phòng phẩm tại nơi làm việc.",
    "Đọc và thảo luận một tác phẩm ngắn của Bác trong sinh hoạt hằng tháng.",
    "Giúp đỡ hai gia đình khó khăn trên địa bàn, có người theo dõi từng tháng.",
)
_WHEN = (
    "Từ tháng này đến hết năm, sơ kết mỗi quý.",
    "Xong trước ngày 30 tháng tới, sau đó duy trì hằng tháng.",
    "Trong sáu tháng, kiểm điểm giữa kỳ một lần.",
)
_RESPONSIBILITY = (
    "Bí thư chịu trách nhiệm chính, Phó Bí thư kiểm tra hằng tháng.", "Đồng chí phụ trách tuyên giáo, Uỷ ban Kiểm tra giám sát.",
    "Người lập kế hoạch tự chịu trách nhiệm, chi uỷ theo dõi.",
)  # fmt: skip
_RESULT = (
    "Đủ 12 buổi, có biên bản và danh sách dự.",
    "Không còn hồ sơ quá hạn.",
    "Giảm ít nhất 10% chi phí so với năm trước.",
    "Hai gia đình thoát khó khăn bền vững.",
)

RETURNS = (
    "Mục “Rõ kết quả” chưa có con số, đề nghị bổ sung.",
    "Chưa nêu ai chịu trách nhiệm kiểm tra.",
    "Thời gian còn chung chung, đề nghị ghi ngày hoàn thành.",
)
EXEMPTIONS = ("Mới thành lập trong tháng, đã có kế hoạch của đơn vị cũ", "Đang đi học tập trung, đơn vị cử đi xác nhận")


def invent_plan(luck: random.Random) -> dict[str, str]:
    """The five points of one plan."""
    return {
        "who": luck.choice(_WHO), "what": luck.choice(_WHAT), "when": luck.choice(_WHEN), "responsibility": luck.choice(_RESPONSIBILITY),
        "result": luck.choice(_RESULT),
    }  # fmt: skip
