"""Who asks Jupyter for something: the gateway, which has signed the person in, or nobody."""

import hmac

from jupyter_server.auth.identity import IdentityProvider, User
from tornado.routing import Matcher, Rule
from tornado.web import Application, HTTPError, RequestHandler

REFUSAL = "This machine is reached through its gateway only."


class GatewayIdentityProvider(IdentityProvider):
    """Believes only requests that carry the machine's secret, and takes the person's name from the gateway.

    Jupyter calls `get_user` before every request and every WebSocket, static files included. Raising 403 there, rather than
    answering "nobody", keeps Jupyter from sending a stranger to a log-in page of its own.
    """

    secret: str = ""

    @classmethod
    def is_gateway(cls, request) -> bool:
        shown = request.headers.get("X-Carrel-Proxy-Secret", "")
        return bool(cls.secret) and hmac.compare_digest(shown.encode(), cls.secret.encode())

    def get_user(self, handler):
        if not self.is_gateway(handler.request):
            raise HTTPError(403, REFUSAL)
        name = handler.request.headers.get("X-Carrel-User", "") or "azureuser"
        return User(username=name, name=name, display_name=name)

    def is_token_authenticated(self, handler) -> bool:
        """The secret is a header that a browser never sends by itself, so Jupyter's own XSRF cookie has nothing to protect."""
        return True

    def should_check_origin(self, handler) -> bool:
        """The gateway has compared Origin with the address it knows; here the host name is an internal one."""
        return False

    @property
    def auth_enabled(self) -> bool:
        return True

    @property
    def login_available(self) -> bool:
        return False

    @property
    def logout_available(self) -> bool:
        return False


class FromStranger(Matcher):
    """Matches every request that is not the gateway's."""

    def match(self, request):
        return None if GatewayIdentityProvider.is_gateway(request) else {}


class Refuse(RequestHandler):
    """Answers 403 to every method, WebSocket upgrades included."""

    def prepare(self) -> None:
        raise HTTPError(403)

    def write_error(self, status_code, **kwargs) -> None:
        self.set_header("Content-Type", "text/plain")
        self.finish(REFUSAL)


def refuse_strangers(application: Application) -> None:
    """Puts the check before every route: redirects and an extension's own handlers never ask the identity provider."""
    application.default_router.rules.insert(0, Rule(FromStranger(), Refuse))
