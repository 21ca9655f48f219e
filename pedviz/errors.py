"""Everything that PedViz raises on purpose.

    PedvizError
     ├── PhotoError               a visitor's file cannot be shown
     ├── DatasetError             Penn-Fudan or another data set is missing or damaged
     ├── UnknownModelError        no variant has that id
     ├── CheckpointError          a weight file is damaged or does not fit
     │    └── MissingCheckpointError   the weights of a variant are not installed
     ├── DownloadError            a file could not be fetched or was not the one expected
     ├── ResultsError             a stored result cannot be read
     ├── BusyError                more visitors wait than the server can bear
     └── Cancelled                the visitor stopped a running detection

Each message is one plain sentence that says what was expected, what came, and what to do.
"""


class PedvizError(Exception):
    """Base of every error whose message may be shown to a visitor as it is."""


class PhotoError(PedvizError):
    """A file that is not a photo we can show."""


class DatasetError(PedvizError):
    """A data set that is missing, incomplete or contradicts itself."""


class UnknownModelError(PedvizError):
    """A model id that no spec has."""


class CheckpointError(PedvizError):
    """A weight file that is damaged or belongs to another network."""


class MissingCheckpointError(CheckpointError):
    """A variant whose weights are not on this machine."""


class DownloadError(PedvizError):
    """A download that failed or brought something else than expected."""


class ResultsError(PedvizError):
    """A results file with a line that cannot be read."""


class BusyError(PedvizError):
    """A request that is refused because too many wait already."""


class Cancelled(PedvizError):
    """Raised inside a detection that its visitor no longer wants."""


def reason_of(error: Exception) -> object:
    """What to say of `error` to anyone: an OSError in full would tell the server's folders."""
    return getattr(error, "strerror", None) or error
