"""Addresses under `/support/`."""

from django.urls import path

from broadsheet.funding.http import views

app_name = "funding"
urlpatterns = [
    path("", views.support, name="support"),
    path("meter/", views.moved, name="moved"),
    path("<str:month>/", views.month, name="month"),
]
