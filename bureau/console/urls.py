"""The counter's own addresses: sign-in, home, search, and in local settings the style guide."""

from django.conf import settings
from django.urls import path

from bureau.console import accounts, door, own_account, views
from bureau.console.exports import page

app_name = "portal"

urlpatterns = [
    path("", views.home, name="home"),
    path("login/", door.SignIn.as_view(), name="sign_in"),
    path("login/code/", door.code, name="code"),
    path("login/enroll/", door.enroll, name="enroll"),
    path("logout/", door.sign_out, name="sign_out"),
    path("sessions/", own_account.show, name="own_sessions"),
    path("sessions/alive/", own_account.alive, name="alive"),
    path("accounts/", accounts.index, name="accounts"),
    path("accounts/<int:staff_id>/<slug:deed>/", accounts.lift, name="account_lift"),
    path("exports/<slug:name>/", page.show, name="export"),
    path("search/", views.search_all, name="search"),
]
if getattr(settings, "SHOW_STYLEGUIDE", False):
    from bureau.console import styleguide

    urlpatterns += [
        path("styleguide/", styleguide.show, name="styleguide"),
        path("styleguide/sheet/", styleguide.sheet, name="styleguide_sheet"),
    ]
