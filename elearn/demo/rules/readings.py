"""What the invented organisation reads: a plan, monthly bulletins, chapters of a local history. Places and events in it are invented."""

from __future__ import annotations

from datetime import date

PLAN = """# Mục đích, yêu cầu

Cán bộ, đảng viên nắm vững nội dung cốt lõi của các nghị quyết, liên hệ với nhiệm vụ của đơn vị và của bản thân.

# Nội dung, hình thức

1. Học trực tuyến theo khoá học trên hệ thống, xong trước hạn của từng lớp.
2. Hội nghị tại các điểm cầu; mỗi điểm cầu có người chủ trì và báo cáo số người dự trong ngày.
3. Mỗi tập thể, cá nhân xây dựng kế hoạch học tập và làm theo, ghi đủ năm rõ: rõ người, rõ việc, rõ thời hạn, rõ kết quả, rõ trách nhiệm.

# Tổ chức thực hiện

Các đảng uỷ trực thuộc báo cáo kết quả trước ngày 15 của tháng cuối quý. Văn phòng tổng hợp danh sách đơn vị chưa nộp.
"""

CHAPTERS = (
    (
        "Vùng đất và con người An Sơn",
        """# Sông, núi và các làng cổ

Tỉnh An Sơn nằm dọc sông Thượng, phía tây là núi, phía đông là đồng bằng. Các làng Thượng, làng Hạ có nghề dệt và nghề trồng chè từ lâu đời.

# Truyền thống của nhân dân

Nhân dân các làng chung sức đắp đê, giữ nước; lệ làng ghi mỗi nhà góp một người khi nước sông lên.
""",
    ),
    (
        "Những chi bộ đầu tiên",
        """# Lớp học dưới gốc đa

Các lớp học chữ ban đêm ở làng Thượng là nơi những người cùng chí hướng gặp nhau. Từ các lớp ấy, chi bộ đầu tiên của huyện ra đời.

# Nuôi giấu cán bộ

Gia đình bên sông nhiều lần nuôi giấu cán bộ, có nhà đào hầm dưới vườn chè để giữ tài liệu.
""",
    ),
    (
        "Xây dựng quê hương",
        """# Khôi phục sản xuất

Sau ngày hoà bình, các đội sản xuất khơi lại mương, trồng lại vườn chè, mở trường làng.

# Đổi mới

Các xã lập tổ hợp tác chế biến chè; thu nhập tăng dần, đường liên thôn được mở rộng.
""",
    ),
)
"""Title and text of each chapter."""


def bulletin(month: date) -> str:
    """The bulletin of a month, as cells read it."""
    return f"""# Trọng tâm sinh hoạt tháng {month.month}

- Kiểm điểm việc thực hiện nghị quyết tháng trước của chi bộ.
- Mỗi đảng viên nêu một việc đã làm theo gương Bác và một việc còn chậm.

# Thông tin chuyên đề

Chuyên đề tháng này là thực hành tiết kiệm trong sinh hoạt và sản xuất. Chi bộ chọn một việc cụ thể, giao người phụ trách và thời hạn.

# Việc cần làm

1. Nhắc đảng viên học xong khoá học đã giao.
2. Nộp kế hoạch học tập và làm theo đúng hạn.
3. Động viên đoàn viên, hội viên dự cuộc thi tuần trên hệ thống.
"""
