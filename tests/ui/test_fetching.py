import threading

import pytest

from pedviz.errors import DownloadError
from pedviz.ui.fetching import WeightsFetcher
from pedviz.ui.service import DetectService
from tests.ui.conftest import photo_file, wait_until
from tests.ui.test_service import choose, run

COCO = "maskrcnn_resnet50_fpn_coco"


class Source:
    """Stands in for the download: stops half way until told to go on, or fails."""

    def __init__(self, error: Exception | None = None) -> None:
        self.error = error
        self.half = threading.Event()
        self.go_on = threading.Event()
        self.calls = 0

    def __call__(self, *, progress) -> None:
        self.calls += 1
        progress(50, 100)
        self.half.set()
        self.go_on.wait(10)
        if self.error:
            raise self.error


def test_the_first_look_starts_one_download_and_later_looks_follow_it():
    source = Source()
    fetcher = WeightsFetcher(source)
    fetcher.waiting()
    source.half.wait(10)
    assert fetcher.waiting() == fetcher.waiting() == (50, 100)
    source.go_on.set()
    wait_until(lambda: fetcher.waiting() is None)
    assert source.calls == 1


def test_a_failure_is_told_once_and_the_next_look_tries_again():
    source = Source(DownloadError("there is no network"))
    source.go_on.set()
    fetcher = WeightsFetcher(source)

    def look_until_told() -> None:
        for _ in range(1000):
            fetcher.waiting()
            source.half.wait(0.01)

    with pytest.raises(DownloadError, match="there is no network"):
        look_until_told()
    assert fetcher.waiting() is not None
    wait_until(lambda: source.calls == 2)


def test_a_visitor_is_told_how_far_the_download_is_and_then_gets_people(service, uploads, upload):
    source = Source()
    waiting = DetectService(
        service.gallery,
        uploads=uploads,
        load_predictor=service.load_predictor,
        weights=WeightsFetcher(source),
    )
    photo_id = choose(waiting, upload(photo_file()))["photo"]["id"]
    run(waiting, photo_id, model=COCO)
    source.half.wait(10)
    assert run(waiting, photo_id, model=COCO, ticket=11)["fetching"] == {"done": 50, "total": 100}
    source.go_on.set()
    wait_until(lambda: "result" in run(waiting, photo_id, model=COCO, ticket=12))


def test_without_a_network_the_pane_says_so_in_a_sentence(service, uploads, upload):
    source = Source(DownloadError("the weights could not be downloaded: no network"))
    source.go_on.set()
    offline = DetectService(
        service.gallery,
        uploads=uploads,
        load_predictor=service.load_predictor,
        weights=WeightsFetcher(source),
    )
    photo_id = choose(offline, upload(photo_file()))["photo"]["id"]
    run(offline, photo_id, model=COCO)
    wait_until(lambda: "error" in run(offline, photo_id, model=COCO))
