"""One file a group of routes, each a thin call into the package."""
