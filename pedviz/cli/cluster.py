"""`cluster`: run the detectors on the machines of a Ray cluster, see `pedviz.cluster` and docs/scale.md."""

import argparse
from collections.abc import Callable


def add_cluster(commands: argparse._SubParsersAction, *, say: Callable[[str], None]) -> None:
    """Add the command to the command line."""

    def run(options: argparse.Namespace) -> int:
        from pedviz.cluster import run_cluster

        return run_cluster(
            least=options.least, most=options.most, threads=options.threads, address=options.address, say=say
        )

    cluster = commands.add_parser("cluster", help="run the detectors on a Ray cluster, for many visitors")
    cluster.add_argument("--least", type=_count, default=1, help="replicas that always run (default 1)")
    cluster.add_argument("--most", type=_count, default=4, help="replicas at the busiest (default 4)")
    cluster.add_argument("--threads", type=_count, default=1, help="cores of a replica (default 1)")
    cluster.add_argument("--address", default="auto", help="of the cluster (default: this machine's)")
    cluster.set_defaults(run=run)


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"expected a whole number from 1, got '{text}'")
    return int(text)
