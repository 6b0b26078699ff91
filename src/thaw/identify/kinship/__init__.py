"""Likelihood ratios of kinship from STR profiles: pedigrees, loci, mutation, the engine, registers, disaster victims.

The pure half of `thaw kinship`. Formulas, conventions, sources and limits: docs/methods/kinship.md.
"""
