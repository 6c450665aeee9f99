-- Conversations, and what was said in each as a tree of turns.
--
-- Order is by "seq" and "touched", which only rise; "…_at" are wall-clock seconds, for showing alone.

CREATE TABLE conversations (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    title TEXT NOT NULL,
    settings_json TEXT NOT NULL,
    created_at REAL NOT NULL,
    updated_at REAL NOT NULL,
    touched INTEGER NOT NULL,
    pinned INTEGER NOT NULL DEFAULT 0,
    trashed_at REAL
) STRICT;

CREATE INDEX conversations_in_order ON conversations (pinned, touched);

-- No cascade along parent_id: a chain of 20,000 turns is deeper than SQLite lets actions recurse. The check
-- waits for the commit, so that a whole tree can be deleted in any order.
CREATE TABLE turns (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    conversation_id TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    parent_id TEXT REFERENCES turns (id) DEFERRABLE INITIALLY DEFERRED,
    role TEXT NOT NULL,
    body_json TEXT NOT NULL,
    text TEXT NOT NULL,
    state TEXT NOT NULL,
    meta_json TEXT NOT NULL,
    selected INTEGER NOT NULL DEFAULT 0,
    writer TEXT,
    created_at REAL NOT NULL
) STRICT;

-- The first also gives the order of seq, so that opening a long conversation sorts nothing.
CREATE INDEX turns_of_conversation ON turns (conversation_id);
CREATE INDEX turns_at_root ON turns (conversation_id) WHERE parent_id IS NULL;
CREATE INDEX turns_of_parent ON turns (parent_id);
CREATE INDEX turns_being_written ON turns (writer) WHERE state = 'streaming';
