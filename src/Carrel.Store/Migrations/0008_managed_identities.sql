-- Managed identities are principals (contract 9.3): whatever names principals finds them. One of an instance goes with the instance's row; a
-- user-assigned one lives as long as its own resource.
ALTER TABLE service_principals ADD COLUMN instance_uid TEXT;   -- of a system-assigned identity: the instance it goes with
CREATE INDEX service_principals_by_instance ON service_principals (instance_uid) WHERE instance_uid IS NOT NULL;

-- User-assigned identities are resources of their own (wire contract 7).
ALTER TABLE user_identities ADD COLUMN location TEXT NOT NULL DEFAULT '';
ALTER TABLE user_identities ADD COLUMN tags TEXT NOT NULL DEFAULT '{}';
ALTER TABLE user_identities ADD COLUMN modified_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE user_identities ADD COLUMN version INTEGER NOT NULL DEFAULT 1;

-- Those that are there already: they lie where their group does, and their name is what stands behind the last slash.
UPDATE user_identities SET modified_at = created_at, location = COALESCE(
    (SELECT location FROM resource_groups WHERE substr(user_identities.key, 1, length(resource_groups.key) + 1) = resource_groups.key || '/'), 'local');
INSERT INTO service_principals (client_id, object_id, display_name, kind, created_at)
    SELECT client_id, principal_id, replace(resource_id, rtrim(resource_id, replace(resource_id, '/', '')), ''), 'ManagedIdentity', created_at FROM user_identities;
INSERT INTO service_principals (client_id, object_id, display_name, kind, created_at, instance_uid)
    SELECT lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || substr(hex(randomblob(2)), 2) || '-a' || substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6))),
           json_extract(state, '$.SystemIdentityPrincipalId'), '/' || workspace || '/computes/' || name, 'ManagedIdentity', created_at, uid
    FROM instances WHERE json_extract(state, '$.SystemIdentityPrincipalId') IS NOT NULL;
