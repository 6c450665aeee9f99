-- Requests and responses as the inspector shows them; they go when their turn goes.

CREATE TABLE exchanges (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    turn_id TEXT REFERENCES turns (id) ON DELETE CASCADE,
    json TEXT NOT NULL,
    size INTEGER NOT NULL,
    created_at REAL NOT NULL
) STRICT;

CREATE INDEX exchanges_of_turn ON exchanges (turn_id);
