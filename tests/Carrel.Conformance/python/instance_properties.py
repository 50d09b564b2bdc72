"""Everything that can be said of a compute instance at its creation, as the documentation says it; each is read back and deleted.

The snippets are those of the create article of 2024, with its variable names. Adapted: the credential, the names of the
instances, and placeholders (an SSH key, the assigned user, an identity's id).
"""

import os
import tempfile

subscription_id = os.environ["CARREL_SUBSCRIPTION"]
resource_group = os.environ["CARREL_GROUP"]
workspace = os.environ["CARREL_WORKSPACE"]

from azure.ai.ml import MLClient, load_compute
from azure.ai.ml.entities import ComputeInstance, ComputeSchedules, ComputeStartStopSchedule, RecurrenceTrigger, RecurrencePattern
from azure.ai.ml.constants import TimeZone
from azure.identity import DefaultAzureCredential

from cases import case, equal, run, unique

ml_client = MLClient(DefaultAzureCredential(disable_instance_discovery=True), subscription_id, resource_group, workspace)

# Deletions that are on their way; the last case waits for them.
deletions = []


def create(instance):
    """Creates an instance, waits, and returns it as a new reader finds it."""
    created = ml_client.begin_create_or_update(instance).result()
    equal((created.name, created.provisioning_state), (instance.name, "Succeeded"))
    # What was given, not what happened: deleted whether the assertions hold or not.
    found = ml_client.compute.get(instance.name)
    deletions.append(ml_client.compute.begin_delete(instance.name))
    assert instance.name in str(found), "it cannot be printed"
    return found


def from_yaml(text, name):
    """An instance from the documentation's file; a name of the documentation is replaced, as `--name` does."""
    with tempfile.NamedTemporaryFile("w", suffix=".yml") as file:
        file.write(text)
        file.flush()
        return load_compute(file.name, params_override=[{"name": name}])


@case("idle minutes")
def _():
    ci_basic_name = "idle-ci" + unique()
    # Note that idle_time_before_shutdown has been deprecated.
    found = create(ComputeInstance(name=ci_basic_name, size="STANDARD_DS3_v2", idle_time_before_shutdown_minutes="30"))
    equal((found.idle_time_before_shutdown, found.idle_time_before_shutdown_minutes), ("PT30M", 30))


@case("recurrence schedule")
def _():
    ci_minimal_name = "rec-" + unique()
    ci_start_time = "2023-06-21T11:47:00" #specify your start time in the format yyyy-mm-ddThh:mm:ss

    rec_trigger = RecurrenceTrigger(start_time=ci_start_time, time_zone=TimeZone.INDIA_STANDARD_TIME, frequency="week", interval=1, schedule=RecurrencePattern(week_days=["Friday"], hours=15, minutes=[30]))
    myschedule = ComputeStartStopSchedule(trigger=rec_trigger, action="start")
    com_sch = ComputeSchedules(compute_start_stop=[myschedule])

    my_compute = ComputeInstance(name=ci_minimal_name, schedules=com_sch)
    found = create(my_compute)
    (schedule,) = found.schedules.compute_start_stop
    equal((schedule.action.lower(), schedule.state), ("start", "Enabled"))
    assert schedule.schedule_id, "no id"
    trigger = schedule.trigger
    equal((trigger.frequency.lower(), trigger.interval, trigger.time_zone), ("week", 1, "India Standard Time"))
    equal(([day.lower() for day in trigger.schedule.week_days], trigger.schedule.hours, trigger.schedule.minutes), (["friday"], [15], [30]))


@case("cron schedule, from the documentation's YAML")
def _():
    found = create(from_yaml("""
$schema: https://azuremlschemas.azureedge.net/latest/computeInstance.schema.json
name: schedule-example-i
type: computeinstance
size: STANDARD_DS3_v2
schedules:
   compute_start_stop:
      - action: stop
        trigger:
         type: cron
         start_time: "2021-03-10T21:21:07"
         time_zone: Pacific Standard Time
         expression: 0 18 * * *
""", "cron-" + unique()))
    (schedule,) = found.schedules.compute_start_stop
    equal((schedule.action.lower(), schedule.state), ("stop", "Enabled"))
    equal((schedule.trigger.expression, schedule.trigger.time_zone), ("0 18 * * *", "Pacific Standard Time"))


@case("load_compute of the documentation's smallest YAML")
def _():
    found = create(from_yaml("""
$schema: https://azuremlschemas.azureedge.net/latest/computeInstance.schema.json
name: basic-example-i
type: computeinstance
size: STANDARD_DS3_v2
""", "yaml-" + unique()))
    equal((found.state, found.size.lower()), ("Running", "standard_ds3_v2"))


@case("SSH")
def _():
    from azure.ai.ml.entities import ComputeInstanceSshSettings
    found = create(ComputeInstance(
        name="ssh-" + unique(), size="STANDARD_DS3_v2", ssh_public_access_enabled=True,
        ssh_settings=ComputeInstanceSshSettings(ssh_key_value=os.environ["CONFORMANCE_SSH_KEY"])))
    equal((found.ssh_public_access_enabled, found.ssh_settings.ssh_key_value), (True, os.environ["CONFORMANCE_SSH_KEY"]))
    equal(found.ssh_settings.admin_username, "azureuser")


