-- Custom roles; and of an assignment, who gave it and why. What is identified ignoring case has a *_key column.

CREATE TABLE role_definitions (
    id          TEXT PRIMARY KEY,
    name_key    TEXT NOT NULL UNIQUE,          -- lower case: names are unique in the tenant
    role_name   TEXT NOT NULL,
    description TEXT NOT NULL,
    permissions TEXT NOT NULL,                 -- JSON
    scopes      TEXT NOT NULL,                 -- JSON list of assignable scopes
    created_by  TEXT NOT NULL,
    created_at  INTEGER NOT NULL,
    updated_by  TEXT NOT NULL,
    updated_at  INTEGER NOT NULL
);

ALTER TABLE role_assignments ADD COLUMN description TEXT;
ALTER TABLE role_assignments ADD COLUMN created_by TEXT;   -- null for those of the first start
CREATE INDEX role_assignments_by_scope ON role_assignments (scope_key);
CREATE INDEX role_assignments_by_role ON role_assignments (role_definition_id);
