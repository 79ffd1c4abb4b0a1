from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "realtime_project.accounts"
