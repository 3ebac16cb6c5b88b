from django.contrib.admin.apps import AdminConfig


class Administration(AdminConfig):
    default_site = "journeys.admin.site.Site"
