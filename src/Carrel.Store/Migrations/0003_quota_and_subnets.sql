-- Quota limits that somebody set; what has no row here has the catalogue's default, and workspaces no limit of their own.
CREATE TABLE quota_limits (
    subscription_id TEXT NOT NULL,
    location        TEXT NOT NULL,
    kind            TEXT NOT NULL,             -- Family, TotalDedicated, TotalLowPriority, ComputeCount
    family          TEXT NOT NULL,             -- VM family; empty for every other kind
    workspace_uid   TEXT NOT NULL,             -- empty for the subscription's own limit
    cores           INTEGER NOT NULL,          -- the limit: cores, or computes
    PRIMARY KEY (subscription_id, location, kind, family, workspace_uid)
);

-- The lower-case id of the subnet an instance asked for. A subnet is there as long as an instance names it.
ALTER TABLE instances ADD COLUMN subnet TEXT;
UPDATE instances SET subnet = lower(json_extract(model, '$.subnetId'));
CREATE INDEX instances_by_subnet ON instances (subnet) WHERE subnet IS NOT NULL;
