// The whole life of a compute instance with the unmodified client and its own pollers. Prints one line for each thing it saw; exits non-zero
// at the first thing that is not as it should be.
import assert from "node:assert/strict";
// A CommonJS package: its classes come through the default export.
import machineLearning from "@azure/arm-machinelearning";
import { ClientSecretCredential } from "@azure/identity";

const env = process.env;
const url = env.CARREL_URL;
const group = env.CARREL_GROUP;
const workspace = env.CARREL_WORKSPACE;
const name = "js-" + Math.random().toString(36).replace(/[^a-z]/g, "").slice(0, 6) + "x";

const credential = new ClientSecretCredential(env.CARREL_TENANT, env.CARREL_CLIENT_ID, env.CARREL_CLIENT_SECRET, {
  authorityHost: url,
  disableInstanceDiscovery: true,
});
const client = new machineLearning.AzureMachineLearningWorkspaces(credential, env.CARREL_SUBSCRIPTION, {
  endpoint: url,
  credentialScopes: [url + "/.default"],
});
const computes = client.computeOperations;
const say = (line) => console.log(line);
const state = async () => (await computes.get(group, workspace, name)).properties.properties.state;

const found = await client.workspaces.get(group, workspace);
assert.equal(found.name, workspace);
say("workspace got");

const created = await computes.beginCreateOrUpdateAndWait(group, workspace, name, {
  location: env.CARREL_LOCATION,
  tags: { made: "by javascript" },
  properties: { computeType: "ComputeInstance", properties: { vmSize: "STANDARD_DS2_V2" } },
});
assert.equal(created.name, name);
assert.equal(created.properties.computeType, "ComputeInstance");
assert.equal(created.properties.provisioningState, "Succeeded");
assert.equal(created.properties.properties.state, "Running");
say("created");

const got = await computes.get(group, workspace, name);
assert.equal(got.tags.made, "by javascript");
assert.equal(got.properties.properties.vmSize, "STANDARD_DS2_V2");
assert.ok(got.properties.properties.applications.some((application) => application.displayName === "Jupyter Lab"));
assert.ok(got.properties.createdOn instanceof Date);
assert.equal(got.properties.properties.lastOperation.operationName, "Create");
assert.equal(got.properties.properties.lastOperation.operationStatus, "Succeeded");
say("got");

const names = [];
for await (const row of computes.list(group, workspace)) names.push(row.name);
assert.ok(names.includes(name));
say("listed");

await computes.beginStopAndWait(group, workspace, name);
assert.equal(await state(), "Stopped");
say("stopped");

await computes.beginStartAndWait(group, workspace, name);
assert.equal(await state(), "Running");
say("started");

await computes.beginRestartAndWait(group, workspace, name);
assert.equal(await state(), "Running");
say("restarted");

const updated = await computes.beginCreateOrUpdateAndWait(group, workspace, name, { ...got, tags: { made: "by javascript", changed: "yes" } });
assert.equal(updated.tags.changed, "yes");
assert.equal(updated.properties.properties.state, "Running");
say("updated");

const sizes = (await client.virtualMachineSizes.list(env.CARREL_LOCATION)).value;
assert.ok(sizes.some((size) => size.name === "Standard_DS3_v2" && size.vCPUs === 4 && size.supportedComputeTypes.includes("ComputeInstance")));
const usages = [];
for await (const usage of client.usages.list(env.CARREL_LOCATION)) usages.push(usage);
assert.ok(usages.length > 0 && usages.every((usage) => typeof usage.name === "object" && typeof usage.limit === "number"));
say("sizes and usages listed");

await computes.beginDeleteAndWait(group, workspace, name, "Delete");
await assert.rejects(computes.get(group, workspace, name), (error) => error.statusCode === 404 && error.code === "ResourceNotFound");
await computes.beginDeleteAndWait(group, workspace, name, "Delete");
say("deleted, and deleting again is no error");

await assert.rejects(
  computes.beginCreateOrUpdateAndWait(group, workspace, "cpu-cluster-1", {
    location: env.CARREL_LOCATION,
    properties: { computeType: "ComputeInstance", properties: { vmSize: "STANDARD_DS2_V2" } },
  }),
  (error) => error.statusCode === 400 && error.code === "InvalidComputeName",
);
say("an illegal name is refused");

const second = name + "w";
await client.workspaces.beginCreateOrUpdateAndWait(group, second, { location: env.CARREL_LOCATION, sku: { name: "Basic" }, identity: { type: "SystemAssigned" }, friendlyName: "Second" });
assert.equal((await client.workspaces.get(group, second)).friendlyName, "Second");
await client.workspaces.beginDeleteAndWait(group, second);
await assert.rejects(client.workspaces.get(group, second), (error) => error.statusCode === 404);
say("workspace created and deleted");
