import os
import subprocess
import sys

import gradio as gr
import httpx
import pytest

from pedviz.paths import ROOT
from pedviz.ui.app import build_app, launch_options
from tests.serving import launched
from tests.ui.conftest import FakePredictors

# The site's launch, with a network that still runs in threads when the server is told to end.
ENDS = """
import argparse, sys, threading, time
from pedviz.ui.memory import overwrite_what_is_freed
overwrite_what_is_freed()
import torch
from pedviz.ui import app, start

class Site:
    def launch(self, **_):
        layer, maps = torch.nn.Conv2d(64, 64, 3), torch.zeros(1, 64, 400, 400)
        def work():
            while True:
                layer(maps)
        for _ in range(8):
            threading.Thread(target=work, daemon=True).start()
        time.sleep(0.5)
        sys.exit(0)

app.build_app = Site
sys.exit(start.serve(argparse.Namespace(host=None, port=None)))
"""
# The same, as far as PyTorch's import.
WAITS = """
import argparse, sys
from pedviz.ui import app, start

class Site:
    def launch(self, **_):
        import torch
        sys.exit(0)

app.build_app = Site
sys.exit(start.serve(argparse.Namespace(host=None, port=None)))
"""
TICKETED = {"choose", "download", "run_a", "run_b"}


@pytest.fixture(scope="module")
def site():
    return build_app(load_predictor=FakePredictors())


@pytest.fixture(scope="module")
def events(site):
    """Event name to Gradio's record of it, for those that the page triggers."""
    by_name = {
        target[1]: fn for fn in site.blocks.fns.values() for target in fn.targets if target[0] is not None
    }
    by_name.pop("then", None)
    return by_name


def test_starting_the_page_imports_no_torch():
    program = "import sys; from pedviz.ui.app import build_app; build_app(); print('torch' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "False"


def test_the_server_ends_in_order_while_networks_run():
    done = subprocess.run([sys.executable, "-c", ENDS], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_threads_that_wait_hold_no_core():
    settings = {name: value for name, value in os.environ.items() if name != "OMP_WAIT_POLICY"}
    done = subprocess.run(
        [sys.executable, "-c", WAITS], cwd=ROOT, capture_output=True, text=True,
        env=settings | {"OMP_DISPLAY_ENV": "true"},
    )  # fmt: skip
    assert "OMP_WAIT_POLICY = 'PASSIVE'" in done.stderr.replace("='", " = '")


def test_only_detect_is_public(site):
    public = {fn.api_name for fn in site.blocks.fns.values() if fn.api_visibility != "private"}
    assert public - {"leave"} == {"detect"}


@pytest.mark.parametrize("name", sorted(TICKETED))
def test_the_last_request_is_never_lost(events, name):
    assert events[name].trigger_mode == "always_last"


@pytest.mark.parametrize("name", ["run_a", "run_b"])
def test_one_detection_runs_at_a_time(events, name):
    assert (events[name].concurrency_id, events[name].concurrency_limit) == ("infer", 1)


def test_the_endpoint_shares_the_queue_of_the_page(site):
    endpoint = next(fn for fn in site.blocks.fns.values() if fn.api_name == "detect")
    assert endpoint.concurrency_id == "infer"


@pytest.mark.parametrize("name", ["stop_a", "stop_b", "forget"])
def test_stopping_and_forgetting_do_not_wait_in_the_queue(events, name):
    assert events[name].queue is False


def test_no_template_contains_a_value(site):
    for block in site.blocks.blocks.values():
        if isinstance(block, gr.HTML):
            assert "${" not in block.html_template
            assert "{{" not in block.html_template


def test_results_are_never_sent_back_to_the_server(site):
    for fn in site.blocks.fns.values():
        assert not set(fn.inputs) & set(fn.outputs)


def test_launch_options_keep_the_visitor_private(site):
    options = launch_options(site.service)
    assert options["enable_monitoring"] is options["run_history"] is options["ssr_mode"] is False
    assert options["allowed_paths"] == options["footer_links"] == []
    assert options["max_file_size"] == 20 * 2**20
    assert site.blocks.analytics_enabled is False


def test_a_machine_too_busy_to_answer_itself_in_time_serves_all_the_same(monkeypatch):
    def late(*_: object, **__: object) -> None:
        raise httpx.ReadTimeout("3 seconds")

    monkeypatch.setattr("gradio.networking.httpx.head", late)
    site = build_app(load_predictor=FakePredictors())
    assert httpx.get(launched(site), timeout=60).status_code == 200
    site.blocks.close(verbose=False)


def test_gradio_lays_out_one_page_without_content(site):
    assert [page[0] for page in site.blocks.pages] == [""]
    shown = [block.html_template for block in site.blocks.blocks.values() if isinstance(block, gr.HTML)]
    assert set(shown) == {""}
