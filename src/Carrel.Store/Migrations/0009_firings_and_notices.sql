-- Firings of schedules, each decided once; what changes about schedules, for those who keep a view of them; notices before stops, and what is still to be told.

-- The schedules of the model, so that loading all of them reads no models.
ALTER TABLE instances ADD COLUMN schedules TEXT NOT NULL DEFAULT '[]';
UPDATE instances SET schedules = COALESCE(json_extract(model, '$.schedules'), '[]');
CREATE INDEX instances_with_schedules ON instances (uid) WHERE schedules <> '[]';

-- One row per schedule that was added, changed, switched or removed.
CREATE TABLE schedule_changes (
    sequence     INTEGER PRIMARY KEY AUTOINCREMENT,
    instance_uid TEXT NOT NULL,
    schedule_id  TEXT NOT NULL,
    at           INTEGER NOT NULL
);

CREATE TABLE firings (
    instance_uid TEXT NOT NULL REFERENCES instances (uid) ON DELETE CASCADE,
    schedule_id  TEXT NOT NULL,
    due          INTEGER NOT NULL,
    action       TEXT NOT NULL,                -- Start, Stop
    outcome      TEXT NOT NULL,                -- Ran, NoOp, Deferred, Conflict, Missed, Dismissed, Failed
    reason       TEXT NOT NULL,
    decided_at   INTEGER NOT NULL,
    operation_id TEXT,
    PRIMARY KEY (instance_uid, schedule_id, due)
);
CREATE INDEX firings_deferred ON firings (due) WHERE outcome = 'Deferred';
CREATE INDEX firings_by_age ON firings (decided_at);

-- Until when every occurrence was looked at, by any server.
CREATE TABLE firing_progress (
    only         INTEGER PRIMARY KEY CHECK (only = 1),
    looked_until INTEGER NOT NULL
);

-- What came to its end lately is asked for by time, what was begun on an instance since by that instance.
CREATE INDEX operations_by_target ON operations (target_uid, created_at);
CREATE INDEX operations_by_end ON operations (ended_at) WHERE ended_at IS NOT NULL;

CREATE TABLE stop_notices (
    id           TEXT PRIMARY KEY,
    instance_uid TEXT NOT NULL REFERENCES instances (uid) ON DELETE CASCADE,
    kind         TEXT NOT NULL,                -- ScheduledShutdownPending, IdleShutdownPending
    schedule_id  TEXT NOT NULL,                -- empty for none
    due          INTEGER NOT NULL,             -- the deadline as it was first
    fire_at      INTEGER NOT NULL,
    state        TEXT NOT NULL,                -- Pending, Snoozed, Dismissed, Done
    reason       TEXT NOT NULL,
    told_at      INTEGER NOT NULL,
    tell_at      INTEGER,
    evidence     TEXT,
    decided_by   TEXT,
    decided_at   INTEGER,
    ending       TEXT,
    UNIQUE (instance_uid, kind, schedule_id, due)
);
CREATE INDEX stop_notices_open ON stop_notices (fire_at) WHERE state IN ('Pending', 'Snoozed');
CREATE INDEX stop_notices_by_time ON stop_notices (instance_uid, fire_at);

-- What of a notice is still to be brought to a terminal or webhook. The time of the next try is a lease too: whoever tries moves it on first.
CREATE TABLE notice_deliveries (
    id        TEXT PRIMARY KEY,
    notice_id TEXT NOT NULL REFERENCES stop_notices (id) ON DELETE CASCADE,
    channel   TEXT NOT NULL,                   -- terminal, or the address of a webhook
    payload   TEXT NOT NULL,
    attempts  INTEGER NOT NULL,
    next_at   INTEGER NOT NULL,
    until     INTEGER NOT NULL
);
CREATE INDEX notice_deliveries_waiting ON notice_deliveries (next_at);
CREATE INDEX notice_deliveries_by_notice ON notice_deliveries (notice_id);
