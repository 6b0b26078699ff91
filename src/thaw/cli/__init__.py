"""The command line: parses, calls casework, prints. Exit codes and JSON follow docs/reference/commands.md."""

from __future__ import annotations

from .app import app
from .main import main

__all__ = ["app", "main"]
