"""Work of the shop that can be interrupted."""

import os
import time
from pathlib import Path

from django.db.models import F

from acts.jobs import job

from .models import Parcel


@job("shop.weigh")
def weigh(progress, *, parcel, folder):
    """Adds one to the weight. The first run stops in the middle and waits to be killed."""
    progress(1, 2)
    folder = Path(folder)
    written = folder / "being-written"
    written.write_text(str(os.getpid()))
    written.rename(folder / f"run-{progress.job.attempt}")
    while not (folder / "run-2").exists():
        time.sleep(0.05)
    with progress.finishing():
        Parcel.objects.filter(pk=parcel).update(weight=F("weight") + 1)


@job("shop.label")
def label(progress, *, parcel, text):
    """Work without `finishing()`: fails on an empty text."""
    if not text:
        raise ValueError("the text is empty")
    Parcel.objects.filter(pk=parcel).update(label=text)
