"""`python -m tests.work`: the process of `manage.py jobs`, which knows these jobs as well."""

import os
from importlib import import_module

import django

if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "realtime_project.settings"
    django.setup()
    import_module("tests.work.jobs")
    import_module("realtime_project.live.jobs_process").run()