@case("create on behalf of another user")
def _():
    from azure.ai.ml.entities import AssignedUserConfiguration
    found = create(ComputeInstance(
        name="behalf-" + unique(), size="STANDARD_DS3_v2",
        create_on_behalf_of=AssignedUserConfiguration(user_tenant_id=os.environ["CARREL_TENANT"], user_object_id=os.environ["CONFORMANCE_USER"])))
    equal((found.create_on_behalf_of.user_tenant_id, found.create_on_behalf_of.user_object_id), (os.environ["CARREL_TENANT"], os.environ["CONFORMANCE_USER"]))


@case("system-assigned identity")
def _():
    from azure.ai.ml.entities import IdentityConfiguration
    found = create(ComputeInstance(name="system-" + unique(), size="STANDARD_DS3_v2", identity=IdentityConfiguration(type="SystemAssigned")))
    equal((found.identity.type, found.identity.tenant_id), ("system_assigned", os.environ["CARREL_TENANT"]))
    assert found.identity.principal_id, "no principal"


@case("user-assigned identity, from the documentation's YAML")
def _():
    identity_resource_id = f"/subscriptions/{subscription_id}/resourceGroups/{resource_group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/python"
    found = create(from_yaml(f"""
$schema: https://azuremlschemas.azureedge.net/latest/computeInstance.schema.json
name: myinstance
type: computeinstance
identity:
  type: user_assigned
  user_assigned_identities:
    - resource_id: {identity_resource_id}
""", "user-" + unique()))
    equal(found.identity.type, "user_assigned")
    equal([identity.resource_id for identity in found.identity.user_assigned_identities], [identity_resource_id])


@case("setup scripts")
def _():
    from azure.ai.ml.entities import ScriptReference, SetupScripts
    name = "script-" + unique()
    ml_client.begin_create_or_update(ComputeInstance(
        name=name, size="STANDARD_DS3_v2",
        setup_scripts=SetupScripts(
            creation_script=ScriptReference(path="Users/nobody/create.sh", timeout_minutes=20),
            startup_script=ScriptReference(command="touch /tmp/started")))).result()
    found = ml_client.compute.get(name)
    deletions.append(ml_client.compute.begin_delete(name))
    creation, startup = found.setup_scripts.creation_script, found.setup_scripts.startup_script
    equal((creation.path, creation.command, int(creation.timeout_minutes)), ("Users/nobody/create.sh", None, 20))
    equal((startup.path, startup.command, startup.timeout_minutes), (None, "touch /tmp/started", None))


@case("custom application")
def _():
    from azure.ai.ml.entities import CustomApplications, EndpointsSettings, ImageSettings, VolumeSettings
    found = create(ComputeInstance(name="app-" + unique(), size="STANDARD_DS3_v2", custom_applications=[
        CustomApplications(
            name="rstudio", image=ImageSettings(reference="registry.example/rocker/rstudio:4"),
            endpoints=[EndpointsSettings(target=8787, published=8787)], environment_variables={"A": "b"},
            bind_mounts=[VolumeSettings(source="/home/azureuser/cloudfiles", target="/home/azureuser/cloudfiles")])]))
    (application,) = found.custom_applications
    equal((application.name, application.type, application.image.reference), ("rstudio", "docker", "registry.example/rocker/rstudio:4"))
    equal([(endpoint.target, endpoint.published) for endpoint in application.endpoints], [(8787, 8787)])
    equal(application.environment_variables, {"A": "b"})
    equal([(volume.source, volume.target) for volume in application.bind_mounts], [("/home/azureuser/cloudfiles", "/home/azureuser/cloudfiles")])


@case("switches")
def _():
    found = create(ComputeInstance(
        name="switch-" + unique(), size="STANDARD_DS3_v2", enable_sso=False, enable_root_access=False, enable_os_patching=True, release_quota_on_stop=True))
    equal((found.enable_sso, found.enable_root_access, found.enable_os_patching, found.release_quota_on_stop), (False, False, True, True))


@case("begin_update keeps what the reader cannot read")
def _():
    name = "update-" + unique()
    ml_client.begin_create_or_update(ComputeInstance(
        name=name, size="STANDARD_DS3_v2", idle_time_before_shutdown_minutes=45,
        schedules=ComputeSchedules(compute_start_stop=[ComputeStartStopSchedule(
            action="stop", trigger=RecurrenceTrigger(
                start_time="2023-06-21T11:47:00", time_zone=TimeZone.INDIA_STANDARD_TIME, frequency="week", interval=1,
                schedule=RecurrencePattern(week_days=["Friday"], hours=15, minutes=[30])))]))).result()
    found = ml_client.compute.get(name)
    before = found.schedules.compute_start_stop[0].schedule_id
    found.tags = {"changed": "yes"}
    ml_client.compute.begin_update(found).result()
    after = ml_client.compute.get(name)
    deletions.append(ml_client.compute.begin_delete(name))
    equal((after.tags, after.idle_time_before_shutdown_minutes), ({"changed": "yes"}, 45))
    equal([schedule.schedule_id for schedule in after.schedules.compute_start_stop], [before])


@case("everything is deleted")
def _():
    for deletion in deletions:
        deletion.result()
    equal([row.name for row in ml_client.compute.list() if row.name.endswith(unique())], [])


run()
