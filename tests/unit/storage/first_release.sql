-- The store as the first release leaves it (support.dump_release). It never changes: m001 is released.
CREATE TABLE "_sqlite_migrations" (
   "id" INTEGER PRIMARY KEY,
   "migration_set" TEXT,
   "name" TEXT,
   "applied_at" TEXT
);
CREATE TABLE conversations (
            number INTEGER PRIMARY KEY AUTOINCREMENT,  -- the row of the full-text index
            id TEXT NOT NULL UNIQUE,
            title TEXT NOT NULL DEFAULT '',
            title_is_automatic INTEGER NOT NULL DEFAULT 1,
            settings TEXT NOT NULL DEFAULT '{}',
            leaf_id TEXT REFERENCES messages(id) DEFERRABLE INITIALLY DEFERRED,
            created_at TEXT NOT NULL,
            updated_at TEXT NOT NULL,
            activity INTEGER NOT NULL,  -- orders the list; a counter, because clocks are set back
            deleted_at TEXT
        );
CREATE TABLE messages (
            sequence INTEGER PRIMARY KEY AUTOINCREMENT,  -- the order of sending, never used twice
            id TEXT NOT NULL UNIQUE,
            conversation_id TEXT NOT NULL REFERENCES conversations(id) DEFERRABLE INITIALLY DEFERRED,
            parent_id TEXT REFERENCES messages(id) DEFERRABLE INITIALLY DEFERRED,
            role TEXT NOT NULL CHECK (role IN ('system', 'user', 'assistant')),
            text TEXT NOT NULL DEFAULT '',
            reasoning TEXT NOT NULL DEFAULT '',
            status TEXT NOT NULL
                CHECK (status IN ('streaming', 'complete', 'stopped', 'failed', 'interrupted')),
            created_at TEXT NOT NULL,
            server_id TEXT,
            model TEXT,
            settings TEXT,
            usage TEXT,
            timings TEXT,
            finish_reason TEXT,
            notices TEXT NOT NULL DEFAULT '[]',
            pinned INTEGER NOT NULL DEFAULT 0,
            excluded INTEGER NOT NULL DEFAULT 0,
            metadata TEXT NOT NULL DEFAULT '{}'
        );
CREATE TABLE prompt_plans (
            message_id TEXT PRIMARY KEY REFERENCES messages(id) ON DELETE CASCADE,
            plan BLOB NOT NULL  -- JSON, compressed by zlib
        ) WITHOUT ROWID;
CREATE TABLE servers (
            id TEXT PRIMARY KEY,
            name TEXT NOT NULL,
            base_url TEXT NOT NULL,
            kind TEXT NOT NULL,
            default_model TEXT NOT NULL DEFAULT '',
            model_path TEXT NOT NULL DEFAULT '',
            has_key INTEGER NOT NULL DEFAULT 0,
            traits TEXT NOT NULL DEFAULT '{}',
            position INTEGER NOT NULL
        );
CREATE TABLE presets (
            name TEXT PRIMARY KEY,
            parameters TEXT NOT NULL,
            position INTEGER NOT NULL
        );
CREATE TABLE settings (
            key TEXT PRIMARY KEY,
            value TEXT NOT NULL
        ) WITHOUT ROWID;
CREATE VIRTUAL TABLE message_index USING fts5(
            text, content = 'settled_messages', content_rowid = 'sequence',
            tokenize = "unicode61 remove_diacritics 2"
        );
CREATE VIRTUAL TABLE title_index USING fts5(
            title, content = 'conversations', content_rowid = 'number',
            tokenize = "unicode61 remove_diacritics 2"
        );
CREATE VIEW settled_messages AS SELECT sequence, text FROM messages WHERE status <> 'streaming';
CREATE UNIQUE INDEX "idx__sqlite_migrations_migration_set_name"
    ON "_sqlite_migrations" ("migration_set", "name");
CREATE INDEX conversations_by_activity ON conversations(activity) WHERE deleted_at IS NULL;
CREATE INDEX conversations_in_trash ON conversations(activity) WHERE deleted_at IS NOT NULL;
CREATE INDEX conversations_by_leaf ON conversations(leaf_id);
CREATE INDEX messages_by_conversation ON messages(conversation_id, sequence);
CREATE INDEX messages_by_parent ON messages(parent_id, sequence);
CREATE INDEX messages_streaming ON messages(status) WHERE status = 'streaming';
CREATE TRIGGER messages_inserted AFTER INSERT ON messages WHEN new.status <> 'streaming' BEGIN
            INSERT INTO message_index (rowid, text) VALUES (new.sequence, new.text);
        END;
CREATE TRIGGER messages_deleted AFTER DELETE ON messages WHEN old.status <> 'streaming' BEGIN
            INSERT INTO message_index (message_index, rowid, text)
                VALUES ('delete', old.sequence, old.text);
        END;
