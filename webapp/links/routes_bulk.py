"""Accepting many suggestions at once: what it would do, how far it is, and taking it back."""

from __future__ import annotations

from typing import Final

from flask import Response, make_response, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from webapp import htmx
from webapp.errors import Conflict, Invalid
from webapp.inputs import row_id
from webapp.jobs import service as jobs
from webapp.links import accepting
from webapp.links.blueprint import MEMBER, TABLE, links
from webapp.links.routes_table import MEMBERS, Desk, sit_down
from webapp.models import OPEN_JOBS, Job, MemberType

JOB: Final = f"/links/{MEMBER}/jobs/<id:job_id>"


@links.get(f"{TABLE}/accept")
def accept_many_confirm(member: str) -> BaseResponse:
    """Show what accepting from a score up would link, and ask."""
    return _confirm(sit_down(member), request.args.get("score", str(accepting.USUAL)))


@links.post(f"{TABLE}/accept-many")
def accept_many(member: str) -> BaseResponse:
    """Begin to accept, and show how far it is."""
    desk = sit_down(member)
    text = request.form.get("score", "")
    try:
        job = accepting.accept(desk.user, desk.living, desk.member_type, row_id(text) or 0)
    except Invalid as error:
        return _confirm(desk, text, _refusal(error.errors["score"][0]), 422)
    except Conflict:
        message = _(
            "Suggestions are being accepted already, or QuickBooks is not connected. Try again later."
        )
        return _confirm(desk, text, message, 409)
    return htmx.redirect(url_for("links.job", member=member, job_id=job.id))


@links.get(JOB)
def job(member: str, job_id: int) -> BaseResponse:
    """Show how far a job is; the page reads itself again until it has ended."""
    desk = sit_down(member)
    return _job(desk, _find(desk, job_id))


@links.post(f"{JOB}/cancel")
def job_cancel(member: str, job_id: int) -> BaseResponse:
    """Stop a job after the step under way; what was done stays done."""
    desk = sit_down(member)
    found = _find(desk, job_id)
    if not jobs.cancel(found):
        return _job(desk, _find(desk, job_id), 409)
    if not htmx.is_htmx():
        return htmx.redirect(url_for("links.job", member=member, job_id=job_id))
    return _job(desk, _find(desk, job_id))


@links.post(f"{JOB}/undo")
def job_undo(member: str, job_id: int) -> BaseResponse:
    """Take back everything that a job linked."""
    desk = sit_down(member)
    found = _find(desk, job_id)
    try:
        undo = accepting.take_back(desk.user, desk.living, found)
    except Conflict:
        return _job(desk, found, 409)
    return htmx.redirect(url_for("links.job", member=member, job_id=undo.id))


def _find(desk: Desk, job_id: int) -> Job:
    """A job of this table; raises NotFound."""
    return jobs.get(desk.user.workspace_id, (accepting.ACCEPT, accepting.TAKE_BACK), job_id)


def _confirm(desk: Desk, text: str, error: str = "", status: int = 200) -> Response:
    score = row_id(text)
    is_score = score is not None and accepting.LOWEST <= score <= accepting.HIGHEST
    found = []
    number = left_out = 0
    if is_score and desk.connection and score is not None:
        found = accepting.candidates(desk.connection, desk.member_type, score, accepting.SAMPLE)
        number = accepting.count(desk.user.workspace_id, desk.member_type, score)
        left_out = accepting.left_out(desk.user.workspace_id, desk.member_type)
    elif not error:
        error, status = _refusal("bounds"), 422
    context = desk.context(
        score=text, error=error, number=number, left_out=left_out, found=found, lowest=accepting.LOWEST
    )
    return make_response(render_template("links/accept.html", **context), status)


def _job(desk: Desk, found: Job, status: int = 200) -> Response:
    origin = Job.get_by_id(found.params["job"]) if found.kind == accepting.TAKE_BACK else found
    context = desk.context(
        job=found,
        is_undo=found.kind == accepting.TAKE_BACK,
        is_open=found.state in OPEN_JOBS,
        outcomes=accepting.outcomes(origin),
        passed_over=[(name, _why(outcome)) for name, outcome in accepting.passed_over(origin)],
        own_member=_member(origin),
    )
    template = "links/_job.html" if htmx.is_htmx() else "links/job.html"
    return make_response(render_template(template, **context), status)


def _member(found: Job) -> str:
    """The table that a job belongs to, as addresses name it."""
    member_type = MemberType(found.params["member_type"])
    return next(name for name, one in MEMBERS.items() if one is member_type)


def _refusal(code: object) -> str:
    if code == "nothing":
        return _("Nothing is suggested from this score up any more.")
    return _(
        "Choose a score from %(lowest)s to %(highest)s per cent.",
        lowest=accepting.LOWEST,
        highest=accepting.HIGHEST,
    )


def _why(outcome: str) -> str:
    return {
        accepting.OVERTAKEN: _("Its link was changed meanwhile."),
        accepting.GONE: _("The company or its QuickBooks counterpart is not there any more."),
        accepting.SHARED: _("Another company was linked to the same one meanwhile."),
    }.get(outcome, outcome)
