"""The workbench in the browser: screens on this machine only, rendered here, with the same answers as the commands."""

from __future__ import annotations

from .app import make_app
from .server import serve_book

__all__ = ["make_app", "serve_book"]
