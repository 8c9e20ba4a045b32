"""Version 1: schools, registers, records. Reading only."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, time
from functools import wraps
from hashlib import sha256
from typing import Annotated, Any, Literal
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.translation import gettext_noop
from ninja import NinjaAPI, Query, Schema
from ninja.decorators import decorate_view
from ninja.errors import AuthenticationError, ValidationError
from pydantic import BeforeValidator, Field

from upstander.access.decide import TELLER
from upstander.api import reading, schemas
from upstander.api.callers import Caller, Key, Session, TooFast
from upstander.api.problems import problem, unknown_caller
from upstander.api.reading import Asked
from upstander.policy.verdict import State
from upstander.records import columns, kinds, queries, registers
from upstander.records.fields import minute_text
from upstander.records.kinds import Counts
from upstander.records.models import Named, Record
from upstander.records.registers import Found, Register
from upstander.ui import languages

MOST, USUAL = 200, 50

api = NinjaAPI(
    title="Upstander",
    version="1",
    description="Reads what the caller may read in Upstander: schools, registers, records. Nothing can be changed here.",
    docs_url=None,
    openapi_url=None,
    urls_namespace="api-v1",
    auth=[Key(), Session()],
)


class BadRequest(Exception):
    """A parameter that means nothing."""


@api.exception_handler(Http404)
def _not_found(request: HttpRequest, exception: Http404) -> HttpResponse:
    return problem(404)


@api.exception_handler(PermissionDenied)
def _denied(request: HttpRequest, exception: PermissionDenied) -> HttpResponse:
    return problem(404)


@api.exception_handler(AuthenticationError)
def _unknown(request: HttpRequest, exception: AuthenticationError) -> HttpResponse:
    return unknown_caller()


@api.exception_handler(TooFast)
def _too_fast(request: HttpRequest, exception: TooFast) -> HttpResponse:
    answer = problem(429, "Wait a minute, then go on more slowly.")
    answer["Retry-After"] = "60"
    return answer


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, exception: ValidationError) -> HttpResponse:
    wrong = [{"where": ".".join(map(str, each["loc"][1:])), "what": each["msg"]} for each in exception.errors]
    return problem(422, "A parameter does not fit.", errors=wrong)


@api.exception_handler(BadRequest)
def _bad(request: HttpRequest, exception: BadRequest) -> HttpResponse:
    return problem(422, str(exception))


def conditional(run: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Name the answer by what it says, and send nothing to whoever has it already."""

    @wraps(run)
    def view(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        answer = run(request, *args, **kwargs)
        if answer.status_code == 200:
            tag = answer.headers.get("ETag") or f'"{sha256(answer.content).hexdigest()[:40]}"'
            if has_it(request, tag):
                return not_modified(tag)
            answer["ETag"] = tag
        return answer

    return view


def has_it(request: HttpRequest, tag: str) -> bool:
    """Whether the caller said that it has this answer."""
    given = request.headers.get("If-None-Match", "")
    return given.strip() == "*" or tag in (each.strip().removeprefix("W/") for each in given.split(","))


def not_modified(tag: str) -> HttpResponse:
    """Nothing is new."""
    answer = HttpResponseNotModified()
    answer["ETag"] = tag
    return answer


def asked_of(request: HttpRequest, slug: str) -> Asked:
    """Who asks, at which school. Raises NotFound."""
    caller: Caller = request.auth  # type: ignore[attr-defined]
    school, viewer, now = caller.at(slug)
    return Asked(school, viewer, now, languages.current().tag)


# --- schools -------------------------------------------------------------------------------------------------------


def _school(asked: Asked) -> schemas.School:
    pack = asked.viewer.pack
    return schemas.School(
        slug=asked.school.slug,
        name=asked.school.name,
        language=asked.school.language,
        timezone=asked.school.timezone,
        now=minute_text(asked.now),
        packs=[schemas.PackInfo(id=pack.id, version=pack.version, title=asked.label("pack.title"))],
        registers=asked.url("registers"),
    )


@api.get("/schools", response=schemas.Schools, url_name="schools", summary=gettext_noop("The schools where you work"))
@decorate_view(conditional)
def schools(request: HttpRequest) -> schemas.Schools:
    """With a key, the one school that the key opens."""
    caller: Caller = request.auth  # type: ignore[attr-defined]
    found = []
    for person in caller.persons():
        try:
            found.append(_school(asked_of(request, person.school.slug)))
        except Http404:
            continue
    return schemas.Schools(schools=found)


@api.get("/schools/{slug}", response=schemas.School, url_name="school", summary=gettext_noop("One school"))
@decorate_view(conditional)
def school(request: HttpRequest, slug: str) -> schemas.School:
    """Its zone, in which all its times are, and the policy in force."""
    return _school(asked_of(request, slug))


# --- registers -----------------------------------------------------------------------------------------------------


@api.get(
    "/schools/{slug}/registers",
    response=schemas.Registers,
    url_name="registers",
    summary=gettext_noop("The registers of a school, with how much is open, due and late"),
)
@decorate_view(conditional)
def all_registers(request: HttpRequest, slug: str) -> schemas.Registers:
    """Every kind of record of which the caller may see some."""
    asked = asked_of(request, slug)
    number = kinds.counts(asked.viewer, asked.now)
    return schemas.Registers(registers=[_register(asked, kind, number) for kind in kinds.seen(asked.viewer)])


def _register(asked: Asked, kind: str, number: dict[str, Counts]) -> schemas.Register:
    held = number.get(kind, Counts())
    return schemas.Register(
        kind=kind,
        label=asked.label(f"records.{kind}.label"),
        plural=asked.label(f"records.{kind}.plural"),
        subjects=list(asked.viewer.pack.records[kind].subjects),
        counts=schemas.Counts(open=held.open, due=held.due, late=held.late, closed=held.closed),
        columns=[reading.column(asked, each) for each in columns.columns(asked.viewer, kind, asked.lang)],
        url=asked.url("register", kind),
    )


def _spelt_out(value: Any) -> Any:
    """Raises ValueError for a number, which would be read as seconds since 1970."""
    if isinstance(value, str) and not re.match(r"\d{4}-\d\d-\d\d", value):
        raise ValueError("is spelt out, such as 2026-05-11")
    return value


Day = Annotated[date, BeforeValidator(_spelt_out)]
Moment = Annotated[datetime, BeforeValidator(_spelt_out)]
Wanted = Annotated[str, Field(pattern=r"^.+:.+$", description="COLUMN:CODE")]


class Filters(Schema):
    """What a caller may ask a register for."""

    show: Literal["all", "open", "late", "due", "closed"] = "all"
    person: str = ""
    opened_from: Day | None = None
    opened_to: Day | None = None
    changed_since: Moment | None = None
    where: list[Wanted] = []
    limit: int = USUAL
    cursor: str = Field("", pattern=r"^[A-Za-z0-9_-]*$")


@api.get(
    "/schools/{slug}/registers/{kind}",
    response=schemas.Page,
    url_name="register",
    summary=gettext_noop("The records of a register, the newest first, a stretch at a time"),
)
@decorate_view(conditional)
def register(request: HttpRequest, slug: str, kind: str, filters: Annotated[Filters, Query()]) -> schemas.Page:
    """Filters: ``show`` (open, late, due, closed, all), ``person`` (an id that is named), ``opened_from`` and ``opened_to`` (days),
    ``changed_since`` (a moment), ``where`` (COLUMN:CODE, more than once). ``limit`` at most 200; go on at ``next``.
    """
    asked = asked_of(request, slug)
    search = registers.register(asked.viewer, asked.school, kind, asked.now, asked.lang)
    limit = max(1, min(MOST, filters.limit))
    records = _stretch(asked, search, filters, limit + 1)
    more = records[limit:]
    records = records[:limit]
    duties = registers.pressing(asked.school, kind, [each.id for each in records])
    found = Found(records, len(records), 0, None, duties)
    return schemas.Page(
        kind=kind,
        records=reading.lines(asked, search, found, records),
        next=_onward(asked, kind, request, records[-1]) if more else None,
    )


def _onward(asked: Asked, kind: str, request: HttpRequest, last: Record) -> str:
    query = [(name, value) for name, values in request.GET.lists() for value in values if name != "cursor"]
    query.append(("cursor", reading.cursor_of(minute_text(last.opened_at), last.id)))
    return asked.url("register", kind) + "?" + urlencode(query)


def _stretch(asked: Asked, search: Register, filters: Filters, most: int) -> list[Record]:
    """The next records that fit, newest first. Raises BadRequest."""
    rows = _filtered(asked, search, filters).order_by("-opened_at", "-id")
    if filters.cursor:
        try:
            opened, ident = reading.read_cursor(filters.cursor)
        except ValueError:
            raise BadRequest("This cursor is none that was given out.") from None
        rows = rows.filter(Q(opened_at__lt=opened) | Q(opened_at=opened, id__lt=UUID(hex=ident)))
    wanted = [_where(search, each) for each in filters.where]
    if wanted:
        held = columns.values(asked.school, search.kind, [column for column, _code in wanted], asked.now)
        fitting = [
            record
            for record in rows.values_list("id", flat=True)
            if all(registers.has(held.plain.get(record, {}).get(column.id), code) for column, code in wanted)
        ]
        by_id = Record.objects.in_bulk(fitting[:most])
        found = [by_id[each] for each in fitting[:most]]
    else:
        found = list(rows[:most])
    for record in found:
        record.school = asked.school
    return found


def _filtered(asked: Asked, search: Register, filters: Filters) -> QuerySet[Record]:
    rows = queries.visible(asked.viewer, search.kind).select_related(None)
    match filters.show:
        case "all":
            pass
        case "open" | "closed":
            rows = rows.filter(closed=filters.show == "closed")
        case "late":
            rows = kinds.with_duty(rows.filter(closed=False), Q(state=State.OVERDUE.value))
        case "due":
            rows = kinds.with_duty(rows.filter(closed=False), kinds.due_today(asked.now))
    if filters.person:
        named = Named.objects.filter(record=OuterRef("pk"), person=filters.person[:60]).exclude(role=TELLER)
        rows = rows.filter(Exists(named))
    if filters.opened_from:
        rows = rows.filter(opened_at__gte=minute_text(datetime.combine(filters.opened_from, time.min)))
    if filters.opened_to:
        rows = rows.filter(opened_at__lte=minute_text(datetime.combine(filters.opened_to, time(23, 59))))
    if filters.changed_since:
        if filters.changed_since.tzinfo is None:
            raise BadRequest("changed_since needs an offset, such as 2026-05-11T08:00:00Z.")
        rows = rows.filter(changed_at__gte=filters.changed_since)
    return rows


def _where(search: Register, text: str) -> tuple[columns.Column, str]:
    name, _colon, code = text.rpartition(":")
    for column in search.columns:
        if column.id == name and not column.sealed:
            return column, code
    raise BadRequest("where is COLUMN:CODE, with a column of this register that is not written text.")


# --- records -------------------------------------------------------------------------------------------------------


@api.get(
    "/schools/{slug}/records/{record_id}",
    response=schemas.Record,
    url_name="record",
    summary=gettext_noop("One record: its entries, duties, facts, closure and links"),
)
@decorate_view(conditional)
def record(request: HttpRequest, slug: str, record_id: str) -> Any:
    """Fetching it is written down in the record's reading log, as opening its page is."""
    asked = asked_of(request, slug)
    found = queries.get(asked.viewer, record_id, log=False)
    tag = reading.etag(asked, found)
    if has_it(request, tag):
        return not_modified(tag)
    queries.log_reading(asked.viewer, found)
    answer = api.create_response(request, reading.whole(asked, found).model_dump(), status=200)
    answer["ETag"] = tag
    return answer


def described() -> dict[str, Any]:
    """The OpenAPI description, with what every answer may be instead."""
    found: dict[str, Any] = api.get_openapi_schema(path_prefix="/api/v1")
    said = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    found["components"]["schemas"]["Problem"] = schemas.Problem.model_json_schema()
    for path in found["paths"].values():
        for operation in path.values():
            answers = {str(code): answer for code, answer in operation["responses"].items()}
            operation["responses"] = answers | {
                "304": {"description": "Not modified: the caller has it already (If-None-Match)"},
                "401": {"description": "No working key, nobody signed in", "content": said},
                "404": {"description": "Not there, or not for this caller", "content": said},
                "422": {"description": "A parameter does not fit", "content": said},
                "429": {"description": "Too many calls; see Retry-After", "content": said},
            }
    found["servers"] = [{"url": settings.INSTALLATION.site_url}]
    return found
