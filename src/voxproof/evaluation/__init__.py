"""Measures every box: clones, conversions, vocoders, speaker encoders and detectors, on data frozen beforehand.

Figures come with 95 % bootstrap intervals over speakers (or pages, or generators), and real speech stands beside
synthetic speech wherever the same measure applies. See `bank` for the protocol and `report` for how results are
written.
"""
