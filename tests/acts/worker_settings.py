"""Settings of a worker that tests start and kill: the test's own database, the shop installed, short waits."""

import os

from config.settings import *
from config.settings import DATABASES, INSTALLED_APPS, Q_CLUSTER

DATABASES["default"]["NAME"] = os.environ["WORKER_DATABASE"]
INSTALLED_APPS = [*INSTALLED_APPS, "tests.acts.shop"]
Q_CLUSTER = {**Q_CLUSTER, "workers": 1, "timeout": 2, "retry": 4, "poll": 0.1, "guard_cycle": 0.1}
