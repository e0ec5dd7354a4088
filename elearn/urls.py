"""The shell's addresses: it opens the domain and the accounts, and knows nothing of either."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path

admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]  # one throttled way in

urlpatterns = [
    path("account/", include("allauth.account.urls")),
    path("admin/", admin.site.urls),
    path("", include("courses.urls")),
]

handler400, handler500 = "courses.web.views.bad_request", "courses.web.views.server_error"
