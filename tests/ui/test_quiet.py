from pedviz.ui.quiet import Quiet


class Clock:
    """A thread that waits on a server that is asked at some times."""

    def __init__(self, *asked: float) -> None:
        self.now = 0.0
        self.asked = list(asked)
        self.quiet = Quiet(clock=lambda: self.now, sleep=self.sleep)

    def sleep(self, seconds: float) -> None:
        until = self.now + seconds
        while self.asked and self.asked[0] <= until:
            self.now = self.asked.pop(0)
            self.quiet.disturb()
        self.now = until


def test_what_can_wait_starts_once_nobody_has_asked_for_a_while():
    clock = Clock(1.0, 3.5, 6.0)
    clock.quiet.wait(4.0, most=60.0)
    assert clock.now == 10.0


def test_on_a_server_that_never_rests_it_starts_at_last():
    clock = Clock(*range(1, 100))
    clock.quiet.wait(4.0, most=20.0)
    assert clock.now == 20.0
