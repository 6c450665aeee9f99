"""Composition: builds everything by hand, in order, and takes it down again."""
