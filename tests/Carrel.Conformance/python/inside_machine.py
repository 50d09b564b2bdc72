"""Clients inside a compute instance: they get tokens from the instance's own endpoints and use them, with no configuration but the instance's variables.

Run in the network name space of an instance that has two user-assigned identities, with the variables of its terminals; SECOND_CLIENT_ID is the
client id of its second one. The default identity may read the workspace, the second one may nothing.
"""

import os

import requests
from azure.ai.ml import MLClient
from azure.core.exceptions import HttpResponseError
from azure.identity import DefaultAzureCredential, ManagedIdentityCredential
from cases import case, equal, run
import base64
import json

ARM = "https://management.azure.com"
SCOPE = ARM + "/.default"


def claims(token):
    body = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))


def get_access_token_msi(resource):
    # As the documentation has it.
    client_id = os.environ.get("DEFAULT_IDENTITY_CLIENT_ID", None)
    resp = requests.get(f"{os.environ['MSI_ENDPOINT']}?resource={resource}&clientid={client_id}&api-version=2017-09-01", headers={'Secret': os.environ["MSI_SECRET"]})
    resp.raise_for_status()
    return resp.json()["access_token"]


def computes(credential):
    client = MLClient(credential, os.environ["CARREL_SUBSCRIPTION"], os.environ["CARREL_GROUP"], os.environ["CARREL_WORKSPACE"])
    return [compute.name for compute in client.compute.list()]


@case("the documentation's function")
def _():
    said = claims(get_access_token_msi(ARM))
    equal((said["aud"], said["appid"], said["idtyp"]), (ARM, os.environ["DEFAULT_IDENTITY_CLIENT_ID"], "app"))


@case("the documentation's function without DEFAULT_IDENTITY_CLIENT_ID")
def _():
    kept = os.environ.pop("DEFAULT_IDENTITY_CLIENT_ID")
    try:
        said = claims(get_access_token_msi(ARM))
    finally:
        os.environ["DEFAULT_IDENTITY_CLIENT_ID"] = kept
    equal((said["aud"], said["appid"]), (ARM, kept))


@case("ManagedIdentityCredential lists computes")
def _():
    assert os.environ["CI_NAME"] in computes(ManagedIdentityCredential()), "the instance is not in the list"


@case("DefaultAzureCredential lists computes")
def _():
    assert os.environ["CI_NAME"] in computes(DefaultAzureCredential()), "the instance is not in the list"


@case("ManagedIdentityCredential of the second identity, which has no role")
def _():
    second = os.environ["SECOND_CLIENT_ID"]
    credential = ManagedIdentityCredential(client_id=second)
    equal(claims(credential.get_token(SCOPE).token)["appid"], second)
    try:
        computes(credential)
    except HttpResponseError as refused:
        equal(refused.status_code, 403)
    else:
        raise AssertionError("an identity without a role read the workspace")


@case("the metadata service, where MSI_ENDPOINT is not set")
def _():
    kept = {name: os.environ.pop(name) for name in ("MSI_ENDPOINT", "MSI_SECRET")}
    try:
        assert os.environ["CI_NAME"] in computes(ManagedIdentityCredential()), "the instance is not in the list"
        equal(claims(ManagedIdentityCredential(client_id=os.environ["SECOND_CLIENT_ID"]).get_token(SCOPE).token)["appid"], os.environ["SECOND_CLIENT_ID"])
        assert os.environ["CI_NAME"] in computes(DefaultAzureCredential()), "the instance is not in the list"
    finally:
        os.environ.update(kept)


run()
