"""Who may what, by az: device code, role definitions and role assignments. Each right is shown by its effect: refused before, allowed, refused again."""

import json
import os
import re
import subprocess
import uuid

import requests

from az import az, az_refused, environment, set_cloud, sign_in, url
from browser import Browser
from cases import case, equal, run, unique

subscription = os.environ["CARREL_SUBSCRIPTION"]
workspace = f"/subscriptions/{subscription}/resourceGroups/{os.environ['CARREL_GROUP']}/providers/Microsoft.MachineLearningServices/workspaces/{os.environ['CARREL_WORKSPACE']}"
computes = f"{url}{workspace}/computes?api-version=2025-12-01"
home = "/tmp/.azure-person"
role = f"Compute reader {unique()}"
person = {"password": str(uuid.uuid4())}


def definition(*actions):
    """A custom role, in the form of the documentation of az."""
    return json.dumps({"Name": role, "IsCustom": True, "Description": "Of the conformance suite.", "Actions": list(actions), "NotActions": [], "AssignableScopes": [workspace]})


def asks():
    """The person lists the workspace's computes, with the token that az holds for her. (az rest wants to see the subscription first.)"""
    token = az("account", "get-access-token", "--resource", url, home=home)["accessToken"]
    return requests.get(computes, headers={"Authorization": "Bearer " + token}, timeout=60)


def refused():
    """She may not."""
    answer = asks()
    equal((answer.status_code, answer.json()["error"]["code"]), (403, "AuthorizationFailed"))
    assert person["id"] in answer.text, answer.text


def allowed():
    """She may."""
    answer = asks()
    equal(answer.status_code, 200)
    assert "value" in answer.json(), answer.text


def by_device_code(answer, password, new_password=None):
    """az login --use-device-code, which the person answers in a browser; what it printed, what it said, and how it ended."""
    begun = subprocess.Popen(
        ["az", "login", "--use-device-code", "--tenant", os.environ["CARREL_TENANT"], "--allow-no-subscriptions", "--output", "json"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment(home))
    try:
        said = ""
        while (code := re.search(r"enter the code ([A-Z]{4}-[A-Z]{4})", said)) is None:
            line = begun.stderr.readline()
            assert line, f"az login ended without a code: {said}"
            said += line
        assert f"{url}/device" in said, said
        browser = Browser()
        browser.sign_in(person["name"], password, new_password)
        shown, _ = browser.answer_device(code.group(1), answer)
        assert "the Azure CLI or an Azure SDK" in shown and person["name"] in shown, shown
        output, rest = begun.communicate(timeout=60)
        return output, said + rest, begun.returncode
    finally:
        begun.kill()


@case("az adds a person who has to choose a password at the first sign-in")
def _():
    set_cloud()
    sign_in()
    domain = az("ad", "user", "list")[0]["userPrincipalName"].split("@")[1]
    made = az("ad", "user", "create", "--display-name", "Gisela", "--user-principal-name", f"gisela-{unique()}@{domain}",
              "--password", person["password"], "--force-change-password-next-sign-in", "true")
    person.update(id=made["id"], name=made["userPrincipalName"])


@case("a person signs az in with a device code, choosing a new password on the way")
def _():
    set_cloud(home)
    given, person["password"] = person["password"], str(uuid.uuid4())
    output, said, code = by_device_code("yes", given, person["password"])
    equal(code, 0)
    equal([row["user"] for row in json.loads(output)], [{"name": person["name"], "type": "user"}])
    equal(az("account", "show", home=home)["user"]["name"], person["name"])
    equal(az("ad", "signed-in-user", "show", home=home)["id"], person["id"])


@case("a person who says no leaves az with a clean refusal")
def _():
    _, said, code = by_device_code("no", person["password"])
    equal(code, 1)
    assert "AADSTS70018" in said and "Traceback" not in said, said
    equal(az("account", "show", home=home)["user"]["name"], person["name"])


@case("az gives and takes a built-in role by the person's name")
def _():
    refused()
    given = az("role", "assignment", "create", "--role", "Reader", "--assignee", person["name"], "--scope", workspace)
    equal((given["principalId"], given["principalType"], given["scope"]), (person["id"], "User", workspace))
    allowed()
    listed = az("role", "assignment", "list", "--assignee", person["name"], "--scope", workspace)
    equal([(row["principalName"], row["roleDefinitionName"]) for row in listed], [(person["name"], "Reader")])
    az("role", "assignment", "delete", "--role", "Reader", "--assignee", person["name"], "--scope", workspace)
    refused()


@case("az writes a custom role and gives it by object id")
def _():
    made = az("role", "definition", "create", "--role-definition", definition("Microsoft.MachineLearningServices/workspaces/read"))
    equal((made["roleName"], made["roleType"], made["assignableScopes"]), (role, "CustomRole", [workspace]))
    az("role", "assignment", "create", "--role", role, "--assignee-object-id", person["id"], "--assignee-principal-type", "User", "--scope", workspace)
    refused()


@case("az changes and lists the custom role, and the change counts at once")
def _():
    az("role", "definition", "update", "--role-definition", definition("Microsoft.MachineLearningServices/workspaces/read", "Microsoft.MachineLearningServices/workspaces/computes/read"))
    listed = az("role", "definition", "list", "--name", role, "--scope", workspace)
    equal([row["permissions"][0]["actions"][-1] for row in listed], ["Microsoft.MachineLearningServices/workspaces/computes/read"])
    equal([row["roleName"] for row in az("role", "definition", "list", "--custom-role-only", "true", "--scope", workspace) if row["roleName"] == role], [role])
    assert "Owner" in [row["roleName"] for row in az("role", "definition", "list")]
    allowed()


@case("az deletes a custom role only when nobody holds it")
def _():
    said = az_refused("role", "definition", "delete", "--name", role, "--scope", workspace)
    assert "RoleDefinitionHasAssignments" in said, said
    az("role", "assignment", "delete", "--assignee", person["id"], "--role", role, "--scope", workspace)
    refused()
    az("role", "definition", "delete", "--name", role, "--scope", workspace)
    equal(az("role", "definition", "list", "--name", role, "--scope", workspace), [])


@case("az does not take the last Owner away")
def _():
    owners = [row["name"] for row in az("role", "assignment", "list", "--role", "Owner", "--scope", f"/subscriptions/{subscription}")]
    program = az("ad", "sp", "show", "--id", os.environ["CARREL_CLIENT_ID"])["id"]
    others = [row for row in az("role", "assignment", "list", "--role", "Owner", "--scope", f"/subscriptions/{subscription}") if row["principalId"] != program]
    said = az_refused("role", "assignment", "delete", "--ids", *[row["id"] for row in others])
    assert "LastAdministrator" in said, said
    equal([row["name"] for row in az("role", "assignment", "list", "--role", "Owner", "--scope", f"/subscriptions/{subscription}")], owners)


run()
