import threading

import pytest

from pedviz.errors import MissingCheckpointError
from pedviz.models.specs import SPECS
from pedviz.ui.service import DEFAULT_MODELS, DetectService
from pedviz.ui.session import MAX_RESULTS
from tests.ui.conftest import photo_file, wait_until

MODEL = DEFAULT_MODELS[0]


def choose(service, path, *, session="me", ticket=1):
    return service.choose(
        session, {"photo": {"ticket": ticket, "sample": None, "path": path, "name": "street.png"}}
    )


def choose_sample(service, *, session="me", ticket=1):
    request = {"ticket": ticket, "sample": service.gallery.default_id}
    return service.choose(session, {"photo": request})


def run(service, photo_id, *, session="me", ticket=10, model=MODEL, ids=None, pane="a"):
    request = {"ticket": ticket, "photo_id": photo_id, "model_id": model, "ids": ids}
    return service.run(session, {pane: request}, pane=pane)


def in_background(work):
    answers = []
    thread = threading.Thread(target=lambda: answers.append(work()), daemon=True)
    thread.start()
    return thread, answers


@pytest.fixture
def photo_id(service, upload):
    return choose(service, upload(photo_file()))["photo"]["id"]


def test_an_uploaded_photo_is_shown_and_leaves_the_disk(service, upload, uploads):
    answer = choose(service, upload(photo_file()), ticket=3)
    assert (answer["ticket"], answer["sample"], answer["photo"]["name"]) == (3, None, "street.png")
    assert len(uploads) == 0


def test_a_bad_file_is_refused_in_one_sentence_and_leaves_the_disk(service, upload, uploads):
    answer = choose(service, upload(b"not an image"))
    assert answer["error"].endswith(".")
    assert "street.png" in answer["error"]
    assert "photo" not in answer
    assert len(uploads) == 0


def test_a_path_outside_the_uploads_is_refused(service, tmp_path):
    (tmp_path / "other.png").write_bytes(photo_file())
    answer = choose(service, str(tmp_path / "other.png"))
    assert answer["error"] == "This photo is no longer on the server; choose it again."


def test_a_bad_file_leaves_the_present_photo_on_the_stage(service, upload, photo_id):
    choose(service, upload(b"not an image"), ticket=2)
    assert "result" in run(service, photo_id)


def test_an_unknown_sample_is_refused(service):
    answer = service.choose("me", {"photo": {"ticket": 1, "sample": "../../etc/passwd"}})
    assert answer["error"].startswith("There is no such sample image")


def test_the_second_run_of_a_photo_comes_from_memory(service, predictors, photo_id):
    first, second = run(service, photo_id), run(service, photo_id, ticket=11, pane="b")
    assert (first["result"]["cached"], second["result"]["cached"]) == (False, True)
    assert predictors.loaded[MODEL].runs == 1


def test_another_visitor_cannot_run_or_see_my_photo(service, photo_id):
    run(service, photo_id)
    answer = run(service, photo_id, session="someone else")
    assert answer["error"] == "This photo is no longer on the server; choose it again."


def test_results_of_my_photo_are_not_shared_with_others(service, predictors, upload, photo_id):
    run(service, photo_id)
    choose(service, upload(photo_file()), session="someone else")
    answer = run(service, photo_id, session="someone else")
    assert answer["result"]["cached"] is False
    assert predictors.loaded[MODEL].runs == 2


def test_results_of_samples_are_shared(service, predictors):
    sample_id = choose_sample(service)["photo"]["id"]
    choose_sample(service, session="someone else")
    run(service, sample_id)
    assert run(service, sample_id, session="someone else")["result"]["cached"] is True
    assert predictors.loaded[MODEL].runs == 1


def test_a_sample_is_answered_with_the_address_of_its_file(service):
    assert choose_sample(service)["photo"]["url"] == "samples/three-people.webp"


def test_the_worked_example_is_ready_after_warming_up(service, predictors):
    service.warm_up()
    sample_id = choose_sample(service)["photo"]["id"]
    assert all(run(service, sample_id, model=model)["result"]["cached"] for model in DEFAULT_MODELS)
    assert [predictor.runs for predictor in predictors.loaded.values()] == [1, 1]


def test_warming_up_without_weights_only_warns(service, caplog):
    def without_weights(model_id):
        raise MissingCheckpointError(f"no weights for '{model_id}' here")

    service.load_predictor = without_weights
    service.warm_up()
    assert "no weights for" in caplog.text


