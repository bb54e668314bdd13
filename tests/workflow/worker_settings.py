"""Settings of a worker that makes real drafts: as the engine's own tests start it, with time for some dozens of them."""

from tests.acts.worker_settings import *
from tests.acts.worker_settings import Q_CLUSTER

Q_CLUSTER = {**Q_CLUSTER, "timeout": 4, "retry": 5}
