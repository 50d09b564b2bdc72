-- User-assigned identities, made when an instance first names one (contract 9.3); the same id is the same identity everywhere and for good.
CREATE TABLE user_identities (
    key          TEXT PRIMARY KEY,             -- lower-case resource id
    resource_id  TEXT NOT NULL,                -- as first spelled
    principal_id TEXT NOT NULL UNIQUE,
    client_id    TEXT NOT NULL UNIQUE,
    created_at   INTEGER NOT NULL
);
