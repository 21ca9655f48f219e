"""The command line: pedviz (or python -m pedviz) app | detect | compare | figures | models | doctor ..."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from pedviz.cli.cluster import add_cluster
from pedviz.cli.compare import add_compare
from pedviz.cli.data import check_data, download_data
from pedviz.cli.detect import Settings, detect_photos
from pedviz.cli.doctor import examine
from pedviz.cli.models import list_models
from pedviz.cli.site import copy_site
from pedviz.cli.space import publish_space
from pedviz.cli.terminal import complain, guarded, say
from pedviz.types import DEFAULT_NMS_THRESHOLD, DEFAULT_SCORE_THRESHOLD, SCORE_FLOOR
from pedviz.ui.start import add_options, serve
from pedviz.viz.palette import STYLES, STYLES_BY_ID


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command.

    Args:
        arguments: what follows `python -m pedviz`; None takes the command line's own.

    Returns:
        The exit status: 0; 1 where a photo, a package or weights fail; 2 where nothing could be done.
    """
    options = _parser().parse_args(arguments)
    return guarded(lambda: options.run(options))


def _detect(options: argparse.Namespace) -> int:
    mask = STYLES_BY_ID[options.style].mask_threshold if options.mask is None else options.mask
    settings = Settings(
        score=options.score,
        nms=options.nms,
        mask=mask,
        style=options.style,
        out=options.out,
        tiles=options.tiles,
    )
    return detect_photos(options.photos, options.models, settings=settings, say=say, complain=complain)


def _parser() -> argparse.ArgumentParser:
    name = "pedviz" if Path(sys.argv[0]).stem == "pedviz" else "python -m pedviz"
    parser = argparse.ArgumentParser(prog=name, description="See what pedestrian detectors see.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    app = commands.add_parser("app", help="serve the page")
    add_options(app)
    app.set_defaults(run=serve)
    _add_detect(commands)
    add_compare(commands, say=say)
    models = commands.add_parser("models", help="every variant, its size, its weights, its measured AP")
    models.set_defaults(run=lambda _: list_models(say=say))
    doctor = commands.add_parser("doctor", help="what is installed, what is missing, what to do about it")
    doctor.set_defaults(run=lambda _: examine(say=say))
    site = commands.add_parser(
        "site", help="write the whole site as files, for any web server: lessons, dashboard, samples"
    )
    site.add_argument("folder", type=Path, metavar="OUT", help="a new or empty folder")
    site.set_defaults(run=lambda options: copy_site(options.folder, say=say))
    space = commands.add_parser("space", help="publish the app as a Hugging Face Space, or update it")
    space.add_argument("repository", metavar="OWNER/NAME")
    space.add_argument("--private", action="store_true", help="a new Space is seen by its owner alone")
    space.set_defaults(run=lambda given: publish_space(given.repository, private=given.private, say=say))
    add_cluster(commands, say=say)
    data = commands.add_parser("data", help="fetch or check Penn-Fudan").add_subparsers(
        required=True, metavar="ACTION"
    )
    download = data.add_parser("download", help="fetch Penn-Fudan, 51 MB, from its authors' page")
    download.add_argument(
        "folder", nargs="?", type=Path, help="where to put it (default: PEDVIZ_DATA, or data/)"
    )
    download.add_argument("--force", action="store_true", help="fetch it although it is there and whole")
    download.set_defaults(run=lambda options: download_data(options.folder, say=say, force=options.force))
    check = data.add_parser("check", help="read every image and mask once")
    check.add_argument(
        "source", nargs="?", type=Path, help="archive or folder (default: PEDVIZ_DATA, or data/)"
    )
    check.set_defaults(run=lambda options: check_data(options.source, say=say))
    return parser


def _add_detect(commands: argparse._SubParsersAction) -> None:
    detect = commands.add_parser(
        "detect",
        help="find people in photos",
        description="Find people in photos: coordinates are in pixels of the upright original.",
    )
    detect.add_argument("photos", nargs="+", type=Path, metavar="PHOTO")
    detect.add_argument(
        "--models",
        type=_ids,
        default=[],
        metavar="A,B",
        help="variants, see: models (default: the first with weights)",
    )
    share = {"type": _share, "metavar": "0-1"}
    detect.add_argument(
        "--score", **share, default=DEFAULT_SCORE_THRESHOLD,
        help=f"show people with a score above this ({SCORE_FLOOR} to 1, default {DEFAULT_SCORE_THRESHOLD})",
    )  # fmt: skip
    detect.add_argument(
        "--nms", **share, default=DEFAULT_NMS_THRESHOLD,
        help=f"of two boxes whose IoU is above this the better stays (default {DEFAULT_NMS_THRESHOLD})",
    )  # fmt: skip
    detect.add_argument(
        "--mask", **share, help="a pixel is the person's above this (default: the style's own)"
    )
    detect.add_argument("--style", choices=STYLES_BY_ID, default=STYLES[0].id, help="how people are drawn")
    detect.add_argument(
        "--tiles", action="store_true",
        help="look at overlapping parts of each photo as well: finds small people, takes many times as long",
    )  # fmt: skip
    detect.add_argument(
        "--out", type=Path, metavar="DIR", help="write images, COCO JSON and people.csv here"
    )
    detect.set_defaults(run=_detect)


def _share(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value <= 1:
        raise argparse.ArgumentTypeError(f"expected a number from 0 to 1, got '{text}'")
    return value


def _ids(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]


if __name__ == "__main__":
    sys.exit(main())
