"""What the editor asks for each type of question: fields and rows, each with its place in the body of the type."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Field:
    """A control. `name` is its place in the body, with a dot where it lies inside a mapping; label and hint are source messages.

    Kinds: line, area, lines (a list, one a line), table (values of variants), rich (text with its format), number (exact, comma or point),
    percent (a share), whole, check, choice, yes_no. A value that is `default` is left out of the body. A row whose `is_content` fields are
    all empty is no row.
    """

    name: str
    label: str
    kind: str = "line"
    hint: str = ""
    choices: Mapping[str, str] = field(default_factory=dict)
    default: object = ""
    is_content: bool = False

    @property
    def is_feedback(self) -> bool:
        """Said of a whole response, whatever was chosen."""
        return self.name.startswith("feedback.")

    @property
    def is_small(self) -> bool:
        return self.kind in ("number", "percent", "whole", "choice")


@dataclass(frozen=True)
class Group:
    """Rows of one kind; `row` names each (%(n)s), `start` is how many empty ones a new question shows. `is_bare`: a row is its one field."""

    name: str
    label: str
    row: str
    add: str
    fields: tuple[Field, ...]
    start: int = 2
    is_bare: bool = False
    is_ordered: bool = False
    hint: str = ""


@dataclass(frozen=True)
class Shape:
    """The whole editor of a type, besides what all types have."""

    groups: tuple[Group, ...] = ()
    fields: tuple[Field, ...] = ()
    hint: str = ""


_PERCENT_HINT = "Để trống: đáp án đúng được trọn điểm."
_FRACTION = Field("fraction", "Tỉ lệ điểm (phần trăm)", "percent", _PERCENT_HINT)
_ANSWER_FRACTION = Field("fraction", "Tỉ lệ điểm (phần trăm)", "percent", "Để trống: trọn điểm.")
_FEEDBACK = Field("feedback", "Nhận xét khi chọn", "rich")
_SHUFFLE = Field("shuffle", "Đảo thứ tự khi ra đề", "check", default=True)
_NUMBERING = Field(
    "numbering", "Cách đánh dấu", "choice",
    choices={"": "A, B, C", "abc": "a, b, c", "ABC": "A, B, C (như tệp gốc)", "123": "1, 2, 3", "iii": "i, ii, iii", "IIII": "I, II, III", "none": "không đánh dấu"},
)  # fmt: skip
_OVERALL = (
    Field("feedback.right", "Nhận xét khi làm đúng", "rich"),
    Field("feedback.partial", "Nhận xét khi đúng một phần", "rich"),
    Field("feedback.wrong", "Nhận xét khi làm sai", "rich"),
)


_ONE_RIGHT = "Đánh dấu một đáp án đúng. “Phải đứng cuối” dành cho phương án như “Tất cả các ý trên”."
_MANY_RIGHT = "Đánh dấu mọi đáp án đúng. “Phải đứng cuối” dành cho phương án như “Tất cả các ý trên”."


def _options(single: bool) -> Group:
    return Group(
        "options",
        "Phương án",
        "Phương án %(n)s",
        "Thêm phương án",
        (
            Field("text", "Nội dung", "rich", is_content=True),
            Field("right", "Đáp án đúng", "check", default=False),
            _FRACTION,
            _FEEDBACK,
            Field("last", "Phải đứng cuối", "check", default=False),
        ),
        start=4,
        hint=_ONE_RIGHT if single else _MANY_RIGHT,
    )


_TOLERANCE = (
    Field("tolerance", "Sai số", "number"),
    Field(
        "tolerance_kind", "Cách tính sai số", "choice",
        choices={"": "mặc định", "absolute": "tuyệt đối", "relative": "tương đối", "geometric": "theo tỉ số"},
    ),
)  # fmt: skip
_UNITS = Group(
    "units",
    "Đơn vị đo",
    "Đơn vị %(n)s",
    "Thêm đơn vị",
    (Field("unit", "Đơn vị", is_content=True), Field("multiplier", "Bao nhiêu thì bằng một đơn vị gốc", "number", "Đơn vị gốc: 1 hoặc để trống.")),
    start=0,
)  # fmt: skip
_UNIT_FIELDS = (
    Field(
        "unit_policy", "Đơn vị đo trong câu trả lời", "choice",
        choices={"": "theo danh sách đơn vị", "none": "không cần", "optional": "có thể ghi", "required": "phải ghi"},
    ),
    Field("unit_penalty", "Trừ khi sai hoặc thiếu đơn vị (phần trăm)", "percent"),
    Field("unit_before", "Đơn vị đứng trước số", "check", default=False),
)  # fmt: skip

SHAPES: Mapping[str, Shape] = {
    "single_choice": Shape((_options(single=True),), (_SHUFFLE, _NUMBERING, *_OVERALL)),
    "multiple_choice": Shape(
        (_options(single=False),),
        (
            Field(
                "credit", "Cách tính điểm", "choice",
                choices={
                    "": "Đủ và đúng hết mới có điểm",
                    "all_or_nothing": "Đủ và đúng hết mới có điểm (ghi rõ)",
                    "weights": "Cộng tỉ lệ điểm của các phương án đã chọn",
                    "right_minus_wrong": "Số đúng trừ số sai, thấp nhất là 0",
                },
            ),
            _SHUFFLE,
            _NUMBERING,
            *_OVERALL,
        ),
    ),
    "true_false": Shape(
        (),
        (
            Field("answer", "Mệnh đề này", "yes_no", choices={"true": "Đúng", "false": "Sai"}),
            Field("feedback.true", "Nhận xét khi chọn Đúng", "rich"),
            Field("feedback.false", "Nhận xét khi chọn Sai", "rich"),
        ),
    ),
    "short_answer": Shape(
        (
            Group(
                "answers", "Câu trả lời được chấp nhận", "Câu trả lời %(n)s", "Thêm câu trả lời",
                (Field("text", "Nội dung", is_content=True), _ANSWER_FRACTION, _FEEDBACK),
                hint="Dấu * thay cho mọi chữ; muốn có dấu * thật thì viết \\*. Câu khớp đầu tiên được tính.",
            ),
        ),
        (
            Field("case", "Phân biệt chữ hoa, chữ thường", "check", default=False),
            Field("accents", "Phải đúng dấu tiếng Việt", "check", default=True),
        ),
    ),
    "numeric": Shape(
        (
            Group(
                "answers", "Số được chấp nhận", "Số %(n)s", "Thêm số",
                (Field("value", "Số", "number", is_content=True), *_TOLERANCE, _ANSWER_FRACTION, _FEEDBACK), start=1,
            ),
            _UNITS,
        ),
        _UNIT_FIELDS,
    ),
    "matching": Shape(
        (
            Group(
                "pairs", "Các cặp", "Cặp %(n)s", "Thêm cặp",
                (Field("left", "Vế trái", "rich", is_content=True), Field("right", "Vế phải", is_content=True)), start=3,
                hint="Hai vế phải giống nhau được coi là một lựa chọn.",
            ),
        ),
        (Field("extra", "Lựa chọn thêm, không khớp vế nào", "lines", "Mỗi dòng một lựa chọn."), _SHUFFLE),
    ),
    "ordering": Shape(
        (
            Group(
                "items", "Các mục, theo đúng thứ tự", "Mục %(n)s", "Thêm mục", (Field("text", "Nội dung", "rich", is_content=True),), start=3,
                is_bare=True, is_ordered=True,
            ),
        ),
        (
            Field(
                "credit", "Cách tính điểm", "choice",
                choices={
                    "": "Mỗi mục đúng chỗ được một phần",
                    "absolute": "Mỗi mục đúng chỗ được một phần (ghi rõ)",
                    "pairwise": "Mỗi đôi đúng thứ tự được một phần",
                    "all_or_nothing": "Đúng hết mới có điểm",
                },
            ),
        ),
    ),
    "gap_fill": Shape(
        hint="Viết chỗ trống ngay trong câu dẫn: [[Hà Nội|Thủ đô Hà Nội]] để gõ chữ, [[*Hà Nội|Huế|Đà Nẵng]] để chọn (dấu * trước đáp án), "
        "[[#3,14±0,01]] để gõ số. Mã Cloze của Moodle như {1:MULTICHOICE:=Hà Nội~Huế} cũng dùng được; sau khi lưu, mọi chỗ trống hiện ở dạng này.",
    ),
    "calculated": Shape(
        (
            Group(
                "answers", "Công thức", "Công thức %(n)s", "Thêm công thức",
                (Field("formula", "Công thức", hint="Ví dụ {a}+{b}.", is_content=True), *_TOLERANCE, _ANSWER_FRACTION, _FEEDBACK), start=1,
            ),
            _UNITS,
        ),
        (
            Field(
                "variants", "Bảng số liệu", "table",
                "Dán từ Excel: dòng đầu là tên giá trị (a, b …), mỗi dòng sau là một bộ số; cách nhau bằng tab hoặc dấu chấm phẩy.",
            ),
            Field("decimals", "Số chữ số thập phân của đáp án", "whole"),
            *_UNIT_FIELDS,
        ),
        hint="Trong câu dẫn, viết {a} ở chỗ hiện giá trị a, {={a}*2} ở chỗ hiện một giá trị được tính ra.",
    ),
    "essay": Shape(
        (
            Group(
                "rubric", "Tiêu chí chấm", "Tiêu chí %(n)s", "Thêm tiêu chí",
                (
                    Field("name", "Tên tiêu chí", is_content=True),
                    Field("points", "Điểm tối đa", "number"),
                    Field("weight", "Hệ số", "number", "Để trống là 1."),
                    Field("guide", "Hướng dẫn", "rich"),
                ),
                start=0,
                hint="Không có tiêu chí thì người chấm cho một điểm chung.",
            ),
        ),
        (
            Field("lines", "Số dòng của ô trả lời", "whole"),
            Field("word_limit", "Giới hạn số chữ", "whole"),
            Field("attachments", "Số tệp được đính kèm", "whole", "Từ 0 đến 3."),
            Field("template", "Mẫu có sẵn trong ô trả lời", "rich"),
            Field("guide", "Hướng dẫn chấm chung", "rich"),
            Field("examiners", "Số người chấm", "whole", "Từ 1 đến 5 người chấm độc lập."),
            Field("difference", "Thêm một người chấm khi lệch quá", "number", "Tính bằng điểm."),
        ),
    ),
    "description": Shape(hint="Câu mô tả chỉ để đọc: không có câu trả lời, không có điểm."),
}  # fmt: skip

COMMON: tuple[Field, ...] = (
    Field("text", "Câu dẫn", "rich"),
    Field("name", "Tên ngắn", hint="Cho danh sách; để trống thì lấy câu dẫn."),
    Field("explanation", "Giải thích", "rich", "Hiện cùng kết quả: vì sao đáp án đúng."),
    Field("default_mark", "Điểm", "number", "Khi đề không cho điểm khác."),
    Field("topic", "Chủ đề"),
    Field("level", "Mức độ", "choice"),
    Field("category", "Chuyên mục", hint="Các cấp cách nhau bằng dấu /. Chuyên mục chưa có sẽ được tạo."),
    Field("tags", "Nhãn", hint="Cách nhau bằng dấu phẩy."),
    Field("document", "Văn bản trong thư viện", hint="Gõ số hiệu hoặc tên văn bản, ví dụ 57-NQ/TW."),
    Field("clause", "Điều, khoản, trang"),
    Field("source", "Nguồn bằng lời", hint="Khi nguồn không có trong thư viện."),
    Field("as_of", "Dữ kiện tính đến ngày", hint="Ngày/tháng/năm."),
    Field("valid_to", "Hết đúng từ ngày", hint="Để trống nếu chưa biết."),
    Field("note", "Sửa gì, vì sao"),
    Field("alt", "Lời mô tả hình"),
)
