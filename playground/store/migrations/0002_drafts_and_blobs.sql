-- What is typed but not sent, and which turn shows which content file.

CREATE TABLE drafts (
    key TEXT PRIMARY KEY,
    json TEXT NOT NULL,
    saved_at REAL NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE blobs (
    hash TEXT PRIMARY KEY,
    size INTEGER NOT NULL,
    media_type TEXT NOT NULL,
    created_at REAL NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE blob_uses (
    turn_id TEXT NOT NULL REFERENCES turns (id) ON DELETE CASCADE,
    hash TEXT NOT NULL REFERENCES blobs (hash),
    PRIMARY KEY (turn_id, hash)
) STRICT, WITHOUT ROWID;

CREATE INDEX blob_uses_by_hash ON blob_uses (hash);
