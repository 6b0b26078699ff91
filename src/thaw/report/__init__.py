"""What leaves the workbench on paper. Values in, bytes out: no file, no clock, no network, fonts built in."""

from .lr_sheet import lr_sheet

__all__ = ["lr_sheet"]
