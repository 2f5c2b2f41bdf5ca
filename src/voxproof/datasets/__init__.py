"""Whole sets of speech made from other sets, and what is written down about them."""
