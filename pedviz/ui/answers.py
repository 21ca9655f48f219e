"""Every answer to a program is a result, or a sentence with a code that never changes.

The sentence is Gradio's error message and the code its title; `gradio_client` raises both as an `AppError`.
The codes are those of `pedviz.errors`, and two more: "request" for what Gradio itself cannot read, "server"
for a fault of ours.
"""

import logging
from typing import Any

import gradio as gr

from pedviz.errors import PedvizError
from pedviz.ui.payload import sentence

UNREADABLE = (
    "This request cannot be read: send every argument that has no default, and upload a photo first "
    "(gradio_client.handle_file does that); addresses of other servers are not fetched."
)
BROKEN = "Something failed on the server, which is a fault of it and not of the request; try again later."
_log = logging.getLogger(__name__)


def refusal(error: PedvizError) -> gr.Error:
    """An error of ours as Gradio sends it."""
    return gr.Error(sentence(error), title=error.code, print_exception=False, visible=False)


class AnsweringBlocks(gr.Blocks):
    """Gradio's app, whose failures always say something."""

    async def preprocess_data(self, *arguments: Any, **options: Any) -> Any:
        """Read a request as Gradio does; what it cannot read becomes one sentence."""
        try:
            return await super().preprocess_data(*arguments, **options)
        except gr.Error:
            raise
        except Exception as error:
            _log.info("a request could not be read: %s", error)
            raise gr.Error(UNREADABLE, title="request", print_exception=False, visible=False) from error

    async def process_api(self, *arguments: Any, **options: Any) -> Any:
        """Answer a request as Gradio does; what nobody expected becomes one sentence, and is logged."""
        try:
            return await super().process_api(*arguments, **options)
        except gr.Error:
            raise
        except Exception as error:
            _log.exception("a request failed")
            raise gr.Error(BROKEN, title="server", print_exception=False, visible=False) from error
