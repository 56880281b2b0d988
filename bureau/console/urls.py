"""The counter's own addresses: sign-in, home, search, and in local settings the style guide."""

from django.conf import settings
from django.urls import path

from bureau.console import views

app_name = "portal"

urlpatterns = [
    path("", views.home, name="home"),
    path("login/", views.SignIn.as_view(), name="sign_in"),
    path("logout/", views.sign_out, name="sign_out"),
    path("search/", views.search_all, name="search"),
]
if getattr(settings, "SHOW_STYLEGUIDE", False):
    from bureau.console import styleguide

    urlpatterns += [
        path("styleguide/", styleguide.show, name="styleguide"),
        path("styleguide/sheet/", styleguide.sheet, name="styleguide_sheet"),
    ]
