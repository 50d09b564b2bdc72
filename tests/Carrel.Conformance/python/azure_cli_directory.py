"""The directory by az: service principals with create-for-rbac, applications, people and groups."""

import os

import requests

from az import az, az_refused, set_cloud, sign_in, url
from cases import case, equal, run, unique

workspace = (f"/subscriptions/{os.environ['CARREL_SUBSCRIPTION']}/resourceGroups/{os.environ['CARREL_GROUP']}"
             f"/providers/Microsoft.MachineLearningServices/workspaces/{os.environ['CARREL_WORKSPACE']}")
name = f"nightly-{unique()}"
made = {}


def token(secret):
    """What the authority answers to a program with this secret."""
    return requests.post(f"{url}/{made['tenant']}/oauth2/v2.0/token", timeout=60, data={
        "grant_type": "client_credentials", "client_id": made["appId"], "client_secret": secret, "scope": url + "/.default"})


def status(secret):
    """How the program's call to the workspace is answered."""
    answer = token(secret)
    assert answer.ok, answer.text
    return requests.get(f"{url}{workspace}?api-version=2025-12-01", headers={"Authorization": "Bearer " + answer.json()["access_token"]}, timeout=60).status_code


@case("az makes a service principal with a secret in one command, and it may nothing")
def _():
    set_cloud()
    sign_in()
    made.update(az("ad", "sp", "create-for-rbac", "--name", name))
    equal((made["displayName"], made["tenant"]), (name, os.environ["CARREL_TENANT"]))
    equal(status(made["password"]), 403)


@case("az makes it again with a role: the same one, with a new secret instead of the old one")
def _():
    again = az("ad", "sp", "create-for-rbac", "--name", name, "--role", "Reader", "--scopes", workspace)
    equal(again["appId"], made["appId"])
    equal(token(made["password"]).status_code, 401)
    made.update(again)
    equal(status(made["password"]), 200)
    listed = az("role", "assignment", "list", "--assignee", made["appId"], "--scope", workspace)
    equal([(row["principalName"], row["principalType"], row["roleDefinitionName"]) for row in listed], [(made["appId"], "ServicePrincipal", "Reader")])


@case("the service principal signs az in")
def _():
    home = "/tmp/.azure-program"
    set_cloud(home)
    rows = az("login", "--service-principal", "-u", made["appId"], "-p", made["password"], "--tenant", made["tenant"], "--allow-no-subscriptions", home=home)
    equal([row["user"]["name"] for row in rows], [made["appId"]])


@case("az shows and lists it as service principal and as application")
def _():
    principal, application = az("ad", "sp", "show", "--id", made["appId"]), az("ad", "app", "show", "--id", made["appId"])
    equal((principal["displayName"], principal["servicePrincipalType"]), (name, "Application"))
    equal((application["id"], application["displayName"]), (principal["id"], name))
    equal([row["appId"] for row in az("ad", "sp", "list", "--display-name", name)], [made["appId"]])
    equal([row["appId"] for row in az("ad", "sp", "list", "--spn", made["appId"])], [made["appId"]])
    equal([row["appId"] for row in az("ad", "app", "list", "--app-id", made["appId"])], [made["appId"]])
    assert made["appId"] in [row["appId"] for row in az("ad", "app", "list", "--all")]
    equal(az("ad", "app", "owner", "list", "--id", made["appId"]), [])


@case("az renames the application, adds a secret to it, and resets those of its service principal")
def _():
    az("ad", "app", "update", "--id", made["appId"], "--display-name", name + "-renamed")
    equal(az("ad", "sp", "show", "--id", made["appId"])["displayName"], name + "-renamed")
    more = az("ad", "app", "credential", "reset", "--id", made["appId"], "--append", "--display-name", "more", "--years", "2")["password"]
    equal((status(made["password"]), status(more)), (200, 200))
    secrets = az("ad", "sp", "credential", "list", "--id", made["appId"])
    equal(sorted(row["displayName"] for row in secrets), ["more", "rbac"])
    az("ad", "app", "credential", "delete", "--id", made["appId"], "--key-id", next(row["keyId"] for row in secrets if row["displayName"] == "more"))
    equal(token(more).status_code, 401)
    only = az("ad", "sp", "credential", "reset", "--id", made["appId"])["password"]
    equal((token(made["password"]).status_code, status(only)), (401, 200))
    made["password"] = only


