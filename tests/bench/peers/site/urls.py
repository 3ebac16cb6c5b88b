from django.urls import include, path
from wagtail.admin import urls as wagtailadmin

urlpatterns = [path("admin/", include(wagtailadmin))]