CREATE TRIGGER messages_unsettled AFTER UPDATE OF text, status ON messages
        WHEN old.status <> 'streaming' BEGIN
            INSERT INTO message_index (message_index, rowid, text)
                VALUES ('delete', old.sequence, old.text);
            INSERT INTO message_index (rowid, text)
                SELECT new.sequence, new.text WHERE new.status <> 'streaming';
        END;
CREATE TRIGGER messages_settled AFTER UPDATE OF text, status ON messages
        WHEN old.status = 'streaming' AND new.status <> 'streaming' BEGIN
            INSERT INTO message_index (rowid, text) VALUES (new.sequence, new.text);
        END;
CREATE TRIGGER conversations_inserted AFTER INSERT ON conversations BEGIN
            INSERT INTO title_index (rowid, title) VALUES (new.number, new.title);
        END;
CREATE TRIGGER conversations_deleted AFTER DELETE ON conversations BEGIN
            INSERT INTO title_index (title_index, rowid, title) VALUES ('delete', old.number, old.title);
        END;
CREATE TRIGGER conversations_renamed AFTER UPDATE OF title ON conversations BEGIN
            INSERT INTO title_index (title_index, rowid, title) VALUES ('delete', old.number, old.title);
            INSERT INTO title_index (rowid, title) VALUES (new.number, new.title);
        END;
INSERT INTO conversations VALUES (1, 'id-1', 'First questions', 0, '{"server_id":null,"model":null,"temperature":0.2,"max_tokens":null,"top_p":null,"top_k":null,"min_p":null,"frequency_penalty":null,"presence_penalty":null,"seed":null,"stop":[],"system_prompt":"You are a helpful assistant.","think_step_by_step":false}', 'id-3', '2026-03-01T12:00:01.000+00:00', '2026-03-01T12:00:08.000+00:00', 3, NULL);
INSERT INTO conversations VALUES (2, 'id-5', 'thrown away', 1, '{"server_id":null,"model":null,"temperature":null,"max_tokens":null,"top_p":null,"top_k":null,"min_p":null,"frequency_penalty":null,"presence_penalty":null,"seed":null,"stop":[],"system_prompt":"You are a helpful assistant.","think_step_by_step":false}', 'id-7', '2026-03-01T12:00:09.000+00:00', '2026-03-01T12:00:14.000+00:00', 5, '2026-03-01T12:00:13.000+00:00');
INSERT INTO messages VALUES (1, 'id-2', 'id-1', NULL, 'user', 'What is Ökonomie?', '', 'complete', '2026-03-01T12:00:02.000+00:00', NULL, NULL, NULL, NULL, NULL, NULL, '[]', 0, 0, '{}');
INSERT INTO messages VALUES (2, 'id-3', 'id-1', 'id-2', 'assistant', 'An answer about 经济.', '', 'complete', '2026-03-01T12:00:03.000+00:00', NULL, NULL, NULL, NULL, NULL, 'stop', '[]', 0, 0, '{}');
INSERT INTO messages VALUES (3, 'id-4', 'id-1', 'id-2', 'assistant', 'half', '', 'interrupted', '2026-03-01T12:00:06.000+00:00', NULL, NULL, NULL, NULL, NULL, NULL, '[]', 0, 0, '{}');
INSERT INTO messages VALUES (4, 'id-6', 'id-5', NULL, 'user', 'thrown away', '', 'complete', '2026-03-01T12:00:10.000+00:00', NULL, NULL, NULL, NULL, NULL, NULL, '[]', 0, 0, '{}');
INSERT INTO messages VALUES (5, 'id-7', 'id-5', 'id-6', 'assistant', 'yes', '', 'complete', '2026-03-01T12:00:11.000+00:00', NULL, NULL, NULL, NULL, NULL, 'stop', '[]', 0, 0, '{}');
INSERT INTO prompt_plans VALUES ('id-3', X'789C558EB10EC2300C44FFC5738676CDAF201445E901514352ECA42DAAFAEF38120C6CBEF3DDB30FDA629ECA46761C06F3154E4AE300B24486184B7A3B868057F498A1B2821FF093AB654616B2EAFDC6D110761F2AD99B4F02438BE7AAFEE5A059E1CA7C35488D25777649FD4A53B6AA8ABDF63DFDD1620EA94DD066E586FE8F172D5BCAD814A4E12744FC1D2E6A26B794CEEBF901687E4886');
INSERT INTO servers VALUES ('local', 'Local', 'http://localhost:1234/v1', 'lm-studio', '', '', 1, '{}', 1);
INSERT INTO settings VALUES ('ui.theme', '"dark"');
INSERT INTO _sqlite_migrations VALUES (1, 'chatbot', 'm001_conversations', '2026-11-23 18:20:25.349578+00:00');
