-- Groups have an id and a version, from which their entity tags are made, and a state while they are deleted. Operations and events carry the
-- request they go back to.

ALTER TABLE resource_groups ADD COLUMN uid TEXT NOT NULL DEFAULT '';
ALTER TABLE resource_groups ADD COLUMN state TEXT NOT NULL DEFAULT 'Succeeded';   -- Succeeded, Deleting
ALTER TABLE resource_groups ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
UPDATE resource_groups SET uid = lower(
    hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || substr(hex(randomblob(2)), 2) || '-a' || substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6)));
CREATE UNIQUE INDEX resource_groups_by_uid ON resource_groups (uid);

ALTER TABLE operations ADD COLUMN origin TEXT;             -- JSON of the request; null for none

ALTER TABLE events ADD COLUMN resource_id TEXT;            -- the target as it was spelled; null in old rows
ALTER TABLE events ADD COLUMN level TEXT NOT NULL DEFAULT 'Informational';
ALTER TABLE events ADD COLUMN operation_id TEXT;
ALTER TABLE events ADD COLUMN client_request_id TEXT;
ALTER TABLE events ADD COLUMN user_agent TEXT;
CREATE INDEX events_by_time ON events (at, sequence);
CREATE INDEX events_by_target_and_time ON events (target, at, sequence);
CREATE INDEX events_by_correlation ON events (correlation_id, at, sequence);
