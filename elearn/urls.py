"""The shell's addresses: it opens the domain and the accounts, and knows nothing of either."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("account/", include("allauth.account.urls")),
    path("admin/", admin.site.urls),
    path("", include("courses.urls")),
]
