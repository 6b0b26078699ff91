"""Benchmarks: speed, memory and quality tables, and the invented data that they run on."""
