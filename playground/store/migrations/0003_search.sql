-- Full-text search over titles and over turns that are no longer growing (indexing each piece of an answer
-- would cost more than the answer). The index holds no copy of the text.

CREATE VIEW indexed_turns AS SELECT seq, text FROM turns WHERE state <> 'streaming';

CREATE VIRTUAL TABLE turn_index USING fts5 (
    text, content = 'indexed_turns', content_rowid = 'seq', tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3'
);

CREATE VIRTUAL TABLE title_index USING fts5 (
    title, content = 'conversations', content_rowid = 'seq', tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3'
);

CREATE TRIGGER turn_added AFTER INSERT ON turns WHEN new.state <> 'streaming' BEGIN
    INSERT INTO turn_index (rowid, text) VALUES (new.seq, new.text);
END;

CREATE TRIGGER turn_deleted AFTER DELETE ON turns WHEN old.state <> 'streaming' BEGIN
    INSERT INTO turn_index (turn_index, rowid, text) VALUES ('delete', old.seq, old.text);
END;

CREATE TRIGGER turn_settled AFTER UPDATE OF text, state ON turns
WHEN old.state = 'streaming' AND new.state <> 'streaming' BEGIN
    INSERT INTO turn_index (rowid, text) VALUES (new.seq, new.text);
END;

CREATE TRIGGER turn_reopened AFTER UPDATE OF text, state ON turns
WHEN old.state <> 'streaming' AND new.state = 'streaming' BEGIN
    INSERT INTO turn_index (turn_index, rowid, text) VALUES ('delete', old.seq, old.text);
END;

CREATE TRIGGER turn_changed AFTER UPDATE OF text, state ON turns
WHEN old.state <> 'streaming' AND new.state <> 'streaming' AND old.text <> new.text BEGIN
    INSERT INTO turn_index (turn_index, rowid, text) VALUES ('delete', old.seq, old.text);
    INSERT INTO turn_index (rowid, text) VALUES (new.seq, new.text);
END;

CREATE TRIGGER title_added AFTER INSERT ON conversations BEGIN
    INSERT INTO title_index (rowid, title) VALUES (new.seq, new.title);
END;

CREATE TRIGGER title_deleted AFTER DELETE ON conversations BEGIN
    INSERT INTO title_index (title_index, rowid, title) VALUES ('delete', old.seq, old.title);
END;

CREATE TRIGGER title_changed AFTER UPDATE OF title ON conversations WHEN old.title <> new.title BEGIN
    INSERT INTO title_index (title_index, rowid, title) VALUES ('delete', old.seq, old.title);
    INSERT INTO title_index (rowid, title) VALUES (new.seq, new.title);
END;

INSERT INTO turn_index (turn_index) VALUES ('rebuild');
INSERT INTO title_index (title_index) VALUES ('rebuild');
