"""What each figure of the statistics is called, how it is written, and what it means to somebody who has never met it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

MARK, PERCENT, SHARE, PLAIN = "mark", "percent", "share", "plain"


@dataclass(frozen=True)
class Named:
    """A figure: its key in the data, its name and meaning (Vietnamese source messages), its unit, decimals shown."""

    key: str
    name: str
    meaning: str
    unit: str
    places: int = 2


WHICH_NAMES = {"best": "Lượt cao điểm nhất", "first": "Lượt đầu", "last": "Lượt cuối", "all": "Mọi lượt"}

WHOLE = (
    Named("mean", "Điểm bình quân", "Tổng điểm chia cho số lượt. Bài để xếp loại thường có điểm bình quân từ 50% đến 75% điểm tối đa.", MARK),
    Named("median", "Điểm trung vị", "Một nửa số lượt đạt từ mức này trở lên. Cách xa điểm bình quân là có một số điểm rất cao hoặc rất thấp.", MARK),
    Named("sd", "Độ lệch chuẩn", "Điểm phân tán quanh điểm bình quân nhiều hay ít. Từ 12% đến 18% điểm tối đa là phân loại tốt.", MARK),
    Named("skewness", "Độ lệch của phân bố", "Số âm: nhiều điểm cao, ít điểm thấp. Số dương: ngược lại. Từ −1 đến 1 là bình thường.", PLAIN),
    Named("kurtosis", "Độ nhọn của phân bố", "Số càng lớn, điểm càng dồn về giữa và càng có vài điểm rất xa. Từ −1 đến 1 là bình thường.", PLAIN),
    Named(
        "cic", "Hệ số nhất quán nội tại",
        "Các câu có cùng đo một điều hay không. Trên 75% là tốt; dưới 64% thì điểm tổng chưa đủ tin cậy để xếp hạng.", PERCENT, 1,
    ),
    Named("error_ratio", "Tỉ lệ sai số", "Bao nhiêu phần của độ lệch chuẩn là do may rủi. Dưới 50% là tốt.", PERCENT, 1),
    Named("standard_error", "Sai số chuẩn", "Nếu làm lại một bài tương đương, điểm của một người thường chỉ xê dịch trong khoảng này.", MARK),
)  # fmt: skip

ITEM = (
    Named("facility", "Độ dễ", "Bình quân đạt bao nhiêu phần số điểm của câu. Trên 95% là quá dễ, dưới 20% là quá khó.", SHARE, 1),
    Named("sd", "Độ lệch chuẩn", "Điểm của câu phân tán nhiều hay ít. Bằng 0 là ai cũng được điểm như nhau.", MARK),
    Named(
        "discrimination_index", "Độ phân biệt",
        "Người làm đúng câu này có điểm cao ở các câu khác hay không. Trên 30% là tốt; số âm thì phải kiểm tra lại đáp án.", PERCENT, 1,
    ),
    Named(
        "discriminative_efficiency", "Hiệu suất phân biệt",
        "Độ phân biệt so với mức cao nhất mà một câu khó dễ như vậy có thể đạt. Trên 50% là tốt.", PERCENT, 1,
    ),
    Named("intended_weight", "Tỉ trọng dự kiến", "Phần điểm tối đa của bài mà câu này chiếm.", PERCENT, 1),
    Named(
        "effective_weight", "Tỉ trọng thực tế",
        "Câu này góp bao nhiêu vào chênh lệch điểm giữa mọi người. Nên gần tỉ trọng dự kiến.", PERCENT, 1,
    ),
    Named("covariance", "Hiệp phương sai", "Điểm của câu và điểm các câu khác tăng giảm cùng nhau đến đâu.", PLAIN, 4),
    Named("covariance_max", "Hiệp phương sai lớn nhất", "Mức cao nhất có thể có với các điểm ấy, nếu người giỏi luôn hơn điểm.", PLAIN, 4),
    Named("mark_variance", "Phương sai điểm của câu", "Bình phương của độ lệch chuẩn.", PLAIN, 4),
    Named("other_mark_variance", "Phương sai điểm các câu khác", "Phương sai của phần điểm còn lại.", PLAIN, 4),
)  # fmt: skip

RESPONSE_NAMES = {"[NO MATCH]": "Không khớp đáp án nào", "[NO RESPONSE]": "Bỏ trống", "*": "Mọi câu trả lời khác"}

WARNINGS: Mapping[str, str] = {
    "too_easy": "Quá dễ: bình quân đạt %(share)s%% số điểm của câu.",
    "too_hard": "Quá khó: bình quân chỉ đạt %(share)s%% số điểm của câu.",
    "negative": "Người có tổng điểm thấp làm câu này tốt hơn người có tổng điểm cao: kiểm tra lại đáp án.",
    "never_chosen": "Phương án nhiễu không ai chọn: %(options)s.",
    "beats_key": "Nhóm điểm cao chọn phương án “%(options)s” nhiều hơn đáp án: kiểm tra lại đáp án.",
}
"""By code: what may be wrong with an item, Vietnamese source messages."""
