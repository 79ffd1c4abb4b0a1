"""Addresses of boards."""

from django.urls import include, path, re_path

from dashboard.boards import views
from dashboard.sockets import views as sockets

boards = [
    path("", views.collection, name="boards"),
    path("series", views.series, name="series"),
    path("sockets", sockets.sockets, name="sockets"),
    path("sockets/<str:socket>/close", sockets.close, name="socket-close"),
    path("<slug:slug>/", views.board, name="board"),
    path("<slug:slug>/data", views.data, name="data"),
    path("<slug:slug>/preview", views.preview, name="preview"),
    path("<slug:slug>/definition", views.definition, name="definition"),
    path("<slug:slug>/star", views.star, name="star"),
    path("<slug:slug>/duplicate", views.duplicate, name="duplicate"),
    path("<slug:slug>/share", views.share, name="share"),
    re_path(
        r"^(?P<slug>[-\w]+)/panels/(?P<name>[a-z0-9_-]{1,20})\.(?P<form>csv|json)$",
        views.panel,
        name="panel",
    ),
]

urlpatterns = [path("boards/", include((boards, "boards")))]
