"""The images that can be tried without a photo: the project's samples, then Penn-Fudan where it is."""

import io
from functools import lru_cache

from PIL import Image

from pedviz.data.samples import PennFudanSample, Sample, pennfudan_samples, samples
from pedviz.errors import PedvizError, PhotoError
from pedviz.ui.payload_types import SamplePayload
from pedviz.ui.session import StagePhoto

THUMBNAIL_SIZE = (264, 176)  # width, height: twice what is shown, for sharp screens
THUMBNAIL_QUALITY = 70
KEPT_THUMBNAILS = 128


class Gallery:
    """Lists and opens sample images.

    Raises:
        ResultsError: the list of the project's own samples cannot be read.
    """

    def __init__(self) -> None:
        self.thumbnail = lru_cache(KEPT_THUMBNAILS)(self._thumbnail)
        self.find()

    def find(self) -> None:
        """Look again for images; Penn-Fudan may have arrived."""
        self._samples: dict[str, Sample] = {entry.id: entry for entry in (*samples(), *pennfudan_samples())}

    @property
    def has_pennfudan(self) -> bool:
        """Whether Penn-Fudan's test images are among them."""
        return any(isinstance(sample, PennFudanSample) for sample in self._samples.values())

    @property
    def default_id(self) -> str:
        """The image that is on the stage before anything is chosen."""
        return next(iter(self._samples))

    @property
    def default_ratio(self) -> float:
        """Its width for a height of 1, so that the page can keep its place; 1.5 where it cannot be read."""
        try:
            height, width = self.open(self.default_id).photo.pixels.shape[:2]
        except PedvizError:
            return 1.5
        return width / height

    def listed(self) -> list[SamplePayload]:
        """Every image for the page."""
        return [
            {
                "id": sample.id, "title": sample.title, "alt": sample.alt, "credit": sample.credit,
                "licence": sample.licence, "thumbnail": f"thumbnails/{sample.id}.webp",
            }
            for sample in self._samples.values()
        ]  # fmt: skip

    def open(self, sample_id: str) -> StagePhoto:
        """An image with the people who are in it.

        Raises:
            PhotoError: there is no such image, or its file is damaged.
            DatasetError: it is missing from Penn-Fudan.
        """
        sample = self._samples.get(sample_id)
        if sample is None:
            raise PhotoError("there is no such sample image here; choose another one")
        return StagePhoto(photo=sample.load(), sample_id=sample_id, ground_truth=sample.ground_truth())

    def _thumbnail(self, sample_id: str) -> bytes:
        """A small WebP of an image. Raises as `open` does."""
        thumbnail, buffer = Image.fromarray(self.open(sample_id).photo.pixels), io.BytesIO()
        thumbnail.thumbnail(THUMBNAIL_SIZE)
        thumbnail.save(buffer, "WEBP", quality=THUMBNAIL_QUALITY)
        return buffer.getvalue()
