"""Where the weights of a network sit, counted from its description alone.

A convolution with a k x k kernel has k k c_in c_out weights and c_out biases, whatever the image's size;
a fully connected layer has one weight for each pair of numbers, which is where the size comes back in.
"""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Layer:
    """One layer with parameters.

    Attributes:
        name: what it is called.
        part: which part of the network it belongs to.
        weights, biases: how many of each.
        output: (channels, height, width) or (numbers,) of what leaves it; empty where the image's size
            does not matter.
    """

    name: str
    part: str
    weights: int
    biases: int = 0
    output: tuple[int, ...] = ()

    @property
    def parameters(self) -> int:
        """Weights and biases together."""
        return self.weights + self.biases


def conv_layer(
    inputs: int,
    outputs: int,
    *,
    kernel: int,
    bias: bool = True,
    groups: int = 1,
    name: str = "conv",
    part: str = "",
    output: tuple[int, ...] = (),
) -> Layer:
    """A convolution.

    Args:
        inputs, outputs: channels.
        kernel: side length.
        bias: whether there is one bias an output channel.
        groups: how many groups of channels are convolved apart; `inputs` of them is a depthwise one.
        name, part, output: see `Layer`.

    Returns:
        The layer; a transposed convolution has as many.

    Raises:
        ValueError: the channels do not divide into the groups.

    Source: torch.nn.Conv2d.

    >>> conv_layer(3, 64, kernel=3).parameters  # VGG16's first
    1792
    """
    if inputs % groups or outputs % groups:
        raise ValueError(f"{inputs} and {outputs} channels do not divide into {groups} groups")
    weights = kernel * kernel * (inputs // groups) * outputs
    return Layer(name=name, part=part, weights=weights, biases=outputs if bias else 0, output=output)


def linear_layer(inputs: int, outputs: int, *, name: str = "linear", part: str = "") -> Layer:
    """A fully connected layer: one weight for each pair of numbers, one bias an output.

    Args: inputs, outputs, numbers; name and part, see `Layer`.
    Returns: the layer.
    Source: torch.nn.Linear.

    >>> linear_layer(7 * 7 * 512, 4096).parameters  # three quarters of VGG16
    102764544
    """
    return Layer(name=name, part=part, weights=inputs * outputs, biases=outputs, output=(outputs,))


def norm_layer(channels: int, *, name: str = "norm", part: str = "") -> Layer:
    """A trainable batch norm: one scale and one shift a channel. A frozen one has no parameters.

    Args: channels; name and part, see `Layer`.
    Returns: the layer.
    Source: torch.nn.BatchNorm2d.

    >>> norm_layer(64).parameters
    128
    """
    return Layer(name=name, part=part, weights=channels, biases=channels)


def count_parameters(layers: Iterable[Layer]) -> int:
    """Parameters of all layers together.

    Args: layers.
    Returns: their sum.
    Source: addition.

    >>> count_parameters(vgg16_layers())
    138357544
    """
    return sum(layer.parameters for layer in layers)


def count_by_part(layers: Iterable[Layer]) -> dict[str, int]:
    """Parameters of each part, in the order in which the parts first come.

    Args: layers.
    Returns: part -> parameters.
    Source: addition.

    >>> count_by_part(vgg16_layers())
    {'convolutions': 14714688, 'fully connected': 123642856}
    """
    totals: dict[str, int] = {}
    for layer in layers:
        totals[layer.part] = totals.get(layer.part, 0) + layer.parameters
    return totals


VGG16_WIDTHS = ((64, 64), (128, 128), (256, 256, 256), (512, 512, 512), (512, 512, 512))
VGG16_HIDDEN = (4096, 4096)


def vgg16_layers(
    *,
    channels: int = 3,
    side: int = 224,
    classes: int = 1000,
    kernel: int = 3,
    widths: tuple[tuple[int, ...], ...] = VGG16_WIDTHS,
    hidden: tuple[int, ...] = VGG16_HIDDEN,
) -> tuple[Layer, ...]:
    """VGG16, or what becomes of it when its numbers are changed.

    Args:
        channels: of the image.
        side: of the square image, pixels; each block halves it, rounding down.
        classes: numbers that leave the network.
        kernel: side length of every convolution, padded so that it keeps the size.
        widths: channels of each convolution, one tuple a block.
        hidden: numbers that leave the fully connected layers before the last.

    Returns:
        Its 13 convolutions and 3 fully connected layers.

    Raises:
        ValueError: nothing is left of the image after the last block.

    Source: Simonyan, Zisserman, ICLR 2015, configuration D.

    >>> [f"{layer.parameters:,}" for layer in vgg16_layers()[:3]]
    ['1,792', '36,928', '73,856']
    """
    layers = []
    for block, block_widths in enumerate(widths, start=1):
        for number, width in enumerate(block_widths, start=1):
            layers.append(
                conv_layer(
                    channels, width, kernel=kernel, name=f"conv{block}_{number}", part="convolutions",
                    output=(width, side, side),
                )
            )  # fmt: skip
            channels = width
        side //= 2
    if not side:
        raise ValueError(f"nothing is left of the image after {len(widths)} halvings; make it larger")
    numbers = channels * side * side
    for number, outputs in enumerate((*hidden, classes), start=len(widths) + 1):
        layers.append(linear_layer(numbers, outputs, name=f"fc{number}", part="fully connected"))
        numbers = outputs
    return tuple(layers)
