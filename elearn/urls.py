"""The root URLs: accounts, admin, and everything else in `courses.urls`."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path

# Staff sign in by allauth too: the admin's own login has no rate limits.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

urlpatterns = [
    path("", include("courses.urls")),  # first: it has a page of `account/` of its own
    path("account/", include("allauth.account.urls")),
    path("admin/", admin.site.urls),
]

handler400, handler500 = "courses.web.views.bad_request", "courses.web.views.server_error"
