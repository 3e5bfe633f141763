"""Writes of messages: sending, reading, e-mail."""

from elearn.notices.services.reading import choose_mail, mark_all_read, mark_read
from elearn.notices.services.sending import Sent, begin_bulk, notify, send_bulk

__all__ = ["Sent", "begin_bulk", "choose_mail", "mark_all_read", "mark_read", "notify", "send_bulk"]
