-- Principals that can be disabled, groups, secrets with names, refresh tokens and device codes. Of tokens and codes only hashes are kept.

ALTER TABLE users ADD COLUMN enabled INTEGER NOT NULL DEFAULT 1;
ALTER TABLE users ADD COLUMN sign_ins_from INTEGER NOT NULL DEFAULT 0;                 -- what was signed in or issued before is over
ALTER TABLE service_principals ADD COLUMN enabled INTEGER NOT NULL DEFAULT 1;
ALTER TABLE service_principals ADD COLUMN sign_ins_from INTEGER NOT NULL DEFAULT 0;

ALTER TABLE client_secrets ADD COLUMN name TEXT NOT NULL DEFAULT '';
ALTER TABLE client_secrets ADD COLUMN hint TEXT NOT NULL DEFAULT '';                    -- its first characters, to tell secrets apart
ALTER TABLE client_secrets ADD COLUMN created_at INTEGER NOT NULL DEFAULT 0;

CREATE TABLE directory_groups (
    object_id    TEXT PRIMARY KEY,
    name_key     TEXT NOT NULL UNIQUE,
    display_name TEXT NOT NULL,
    description  TEXT,
    created_at   INTEGER NOT NULL
);

CREATE TABLE group_members (
    group_id  TEXT NOT NULL REFERENCES directory_groups (object_id) ON DELETE CASCADE,
    member_id TEXT NOT NULL,                    -- a person, a program or another group
    PRIMARY KEY (group_id, member_id)
);
CREATE INDEX group_members_by_member ON group_members (member_id);

CREATE TABLE refresh_grants (
    id             TEXT PRIMARY KEY,            -- hash of the code that it came from
    client_id      TEXT NOT NULL,
    user_object_id TEXT NOT NULL,
    scope          TEXT NOT NULL,
    signed_in_at   INTEGER NOT NULL,
    last_used_at   INTEGER NOT NULL,
    ended_at       INTEGER                      -- kept for a while, so that access tokens of it are refused after a restart too
);
CREATE INDEX refresh_grants_by_user ON refresh_grants (user_object_id);

CREATE TABLE refresh_tokens (
    hash      TEXT PRIMARY KEY,
    grant_id  TEXT NOT NULL REFERENCES refresh_grants (id) ON DELETE CASCADE,
    used_at   INTEGER,
    used_from TEXT                              -- client address of the first use
);
CREATE INDEX refresh_tokens_by_grant ON refresh_tokens (grant_id);

CREATE TABLE device_codes (
    hash           TEXT PRIMARY KEY,
    user_code_hash TEXT NOT NULL UNIQUE,
    client_id      TEXT NOT NULL,
    scope          TEXT NOT NULL,
    address        TEXT NOT NULL,               -- where the device asked from, shown to the person who confirms
    user_agent     TEXT NOT NULL,
    created_at     INTEGER NOT NULL,
    expires_at     INTEGER NOT NULL,
    polled_at      INTEGER,
    interval       INTEGER NOT NULL,            -- seconds
    answer         TEXT,                        -- Confirmed, Denied; null while nobody has answered
    user_object_id TEXT
);
CREATE INDEX device_codes_by_expiry ON device_codes (expires_at);