def test_missing_masks_are_added_and_kept(service, photo_id):
    assert run(service, photo_id)["result"]["count"] == 2
    with_maps = run(service, photo_id, ticket=11, ids=[0, 1, 99])["result"]
    again = run(service, photo_id, ticket=12)["result"]
    assert (
        with_maps["map_rows"]
        == again["map_rows"]
        != run(service, photo_id, model=SPECS[1].id)["result"]["map_rows"]
    )


def test_a_variant_without_weights_is_a_sentence(service, photo_id, monkeypatch):
    def without_weights(model_id):
        raise MissingCheckpointError(
            f"no weights for '{model_id}' here; run: python -m training.train {model_id}"
        )

    service.load_predictor = without_weights
    answer = run(service, photo_id)
    assert answer == {
        "ticket": 10,
        "error": f"No weights for '{MODEL}' here; run: python -m training.train {MODEL}.",
    }


def test_an_unknown_variant_is_a_sentence(service, photo_id):
    assert run(service, photo_id, model="nonsense")["error"].startswith("No model 'nonsense'")


@pytest.mark.parametrize(
    "interrupt",
    [
        pytest.param(
            lambda service, upload: service.stop("me", {"stop_a": {"until": 10}}, pane="a"), id="cancel"
        ),
        pytest.param(lambda service, upload: service.forget("me"), id="forget"),
        pytest.param(
            lambda service, upload: choose(service, upload(photo_file((9, 9, 9))), ticket=20),
            id="newer-photo",
        ),
    ],
)
def test_a_running_detection_ends_once_it_is_unwanted(service, predictors, upload, photo_id, interrupt):
    predictor = predictors(MODEL)
    predictor.gate.clear()
    thread, answers = in_background(lambda: run(service, photo_id))
    assert predictor.started.wait(5)
    interrupt(service, upload)
    wait_until(lambda: not thread.is_alive())
    assert answers == [{"ticket": 10, "error": "The detection was stopped."}]


def test_a_detection_that_ends_after_forgetting_stores_nothing(service, predictors, photo_id):
    visitor, predictor = service.visitors.of("me"), predictors(MODEL)

    def forget_at_the_end(image, *, cancelled):
        found = type(predictor).detect(predictor, image)
        service.forget("me")
        return found

    predictor.detect = forget_at_the_end
    run(service, photo_id)
    assert len(visitor.results) == 0


def test_stopping_an_older_run_does_not_stop_the_newer(service, photo_id):
    service.stop("me", {"stop_a": {"until": 9}}, pane="a")
    assert "result" in run(service, photo_id, ticket=10)


def test_memory_of_one_visitor_is_bounded(service, upload):
    for shade in range(MAX_RESULTS + 3):
        photo = choose(service, upload(photo_file((shade, 0, 0))), ticket=shade + 1)["photo"]
        run(service, photo["id"], ticket=100 + shade)
    assert len(service.visitors.of("me").results) == MAX_RESULTS


def test_the_gallery_lists_every_sample_with_words_and_a_thumbnail(service):
    listed = service.samples()["samples"]
    assert listed[0]["id"] == service.gallery.default_id
    for sample in listed:
        assert sample["title"]
        assert sample["alt"]
        assert sample["credit"]
        assert sample["thumbnail"] == f"thumbnails/{sample['id']}.webp"


def test_services_are_apart(predictors, uploads, service):
    other = DetectService(service.gallery, uploads=uploads, load_predictor=predictors)
    choose_sample(service)
    assert other.visitors.of("me").staged is None


def test_tiles_are_cut_out_of_the_file_and_counted(service, upload):
    content = photo_file(size=(2000, 1500))
    chosen = {"ticket": 1, "sample": None, "path": upload(content), "name": "street.png"}
    photo_id = service.choose("me", {"photo": chosen})["photo"]["id"]
    asked = {"photo_id": photo_id, "model_id": DEFAULT_MODELS[0], "ids": None, "tiles": True}
    counted = []
    request = {"a": asked | {"ticket": 2, "upload": upload(content)}}
    answer = service.run("me", request, pane="a", progress=lambda *count: counted.append(count))
    assert answer["result"]["tiles"] is True
    assert answer["result"]["count"] > 2
    assert counted[-1] == (len(counted), len(counted))
    other = {"a": asked | {"ticket": 3, "model_id": DEFAULT_MODELS[1], "upload": upload(photo_file())}}
    assert "no longer on the server" in service.run("me", other, pane="a")["error"]
