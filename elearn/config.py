"""Every setting of the application, its default and one line of meaning."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path

from elearn.lib.errors import ConfigError

PREFIX = "ELEARN_"


def setting(default: object, meaning: str) -> object:
    """Declare a setting; `meaning` is one line and is checked against docs/configuration.md."""
    return field(default=default, metadata={"meaning": meaning})


@dataclass(frozen=True)
class Config:
    """Settings, each read from the environment variable ELEARN_<NAME IN CAPITALS>."""

    data_dir: str = setting("var", "Folder that holds all state: database, keys, built assets.")  # type: ignore[assignment]
    database_url: str = setting("", "SQLAlchemy address of the database; empty means SQLite at <data_dir>/elearn.db.")  # type: ignore[assignment]
    secret_key: str = setting("", "Key that signs cookies; empty means one made at first start and kept in <data_dir>/secret-key.")  # type: ignore[assignment]
    base_url: str = setting(
        "http://127.0.0.1:8000",
        "Address under which people reach the site; used in QR codes; https:// turns on Secure cookies and HSTS.",
    )  # type: ignore[assignment]
    site_name: str = setting("Học tập An Sơn", "Name of the site, shown at the top of every page.")  # type: ignore[assignment]
    content_dir: str = setting("content", "Folder of courses, question banks and contests.")  # type: ignore[assignment]
    session_hours: int = setting(24 * 14, "Hours a sign-in lasts without use; at least 12, longer than any paper.")  # type: ignore[assignment]
    hashing_slots: int = setting(4, "Passwords hashed at the same time in one process; each takes 19 MiB.")  # type: ignore[assignment]
    hashing_wait_seconds: int = setting(10, "Seconds a sign-in waits for a hashing slot before it is asked to come back.")  # type: ignore[assignment]
    sign_in_failures: int = setting(10, "Failed sign-ins allowed for one login within 15 minutes.")  # type: ignore[assignment]
    sign_in_failures_per_address: int = setting(100, "Failed sign-ins allowed from one address within an hour.")  # type: ignore[assignment]
    trusted_proxies: int = setting(0, "Reverse proxies in front whose X-Forwarded headers are believed.")  # type: ignore[assignment]
    max_upload_mb: int = setting(20, "Largest request body in megabytes.")  # type: ignore[assignment]
    max_import_mb: int = setting(60, "Largest file of people or units that may be imported, in megabytes.")  # type: ignore[assignment]
    import_undo_days: int = setting(30, "Days for which an import of people can be undone.")  # type: ignore[assignment]
    initial_code_days: int = setting(7, "Days for which the code of a printed sign-in slip is good.")  # type: ignore[assignment]
    staff_totp: str = setting("optional", "Second factor for everybody who holds a role: optional or required.")  # type: ignore[assignment]
    rights_answer_days: int = setting(2, "Working days within which a request about one's own data is answered.")  # type: ignore[assignment]
    rights_done_days: int = setting(
        15, "Days within which what was asked about one's own data is done; as many again when extended once."
    )  # type: ignore[assignment]
    holidays: str = setting("", "Days that are no working days besides Saturday and Sunday, as 2027-01-01,2027-04-30.")  # type: ignore[assignment]
    challenge_cost: int = setting(
        5000, "Work asked of people without an account, as PBKDF2 rounds a step, about ninety steps; 0 asks for none."
    )  # type: ignore[assignment]
    starts_per_second: int = setting(
        12, "Attempts of contests that are begun in a second; when more come, they wait in order. 0 lets everybody in at once."
    )  # type: ignore[assignment]
    demo_password: str = setting(
        "", "Password of the demo accounts; empty means a random one, kept in <data_dir>/demo-accounts.txt."
    )  # type: ignore[assignment]
    smtp_url: str = setting("", "Mail server, as smtp://user:password@host:587 or smtps://host:465; empty: no e-mail is sent.")  # type: ignore[assignment]
    mail_from: str = setting("", "Sender of e-mail, as Học tập An Sơn <hoc-tap@example.vn>; needed with SMTP_URL.")  # type: ignore[assignment]
    log_level: str = setting("INFO", "Least level written to the log: DEBUG, INFO, WARNING or ERROR.")  # type: ignore[assignment]

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] | None = None, **overrides: object) -> Config:
        """Read the environment; raise ConfigError naming every bad or unknown variable."""
        environ = os.environ if environ is None else environ
        known = {f"{PREFIX}{f.name.upper()}": f for f in fields(cls)}
        faults = [
            f"{name} is not a setting"
            for name in environ
            if name.startswith(PREFIX) and name not in known and not name.startswith("ELEARN_TEST_")
        ]
        values: dict[str, object] = {}
        for name, declared in known.items():
            raw = environ.get(name)
            if raw is None or raw == "":
                continue
            if isinstance(declared.default, int):
                if not raw.strip().isdigit():
                    faults.append(f"{name} must be a whole number, not {raw!r}")
                    continue
                values[declared.name] = int(raw)
            else:
                values[declared.name] = raw
        config = cls(**{**values, **overrides})  # type: ignore[arg-type]
        faults += config.faults()
        if faults:
            raise ConfigError("; ".join(faults))
        return config

    def faults(self) -> list[str]:
        """Values that contradict each other or cannot work."""
        found = []
        if self.session_hours < 12:
            found.append("ELEARN_SESSION_HOURS must be at least 12")
        if self.hashing_slots < 1:
            found.append("ELEARN_HASHING_SLOTS must be at least 1")
        if self.staff_totp not in ("optional", "required"):
            found.append("ELEARN_STAFF_TOTP must be optional or required")
        if not self.base_url.startswith(("http://", "https://")):
            found.append("ELEARN_BASE_URL must begin with http:// or https://")
        if self.smtp_url and not re.match(r"smtps?://[^/]*[^/:@]", self.smtp_url):
            found.append("ELEARN_SMTP_URL must be like smtp://user:password@host:587")
        if self.smtp_url and "@" not in self.mail_from:
            found.append("ELEARN_MAIL_FROM must be an address where ELEARN_SMTP_URL is set")
        return found

    @property
    def data_path(self) -> Path:
        return Path(self.data_dir).resolve()

    @property
    def database_address(self) -> str:
        """The database address with its default filled in."""
        return self.database_url or f"sqlite:///{self.data_path / 'elearn.db'}"

    @property
    def is_secure(self) -> bool:
        """True where people reach the site over TLS."""
        return self.base_url.startswith("https://")
