"""Device code: a program without a browser (azure-identity's DeviceCodeCredential), and the person who signs it in with a browser elsewhere."""

import os
import uuid

import requests
from azure.core.exceptions import ClientAuthenticationError
from azure.identity import ClientSecretCredential, DeviceCodeCredential

from browser import Browser, url
from cases import case, equal, run, unique

scope = url + "/.default"
tenant = os.environ["CARREL_TENANT"]
administrator = ClientSecretCredential(
    tenant, os.environ["CARREL_CLIENT_ID"], os.environ["CARREL_CLIENT_SECRET"], authority=url, disable_instance_discovery=True)


def call(method, path, token, body=None):
    """A call with a token; its answer, which has to be good."""
    answer = requests.request(method, url + path, headers={"Authorization": "Bearer " + token}, json=body, timeout=60)
    assert answer.ok, f"{method} {path} answered {answer.status_code}: {answer.text}"
    return answer.json()


def add_person(name, **profile):
    """Adds a person; the sign-in name and the password."""
    token = administrator.get_token(scope).token
    domain = call("GET", "/v1.0/users", token)["value"][0]["userPrincipalName"].split("@")[1]
    person, password = f"{name}-{unique()}@{domain}", str(uuid.uuid4())
    call("POST", "/v1.0/users", token, {"displayName": name, "userPrincipalName": person, "passwordProfile": {"password": password, **profile}})
    return person, password


def credential(prompt):
    """The credential as its documentation makes it, with what the guide says about another cloud."""
    return DeviceCodeCredential(tenant_id=tenant, authority=url, disable_instance_discovery=True, prompt_callback=prompt)


@case("a person signs azure-identity in with a device code and sees which client asks")
def _():
    person, password = add_person("dora")
    prompts, shown = [], []

    def prompt(address, code, expires):
        prompts.append(address)
        browser = Browser()
        browser.sign_in(person, password)
        shown.extend(browser.answer_device(code, "yes"))

    device = credential(prompt)
    record = device.authenticate(scopes=[scope])
    equal(record.username, person)
    equal(prompts, [url + "/device"])
    assert "the Azure CLI or an Azure SDK" in shown[0] and person in shown[0], shown[0]
    assert "You are signed in there" in shown[1], shown[1]
    token = device.get_token(scope).token
    equal(call("GET", "/v1.0/me", token)["userPrincipalName"], person)
    call("GET", "/subscriptions?api-version=2022-12-01", token)
    equal(len(prompts), 1)


@case("a person with a password from somebody else chooses an own one before the device gets anything")
def _():
    person, password = add_person("enno", forceChangePasswordNextSignIn=True)

    def prompt(address, code, expires):
        browser = Browser()
        browser.sign_in(person, password, new_password=str(uuid.uuid4()))
        browser.answer_device(code, "yes")

    equal(call("GET", "/v1.0/me", credential(prompt).get_token(scope).token)["userPrincipalName"], person)


@case("a person who says no leaves azure-identity with a clean refusal")
def _():
    person, password = add_person("fred")
    shown = []

    def prompt(address, code, expires):
        browser = Browser()
        browser.sign_in(person, password)
        shown.extend(browser.answer_device(code, "no"))

    try:
        credential(prompt).get_token(scope)
    except ClientAuthenticationError as refusal:
        assert "AADSTS70018" in str(refusal), refusal
        assert "The device was not signed in" in shown[1], shown[1]
        return
    raise AssertionError("a refused device was signed in")


run()
