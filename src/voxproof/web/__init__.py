"""The pages of `voxproof serve`: one file a page, made of Gradio's components. Needs the extra `web`.

Nothing here is imported before the server's models are loaded, and whatever takes time is done by the server's workers.
"""
