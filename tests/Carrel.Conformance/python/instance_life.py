"""The life of one compute instance, and what lies around it: sign-in, workspaces, sizes, usage.

The snippets are those of the documentation (create article of 2024), with its variable names; what was adapted: the
credential is told not to ask Microsoft whether the authority is genuine, and the workspace is the server's own. Where the
server is, the SDK learns from the environment alone (ARM_CLOUD_METADATA_URL, REQUESTS_CA_BUNDLE).
"""

import os
import datetime

from azure.core.exceptions import ClientAuthenticationError, HttpResponseError, ResourceNotFoundError
from azure.identity import ClientSecretCredential

from cases import case, equal, refused, run, unique

subscription_id = os.environ["CARREL_SUBSCRIPTION"]
resource_group = os.environ["CARREL_GROUP"]
workspace = os.environ["CARREL_WORKSPACE"]

# get a handle to the workspace
from azure.ai.ml import MLClient
from azure.identity import DefaultAzureCredential

ml_client = MLClient(
    DefaultAzureCredential(disable_instance_discovery=True), subscription_id, resource_group, workspace
)

from azure.ai.ml.entities import ComputeInstance, AmlCompute

ci_basic_name = "basic-ci" + datetime.datetime.now().strftime("%Y%m%d%H%M")


def client_secret_credential(secret):
    return ClientSecretCredential(
        os.environ["CARREL_TENANT"], os.environ["CARREL_CLIENT_ID"], secret,
        authority=os.environ["CARREL_URL"], disable_instance_discovery=True)


@case("a wrong secret is refused as a failed sign-in")
def _():
    wrong = MLClient(client_secret_credential("wrong"), subscription_id, resource_group, workspace)
    try:
        wrong.workspaces.get(workspace)
    except ClientAuthenticationError as refusal:
        assert "7000215" in str(refusal), refusal
        return
    raise AssertionError("a wrong secret was accepted")


@case("workspace get, by an explicit client secret")
def _():
    found = MLClient(client_secret_credential(os.environ["CARREL_CLIENT_SECRET"]), subscription_id, resource_group, workspace).workspaces.get(workspace)
    equal(found.name, workspace)
    equal(found.location, os.environ["CARREL_LOCATION"])
    equal(found.resource_group, resource_group)
    assert found.id.lower().endswith(f"/workspaces/{workspace}".lower()), found.id


@case("workspace get, with the cloud given in code")
def _():
    url = os.environ["CARREL_URL"]
    chosen = os.environ.pop("AZUREML_CURRENT_CLOUD", None)
    try:
        client = MLClient(
            client_secret_credential(os.environ["CARREL_CLIENT_SECRET"]), subscription_id, resource_group, workspace, cloud="Carrel",
            cloud_metadata={"azure_portal": url + "/", "resource_manager": url, "active_directory": url, "aml_resource_id": url,
                            "storage_endpoint": "carrel.localhost", "registry_discovery_endpoint": url})
        equal(client.workspaces.get(workspace).name, workspace)
    finally:
        # The SDK writes its choice into the environment of the whole process.
        os.environ.pop("AZUREML_CURRENT_CLOUD", None)
        if chosen is not None:
            os.environ["AZUREML_CURRENT_CLOUD"] = chosen


@case("workspace list, of the group and of the subscription")
def _():
    equal([row.name for row in ml_client.workspaces.list() if row.name == workspace], [workspace])
    from azure.ai.ml.constants import Scope
    equal([row.name for row in ml_client.workspaces.list(scope=Scope.SUBSCRIPTION) if row.name == workspace], [workspace])


@case("workspace begin_create of an existing workspace updates it")
def _():
    from azure.ai.ml.entities import Workspace
    before = ml_client.workspaces.get(workspace)
    after = ml_client.workspaces.begin_create(
        Workspace(name=workspace, location=before.location, description="Told by Python", display_name="Python's", tags={"told": "by python"})).result()
    equal(after.description, "Told by Python")
    equal(after.display_name, "Python's")
    found = ml_client.workspaces.get(workspace)
    equal((found.description, found.display_name, found.tags["told"], found.location), ("Told by Python", "Python's", "by python", before.location))


@case("workspace get of an absent one is ResourceNotFoundError")
def _():
    refused(lambda: ml_client.workspaces.get("no-such-workspace"), ResourceNotFoundError, "ResourceNotFound")


@case("list_sizes")
def _():
    sizes = {size.name: size for size in ml_client.compute.list_sizes()}
    size = sizes["Standard_DS3_v2"]
    equal((size.v_cp_us, size.memory_gb, size.gpus), (4, 14.0, 0))
    instances = list(ml_client.compute.list_sizes(compute_type="ComputeInstance"))
    assert instances, "no size supports compute instances"


