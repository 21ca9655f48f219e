"""The detectors as a Ray Serve deployment: replicas on any number of machines, each with a group of cores.

    ray start --head --disable-usage-stats    # on the other machines: ray start --address=HEAD:6379
    pedviz cluster --least 1 --most 8 --threads 2
    PEDVIZ_CLUSTER=auto pedviz app            # on any machine of the cluster

Needs `pip install -e .[cluster]`. A replica answers for every variant and detects one image at a time. What
was under way on a replica that dies is done again by another. Ray keeps the image that it carries in the
shared memory of the machines until it is overwritten: a cluster is for machines that one trusts.
"""

import asyncio
import importlib.util
import threading
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any

from pedviz.detectors import Cancelled as IsCancelled
from pedviz.detectors import DistantDetector, LoadDetector, local_detector
from pedviz.errors import BusyError, Cancelled, PedvizError
from pedviz.models.specs import get_spec

if TYPE_CHECKING:
    from ray.serve.handle import DeploymentHandle, DeploymentResponse

NAME = "pedviz"
MOST_WAITING = 64  # requests of one web process that wait for a replica; the next is refused
BUSY_SHARE = 0.7  # of the replicas, above which Ray starts another: it does not count who waits for one
TRIES = 5  # replicas that may die one after the other under the same request
LOOK_SECONDS = 0.05  # how often a waiting request asks whether its visitor is still there
FULL = "all detectors of the cluster are busy; try again in a moment"
UNREACHABLE = "the cluster that runs the detectors cannot be reached; try again in a moment"
MISSING = "Ray is not installed; run: pip install -e .[cluster]"


class ClusterError(PedvizError):
    """A cluster that cannot be started."""


def _require_ray() -> None:
    if importlib.util.find_spec("ray") is None:
        raise ClusterError(MISSING)


class Replica:
    """One copy of all detectors, in a process of its own.

    Args:
        load_detector: gives the detector of a variant in this process.
    """

    def __init__(self, load_detector: LoadDetector) -> None:
        self._load_detector = load_detector

    async def ask(self, method: str, model_id: str, *arguments: object, **options: object) -> object:
        """What a method of the variant's detector returns; an error that a visitor may read as a value.

        Ray ends this coroutine when the caller cancels: the detection then stops at its next stage.
        """
        stopped = threading.Event()

        def work() -> object:
            try:
                run = getattr(self._load_detector(model_id), method)
                return run(*arguments, **options, cancelled=stopped.is_set)
            except PedvizError as error:
                return error

        try:
            return await asyncio.to_thread(work)
        finally:
            stopped.set()


class RemoteDetector(DistantDetector):
    """Asks whichever replica is free.

    Args:
        handle: of the deployment.
        model_id: the variant.
    """

    def __init__(self, handle: "DeploymentHandle", model_id: str) -> None:
        super().__init__(model_id)
        self._handle = handle

    def _ask(self, method: str, *arguments: object, cancelled: IsCancelled, **options: object) -> Any:
        from ray.exceptions import RayActorError, RayError
        from ray.serve.exceptions import BackPressureError, RayServeException

        for _ in range(TRIES):
            try:
                answer = _awaited(
                    self._handle.ask.remote(method, self._model_id, *arguments, **options), cancelled
                )
            except BackPressureError as error:
                raise BusyError(FULL) from error
            except RayActorError:
                continue  # the replica died under it
            except (RayError, RayServeException) as error:
                raise BusyError(UNREACHABLE) from error
            if isinstance(answer, PedvizError):
                raise answer
            return answer
        raise BusyError(UNREACHABLE)


def _awaited(response: "DeploymentResponse", cancelled: IsCancelled) -> object:
    """What a replica answers; it is told to stop once `cancelled` says so."""
    while True:
        try:
            return response.result(timeout_s=LOOK_SECONDS)
        except TimeoutError:
            if cancelled():
                response.cancel()
                raise Cancelled("the detection was stopped") from None


@cache
def _handle(address: str) -> "DeploymentHandle":
    """The deployment on a cluster, to which this process connects at the first call."""
    import ray
    from ray import serve

    if not ray.is_initialized():
        ray.init(address=address, log_to_driver=False, configure_logging=False)
    return serve.get_app_handle(NAME)


def connect(address: str) -> "DeploymentHandle":
    """The detectors of a cluster. Ray takes the signals that end a process, so the page connects first.

    Args:
        address: of the cluster, or "auto" for the one that this machine belongs to.

    Raises:
        ClusterError: Ray is not installed.
        BusyError: the cluster cannot be reached, or runs no detectors.
    """
    _require_ray()
    from ray.serve.exceptions import RayServeException

    try:
        return _handle(address)
    except (ConnectionError, RuntimeError, ValueError, RayServeException) as error:
        raise BusyError(UNREACHABLE) from error


def remote_detector(model_id: str, *, address: str) -> RemoteDetector:
    """A variant on a cluster.

    Args:
        model_id: the variant.
        address: as for `connect`.

    Raises:
        UnknownModelError: no such variant.
        ClusterError, BusyError: see `connect`.
    """
    return RemoteDetector(connect(address), get_spec(model_id).id)


def deploy(
    *, least: int, most: int, threads: int, waiting: int = MOST_WAITING,
    load_detector: LoadDetector = local_detector,
) -> "DeploymentHandle":  # fmt: skip
    """Put the detectors on the cluster that this process is connected to, or on this machine alone.

    Args:
        least, most: replicas; between them Ray starts and ends some as requests wait.
        threads: cores of a replica.
        waiting: requests of one caller that may wait for a replica.
        load_detector: what a replica loads a variant with.

    Returns:
        The handle, once `least` replicas are ready.
    """
    from ray import serve

    deployment = serve.deployment(
        Replica, name=NAME, max_ongoing_requests=1, max_queued_requests=waiting,
        ray_actor_options={
            "num_cpus": threads, "runtime_env": {"env_vars": {"OMP_NUM_THREADS": str(threads)}},
        },
        logging_config={"enable_access_log": False},
        autoscaling_config={
            "min_replicas": least, "max_replicas": most, "target_ongoing_requests": BUSY_SHARE,
            "upscale_delay_s": 5,
        },
    )  # fmt: skip
    serve.start(proxy_location="Disabled")  # nobody reaches the detectors but the web processes
    return serve.run(deployment.bind(load_detector), name=NAME, route_prefix=None)


def run_cluster(
    *, least: int, most: int, threads: int, address: str | None, say: Callable[[str], None]
) -> int:
    """Deploy, and say what to do next. The deployment stays until the cluster ends.

    Args:
        least, most, threads: as for `deploy`.
        address: of a running cluster.
        say: prints a line.

    Returns:
        The exit status, 0.

    Raises:
        ClusterError: Ray is not installed, or there is no cluster.
    """
    _require_ray()
    import ray

    try:
        ray.init(address=address, log_to_driver=False)
    except ConnectionError as error:
        raise ClusterError(f"there is no cluster at {address}; run: ray start --head") from error
    deploy(least=least, most=most, threads=threads)
    say(f"{least} to {most} replicas, {threads} thread(s) each. Now run: PEDVIZ_CLUSTER={address} pedviz app")
    return 0
