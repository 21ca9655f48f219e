"""PedViz: see what pedestrian detectors see.

The public names load on first use, so that `import pedviz` costs nothing and never imports torch.
"""

from importlib import import_module

__version__ = "0.1.0"

_HOMES = {
    "Detections": ("pedviz.types", "Detections"),
    "GroundTruth": ("pedviz.types", "GroundTruth"),
    "PedvizError": ("pedviz.errors", "PedvizError"),
    "compare": ("pedviz.comparison", "compare"),
    "load_photo": ("pedviz.data.photos", "load"),
    "load_predictor": ("pedviz.inference", "load_predictor"),
}
__all__ = sorted(_HOMES)


def __getattr__(name: str) -> object:
    """Import the module that holds `name` when it is first asked for."""
    if name not in _HOMES:
        raise AttributeError(f"module 'pedviz' has no attribute '{name}'; it has: {', '.join(__all__)}")
    module, inside = _HOMES[name]
    return getattr(import_module(module), inside)


def __dir__() -> list[str]:
    return __all__
