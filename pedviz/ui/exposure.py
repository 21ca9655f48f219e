"""Who may reach the site and from where: decided by whoever starts it, in the environment.

PEDVIZ_LOGIN: NAME:PASSWORD, asked of everybody; nothing is asked without it.
PEDVIZ_FRAME_ANCESTORS: sites that may show any page inside theirs, such as "https://lms.example.org".
PEDVIZ_ORIGINS: sites whose pages may call the API, separated by spaces.
"""

import os
from dataclasses import dataclass

from pedviz.errors import PedvizError

HUGGING_FACE = "https://huggingface.co https://*.hf.space"
LOCAL_HOSTS = ("127.0.0.1", "localhost", "::1")
ANYWHERE = "*"


class ExposureError(PedvizError):
    """A setting that says nothing usable about who may reach the site."""


@dataclass(frozen=True, kw_only=True)
class Exposure:
    """Who may reach the site.

    Attributes:
        login: (name, password), or None where nothing is asked.
        frame_ancestors: sites that may frame the page that takes photos, as the header says it.
        document_ancestors: sites that may frame the other pages, which know nothing of the visitor.
        origins: other sites whose pages may call the API.
    """

    login: tuple[str, str] | None = None
    frame_ancestors: str = "'self'"
    document_ancestors: str = ANYWHERE
    origins: tuple[str, ...] = ()

    @classmethod
    def from_environment(cls) -> "Exposure":
        """What the environment says; on a Hugging Face Space its pages may frame the app.

        Raises:
            ExposureError: the login has no name or no password.
        """
        name, _, password = os.environ.get("PEDVIZ_LOGIN", "").partition(":")
        if bool(name) != bool(password):
            raise ExposureError("PEDVIZ_LOGIN: expected NAME:PASSWORD")
        named = " ".join(os.environ.get("PEDVIZ_FRAME_ANCESTORS", "").replace(";", " ").split())
        space = HUGGING_FACE if "SPACE_ID" in os.environ else ""
        return cls(
            login=(name, password) if name else None,
            frame_ancestors=" ".join(filter(None, ("'self'", space, named))),
            document_ancestors=f"'self' {space} {named}".replace("  ", " ") if named else ANYWHERE,
            origins=tuple(os.environ.get("PEDVIZ_ORIGINS", "").split()),
        )

    def sentence(self, host: str | None) -> str:
        """What whoever starts the site should know of who can reach it there.

        Args:
            host: address that the server listens on; None for this machine alone.
        """
        if (host or LOCAL_HOSTS[0]) in LOCAL_HOSTS:
            return "Only this machine can reach the page. --host 0.0.0.0 opens it to the network."
        asked = (
            f"and is asked for the password of {self.login[0]}" if self.login
            else "without a password (PEDVIZ_LOGIN=NAME:PASSWORD asks for one)"
        )  # fmt: skip
        return (
            f"Everybody who can reach this machine can use the page and its API, {asked}. "
            "Photos stay in memory until they are deleted, the tab closes or an hour passes."
        )
