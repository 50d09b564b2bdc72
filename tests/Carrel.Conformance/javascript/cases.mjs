// Cases in the order they stand; each prints one line, which the test of that name reads.
import { ClientSecretCredential } from "@azure/identity";

export const setting = (name) => {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set.`);
  return value;
};

// A case that fails does not keep the next from running.
export const test = async (name, run) => {
  const begun = performance.now();
  try {
    await run();
    console.log(`ok ${name} (${((performance.now() - begun) / 1000).toFixed(1)} s)`);
  } catch (fault) {
    console.log(`not ok ${name}: ${fault.name}: ${String(fault.message).split("\n").join(" | ")}`);
    console.error(fault);
  }
};

export const signIn = (secret = setting("CARREL_CLIENT_SECRET")) =>
  new ClientSecretCredential(setting("CARREL_TENANT"), setting("CARREL_CLIENT_ID"), secret, {
    authorityHost: setting("CARREL_URL"),
    disableInstanceDiscovery: true,
  });

export const options = () => ({ endpoint: setting("CARREL_URL"), credentialScopes: [setting("CARREL_URL") + "/.default"] });

// A name that only letters follow, so that two runs differ.
export const unique = (prefix) => prefix + Math.random().toString(36).replace(/[^a-z]/g, "").slice(0, 6) + "x";

export const collect = async (pages) => {
  const rows = [];
  for await (const row of pages) rows.push(row);
  return rows;
};

export const refused = (status, code) => (error) => {
  if (error.statusCode === status && error.code === code) return true;
  throw new Error(`expected ${status} ${code}, found ${error.statusCode} ${error.code}: ${error.message}`);
};
