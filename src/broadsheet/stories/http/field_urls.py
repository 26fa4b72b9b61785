"""Addresses below `/desk/file/`."""

from django.urls import path

from broadsheet.stories.http import field

app_name = "field"
urlpatterns = [
    path("", field.drafts, name="drafts"),
    path("new/", field.new, name="new"),
    path("<int:pk>/", field.edit, name="edit"),
    path("<int:pk>/preview/", field.preview, name="preview"),
    path("<int:pk>/send/", field.send, name="send"),
]
