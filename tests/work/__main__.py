"""`python -m tests.work 10`: the process of `manage.py jobs`, which knows these jobs as well, and
gives those that run so many seconds when it ends."""

import os
import sys
from importlib import import_module

import django

if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "realtime_project.settings"
    django.setup()
    import_module("tests.work.jobs")
    from realtime_project.live import jobs_process, moments

    jobs_process.FINISH_SECONDS = int(sys.argv[1])
    # Who is called in these tests has not looked by themselves.
    moments.CALLED_REST_SECONDS = 3600
    jobs_process.run()
