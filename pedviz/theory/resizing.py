"""The size at which a detector sees an image."""

PADDING_MULTIPLE = 32


def resize_scale(height: int, width: int, *, min_size: int, max_size: int) -> float:
    """The factor by which an image is scaled before it enters the network.

    Args:
        height, width: of the image, pixels, from 1.
        min_size: wanted length of the shorter side, pixels.
        max_size: limit of the longer side, pixels.

    Returns:
        min(min_size / shorter, max_size / longer), > 0.

    Source: torchvision.models.detection.transform.GeneralizedRCNNTransform; Girshick, Fast R-CNN, ICCV 2015.

    >>> resize_scale(400, 1600, min_size=400, max_size=800)
    0.5
    """
    return min(min_size / min(height, width), max_size / max(height, width))


def resized_size(height: int, width: int, *, min_size: int, max_size: int) -> tuple[int, int]:
    """The (height, width) in pixels that the network sees, before padding.

    Args: as for `resize_scale`.
    Returns: both sides times the factor, rounded down.
    Source: as for `resize_scale`.

    >>> resized_size(448, 1098, min_size=400, max_size=800)
    (326, 800)
    """
    scale = resize_scale(height, width, min_size=min_size, max_size=max_size)
    return int(height * scale), int(width * scale)


def padded_size(height: int, width: int) -> tuple[int, int]:
    """The (height, width) after zeros are added up to multiples of 32.

    Args: height, width, of the resized image, pixels.
    Returns: the next multiples of 32.
    Source: as for `resize_scale`.

    >>> padded_size(326, 800)
    (352, 800)
    """
    rows, columns = -(-height // PADDING_MULTIPLE), -(-width // PADDING_MULTIPLE)
    return rows * PADDING_MULTIPLE, columns * PADDING_MULTIPLE
