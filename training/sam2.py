"""SAM 2 as ONNX files: what lies in a box (Ravi et al., ICLR 2025).

Encoder and decoder have the inputs and outputs that samexporter gives them, see training/README.md.
"""

from pathlib import Path

import numpy as np

from pedviz.errors import CheckpointError, PedvizError, reason_of
from training.start import MEAN, STD

CORNERS = [2.0, 3.0]  # what the decoder calls the two corners of a box
AT_ONCE = 16  # boxes in a run of the decoder
NO_MASK = np.zeros((1, 1, 256, 256), np.float32)  # no first guess


class Sam2:
    """The two halves of the network.

    Args:
        encoder, decoder: ONNX files (.ort too).
        threads: for each.

    Raises:
        PedvizError: onnxruntime is not installed.
        CheckpointError: a file cannot be read.
    """

    def __init__(self, encoder: Path, decoder: Path, *, threads: int) -> None:
        try:
            import onnxruntime  # late: nothing else needs it
        except ImportError as error:
            raise PedvizError("SAM 2 needs ONNX Runtime; run: pip install onnxruntime==1.32.0") from error
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        sessions = []
        for file in (encoder, decoder):
            try:
                sessions.append(onnxruntime.InferenceSession(file, options))
            except Exception as error:  # its own types, which derive from nothing in common
                raise CheckpointError(f"{file} is no network that can be read: {reason_of(error)}") from error
        self._encoder, self._decoder = sessions

    def __call__(self, pixels: np.ndarray, boxes_xyxy: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """What lies in each box.

        Args:
            pixels: (1024, 1024, 3) uint8.
            boxes_xyxy: (K, 4), pixels.

        Returns:
            Logits over the whole image, (K, 256, 256) float32, above 0 inside, and the IoU with the truth
            that the network expects of each, (K,).
        """
        scaled = ((pixels / 255 - MEAN) / STD).astype(np.float32).transpose(2, 0, 1)[None]
        high, middle, embedding = self._encoder.run(None, {"image": scaled})
        features = {"image_embed": embedding, "high_res_feats_0": high, "high_res_feats_1": middle}
        logits, expected = [], []
        for start in range(0, len(boxes_xyxy), AT_ONCE):
            corners = boxes_xyxy[start : start + AT_ONCE].reshape(-1, 2, 2).astype(np.float32)
            prompt = {
                "point_coords": corners,
                "point_labels": np.tile(np.array(CORNERS, np.float32), (len(corners), 1)),
                "mask_input": NO_MASK.repeat(len(corners), axis=0),
                "has_mask_input": np.zeros(1, np.float32),
            }
            masks, ious = self._decoder.run(None, features | prompt)
            best = ious.argmax(axis=1)
            each = np.arange(len(best))
            logits.append(masks[each, best])
            expected.append(ious[each, best])
        return np.concatenate(logits), np.concatenate(expected)
