"""Levels of a question, after what it asks of the mind."""

from __future__ import annotations

from collections.abc import Mapping

LEVELS: Mapping[str, str] = {"nhan_biet": "Nhận biết", "thong_hieu": "Thông hiểu", "van_dung": "Vận dụng"}
