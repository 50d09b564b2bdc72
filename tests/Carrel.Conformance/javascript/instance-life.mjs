// The unmodified Azure client for machine learning leads a compute instance through its whole life.
import assert from "node:assert/strict";
// A CommonJS package: its classes come through the default export.
import machineLearning from "@azure/arm-machinelearning";
import { collect, options, refused, setting, signIn, test, unique } from "./cases.mjs";

const group = setting("CARREL_GROUP");
const workspace = setting("CARREL_WORKSPACE");
const location = setting("CARREL_LOCATION");
const name = unique("js-");
const connect = (credential) => new machineLearning.AzureMachineLearningWorkspaces(credential, setting("CARREL_SUBSCRIPTION"), options());
const client = connect(signIn());
const computes = client.computeOperations;
const inner = async () => (await computes.get(group, workspace, name)).properties.properties;

await test("a wrong secret is refused as a failed sign-in", () =>
  assert.rejects(connect(signIn("wrong")).workspaces.get(group, workspace), (error) => /^Authentication/.test(error.name) && /7000215/.test(error.message)));

await test("workspace get and list", async () => {
  assert.equal((await client.workspaces.get(group, workspace)).name, workspace);
  for (const rows of [await collect(client.workspaces.listByResourceGroup(group)), await collect(client.workspaces.listBySubscription())])
    assert.equal(rows.filter((row) => row.name === workspace).length, 1);
});

await test("create", async () => {
  const created = await computes.beginCreateOrUpdateAndWait(group, workspace, name, {
    location,
    tags: { made: "by javascript" },
    properties: { computeType: "ComputeInstance", properties: { vmSize: "STANDARD_DS2_V2" } },
  });
  assert.equal(created.name, name);
  assert.equal(created.properties.computeType, "ComputeInstance");
  assert.equal(created.properties.provisioningState, "Succeeded");
  assert.equal(created.properties.properties.state, "Running");
});

await test("get", async () => {
  const got = await computes.get(group, workspace, name);
  assert.equal(got.tags.made, "by javascript");
  assert.ok(got.properties.createdOn instanceof Date);
  const { vmSize, applications, lastOperation, createdBy } = got.properties.properties;
  assert.equal(vmSize, "STANDARD_DS2_V2");
  assert.ok(applications.some((application) => application.displayName === "Jupyter Lab"));
  assert.equal(lastOperation.operationName, "Create");
  assert.equal(lastOperation.operationStatus, "Succeeded");
  assert.ok(lastOperation.operationTime instanceof Date);
  assert.match(createdBy.userId, /^[0-9a-f-]{36}$/);
});

await test("list", async () => {
  assert.equal((await collect(computes.list(group, workspace))).filter((row) => row.name === name).length, 1);
});

await test("create again with tags updates", async () => {
  const got = await computes.get(group, workspace, name);
  const updated = await computes.beginCreateOrUpdateAndWait(group, workspace, name, { ...got, tags: { made: "by javascript", changed: "yes" } });
  assert.equal(updated.tags.changed, "yes");
  assert.equal(updated.properties.properties.state, "Running");
});

await test("an update of a cluster's scale settings is refused", () =>
  assert.rejects(
    computes.beginUpdateAndWait(group, workspace, name, { properties: { properties: { scaleSettings: { maxNodeCount: 4 } } } }),
    refused(400, "ComputeInstancePatchNotSupported"),
  ));

await test("nodes", async () => {
  const [node, ...others] = await collect(computes.listNodes(group, workspace, name));
  assert.equal(others.length, 0);
  assert.match(node.privateIpAddress, /^[0-9.]+$/);
  assert.equal(typeof node.nodeId, "string");
});

await test("keys are refused by code", () => assert.rejects(computes.listKeys(group, workspace, name), refused(400, "ListKeysNotSupported")));

await test("stop", async () => {
  await computes.beginStopAndWait(group, workspace, name);
  const { state, lastOperation } = await inner();
  assert.deepEqual([state, lastOperation.operationName, lastOperation.operationTrigger], ["Stopped", "Stop", "User"]);
});

await test("start", async () => {
  await computes.beginStartAndWait(group, workspace, name);
  assert.equal((await inner()).state, "Running");
});

await test("restart", async () => {
  await computes.beginRestartAndWait(group, workspace, name);
  const { state, lastOperation } = await inner();
  assert.deepEqual([state, lastOperation.operationName], ["Running", "Restart"]);
});

await test("sizes and usages", async () => {
  const sizes = (await client.virtualMachineSizes.list(location)).value;
  assert.ok(sizes.some((size) => size.name === "Standard_DS3_v2" && size.vCPUs === 4 && size.supportedComputeTypes.includes("ComputeInstance")));
  const usages = await collect(client.usages.list(location));
  assert.ok(usages.length > 0 && usages.every((usage) => typeof usage.name.value === "string" && typeof usage.limit === "number" && typeof usage.currentValue === "number"));
});

await test("quotas are listed, and a limit is set and set back", async () => {
  const quotas = await collect(client.quotas.list(location));
  const row = quotas.find((quota) => /DSv2/i.test(quota.id));
  assert.ok(row && typeof row.limit === "number" && row.name.value, JSON.stringify(quotas[0]));
  const update = async (limit) => (await client.quotas.update(location, { location, value: [{ id: row.id, type: row.type, limit, unit: row.unit }] })).value[0];
  assert.deepEqual([(await update(row.limit - 1)).status, (await collect(client.quotas.list(location))).find((quota) => quota.id === row.id).limit], ["Success", row.limit - 1]);
  assert.deepEqual([(await update(row.limit)).status, (await collect(client.quotas.list(location))).find((quota) => quota.id === row.id).limit], ["Success", row.limit]);
});

await test("detach is refused", () => assert.rejects(computes.beginDeleteAndWait(group, workspace, name, "Detach"), refused(400, "DetachNotSupported")));

await test("delete, and deleting again is no error", async () => {
  await computes.beginDeleteAndWait(group, workspace, name, "Delete");
  await assert.rejects(computes.get(group, workspace, name), refused(404, "ResourceNotFound"));
  await computes.beginDeleteAndWait(group, workspace, name, "Delete");
});

await test("an illegal name is refused by code", () =>
  assert.rejects(
    computes.beginCreateOrUpdateAndWait(group, workspace, "cpu-cluster-1", {
      location,
      properties: { computeType: "ComputeInstance", properties: { vmSize: "STANDARD_DS2_V2" } },
    }),
    refused(400, "InvalidComputeName"),
  ));

await test("workspace create, update and delete", async () => {
  const second = unique("second-");
  await client.workspaces.beginCreateOrUpdateAndWait(group, second, { location, sku: { name: "Basic" }, identity: { type: "SystemAssigned" }, friendlyName: "Second" });
  assert.equal((await client.workspaces.get(group, second)).friendlyName, "Second");
  const updated = await client.workspaces.beginUpdateAndWait(group, second, { tags: { a: "b" }, description: "told" });
  assert.deepEqual([updated.tags.a, updated.description, updated.friendlyName], ["b", "told", "Second"]);
  await client.workspaces.beginDeleteAndWait(group, second);
  await assert.rejects(client.workspaces.get(group, second), refused(404, "ResourceNotFound"));
});
