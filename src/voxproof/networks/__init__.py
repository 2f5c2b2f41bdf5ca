"""Torch modules alone, one paper or one idea a file: a module and its config. Training lives in `training/`."""
