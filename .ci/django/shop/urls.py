"""Django's paths. Those that Gatehouse has taken over are there still: nobody must reach them past it."""

from django.urls import path, re_path
from rest_framework_simplejwt import views as simplejwt

from . import views


def both_roots(name, view):
    return [path(root + name, view) for root in ("accounts/api/", "api/accounts/")]


urlpatterns = [
    path("app/", views.app),
    path("public/who/", views.who),
    path("who/", views.who),
    path("api/jobs/", views.Jobs.as_view()),
    path("api/jobs/by-header/", views.JobsByHeader.as_view()),
    path("api/effects/", views.Effects.as_view()),
    path("api/upload/", views.Upload.as_view()),
    path("api/stream/", views.Stream.as_view()),
    path("api/accounts/staff/all/", views.StaffList.as_view()),
    path("accounts/api/staff/", views.StaffList.as_view()),
    path("accounts/api/bearer-token/", views.stand_in),
    path("accounts/logout-session/", views.stand_in),
    *both_roots("token/", simplejwt.TokenObtainPairView.as_view()),
    *both_roots("token/refresh/", simplejwt.TokenRefreshView.as_view()),
    *both_roots("token/verify/", simplejwt.TokenVerifyView.as_view()),
    re_path("^(?:accounts|api/accounts)/(?:me|logout)/$", views.stand_in),
]
