"""What members offer to features below: people follow their unit, lists are imported in the background."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Flask, current_app, url_for
from flask_login import current_user

from elearn.core import clock
from elearn.core.contributions import Contributions, Decision
from elearn.core.i18n import gettext
from elearn.jobs.hooks import Tell, works
from elearn.lib.periods import local_day
from elearn.members.queries.privacy import page_of_requests
from elearn.members.queries.roles import list_administrators, list_to_decide
from elearn.members.queries.slips import list_newcomers
from elearn.members.rules.permissions import ROLE_NAMES, Actor, Role
from elearn.members.rules.rights import KINDS
from elearn.members.services import following, importing
from elearn.members.services import slips as printing
from elearn.units import hooks


def wire(app: Flask) -> None:
    """People go where their unit goes, and come back where that is undone."""
    if following.follow_change not in hooks.after_change:
        hooks.after_change.append(following.follow_change)
        hooks.after_undo.append(following.follow_undo)
        hooks.outlook.append(following.outlook_of)
    works.update(import_stage=stage_import, import_apply=apply_import, import_undo=undo_import, slips=print_slips)
    offered: Contributions = app.extensions["contributions"]
    offered.decisions.append(grants_to_approve)
    offered.decisions.append(requests_to_answer)
    app.extensions["people_to_ask"] = people_to_ask


def people_to_ask() -> list[tuple[str, str]]:
    """(name, unit) of up to three administrators who cover the reader's unit: named where something is refused."""
    if not current_user.is_authenticated:
        return []
    found = list_administrators(current_user.unit_path, clock.now(), (current_user.member_id,))
    return list({one.member_id: (one.member.display_name, one.unit.name) for one in found}.values())[:3]


def grants_to_approve(actor: Actor, now: datetime) -> list[Decision]:
    """Requests for the highest roles that wait for this person."""
    return [
        Decision(
            gettext("Duyệt giao quyền: %(name)s", name=one.member.display_name),
            f"{gettext(ROLE_NAMES[Role(one.role)])}, {one.unit.name}",
            gettext("Xem và duyệt"),
            url_for("members.role_request", request_id=one.id),
        )
        for one in list_to_decide(actor)
    ]


def requests_to_answer(actor: Actor, now: datetime) -> list[Decision]:
    """Requests about people's own data that wait, with their deadline."""
    return [
        Decision(
            gettext("Yêu cầu về dữ liệu cá nhân: %(what)s", what=gettext(KINDS[one.kind])),
            f"{one.member.display_name}, {one.member.unit.name}",
            gettext("Trả lời") if one.state == "open" else gettext("Làm xong"),
            url_for("members.rights_request", request_id=one.id),
            one.answer_due_at if one.state == "open" else one.done_due_at,
        )
        for one in page_of_requests(actor, True, 1).items
    ]


def stage_import(arguments: Any, tell: Tell) -> Any:
    """Read a file in the background, with the mapping chosen."""
    config = current_app.config["ELEARN"]
    limit = config.max_import_mb * 1024 * 1024
    return importing.stage_import(arguments["import"], config.data_path, limit, local_day(clock.now()), tell)


def apply_import(arguments: Any, tell: Tell) -> Any:
    """Write an import in the background."""
    return importing.apply_import(arguments["import"], (arguments["member"], arguments["name"]), clock.now, tell)


def undo_import(arguments: Any, tell: Tell) -> Any:
    """Take an import back in the background."""
    days = current_app.config["ELEARN"].import_undo_days
    return importing.undo_import(arguments["import"], (arguments["member"], arguments["name"]), days, clock.now, tell)


def print_slips(arguments: Any, tell: Tell) -> Any:
    """Set many slips in the background; run again it gives new codes and replaces the file."""
    config, now = current_app.config["ELEARN"], clock.now()
    people = list_newcomers(arguments["path"], None, arguments["with_staff"], now)
    tell("Đang xếp phiếu", 0, len(people))
    content, count = printing.print_slips(
        (arguments["member"], arguments["name"]), people, (config.site_name, config.base_url), now, config.initial_code_days,
        current_app.config["SECRET_KEY"],
    )  # fmt: skip
    printing.keep_file(config.data_path / "files", arguments["file"], content)
    return {"people": count}