@case("az is told what an application cannot have")
def _():
    said = az_refused("ad", "app", "create", "--display-name", name + "-web", "--web-redirect-uris", "https://example.org/")
    assert "'web' cannot be kept" in said, said


@case("az deletes the service principal, and the application is gone with it")
def _():
    az("ad", "sp", "delete", "--id", made["appId"])
    equal(token(made["password"]).status_code, 400)
    assert "does not exist" in az_refused("ad", "app", "show", "--id", made["appId"])
    equal(az("ad", "app", "list", "--app-id", made["appId"]), [])


@case("az makes an application, its service principal, and deletes the application")
def _():
    application = az("ad", "app", "create", "--display-name", name + "-app")
    principal = az("ad", "sp", "create", "--id", application["appId"])
    equal(principal["appId"], application["appId"])
    az("ad", "app", "delete", "--id", application["id"])
    equal(az("ad", "sp", "list", "--spn", application["appId"]), [])


@case("az adds, shows, lists, changes and removes a person")
def _():
    domain = az("ad", "user", "list")[0]["userPrincipalName"].split("@")[1]
    person = f"hans-{unique()}@{domain}"
    added = az("ad", "user", "create", "--display-name", "Hans", "--user-principal-name", person, "--password", "given by somebody")
    equal(az("ad", "user", "show", "--id", person)["id"], added["id"])
    az("ad", "user", "update", "--id", person, "--display-name", "Hans the second", "--account-enabled", "false")
    shown = az("ad", "user", "show", "--id", added["id"])
    equal((shown["displayName"], shown["accountEnabled"]), ("Hans the second", False))
    equal([row["id"] for row in az("ad", "user", "list", "--upn", person)], [added["id"]])
    az("ad", "user", "delete", "--id", person)
    assert "does not exist" in az_refused("ad", "user", "show", "--id", person)


@case("az makes groups, and people and groups become members")
def _():
    domain = az("ad", "user", "list")[0]["userPrincipalName"].split("@")[1]
    person = az("ad", "user", "create", "--display-name", "Ida", "--user-principal-name", f"ida-{unique()}@{domain}", "--password", "given by somebody")["id"]
    crew = az("ad", "group", "create", "--display-name", f"crew-{unique()}", "--mail-nickname", f"crew-{unique()}", "--description", "Of the suite.")
    equal(az("ad", "group", "create", "--display-name", crew["displayName"], "--mail-nickname", crew["displayName"])["id"], crew["id"])
    team = az("ad", "group", "create", "--display-name", f"team-{unique()}", "--mail-nickname", f"team-{unique()}")["id"]
    az("ad", "group", "member", "add", "--group", crew["id"], "--member-id", person)
    az("ad", "group", "member", "add", "--group", team, "--member-id", crew["id"])
    equal([row["id"] for row in az("ad", "group", "member", "list", "--group", crew["displayName"])], [person])
    equal(az("ad", "group", "member", "check", "--group", team, "--member-id", person)["value"], True)
    equal(sorted(row["id"] for row in az("ad", "user", "get-member-groups", "--id", person)), sorted([crew["id"], team]))
    equal(az("ad", "group", "get-member-groups", "--group", crew["id"]), [team])
    equal(az("ad", "group", "show", "--group", crew["displayName"])["description"], "Of the suite.")
    equal([row["id"] for row in az("ad", "group", "list", "--display-name", crew["displayName"])], [crew["id"]])
    az("ad", "group", "member", "remove", "--group", crew["id"], "--member-id", person)
    equal(az("ad", "group", "member", "check", "--group", team, "--member-id", person)["value"], False)
    for group in (crew["id"], team):
        az("ad", "group", "delete", "--group", group)
    az("ad", "user", "delete", "--id", person)


run()