@case("basic create")
def _():
    ci_basic = ComputeInstance(name=ci_basic_name, size="STANDARD_DS3_v2")
    created = ml_client.begin_create_or_update(ci_basic).result()
    equal((created.name, created.state, created.type), (ci_basic_name, "Running", "computeinstance"))


@case("get")
def _():
    found = ml_client.compute.get(ci_basic_name)
    equal((found.name, found.provisioning_state, found.state), (ci_basic_name, "Succeeded", "Running"))
    equal(found.size.lower(), "standard_ds3_v2")
    equal(found.location, os.environ["CARREL_LOCATION"])
    # The reader shows the wire's object as it is.
    equal((found.last_operation["operation_name"], found.last_operation["operation_status"], found.last_operation["operation_trigger"]), ("Create", "Succeeded", "User"))
    services = {service["display_name"]: service["endpoint_uri"] for service in found.services}
    assert services["Jupyter Lab"].startswith(f"https://{ci_basic_name}."), services
    assert found.network_settings.private_ip_address, "no private address"
    equal((found.enable_sso, found.enable_root_access, found.enable_node_public_ip), (True, True, True))
    equal((found.idle_time_before_shutdown_minutes, found.schedules, found.setup_scripts, found.identity), (None, None, None, None))
    assert found.created_on, "no time of creation"
    assert ci_basic_name in str(found), "it cannot be printed"


@case("list")
def _():
    found = [row for row in ml_client.compute.list(compute_type="ComputeInstance") if row.name == ci_basic_name]
    equal([(row.name, row.state) for row in found], [(ci_basic_name, "Running")])


@case("list_usage")
def _():
    usages = list(ml_client.compute.list_usage())
    assert usages and all(usage.name and usage.unit for usage in usages), usages
    family = [usage for usage in usages if "DSv2" in str(usage.name) and usage.current_value >= 4]
    assert family, [(str(usage.name), usage.current_value) for usage in usages]


@case("create again changes nothing")
def _():
    again = ml_client.begin_create_or_update(ComputeInstance(name=ci_basic_name, size="STANDARD_DS3_v2")).result()
    equal((again.provisioning_state, again.state), ("Succeeded", "Running"))


@case("another size is refused as ResourceExistsError")
def _():
    from azure.core.exceptions import ResourceExistsError
    refused(lambda: ml_client.begin_create_or_update(ComputeInstance(name=ci_basic_name, size="STANDARD_DS2_v2")).result(),
            ResourceExistsError, "ComputeInstanceImmutableProperty")


@case("begin_update of tags and description")
def _():
    found = ml_client.compute.get(ci_basic_name)
    found.tags = {"team": "ö and 東"}
    found.description = "changed by python"
    ml_client.compute.begin_update(found).result()
    after = ml_client.compute.get(ci_basic_name)
    equal((after.tags, after.description, after.state), ({"team": "ö and 東"}, "changed by python", "Running"))


@case("list_nodes")
def _():
    (node,) = ml_client.compute.list_nodes(ci_basic_name)
    assert node.node_id and node.private_ip_address, node


@case("enable_sso")
def _():
    ml_client.compute.enable_sso(name=ci_basic_name, enable_sso=False)
    equal(ml_client.compute.get(ci_basic_name).enable_sso, False)
    ml_client.compute.enable_sso(name=ci_basic_name, enable_sso=True)
    equal(ml_client.compute.get(ci_basic_name).enable_sso, True)


@case("stop")
def _():
    ml_client.compute.begin_stop(ci_basic_name).result()
    found = ml_client.compute.get(ci_basic_name)
    equal((found.state, found.last_operation["operation_name"]), ("Stopped", "Stop"))


@case("start")
def _():
    ml_client.compute.begin_start(ci_basic_name).result()
    found = ml_client.compute.get(ci_basic_name)
    equal((found.state, found.last_operation["operation_name"]), ("Running", "Start"))


@case("restart")
def _():
    ml_client.compute.begin_restart(ci_basic_name).result()
    found = ml_client.compute.get(ci_basic_name)
    equal((found.state, found.last_operation["operation_name"]), ("Running", "Restart"))


@case("an illegal name is refused with the server's words")
def _():
    refusal = refused(lambda: ml_client.begin_create_or_update(ComputeInstance(name="cpu-cluster-1", size="STANDARD_DS3_v2")).result(),
                      HttpResponseError, "InvalidComputeName")
    equal(refusal.status_code, 400)


@case("get of an absent one is ResourceNotFoundError")
def _():
    refused(lambda: ml_client.compute.get("absent" + unique()), ResourceNotFoundError, "ResourceNotFound")


@case("delete, and deleting again is no error")
def _():
    ml_client.compute.begin_delete(ci_basic_name).result()
    refused(lambda: ml_client.compute.get(ci_basic_name), ResourceNotFoundError, "ResourceNotFound")
    ml_client.compute.begin_delete(ci_basic_name).result()


run()
