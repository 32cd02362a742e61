"""Create in QuickBooks for all that nothing likely was found for: shown before, asked, followed, stopped."""

from __future__ import annotations

from collections import Counter
from typing import Final

from flask import Response, make_response, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from webapp import htmx
from webapp.errors import Conflict, Invalid
from webapp.jobs import service as jobs
from webapp.links import creating_many
from webapp.links.accepting import outcomes
from webapp.links.blueprint import MEMBER, TABLE, links
from webapp.links.forms_create import why_left_over
from webapp.links.routes_create import not_connected
from webapp.links.routes_table import MEMBERS, Desk, sit_down
from webapp.models import OPEN_JOBS, Job, JobState, MemberType

JOB: Final = f"/links/{MEMBER}/creations/<id:job_id>"


@links.get(f"{TABLE}/create")
def create_many_confirm(member: str) -> BaseResponse:
    """Show what would be created and what would be left out, and ask."""
    desk = sit_down(member)
    return _confirm(desk) if desk.editable else not_connected(desk)


@links.post(f"{TABLE}/create")
def create_many(member: str) -> BaseResponse:
    """Begin to create, and show how far it is."""
    desk = sit_down(member)
    if not desk.editable:
        return not_connected(desk)
    try:
        job = creating_many.create(desk.user, desk.living, desk.member_type)
    except Invalid:
        return _confirm(desk, 422)
    except Conflict:
        return _confirm(desk, 409, _("Companies are being created already. Wait for that to end."))
    return htmx.redirect(url_for("links.creations", member=member, job_id=job.id))


@links.get(JOB)
def creations(member: str, job_id: int) -> BaseResponse:
    """Show how far it is; the page reads itself again until it has ended."""
    desk = sit_down(member)
    return _job(desk, _find(desk, job_id))


@links.post(f"{JOB}/stop")
def creations_stop(member: str, job_id: int) -> BaseResponse:
    """Take back what is not yet sent; what is in QuickBooks stays there."""
    desk = sit_down(member)
    found = _find(desk, job_id)
    if not desk.editable:
        return not_connected(desk)
    status = 200 if creating_many.stop(desk.user, desk.living, found) else 409
    if not htmx.is_htmx() and status == 200:
        return htmx.redirect(url_for("links.creations", member=member, job_id=job_id))
    return _job(desk, _find(desk, job_id), status)


def _find(desk: Desk, job_id: int) -> Job:
    """A job that creates; raises NotFound."""
    return jobs.get(desk.user.workspace_id, (creating_many.KIND,), job_id)


def _confirm(desk: Desk, status: int = 200, error: str = "") -> Response:
    found = creating_many.candidates(desk.living, desk.member_type)
    wanted = [one for one in found if not one.why_not]
    left_out = Counter(one.why_not for one in found if one.why_not)
    context = desk.context(
        error=error,
        number=len(wanted),
        sample=wanted[: creating_many.SAMPLE],
        is_cut=len(found) == creating_many.MOST,
        left_out=[(why_left_over(why), number) for why, number in left_out.most_common()],
    )
    return make_response(render_template("links/create_many.html", **context), status)


def _job(desk: Desk, job: Job, status: int = 200) -> Response:
    found = Counter(outcomes(job))
    under_way = found.pop(creating_many.QUEUED, 0)
    waiting = found.pop(creating_many.WAITING, 0)
    made = found.pop(creating_many.CREATED, 0)
    names: dict[str, list[str]] = {}
    for name, outcome in creating_many.left_over(job):
        names.setdefault(outcome, []).append(name)
    member_type = MemberType(job.params["member_type"])
    context = desk.context(
        job=job,
        is_open=job.state in OPEN_JOBS or bool(under_way and job.state is not JobState.FAILED),
        made=made,
        under_way=under_way,
        waiting=waiting,
        done=job.total - waiting - under_way,
        causes=[(why_left_over(why), number, names.get(why, [])) for why, number in found.most_common()],
        own_member=next(name for name, one in MEMBERS.items() if one is member_type),
    )
    template = "links/_creations.html" if htmx.is_htmx() else "links/creations.html"
    return make_response(render_template(template, **context), status)
