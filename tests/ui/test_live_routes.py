"""What follows the frames of a camera on the server, by a clock that the test turns."""

import asyncio

from pedviz.ui import live_routes


def test_memory_is_scrubbed_once_the_camera_has_stopped(monkeypatch):
    now, scrubbed = [0.0], []
    monkeypatch.setattr(live_routes, "scrub_soon", lambda: scrubbed.append(now[0]))

    async def frames() -> None:
        asyncio.get_running_loop().time = lambda: now[0]
        scrubbing = live_routes._Afterwards()
        for now[0] in (0.0, 0.9, 1.8):
            scrubbing.postpone()
            await asyncio.sleep(0)
        for now[0] in (2.7, 2.9):
            await asyncio.sleep(0)
            await asyncio.sleep(0)

    asyncio.run(frames())
    assert scrubbed == [2.9]
