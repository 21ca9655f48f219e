"""Everything that PedViz raises on purpose.

    PedvizError
     ├── PhotoError               a visitor's file cannot be shown
     ├── DatasetError             Penn-Fudan or another data set is missing or damaged
     ├── UnknownModelError        no variant has that id
     ├── CheckpointError          a weight file is damaged or does not fit
     │    └── MissingCheckpointError   the weights of a variant are not installed
     ├── DownloadError            a file could not be fetched or was not the one expected
     ├── ResultsError             a stored result cannot be read
     ├── ArgumentError            a program sent a value that cannot be used
     ├── BusyError                more visitors wait than the server can bear
     └── Cancelled                the visitor stopped a running detection

Each message is one plain sentence that says what was expected, what came, and what to do; each class has a
`code` that never changes, for programs.
"""


class PedvizError(Exception):
    """Base of every error whose message may be shown to a visitor as it is."""

    code = "error"


class PhotoError(PedvizError):
    """A file that is not a photo we can show."""

    code = "photo"


class DatasetError(PedvizError):
    """A data set that is missing, incomplete or contradicts itself."""

    code = "dataset"


class UnknownModelError(PedvizError):
    """A model id that no spec has."""

    code = "unknown-model"


class CheckpointError(PedvizError):
    """A weight file that is damaged or belongs to another network."""

    code = "weights"


class MissingCheckpointError(CheckpointError):
    """A variant whose weights are not on this machine."""

    code = "no-weights"


class DownloadError(PedvizError):
    """A download that failed or brought something else than expected."""

    code = "download"


class ResultsError(PedvizError):
    """A results file with a line that cannot be read."""

    code = "results"


class ArgumentError(PedvizError):
    """A value of a request that is of another kind or range than its description says."""

    code = "argument"


class BusyError(PedvizError):
    """A request that is refused because too many wait already."""

    code = "busy"


class Cancelled(PedvizError):
    """Raised inside a detection that its visitor no longer wants."""

    code = "cancelled"


def reason_of(error: BaseException | str) -> object:
    """What to say of `error` to anyone: an OSError in full would tell the server's folders."""
    return getattr(error, "strerror", None) or error
