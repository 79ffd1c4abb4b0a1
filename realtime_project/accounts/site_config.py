"""Names our admin site to Django; a module of its own, because an app may have one config."""

from django.contrib.admin.apps import AdminConfig


class SiteAdminConfig(AdminConfig):
    default_site = "realtime_project.accounts.site.Site"
