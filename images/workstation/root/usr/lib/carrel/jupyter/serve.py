"""Starts JupyterLab behind the gateway: with its secret, or not at all.

The settings below are given as arguments inside this process, which Jupyter ranks above every configuration file, so that no
file in the user's home can open the server by accident.
"""

import os
import re
import sys

SECRET_DESCRIPTOR = 3
BEHIND_THE_GATEWAY = [
    "--ServerApp.ip=0.0.0.0",
    "--ServerApp.port=8888",
    "--ServerApp.port_retries=0",
    "--ServerApp.base_url=/",
    "--ServerApp.open_browser=False",
    "--ServerApp.allow_remote_access=True",
    "--ServerApp.trust_xheaders=True",
    "--ServerApp.allow_unauthenticated_access=False",
    "--ServerApp.identity_provider_class=gateway_identity.GatewayIdentityProvider",
    "--IdentityProvider.token=",
]


def read_secret() -> str:
    """The secret from the descriptor that the service's run file opened; it is closed, so no kernel inherits it."""
    try:
        with os.fdopen(SECRET_DESCRIPTOR) as file:
            secret = file.read(1024).strip()
    except OSError as error:
        sys.exit(f"the gateway's secret cannot be read: {error}")
    if not re.fullmatch(r"[0-9a-f]{64}", secret):
        sys.exit("the gateway's secret is not 64 hexadecimal characters")
    return secret


def main() -> None:
    # Python runs isolated (-I): only the system's modules and those beside this file.
    sys.path.append(os.path.dirname(os.path.abspath(__file__)))
    import gateway_identity
    import notebook_addresses

    arguments = BEHIND_THE_GATEWAY
    if os.environ.get("CARREL_RESCUE") == "1":
        import rescue

        arguments = arguments + rescue.ARGUMENTS
        os.environ.update(rescue.KEPT_IN_MEMORY)

    gateway_identity.GatewayIdentityProvider.secret = read_secret()
    start_in = os.environ.get("CARREL_OWNER_FOLDER", "")
    os.chdir(start_in if os.path.isdir(start_in) else os.environ["HOME"])

    from jupyterlab.labapp import LabApp

    # Requests are answered only by start(), so none comes before the rule.
    server = LabApp.initialize_server(argv=arguments)
    notebook_addresses.lead_to_lab(server.web_app)
    gateway_identity.refuse_strangers(server.web_app)
    server.start()


main()
