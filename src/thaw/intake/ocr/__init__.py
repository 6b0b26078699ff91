"""Reads the letters in pictures of pages: own preparation, Tesseract, a gate on quality, an alarm."""

from __future__ import annotations

from .engine import ocr_engine, ocr_name

__all__ = ["ocr_engine", "ocr_name"]
