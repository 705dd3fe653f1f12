"""Where the desk's addresses lead."""

from __future__ import annotations

from django.urls import path

from huiyin.web.desk import calls, case, checkup, custody, lists, outbox, settings, tasks, today

app_name = "desk"

urlpatterns = [
    path("", today.today, name="today"),
    path("notices/<int:pk>/", today.acknowledge, name="acknowledge"),
    path("alarms/<int:pk>/", today.settle_alarm, name="settle_alarm"),
    path("cases/", lists.cases, name="cases"),
    path("cases/<str:number>/", case.case, name="case"),
    path("cases/<str:number>/earlier/", case.earlier, name="earlier"),
    path("cases/<str:number>/alike/", case.alike, name="alike"),
    path("cases/<str:number>/<slug:action>/", case.act, name="act"),
    path("photo/upload/", case.upload, name="upload"),
    path("photo/<int:pk>/", case.photo, name="photo"),
    path("csrf", case.csrf, name="csrf"),
    path("call/", calls.register, name="call"),
    path("call/suggest/", calls.suggest, name="call_suggest"),
    path("call/alike/", calls.alike, name="call_alike"),
    path("callbacks/", calls.callbacks, name="callbacks"),
    path("callbacks/<str:number>/<int:report>/", calls.reveal, name="reveal"),
    path("unplaced/", lists.unplaced, name="unplaced"),
    path("identity/", custody.identity, name="identity"),
    path("reissue/<str:number>/", custody.reissue, name="reissue"),
    path("tasks/", tasks.tasks, name="tasks"),
    path("lists/", lists.lists_in_force, name="lists"),
    path("lists/checkup/", checkup.checkup, name="checkup"),
    path("lists/checkup/<slug:code>/", checkup.words, name="words"),
    path("lists/checkup/<slug:code>/change/", checkup.change, name="change"),
    path("outbox/", outbox.outbox, name="outbox"),
    path("settings/", settings.index, name="settings"),
    path("settings/county/", settings.county, name="county"),
    path("settings/places/", settings.places, name="places"),
    path("settings/communities/<int:pk>/", settings.community, name="community"),
    path("settings/communities/new/", settings.new_community, name="new_community"),
    path("settings/compounds/<int:pk>/", settings.compound, name="compound"),
    path("settings/communities/<int:pk>/compounds/new/", settings.new_compound, name="new_compound"),
    path("settings/compounds/<int:pk>/contract/", settings.contract, name="contract"),
    path("settings/bodies/", settings.bodies, name="bodies"),
    path("settings/bodies/<int:pk>/", settings.body, name="body"),
    path("settings/bodies/new/", settings.new_body, name="new_body"),
    path("settings/people/", settings.people, name="people"),
    path("settings/people/new/", settings.new_person, name="new_person"),
    path("settings/people/<int:pk>/", settings.person, name="person"),
    path("settings/people/<int:pk>/posting/", settings.give_posting, name="give_posting"),
    path("settings/people/<int:pk>/password/", settings.password, name="password"),
    path("settings/people/<int:pk>/factor/", settings.factor, name="factor"),
    path("settings/postings/<int:pk>/", settings.posting, name="posting"),
    path("settings/requests/", settings.requests, name="requests"),
    path("settings/requests/<int:pk>/", settings.decide, name="decide"),
    path("settings/calendar/", settings.calendar, name="calendar"),
]
