"""Torch modules alone, one paper or one idea a file: a module and its config. Training and export live in `training/`."""
