"""Thaw: the workbench of a cold-case unit. Rooms and their order: docs/architecture.md."""

__version__ = "0.1.0"
