-- People, programs, sessions, one-use codes and role assignments. Ids are lower-case text, instants are ticks (100 ns) since the Unix epoch,
-- *_key columns hold what identifies a row ignoring case. Of passwords, secrets, codes and session tokens only hashes are kept.

CREATE TABLE tenant (
    only       INTEGER PRIMARY KEY CHECK (only = 1),
    id         TEXT NOT NULL,
    domain     TEXT NOT NULL,
    created_at INTEGER NOT NULL
);

CREATE TABLE first_start (
    only             INTEGER PRIMARY KEY CHECK (only = 1),
    administrator_id TEXT NOT NULL,
    client_id        TEXT NOT NULL,
    delivered        INTEGER NOT NULL           -- 1 when password and secret are known to have reached the operator's files
);

CREATE TABLE users (
    object_id     TEXT PRIMARY KEY,
    name_key      TEXT NOT NULL UNIQUE,
    user_name     TEXT NOT NULL,
    display_name  TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    created_at    INTEGER NOT NULL
);

CREATE TABLE sign_in_attempts (
    object_id    TEXT PRIMARY KEY,              -- also of nobody: unknown names are counted in one row, so that they take the same steps
    failures     INTEGER NOT NULL,
    locked_until INTEGER
);

CREATE TABLE service_principals (
    client_id    TEXT PRIMARY KEY,
    object_id    TEXT NOT NULL UNIQUE,
    display_name TEXT NOT NULL,
    kind         TEXT NOT NULL,                 -- Application, ManagedIdentity
    created_at   INTEGER NOT NULL
);

CREATE TABLE client_secrets (
    id         TEXT PRIMARY KEY,
    client_id  TEXT NOT NULL REFERENCES service_principals (client_id) ON DELETE CASCADE,
    hash       TEXT NOT NULL,
    expires_at INTEGER NOT NULL
);
CREATE INDEX client_secrets_by_client ON client_secrets (client_id);

CREATE TABLE sessions (
    token_hash     TEXT PRIMARY KEY,
    id             TEXT NOT NULL UNIQUE,
    kind           TEXT NOT NULL,               -- Studio, Instance
    instance_uid   TEXT,
    user_object_id TEXT NOT NULL,
    created_at     INTEGER NOT NULL,
    last_seen_at   INTEGER NOT NULL,
    parent_id      TEXT,
    grant_id       TEXT
);
CREATE INDEX sessions_by_parent ON sessions (parent_id) WHERE parent_id IS NOT NULL;
CREATE INDEX sessions_by_grant ON sessions (grant_id) WHERE grant_id IS NOT NULL;
CREATE INDEX sessions_by_user ON sessions (user_object_id);
CREATE INDEX sessions_by_instance ON sessions (instance_uid) WHERE instance_uid IS NOT NULL;

CREATE TABLE authorization_codes (
    hash           TEXT PRIMARY KEY,
    client_id      TEXT NOT NULL,
    redirect_uri   TEXT NOT NULL,
    challenge      TEXT NOT NULL,
    user_object_id TEXT NOT NULL,
    session_id     TEXT NOT NULL,
    scope          TEXT NOT NULL,
    nonce          TEXT,
    expires_at     INTEGER NOT NULL,
    used_at        INTEGER,
    replayed_at    INTEGER
);
CREATE INDEX authorization_codes_by_expiry ON authorization_codes (expires_at);

CREATE TABLE role_assignments (
    id                 TEXT PRIMARY KEY,
    scope_key          TEXT NOT NULL,
    scope              TEXT NOT NULL,
    principal_id       TEXT NOT NULL,
    role_definition_id TEXT NOT NULL,
    principal_type     TEXT NOT NULL,
    created_at         INTEGER NOT NULL,
    UNIQUE (principal_id, scope_key, role_definition_id)
);
