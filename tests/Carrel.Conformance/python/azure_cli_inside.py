"""The Azure command line, az, inside a compute instance, signed in as the instance's identities.

Run in the network name space of an instance, with the variables of its terminals. NAMED_CLIENT_ID is the client id of an identity to sign in as by
name. All of them may read the subscription.
"""

import base64
import json
import os

from az import az, az_refused, url
from cases import case, equal, run

group = os.environ["CARREL_GROUP"]
subscription = os.environ["CARREL_SUBSCRIPTION"]
default = os.environ["DEFAULT_IDENTITY_CLIENT_ID"]
named = os.environ["NAMED_CLIENT_ID"]
computes = f"{url}/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.MachineLearningServices/workspaces/{os.environ['CARREL_WORKSPACE']}/computes"


def sign_in(*words):
    """Signs in; the account that az then has."""
    rows = az("login", "--identity", *words)
    equal([row["id"] for row in rows], [subscription])
    return rows[0]["user"]


def acts_as(client_id):
    """Everything that az does now is that identity's doing."""
    token = az("account", "get-access-token")
    body = token["accessToken"].split(".")[1]
    said = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    equal((said["appid"], said["idtyp"], token["subscription"]), (client_id, "app", subscription))
    # Of a list az rest would show the first page only.
    shown = az("rest", "--method", "get", "--url", f"{computes}/{os.environ['CI_NAME']}?api-version=2025-12-01", "--resource", url)
    equal(shown["name"], os.environ["CI_NAME"])
    found = az("resource", "list", "--resource-group", group, "--resource-type", "Microsoft.MachineLearningServices/workspaces/computes")
    assert os.environ["CI_NAME"] in [row["name"].split("/")[-1] for row in found], found


@case("az signs in as the default identity")
def _():
    az("cloud", "set", "--name", "Carrel")
    equal(sign_in()["assignedIdentityInfo"], "MSI")
    acts_as(default)


@case("az signs in as an identity by its client id")
def _():
    equal(sign_in("--username", named)["assignedIdentityInfo"], "MSIClient-" + named)
    acts_as(named)


@case("az gives a token for Azure's own address")
def _():
    token = az("account", "get-access-token", "--resource", "https://management.azure.com")
    equal(token["tokenType"], "Bearer")


@case("az is refused an identity that is not the instance's")
def _():
    said = az_refused("login", "--identity", "--username", "aaaaaaaa-0000-0000-0000-00000000000a")
    assert "invalid_request" in said, said


@case("az signs in by the metadata service, where there are no variables")
def _():
    for name in ("MSI_ENDPOINT", "MSI_SECRET", "APPSETTING_WEBSITE_SITE_NAME"):
        del os.environ[name]
    sign_in()
    sign_in("--username", named)
    acts_as(named)


run()
