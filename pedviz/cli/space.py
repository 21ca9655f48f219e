"""`space OWNER/NAME`: the app as a Hugging Face Space, created or brought up to date.

A plain `git push` is refused there, because weights of more than 10 MB need the hub's own storage; its client
library uploads them as they have to be.
"""

from collections.abc import Callable
from pathlib import Path

from pedviz.errors import PedvizError
from pedviz.paths import ROOT

THUMBNAIL = "docs/detect.webp"
FILES = ("app.py", "LICENSE", "requirements.txt", THUMBNAIL, "pedviz/**", "assets/**")
IGNORED = ("**/__pycache__/**", "**/*.part")
REPLACED = ("pedviz/**", "assets/**", "*.py")  # what an earlier version left there goes


class SpaceError(PedvizError):
    """A Space that could not be published."""


def card_of(readme: str, *, url: str) -> str:
    """The README with what only a published Space has: a thumbnail and a link that copies it.

    Args:
        readme: the project's, with its front matter.
        url: of the Space.
    """
    facts, _, text = readme.removeprefix("---\n").partition("\n---\n")
    link = f"[Duplicate this Space]({url}?duplicate=true) to run it on hardware of your own."
    return f"---\n{facts}\nthumbnail: {url}/resolve/main/{THUMBNAIL}\n---\n\n{link}\n{text}"


def publish_space(
    repository: str, *, private: bool, say: Callable[[str], None], folder: Path = ROOT,
    endpoint: str | None = None,
) -> int:  # fmt: skip
    """Create a Space or bring it up to date.

    Args:
        repository: OWNER/NAME.
        private: whether a new Space is seen by its owner alone.
        say: prints a line.
        folder: the checkout.
        endpoint: address of the hub; None takes the client library's own.

    Returns:
        The exit status, 0.

    Raises:
        SpaceError: this is no checkout, nobody is logged in, or the hub cannot be reached or refuses.
    """
    from httpx2 import HTTPError  # what the hub's client library speaks with; only this command needs it
    from huggingface_hub import HfApi
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError, LocalTokenNotFoundError

    if not (folder / "app.py").is_file():
        raise SpaceError("a Space is published from a clone of the project: app.py is not here")
    hub = HfApi(endpoint=endpoint)
    try:
        space = hub.create_repo(
            repository, repo_type="space", space_sdk="gradio", private=private, exist_ok=True
        )
        card = card_of((folder / "README.md").read_text("utf-8"), url=space.url)
        hub.upload_file(
            path_or_fileobj=card.encode(), path_in_repo="README.md", repo_id=repository, repo_type="space",
            commit_message="Publish the card of PedViz",
        )  # fmt: skip
        hub.upload_folder(
            repo_id=repository, repo_type="space", folder_path=folder, allow_patterns=list(FILES),
            ignore_patterns=list(IGNORED), delete_patterns=list(REPLACED), commit_message="Publish PedViz",
        )  # fmt: skip
    except HFValidationError as error:
        raise SpaceError(f"'{repository}' is no name of a Space; expected OWNER/NAME") from error
    except LocalTokenNotFoundError as error:
        raise SpaceError("nobody is logged in; run: hf auth login") from error
    except HfHubHTTPError as error:
        status = error.response.status_code if error.response is not None else 0
        if status in (401, 403):
            raise SpaceError(f"the hub does not let you write to {repository}; run: hf auth login") from error
        raise SpaceError(f"the hub refused {repository} (HTTP {status}); try again later") from error
    except (OSError, HTTPError) as error:
        raise SpaceError("the hub cannot be reached; is this machine on the internet?") from error
    say(f"{space.url} is up to date; it starts in a few minutes.")
    return 0
