"""Settings of a worker that makes real drafts: as the engine's own tests start it, with all the time it needs."""

from tests.acts.worker_settings import *
from tests.acts.worker_settings import Q_CLUSTER

Q_CLUSTER = {**Q_CLUSTER, "timeout": 300, "retry": 330}
