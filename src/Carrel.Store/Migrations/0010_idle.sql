-- The idle clock of each running instance, until when it is kept awake, and the decisions on it with everything they were taken from.
CREATE TABLE idle_clocks (
    instance_uid     TEXT PRIMARY KEY REFERENCES instances (uid) ON DELETE CASCADE,
    clock            TEXT,                     -- JSON; null while it does not run
    keep_awake_until INTEGER,
    keep_awake_by    TEXT
);

CREATE TABLE idle_decisions (
    sequence     INTEGER PRIMARY KEY AUTOINCREMENT,
    instance_uid TEXT NOT NULL REFERENCES instances (uid) ON DELETE CASCADE,
    kind         TEXT NOT NULL,
    acts         INTEGER NOT NULL,             -- 1 when something was done: such a row is kept
    input        TEXT NOT NULL,                -- JSON of what the rule looked at
    decision     TEXT NOT NULL                 -- JSON of what it decided
);
CREATE INDEX idle_decisions_by_instance ON idle_decisions (instance_uid, sequence);
