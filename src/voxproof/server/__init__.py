"""The HTTP API: `voxproof serve`. Needs the extra `serve`; nothing here is imported before the command is called."""
