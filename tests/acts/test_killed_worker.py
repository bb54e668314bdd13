"""A worker is killed in the middle of a job: the job is done all the same, and once."""

import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager

import pytest
from django.conf import settings
from django.db import connection

from acts.jobs import queue
from acts.models import Job

from .shop.models import Parcel

pytestmark = pytest.mark.django_db(transaction=True)


@contextmanager
def cluster():
    """A real `manage.py qcluster` on the database of the test."""
    command = [sys.executable, "manage.py", "qcluster"]
    surroundings = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.acts.worker_settings",
        "WORKER_DATABASE": str(connection.settings_dict["NAME"]),
    }
    process = subprocess.Popen(command, cwd=settings.BASE_DIR, env=surroundings, start_new_session=True)
    try:
        yield process
    finally:
        kill_group(process)


def kill_group(process):
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def wait_for(happened, process, seconds=60):
    end = time.monotonic() + seconds
    while not happened():
        assert process.poll() is None, "the worker did not start"
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.05)


def is_done():
    return Job.objects.get().state == "done"


def assert_done_once():
    assert (Job.objects.get().attempt, Parcel.objects.get().weight) == (2, 2)


def test_a_worker_killed_in_the_middle_of_a_job_is_replaced_and_the_job_done_once(parcel, tmp_path):
    queue("shop.weigh", key="1", parcel=parcel.pk, folder=str(tmp_path))
    with cluster() as workers:
        wait_for((tmp_path / "run-1").exists, workers)
        os.kill(int((tmp_path / "run-1").read_text()), signal.SIGKILL)
        wait_for(is_done, workers)
    assert_done_once()


def test_everything_killed_in_the_middle_of_a_job_goes_on_after_a_new_start(parcel, tmp_path):
    queue("shop.weigh", key="1", parcel=parcel.pk, folder=str(tmp_path))
    with cluster() as first:
        wait_for((tmp_path / "run-1").exists, first)
        kill_group(first)
        assert Job.objects.get().state == "running"
    with cluster() as second:
        wait_for(is_done, second)
    assert_done_once()
