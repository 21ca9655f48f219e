"""How long nobody has asked the server anything: what can wait starts only then."""

import time
from collections.abc import Callable


class Quiet:
    """Counts from the last request.

    Args:
        clock: seconds that never go back.
        sleep: lets the calling thread wait for seconds.
    """

    def __init__(
        self, *, clock: Callable[[], float] = time.monotonic, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self._clock = clock
        self._sleep = sleep
        self._since = clock()

    def disturb(self) -> None:
        """Somebody asks for something now."""
        self._since = self._clock()

    def wait(self, seconds: float, *, most: float) -> None:
        """Return once nobody has asked for `seconds`; after `most` seconds on a server that never rests."""
        latest = self._clock() + most
        while (left := min(self._since + seconds, latest) - self._clock()) > 0:
            self._sleep(left)
