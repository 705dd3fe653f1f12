"""清单的工作簿: a version as a workbook, and a workbook into a draft, looked over first and then brought in whole or not at all."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from huiyin.adapters import tables
from huiyin.rules.list_tables import ABOUT, OFFERED, shown, tables_of, written
from huiyin.rules.workflow.vocabulary import Listing, Role
from huiyin.selectors import governance, list_tables
from huiyin.services import kept_tables
from huiyin.services import lists as services
from huiyin.web import changes as differing
from huiyin.web import tables as filled
from huiyin.web import wording
from huiyin.web.desk import pages
from huiyin.web.desk.pages import staff

KIND = "list"
LISTINGS = {"enforcement": "执法清单", "service": "服务清单"}
ITEM_TABLE = "items"
#: What the first sheet says; workbooks are Chinese whoever asks for them.
EXPLAINED = (
    "怎么用：改好这份工作簿，在草稿的页上传回去。先看会改什么，没有错再导入；有一处错就一行也不动。",
    "没有的表不动；有的表就是全部：事项表里少了一行，导入就把这一项从草稿里去掉（预览会写明“去掉”）。去掉一项，别的表里它的行也要去掉。",
    "事项、依据等行的先后就是清单里的先后。带 * 的列要填。表头不要改名；不用的列可以整列删掉，删掉的列不动原来的内容（“依据”表要留全）。",
    "一格填一个，不要合并单元格；公式不读，请“选择性粘贴”成数值。示例行会自动跳过。",
    "单位从下拉里选，或者填单位的代码；“选项”表里列着本县的单位。事项用过又停用的代码不能再用。",
    "引文：新写的或改过的引文，导入以后是“没核对”；在草稿的条款页上贴法律原文，逐字对上才算核对过。",
    "也可以只传一张表，例如只有“居民的说法”；csv 也行，文件名里要有表的名字。",
)


def _there(pk: int) -> Any:
    row = governance.version(pk)
    if row is None:
        raise Http404
    return row


def _name(row: Any) -> str:
    return f"{_(LISTINGS[row.listing])} {_('第 %(n)s 版') % {'n': row.number}}"


@require_safe
@staff()
def workbook(request: HttpRequest, pk: int) -> HttpResponse:
    """The whole list of a version: what is read back from it is the same list."""
    row = _there(pk)
    around = list_tables.around()
    titled = f"{LISTINGS[row.listing]}第{row.number}版"
    help = tables.Help(
        about_on=ABOUT,
        about=[titled, *EXPLAINED],
        offers_on=OFFERED,
        offers={
            "lead": ("谁来牵头", [shown(code, around.leads) for code in around.leads]),
            "body": ("配合单位", [shown(code, around.partners) for code in around.partners]),
        },
        pointing={"item": ITEM_TABLE},
    )
    listing = Listing(row.listing)
    content = tables.template(tables_of(listing), written(listing, list_tables.content(row), around), help)
    return filled.workbook(content, f"{titled}.xlsx")


@require_http_methods(["GET", "HEAD", "POST"])
@staff(Role.CO)
def upload(request: HttpRequest, pk: int) -> HttpResponse:
    """The field for a workbook that was filled in."""
    row = _there(pk)
    if row.state != "draft":
        return pages.done(request, reverse("desk:version", args=[pk]), _("这一版不是草稿，不能改。"))
    labels = [table.label for table in tables_of(Listing(row.listing))]
    context = {"row": row, "title": _name(row), "labels": wording.listed(labels)}
    if request.method != "POST":
        return pages.page(request, "desk/lists/upload.html", context)
    files = filled.read_files(request, labels)
    if files.troubles:
        return pages.page(request, "desk/lists/upload.html", {**context, "troubles": files.troubles}, status=422)
    made = kept_tables.keep(
        actor=pages.actor(request), at=pages.now(), kind=KIND, name=str(pk), sheets=files.sheets, old=files.old
    )
    return pages.done(request, reverse("desk:list_look", args=[pk, made]))


@require_http_methods(["GET", "HEAD", "POST"])
@staff(Role.CO)
def look(request: HttpRequest, pk: int, kept: int) -> HttpResponse:
    """What the workbook would make of the draft; POST does it, unless something is wrong or the draft is another by now."""
    row, actor = _there(pk), pages.actor(request)
    there = kept_tables.found(actor=actor, kind=KIND, name=str(pk), pk=kept)
    if there is None:
        return pages.page(request, "desk/lists/upload_over.html", {"row": row, "title": _name(row)}, status=404)
    version = reverse("desk:version", args=[pk])
    try:
        if request.method == "POST":
            seen = request.POST.get("seen", "")
            services.take_in(actor=actor, at=pages.now(), version=pk, sheets=there.sheets, seen=seen)
            kept_tables.drop(actor=actor, kind=KIND, name=str(pk), pk=kept)
            return pages.done(request, version, _("工作簿导入草稿了，发布以后才生效"))
        return _look_page(request, row, there, services.look_over(actor=actor, version=pk, sheets=there.sheets))
    except services.BadWorkbook as why:
        return _look_page(request, row, there, why.plan, status=409)
    except services.DraftMoved as why:
        return _look_page(request, row, there, why.plan, status=409, moved=True)
    except services.Busy as why:
        return pages.done(request, version, _(str(why)))
    except services.NotThere:
        raise Http404 from None


def _look_page(
    request: HttpRequest,
    row: Any,
    there: kept_tables.Looked,
    plan: services.Plan,
    status: int = 200,
    *,
    moved: bool = False,
) -> HttpResponse:
    context = {
        "row": row,
        "title": _name(row),
        "plan": plan,
        "moved": moved,
        "old": there.old,
        "removed": [one for one in plan.differences if one.kind == "removed"],
        "rows": differing.told(plan.differences),
        "unchecked": len(plan.unchecked),
        **filled.mistakes(plan.wrong),
    }
    return pages.page(request, "desk/lists/upload_look.html", context, status=status)
