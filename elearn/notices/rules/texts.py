"""What a message says: checked before it is sent, and as text to paste into a chat group."""

from __future__ import annotations

from collections.abc import Sequence

from elearn.lib.errors import InvalidInput

LONGEST_TITLE, LONGEST_BODY, LONGEST_URL = 200, 4000, 300


def check_notice(title: str, body: str, url: str) -> None:
    """Raise InvalidInput for a message that says nothing, is too long, or leads away from this site."""
    if not title.strip():
        raise InvalidInput("no_title", "Hãy viết tiêu đề thông báo.", field="title")
    if len(title) > LONGEST_TITLE:
        raise InvalidInput("long_title", "Tiêu đề thông báo dài quá %(most)s ký tự.", field="title", most=LONGEST_TITLE)
    if len(body) > LONGEST_BODY:
        raise InvalidInput("long_body", "Nội dung thông báo dài quá %(most)s ký tự.", field="body", most=LONGEST_BODY)
    if url and (not url.startswith("/") or url.startswith("//") or len(url) > LONGEST_URL):
        raise InvalidInput("foreign_url", "Đường dẫn của thông báo phải là một trang của hệ thống này.", field="url")


def paste_text(title: str, lines: Sequence[str], url: str) -> str:
    """A message for a chat group: title, lines, address, as plain text without signs that a chat would turn into something else."""
    said = [title.strip(), *(line.strip() for line in lines if line.strip())]
    return "\n".join([*said, url.strip()] if url.strip() else said)
