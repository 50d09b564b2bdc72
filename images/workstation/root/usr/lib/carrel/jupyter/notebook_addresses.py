"""The addresses of the classic notebook, which Azure's links and people's bookmarks use: each leads to the same file in JupyterLab."""

from tornado.web import Application, RequestHandler


class ToLab(RequestHandler):
    """Redirects `/tree/x`, `/notebooks/x` and `/edit/x` to `/lab/tree/x`, and the bare `/tree` to `/lab`."""

    def get(self) -> None:
        _, _, file = self.request.path.lstrip("/").partition("/")
        query = "?" + self.request.query if self.request.query else ""
        # The path goes on as it was sent, still percent-encoded.
        self.redirect(("/lab/tree/" + file if file else "/lab") + query)


def lead_to_lab(application: Application) -> None:
    """Added last, so that a notebook extension, where one is installed, answers its addresses itself."""
    application.add_handlers(".*$", [(r"/(?:tree|notebooks|edit)(?:/.*)?", ToLab)])
