"""Torch modules, one paper a file; nothing here is needed to run what ships."""
