-- Resources, their operations and what happened to them. Identifiers are lower-case text; instants are ticks (100 ns) since the Unix epoch;
-- the *_key columns hold what identifies a row ignoring case.

CREATE TABLE settings (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
);

CREATE TABLE resource_groups (
    key             TEXT PRIMARY KEY,          -- lower-case resource id
    subscription_id TEXT NOT NULL,
    name            TEXT NOT NULL,
    location        TEXT NOT NULL,
    tags            TEXT NOT NULL,             -- JSON object
    created_at      INTEGER NOT NULL
);

CREATE TABLE workspaces (
    uid             TEXT PRIMARY KEY,
    key             TEXT NOT NULL UNIQUE,      -- lower-case resource id
    subscription_id TEXT NOT NULL,
    resource_group  TEXT NOT NULL,
    name            TEXT NOT NULL,
    location        TEXT NOT NULL,
    body            TEXT NOT NULL,             -- JSON of what was asked
    state           TEXT NOT NULL,             -- Succeeded, Deleting
    created_by      TEXT NOT NULL,             -- JSON principal
    created_at      INTEGER NOT NULL,
    modified_by     TEXT NOT NULL,
    modified_at     INTEGER NOT NULL,
    version         INTEGER NOT NULL
);

CREATE TABLE instances (
    uid           TEXT PRIMARY KEY,
    workspace_uid TEXT NOT NULL REFERENCES workspaces (uid),
    key           TEXT NOT NULL UNIQUE,        -- lower-case resource id
    region_key    TEXT NOT NULL UNIQUE,        -- location/lower-case name: names are unique per region (contract 1.3)
    subscription_id TEXT NOT NULL,
    resource_group  TEXT NOT NULL,
    workspace     TEXT NOT NULL,
    name          TEXT NOT NULL,
    location      TEXT NOT NULL,
    family        TEXT NOT NULL,               -- VM family, for quota
    cores         INTEGER NOT NULL,            -- nominal cores held, for quota
    owner         TEXT NOT NULL,
    owner_alias   TEXT NOT NULL,
    model         TEXT NOT NULL,               -- JSON of the validated wish
    state         TEXT NOT NULL,               -- JSON of what is observed
    created_by    TEXT NOT NULL,
    created_at    INTEGER NOT NULL,
    modified_by   TEXT NOT NULL,
    modified_at   INTEGER NOT NULL,
    version       INTEGER NOT NULL
);
CREATE INDEX instances_by_workspace ON instances (workspace_uid, region_key);

-- Who has which folder on a workspace's share; outlives the instances.
CREATE TABLE aliases (
    workspace_uid TEXT NOT NULL REFERENCES workspaces (uid),
    owner         TEXT NOT NULL,
    alias         TEXT NOT NULL,
    PRIMARY KEY (workspace_uid, owner),
    UNIQUE (workspace_uid, alias)
);

CREATE TABLE operations (
    id             TEXT PRIMARY KEY,
    kind           TEXT NOT NULL,
    trigger        TEXT NOT NULL,
    target_uid     TEXT NOT NULL,              -- instance or workspace
    target         TEXT NOT NULL,              -- its resource id
    subscription_id TEXT NOT NULL,
    status         TEXT NOT NULL,              -- InProgress, Succeeded, Failed, Canceled
    step           TEXT,                       -- last step that was completed
    previous_state TEXT,                       -- state to go back to when it fails
    started_by     TEXT NOT NULL,              -- JSON principal
    correlation_id TEXT NOT NULL,
    created_at     INTEGER NOT NULL,
    ended_at       INTEGER,
    error_code     TEXT,
    error_message  TEXT,
    lease_owner    TEXT,
    lease_until    INTEGER
);
-- One operation per resource at a time, held by the store itself.
CREATE UNIQUE INDEX operations_one_at_a_time ON operations (target_uid) WHERE status = 'InProgress';
CREATE INDEX operations_waiting ON operations (lease_until) WHERE status = 'InProgress';

CREATE TABLE events (
    sequence       INTEGER PRIMARY KEY AUTOINCREMENT,
    at             INTEGER NOT NULL,
    actor          TEXT NOT NULL,              -- JSON principal
    action         TEXT NOT NULL,
    target         TEXT NOT NULL,
    outcome        TEXT NOT NULL,
    cause          TEXT NOT NULL,              -- User, Schedule, IdleShutdown, Reconciler
    detail         TEXT,
    request_id     TEXT NOT NULL,
    correlation_id TEXT NOT NULL
);
CREATE INDEX events_by_target ON events (target, sequence);
