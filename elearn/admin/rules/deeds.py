"""What the audit log calls each deed, in words; an unknown deed keeps its own name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from elearn.lib.canonical import canonical

DEEDS: dict[str, str] = {
    "change_password": "Tự đổi mật khẩu",
    "reset_password": "Cấp lại mật khẩu",
    "set_member_status": "Khoá hoặc mở tài khoản",
    "grant_role": "Giao quyền",
    "revoke_role": "Thu quyền",
    "ask_role": "Đề nghị giao quyền",
    "approve_role": "Duyệt giao quyền",
    "refuse_role": "Từ chối giao quyền",
    "withdraw_role": "Rút đề nghị giao quyền",
    "open_cohort": "Mở lớp",
    "close_cohort": "Kết thúc lớp",
    "reopen_cohort": "Mở lại lớp",
    "enrol_members": "Ghi danh vào lớp",
    "withdraw_member": "Rút khỏi lớp",
    "restore_member": "Đưa trở lại lớp",
    "sync_content": "Nạp nội dung",
    "sync_course": "Nạp khoá học",
    "sync_bank": "Nạp ngân hàng câu hỏi",
    "settle_round": "Chốt vòng thi",
    "close_round": "Chốt vòng thi",
    "publish_round": "Công bố kết quả vòng thi",
    "resettle_round": "Chốt lại vòng thi",
    "open_contest": "Mở cuộc thi",
    "publish_contest": "Công bố cuộc thi",
    "change_units": "Thay đổi tổ chức",
    "undo_unit_change": "Hoàn tác thay đổi tổ chức",
    "set_headcount": "Ghi quân số đơn vị",
    "set_catchment": "Đổi địa bàn phụ trách",
    "edit_unit": "Sửa khối, phạm vi của đơn vị",
    "create_member": "Thêm người",
    "edit_member": "Sửa hồ sơ",
    "edit_sensitive": "Sửa thông tin nhạy cảm",
    "view_sensitive": "Xem thông tin nhạy cảm",
    "export_sensitive": "Xuất danh sách có thông tin nhạy cảm",
    "make_decision": "Ghi quyết định về nhân sự",
    "decide_member": "Thực hiện quyết định về một người",
    "undo_decision": "Hoàn tác quyết định về một người",
    "merge_members": "Gộp hai hồ sơ",
    "undo_merge": "Tách lại hai hồ sơ",
    "tell_apart": "Ghi nhận là hai người",
    "ask_erasure": "Đề nghị xoá dữ liệu cá nhân",
    "withdraw_erasure": "Rút đề nghị xoá dữ liệu",
    "erase_member": "Xoá dữ liệu cá nhân",
    "export_own_data": "Tải dữ liệu của chính mình",
    "open_import": "Tải lên danh sách",
    "import_members": "Nhập danh sách",
    "import_change": "Sửa hồ sơ theo danh sách",
    "undo_import": "Hoàn tác lần nhập",
    "undo_import_change": "Trả hồ sơ về trước lần nhập",
    "remove_member": "Gỡ hồ sơ khi hoàn tác",
    "discard_import": "Bỏ lần nhập",
    "export_import_rows": "Tải kết quả nhập",
    "save_member": "Sửa hồ sơ",
    "save_sensitive": "Sửa dữ liệu nhạy cảm",
    "export_members": "Tải danh sách thành viên",
    "export_audit": "Tải nhật ký",
    "issue_first_codes": "Cấp mã đăng nhập lần đầu",
    "turn_on_second_factor": "Bật xác thực hai bước",
    "turn_off_second_factor": "Tắt xác thực hai bước",
    "reset_second_factor": "Gỡ xác thực hai bước",
    "use_recovery_code": "Dùng mã dự phòng",
    "publish_consent_text": "Phát hành nội dung xin đồng ý",
    "give_consent": "Đồng ý",
    "withdraw_consent": "Không đồng ý hoặc rút lại",
    "ask_rights": "Gửi yêu cầu về dữ liệu",
    "withdraw_rights": "Rút yêu cầu về dữ liệu",
    "answer_rights": "Trả lời yêu cầu về dữ liệu",
    "extend_rights": "Gia hạn yêu cầu về dữ liệu",
    "finish_rights": "Làm xong yêu cầu về dữ liệu",
    "set_retention": "Đổi thời hạn lưu",
    "run_retention": "Xoá dữ liệu hết hạn lưu",
    "export_list": "Tải danh sách ra tệp",
    "load_demo": "Nạp dữ liệu mẫu",
}


def words_of(action: str) -> str:
    """The message for an action."""
    return DEEDS.get(action, action.replace("_", " "))


def told(value: Any) -> list[str]:
    """One side of a change as lines "name: value", nested ones shortened; empty where there is nothing."""
    if value is None:
        return []
    if not isinstance(value, Mapping):
        return [shortened(value)]
    return [f"{key}: {shortened(one)}" for key, one in sorted(value.items())]


def shortened(value: Any) -> str:
    """A value as text of at most 200 signs."""
    text = "–" if value is None else value if isinstance(value, str) else canonical(value)
    return text if len(text) <= 200 else f"{text[:199]}…"
