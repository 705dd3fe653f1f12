"""The pages for what went wrong: each says what happened and what to do now, as JSON for scripts, and all but a form with an old token do without the database."""

from __future__ import annotations

import errno
import logging
import sys

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db import InterfaceError, InternalError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from huiyin.adapters import database
from huiyin.web.desk import pages

log = logging.getLogger(__name__)

RETRY_SECONDS = 5
NO_ROOM = (errno.ENOSPC, errno.EDQUOT)
TOO_MUCH = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)
TITLES = {
    400: _("这次提交的内容读不出来"),
    403: _("这个页面不能看"),
    404: _("没有这个页面"),
    408: _("照片传到一半停住了"),
    413: _("内容太大，没有收下"),
    500: _("我们这边出错了"),
    507: _("照片暂时收不下"),
    503: _("请稍等再试"),
}
SAYINGS = {
    400: _("可能是内容太长，或者在路上断了。请返回再试一次；照片可以少传几张。"),
    403: _("可能是登录已经过期，或者这件事不归您这个岗位。请返回上一页，或重新登录。"),
    404: _("网址可能写错了，或者这件事您看不到。请回首页重新找。"),
    408: _("可能是网络断了。您写的内容还在，请到信号好一点的地方再提交一次。"),
    413: _("请把文字写短一些，或者少传几张照片。"),
    500: _("这次没有办成，我们已经记下。您写的内容请先不要关掉，过一会儿再试。"),
    507: _("我们的硬盘快满了，已经通知管理员。请先不带照片提交文字，照片过后再补。"),
    503: _("系统正忙或正在恢复，您写的内容还在，请过几秒再提交一次。"),
}


def of_the_machine(request: HttpRequest, error: BaseException | None) -> HttpResponse | None:
    """The page for what is no fault of a page: 503 for a database that is locked, read-only or gone, 507 for a full disk; else None."""
    # A database that only reads is an internal error to PostgreSQL.
    only_reads = isinstance(error, InternalError) and database.named(error) == "read-only"
    if only_reads or isinstance(error, OperationalError | InterfaceError):
        status = 503
    elif isinstance(error, OSError) and error.errno in NO_ROOM:
        status = 507
    else:
        return None
    log.error("the machine refused %s %s", request.method, request.path, exc_info=error)
    response = page(request, status)
    response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400, and 413 when Django stopped reading because the text was too long."""
    return page(request, 413 if isinstance(exception, TOO_MUCH) else 400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403."""
    return page(request, 403)


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form whose token is missing or old; a form of our own pages comes back with what was typed, to be sent again.

    Only the browser's own word that the form came from here counts: another site can neither send it nor fill it in.
    """
    if request.headers.get("Origin") == f"{request.scheme}://{request.get_host()}" and pages.hold(request):
        messages.warning(request, _("这个页面放得太久了，还没有保存。您填的内容还在，请看一看再提交。"))
        return HttpResponseRedirect(request.path)
    return page(request, 403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404, the same for what does not exist and what is not shown to this visitor."""
    return page(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """500, or what the machine refused between the pages (sessions, sign-in, a file that is being received)."""
    return of_the_machine(request, sys.exc_info()[1]) or page(request, 500)


def page(request: HttpRequest, status: int) -> HttpResponse:
    """The page for one of TITLES, or the same as JSON."""
    if _wants_json(request):
        return JsonResponse({"error": str(TITLES[status]), "message": str(SAYINGS[status])}, status=status)
    context = {"status": status, "title": TITLES[status], "saying": SAYINGS[status], "no_second_factor": settings.DEMO}
    return HttpResponse(render_to_string("errors/plain.html", context), status=status)


def _wants_json(request: HttpRequest) -> bool:
    accepted = request.headers.get("Accept", "")
    return "application/json" in accepted and "text/html" not in accepted
