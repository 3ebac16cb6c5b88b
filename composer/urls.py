from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import include, path


@login_not_required
def favicon(request: HttpRequest) -> HttpResponse:
    """Browsers ask for it on pages that name no icon, such as the admin's."""
    return redirect(static("img/mark.svg"))


urlpatterns = [
    path("favicon.ico", favicon),
    path("admin/", admin.site.urls),
    path("", include("composer.identity.urls")),
    path("", include("journeys.urls")),
]

handler400 = "composer.error_pages.bad_request"
handler403 = "composer.error_pages.forbidden"
handler404 = "composer.error_pages.not_found"
handler500 = "composer.error_pages.failed"
