-- A person who got a password from somebody else may have to choose an own one before anything is signed in.
ALTER TABLE users ADD COLUMN must_change_password INTEGER NOT NULL DEFAULT 0;
