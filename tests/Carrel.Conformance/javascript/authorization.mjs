// The unmodified Azure client for authorization: custom roles, and who has them.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
// A CommonJS package: its classes come through the default export.
import authorization from "@azure/arm-authorization";
import { collect, options, refused, setting, signIn, test, unique } from "./cases.mjs";

const subscription = `/subscriptions/${setting("CARREL_SUBSCRIPTION")}`;
const group = `${subscription}/resourceGroups/${setting("CARREL_GROUP")}`;
const workspace = `${group}/providers/Microsoft.MachineLearningServices/workspaces/${setting("CARREL_WORKSPACE")}`;
const reader = "acdd72a7-3385-48ef-bd42-f606fba81ae7";
const client = new authorization.AuthorizationManagementClient(signIn(), setting("CARREL_SUBSCRIPTION"), options());
const role = { id: randomUUID(), name: unique("js-role-") };
const assignment = { id: randomUUID(), principal: randomUUID() };

await test("the built-in roles are listed with the published ids", async () => {
  const roles = await collect(client.roleDefinitions.list(subscription, { filter: "type eq 'BuiltInRole'" }));
  assert.equal(roles.length, 9);
  assert.equal(roles.find((one) => one.roleName === "Reader").name, reader);
});

await test("a custom role create, get, list by name and update", async () => {
  const body = {
    roleName: role.name,
    description: "made by a client",
    roleType: "CustomRole",
    permissions: [{ actions: ["Microsoft.MachineLearningServices/workspaces/*/read"], notActions: [] }],
    assignableScopes: [subscription],
  };
  const created = await client.roleDefinitions.createOrUpdate(workspace, role.id, body);
  assert.deepEqual([created.name, created.roleName, created.roleType, created.assignableScopes], [role.id, role.name, "CustomRole", [subscription]]);
  assert.equal((await client.roleDefinitions.get(subscription, role.id)).description, "made by a client");
  assert.equal((await client.roleDefinitions.getById(`${subscription}/providers/Microsoft.Authorization/roleDefinitions/${role.id}`)).name, role.id);
  assert.deepEqual((await collect(client.roleDefinitions.list(group, { filter: `roleName eq '${role.name}'` }))).map((one) => one.name), [role.id]);
  const updated = await client.roleDefinitions.createOrUpdate(workspace, role.id, { ...body, description: "changed" });
  assert.equal(updated.description, "changed");
});

await test("an action with two stars is refused by code", () =>
  assert.rejects(
    client.roleDefinitions.createOrUpdate(subscription, randomUUID(), {
      roleName: unique("js-role-"),
      permissions: [{ actions: ["Microsoft.CostManagement/*/query/*"] }],
      assignableScopes: [subscription],
    }),
    refused(400, "InvalidActionOrNotAction"),
  ));

await test("an assignment create, get, list and the same again under another id", async () => {
  const body = {
    roleDefinitionId: `${subscription}/providers/Microsoft.Authorization/roleDefinitions/${role.id}`,
    principalId: assignment.principal,
    principalType: "User",
  };
  const created = await client.roleAssignments.create(workspace, assignment.id, body);
  assert.deepEqual([created.name, created.scope, created.principalId, created.principalType], [assignment.id, workspace, assignment.principal, "User"]);
  assert.equal(created.roleDefinitionId, body.roleDefinitionId);
  assert.equal((await client.roleAssignments.get(workspace, assignment.id)).principalId, assignment.principal);
  const ofPrincipal = { filter: `principalId eq '${assignment.principal}'` };
  for (const rows of [
    client.roleAssignments.listForSubscription(ofPrincipal),
    client.roleAssignments.listForResourceGroup(setting("CARREL_GROUP"), ofPrincipal),
    client.roleAssignments.listForResource(setting("CARREL_GROUP"), "Microsoft.MachineLearningServices", "workspaces", setting("CARREL_WORKSPACE"), ofPrincipal),
    client.roleAssignments.listForScope(workspace, { filter: `atScope() and assignedTo('${assignment.principal}')` }),
  ])
    assert.deepEqual((await collect(rows)).map((row) => row.name), [assignment.id]);
  assert.deepEqual(await collect(client.roleAssignments.listForScope(group, { filter: `atScope() and assignedTo('${assignment.principal}')` })), []);
  await assert.rejects(client.roleAssignments.create(workspace, randomUUID(), body), refused(409, "RoleAssignmentExists"));
});

await test("a role that somebody holds is not deleted", () => assert.rejects(client.roleDefinitions.delete(subscription, role.id), refused(409, "RoleDefinitionHasAssignments")));

await test("assignment and role delete, and again", async () => {
  assert.equal((await client.roleAssignments.delete(workspace, assignment.id)).name, assignment.id);
  await client.roleAssignments.delete(workspace, assignment.id);
  await assert.rejects(client.roleAssignments.get(workspace, assignment.id), refused(404, "RoleAssignmentNotFound"));
  assert.equal((await client.roleDefinitions.delete(subscription, role.id)).name, role.id);
  await client.roleDefinitions.delete(subscription, role.id);
});
