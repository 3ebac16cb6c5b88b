from django.contrib.admin.apps import AdminConfig


class Administration(AdminConfig):
    """The site stands outside of journeys/admin: importing that registers models, and would make a
    second site."""

    default_site = "composer.admin_site.Site"
