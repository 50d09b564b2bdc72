// The unmodified Azure client for resources: groups, providers, and computes as generic resources by their id.
import assert from "node:assert/strict";
import { ResourceManagementClient } from "@azure/arm-resources";
import { collect, options, refused, setting, signIn, test, unique } from "./cases.mjs";

const location = setting("CARREL_LOCATION");
const subscription = `/subscriptions/${setting("CARREL_SUBSCRIPTION")}`;
const apiVersion = "2025-12-01";
const client = new ResourceManagementClient(signIn(), setting("CARREL_SUBSCRIPTION"), options());
const group = unique("js-group-");
const workspace = `${subscription}/resourceGroups/${group}/providers/Microsoft.MachineLearningServices/workspaces/${unique("js-ws-")}`;
const compute = `${workspace}/computes/${unique("res-")}`;

await test("group create, get, list and existence", async () => {
  const created = await client.resourceGroups.createOrUpdate(group, { location, tags: { a: "b" } });
  assert.deepEqual([created.name, created.location, created.tags.a, created.properties.provisioningState], [group, location, "b", "Succeeded"]);
  assert.equal((await client.resourceGroups.get(group)).id, created.id);
  assert.equal((await collect(client.resourceGroups.list())).filter((row) => row.name === group).length, 1);
  assert.equal((await client.resourceGroups.checkExistence(group)).body, true);
  assert.equal((await client.resourceGroups.checkExistence("no-such-group")).body, false);
});

await test("an absent group is refused by code", () => assert.rejects(client.resourceGroups.get("no-such-group"), refused(404, "ResourceGroupNotFound")));

await test("provider get names the resource types and their versions, newest first", async () => {
  const provider = await client.providers.get("Microsoft.MachineLearningServices");
  assert.equal(provider.registrationState, "Registered");
  const types = Object.fromEntries(provider.resourceTypes.map((type) => [type.resourceType, type.apiVersions]));
  assert.equal(types["workspaces/computes"][0], apiVersion);
  assert.equal(types.workspaces[0], apiVersion);
});

await test("an unknown provider is refused by code", () => assert.rejects(client.providers.get("Microsoft.Nothing"), refused(404, "InvalidResourceNamespace")));

await test("generic create by id, of a workspace and a compute", async () => {
  const made = await client.resources.beginCreateOrUpdateByIdAndWait(workspace, apiVersion, { location, properties: { friendlyName: "By id" } });
  assert.equal(made.properties.friendlyName, "By id");
  const instance = await client.resources.beginCreateOrUpdateByIdAndWait(compute, apiVersion, {
    location,
    properties: { computeType: "ComputeInstance", properties: { vmSize: "STANDARD_DS2_V2" } },
  });
  assert.equal(instance.properties.properties.state, "Running");
});

await test("generic get by id, and with an older version", async () => {
  for (const version of [apiVersion, "2022-10-01"]) {
    const got = await client.resources.getById(compute, version);
    assert.equal(got.id, compute);
    assert.equal(got.type, "Microsoft.MachineLearningServices/workspaces/computes");
  }
});

await test("existence by id", async () => {
  assert.equal((await client.resources.checkExistenceById(compute, apiVersion)).body, true);
  assert.equal((await client.resources.checkExistenceById(workspace, apiVersion)).body, true);
  assert.equal((await client.resources.checkExistenceById(compute + "not", apiVersion)).body, false);
});

await test("resource lists of the group and of the subscription", async () => {
  const inGroup = await collect(client.resources.listByResourceGroup(group));
  assert.deepEqual(inGroup.map((row) => row.id).sort(), [workspace, compute].sort());
  const filtered = await collect(client.resources.list({ filter: `resourceGroup eq '${group}' and resourceType eq 'Microsoft.MachineLearningServices/workspaces'` }));
  assert.deepEqual(filtered.map((row) => row.id), [workspace]);
  const all = (await collect(client.resources.list())).map((row) => row.id);
  assert.ok(all.includes(workspace) && all.includes(compute));
  assert.equal(new Set(all).size, all.length);
});

await test("generic update of tags by id", async () => {
  await client.resources.beginUpdateByIdAndWait(compute, apiVersion, { tags: { told: "by id" } });
  assert.equal((await client.resources.getById(compute, apiVersion)).tags.told, "by id");
});

await test("generic delete by id", async () => {
  await client.resources.beginDeleteByIdAndWait(compute, apiVersion);
  await assert.rejects(client.resources.getById(compute, apiVersion), refused(404, "ResourceNotFound"));
  await client.resources.beginDeleteByIdAndWait(workspace, apiVersion);
  await assert.rejects(client.resources.getById(workspace, apiVersion), refused(404, "ResourceNotFound"));
});

await test("group update, and delete with everything in it", async () => {
  assert.equal((await client.resourceGroups.update(group, { tags: { c: "d" } })).tags.c, "d");
  await client.resources.beginCreateOrUpdateByIdAndWait(workspace, apiVersion, { location, properties: {} });
  await client.resourceGroups.beginDeleteAndWait(group);
  assert.equal((await client.resourceGroups.checkExistence(group)).body, false);
  await assert.rejects(client.resources.getById(workspace, apiVersion), (error) => error.statusCode === 404);
  await assert.rejects(client.resourceGroups.beginDeleteAndWait(group), refused(404, "ResourceGroupNotFound"));
});
