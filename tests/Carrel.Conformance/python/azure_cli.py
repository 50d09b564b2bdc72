"""The Azure command line, az, without the ml extension: what its core commands do with instances and around them.

Every command runs as a person would type it who has read client.env: there az finds the cloud by itself (ARM_CLOUD_METADATA_URL). The last
case registers it by hand.
"""

import json
import os

from azure_command import az, az_refused
from cases import case, equal, run, unique

url = os.environ["CARREL_URL"]
group = os.environ["CARREL_GROUP"]
subscription = os.environ["CARREL_SUBSCRIPTION"]
computes = f"/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.MachineLearningServices/workspaces/{os.environ['CARREL_WORKSPACE']}/computes"
name = f"az-{unique()}"
type_and_parent = [
    "--resource-group", group, "--namespace", "Microsoft.MachineLearningServices",
    "--parent", f"workspaces/{os.environ['CARREL_WORKSPACE']}", "--resource-type", "computes", "--name", name,
]


def sign_in():
    """Signs in as the service principal."""
    rows = az("login", "--service-principal", "-u", os.environ["CARREL_CLIENT_ID"], "-p", os.environ["CARREL_CLIENT_SECRET"], "--tenant", os.environ["CARREL_TENANT"])
    equal([row["id"] for row in rows], [subscription])


@case("az finds the cloud in its environment and signs in as a service principal")
def _():
    az("cloud", "set", "--name", "Carrel")
    sign_in()


@case("az is told about a wrong secret")
def _():
    said = az_refused("login", "--service-principal", "-u", os.environ["CARREL_CLIENT_ID"], "-p", "wrong", "--tenant", os.environ["CARREL_TENANT"])
    assert "AADSTS7000215" in said, said


@case("az lists subscriptions, groups and locations")
def _():
    equal([row["id"] for row in az("account", "list")], [subscription])
    assert group in [row["name"] for row in az("group", "list")]
    equal(az("group", "exists", "--name", group), True)
    equal(az("group", "exists", "--name", "nobodys"), False)
    assert len(az("account", "list-locations")) > 0


@case("az creates an instance without an api-version and waits until it runs")
def _():
    made = az("resource", "create", *type_and_parent, "--location", "local", "--properties", json.dumps(
        {"computeType": "ComputeInstance", "properties": {"vmSize": "STANDARD_DS1_V2", "idleTimeBeforeShutdown": "PT1H"}}))
    equal(made["properties"]["provisioningState"], "Succeeded")
    equal(made["properties"]["properties"]["state"], "Running")
    equal(made["properties"]["properties"]["idleTimeBeforeShutdown"], "PT60M")


@case("az shows and lists it")
def _():
    shown = az("resource", "show", *type_and_parent)
    equal(shown["name"], name)
    equal(az("resource", "show", "--ids", f"{computes}/{name}")["id"], shown["id"])
    listed = az("resource", "list", "--resource-group", group)
    assert shown["id"].lower() in [row["id"].lower() for row in listed], listed


@case("az stops and starts it")
def _():
    az("resource", "invoke-action", "--action", "stop", *type_and_parent)
    az("resource", "wait", *type_and_parent, "--custom", "properties.properties.state=='Stopped'", "--interval", "1", "--timeout", "60")
    az("resource", "invoke-action", "--action", "start", *type_and_parent)
    az("resource", "wait", *type_and_parent, "--custom", "properties.properties.state=='Running'", "--interval", "1", "--timeout", "60")


@case("az rest calls what has no command of its own")
def _():
    az("rest", "--method", "post", "--url", f"{url}{computes}/{name}/updateIdleShutdownSetting?api-version=2025-12-01",
       "--resource", url, "--body", json.dumps({"idleTimeBeforeShutdown": "PT30M"}))
    equal(az("resource", "show", *type_and_parent)["properties"]["properties"]["idleTimeBeforeShutdown"], "PT30M")


@case("az shows the code and the reason of a refusal")
def _():
    said = az_refused("resource", "create", *[word if word != name else "ends-in-12" for word in type_and_parent], "--location", "local", "--properties",
                      json.dumps({"computeType": "ComputeInstance", "properties": {"vmSize": "STANDARD_DS1_V2"}}))
    assert "InvalidComputeName" in said, said


@case("az makes, shows and deletes a user-assigned identity")
def _():
    made = az("identity", "create", "--resource-group", group, "--name", name, "--location", "local")
    equal(az("identity", "show", "--resource-group", group, "--name", name)["principalId"], made["principalId"])
    assert name in [row["name"] for row in az("identity", "list", "--resource-group", group)]
    az("identity", "delete", "--resource-group", group, "--name", name)


@case("az reads the activity log")
def _():
    log = az("monitor", "activity-log", "list", "--resource-id", f"{computes}/{name}", "--offset", "1h")
    assert any(row["operationName"]["value"].endswith("computes/stop/action") for row in log), log


@case("az deletes it")
def _():
    az("resource", "delete", *type_and_parent)
    said = az_refused("resource", "show", *type_and_parent)
    assert "ResourceNotFound" in said or "was not found" in said, said


@case("az registers the cloud by hand and signs in")
def _():
    del os.environ["ARM_CLOUD_METADATA_URL"]
    os.makedirs("/tmp/.azure-by-hand")
    os.environ["AZURE_CONFIG_DIR"] = "/tmp/.azure-by-hand"
    az("cloud", "register", "--name", "Carrel", "--endpoint-resource-manager", url, "--endpoint-active-directory", url,
       "--endpoint-active-directory-resource-id", url, "--endpoint-active-directory-graph-resource-id", url + "/", "--endpoint-management", url)
    az("cloud", "set", "--name", "Carrel")
    sign_in()


run()
