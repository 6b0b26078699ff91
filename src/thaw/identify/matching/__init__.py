"""Unidentified against missing without DNA: one soft likelihood per pair; only an expert's statement hides anybody."""
