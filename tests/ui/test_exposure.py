"""Who may reach the site: the login, frames of other sites, and what is said of it at the start."""

import httpx
import pytest

from pedviz.ui.app import build_app
from pedviz.ui.exposure import Exposure, ExposureError
from tests.serving import launched
from tests.ui.conftest import FakePredictors, photo_file

PATHS = ("trace.json", "dashboard.html", "config")


def test_by_default_the_page_with_photos_is_framed_by_itself_alone(monkeypatch):
    monkeypatch.delenv("SPACE_ID", raising=False)
    exposure = Exposure.from_environment()
    assert (exposure.login, exposure.frame_ancestors, exposure.document_ancestors) == (None, "'self'", "*")
    monkeypatch.setenv("SPACE_ID", "owner/name")
    assert "https://huggingface.co" in Exposure.from_environment().frame_ancestors


@pytest.mark.parametrize("login", ["name", "name:", ":password"])
def test_half_a_login_is_refused(monkeypatch, login):
    monkeypatch.setenv("PEDVIZ_LOGIN", login)
    with pytest.raises(ExposureError, match="expected NAME:PASSWORD"):
        Exposure.from_environment()


def test_what_is_exposed_is_said():
    assert "Only this machine" in Exposure().sentence(None)
    assert "without a password" in Exposure().sentence("0.0.0.0")
    assert "password of teacher" in Exposure(login=("teacher", "x")).sentence("0.0.0.0")


@pytest.fixture(scope="module")
def closed(tmp_path_factory):
    """A site that asks for a login and may be framed by one other site."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("PEDVIZ_LOGIN", "teacher:a pass:word")
        patched.setenv("PEDVIZ_FRAME_ANCESTORS", "https://lms.example.org; script-src *")
        site = build_app(load_predictor=FakePredictors())
        address = launched(site)
    yield address
    site.blocks.close(verbose=False)


def test_nothing_answers_before_the_login_and_everything_after_it(closed):
    with httpx.Client(base_url=closed, timeout=60) as client:
        upload = {"files": {"files": photo_file()}}
        assert client.post("gradio_api/upload", **upload).status_code == 401
        assert [client.get(path).status_code for path in PATHS] == [401] * 3
        asking = client.get("/").text
        assert '"auth_required":true' in asking.replace(" ", "")
        assert "pv-document" not in asking
        wrong = {"username": "teacher", "password": "password"}
        assert client.post("login", data=wrong).status_code == 400
        assert client.post("login", data=wrong | {"password": "a pass:word"}).status_code == 200
        assert client.post("gradio_api/upload", **upload).status_code == 200
        assert [client.get(path).status_code for path in PATHS] == [200] * 3
        assert "pv-document" in client.get("/").text


def test_frames_are_those_that_were_named_and_answers_are_not_kept(closed):
    headers = httpx.get(closed).headers
    policy = dict(part.strip().split(" ", 1) for part in headers["content-security-policy"].split(";"))
    assert policy["frame-ancestors"].startswith("'self' https://lms.example.org")
    assert policy["script-src"] != "*", "a setting must not add a rule of its own"
    assert headers["cache-control"] == "no-store"
