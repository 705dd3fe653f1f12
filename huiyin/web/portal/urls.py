"""Where the residents' addresses lead."""

from __future__ import annotations

from django.urls import path

from huiyin.web.portal import ledger, pages, photos, report, track

app_name = "portal"

urlpatterns = [
    path("", pages.home, name="home"),
    path("report", report.report, name="report"),
    path("report/photo", photos.photo, name="report_upload"),
    path("report/suggest", report.suggest, name="suggest"),
    path("report/join", report.join, name="join"),
    path("receipt", report.receipt, name="receipt"),
    path("receipt/qr.svg", report.qr, name="qr"),
    path("track", track.track, name="track"),
    path("track/act", track.act, name="track_act"),
    path("track/leave", track.leave, name="track_leave"),
    path("track/proof", track.proof, name="track_proof"),
    path("track/photo/<int:pk>", track.photo, name="track_photo"),
    path("c/<slug:code>", pages.board, name="board"),
    path("compounds.json", pages.compounds, name="compounds"),
    path("lists/changes", pages.list_changes, name="list_changes"),
    path("decisions", pages.decisions, name="decisions"),
    path("who", pages.who, name="who"),
    path("who/<slug:code>", pages.item, name="item"),
    path("lists", pages.lists, name="lists"),
    path("open/ledger", ledger.page, name="ledger"),
    path("open/ledger/checkpoint.txt", ledger.checkpoint, name="checkpoint"),
    path("open/ledger/huiyin_proof.py", ledger.tool, name="proof_tool"),
    path("care", pages.care, name="care"),
    path("language", pages.language, name="language"),
    path("sw.js", pages.service_worker, name="service_worker"),
]
