"""Where work is done that is made of many tasks, each whole in itself: here, or on the nodes of a cluster.

Work is given as `Load`: a picklable callable without arguments that loads what is needed once (models, say) and returns
the function from one task to its answer. Tasks and answers are picklable too.
"""

from voxproof.datasets.executors.connection import Actors, Cluster, connection
from voxproof.datasets.executors.watched import Ended, Load, Watched

__all__ = ["Actors", "Cluster", "Ended", "Load", "Watched", "connection"]
