"""Errors that carry what a person needs: what happened, and what to do."""

from __future__ import annotations


class ConfigError(Exception):
    """A setting is missing, unknown or contradicts another."""


class DomainError(Exception):
    """A rule refuses; `code` is stable, `message` is a Vietnamese source message, `values` fill its %(name)s places."""

    status = 409

    def __init__(self, code: str, message: str, **values: object) -> None:
        super().__init__(message % values if values else message)
        self.code = code
        self.message = message
        self.values = values


class InvalidInput(DomainError):
    """The input itself is wrong; `field` names where."""

    status = 400

    def __init__(self, code: str, message: str, field: str = "", **values: object) -> None:
        super().__init__(code, message, **values)
        self.field = field


class NotFound(DomainError):
    """There is no such thing, or the asker may not know of it: both answer alike."""

    status = 404

    def __init__(self, code: str = "not_found", message: str = "Không tìm thấy trang này.", **values: object) -> None:
        super().__init__(code, message, **values)


class Forbidden(DomainError):
    """The asker may know of the thing but not do this to it."""

    status = 403

    def __init__(self, rule: str, who_can_change: str) -> None:
        super().__init__("forbidden", rule)
        self.who_can_change = who_can_change


class Busy(DomainError):
    """Too much at once; nothing was lost, `retry_after_seconds` says when to come back."""

    status = 503

    def __init__(self, message: str, retry_after_seconds: int = 5) -> None:
        super().__init__("busy", message)
        self.retry_after_seconds = retry_after_seconds
