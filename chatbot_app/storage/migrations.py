"""The schema, as an append-only list of steps: a released step never changes.

One file although it is long: how a table came to be what it is, is read from the top to the end, and nobody edits it.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import sqlite_utils

Migration = Callable[["sqlite_utils.Database"], None]

_SET_NAME = "chatbot"


def m001_conversations(database: sqlite_utils.Database) -> None:
    """Conversations as trees of messages, what was sent for each answer, servers, settings, full text."""
    database.executescript(
        """
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
        CREATE INDEX conversations_by_activity ON conversations(activity) WHERE deleted_at IS NULL;
        CREATE INDEX conversations_in_trash ON conversations(activity) WHERE deleted_at IS NOT NULL;
        CREATE INDEX conversations_by_leaf ON conversations(leaf_id);

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
        CREATE INDEX messages_by_conversation ON messages(conversation_id, sequence);
        CREATE INDEX messages_by_parent ON messages(parent_id, sequence);
        CREATE INDEX messages_streaming ON messages(status) WHERE status = 'streaming';

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

        -- A streamed text changes every second and is indexed once, when it has ended.
        CREATE VIEW settled_messages AS SELECT sequence, text FROM messages WHERE status <> 'streaming';
        CREATE VIRTUAL TABLE message_index USING fts5(
            text, content = 'settled_messages', content_rowid = 'sequence',
            tokenize = "unicode61 remove_diacritics 2"
        );
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

        CREATE VIRTUAL TABLE title_index USING fts5(
            title, content = 'conversations', content_rowid = 'number',
            tokenize = "unicode61 remove_diacritics 2"
        );
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
        """
    )


def m002_documents(database: sqlite_utils.Database) -> None:
    """Documents, their passages with full text and vectors, collections, the queue of imports."""
    database.executescript(
        """
        CREATE TABLE documents (
            number INTEGER PRIMARY KEY AUTOINCREMENT,
            id TEXT NOT NULL UNIQUE,
            title TEXT NOT NULL,
            path TEXT NOT NULL,
            media_type TEXT NOT NULL DEFAULT '',
            size INTEGER NOT NULL,
            sha256 TEXT NOT NULL,
            state TEXT NOT NULL CHECK (state IN ('importing', 'searchable', 'ready', 'failed')),
            imported_at TEXT NOT NULL,
            pages INTEGER NOT NULL DEFAULT 0,
            characters INTEGER NOT NULL DEFAULT 0,
            expected_passages INTEGER NOT NULL DEFAULT 0,
            previous_id TEXT,
            report TEXT,
            deleted_at TEXT
        );
        CREATE UNIQUE INDEX documents_by_bytes ON documents(sha256) WHERE deleted_at IS NULL;
        CREATE INDEX documents_by_path ON documents(path);

        CREATE TABLE document_texts (
            document_number INTEGER PRIMARY KEY REFERENCES documents(number) ON DELETE CASCADE,
            text BLOB NOT NULL  -- UTF-8, compressed by zlib
        );

        CREATE TABLE passages (
            id INTEGER PRIMARY KEY AUTOINCREMENT,  -- the row of the full-text index, never used twice
            document_number INTEGER NOT NULL REFERENCES documents(number) ON DELETE CASCADE,
            ordinal INTEGER NOT NULL,
            start_offset INTEGER NOT NULL,
            end_offset INTEGER NOT NULL,
            page INTEGER,
            heading_path TEXT NOT NULL DEFAULT '[]',
            context TEXT NOT NULL DEFAULT '',
            text TEXT NOT NULL,
            pairs TEXT NOT NULL DEFAULT '',  -- pairs of characters of scripts without spaces
            familiarity REAL NOT NULL DEFAULT 1.0,
            UNIQUE (document_number, ordinal)
        );

        -- Exactly the passages that can be found stand in the index: those of documents that are parsed and
        -- not in the trash. The store adds and removes them with the document's state, in one transaction.
        CREATE VIEW searchable_passages AS
            SELECT passages.id, passages.context, passages.text, passages.pairs
            FROM passages JOIN documents ON documents.number = passages.document_number
            WHERE documents.state IN ('searchable', 'ready') AND documents.deleted_at IS NULL;
        CREATE VIRTUAL TABLE passage_index USING fts5(
            context, text, pairs, content = 'searchable_passages', content_rowid = 'id',
            tokenize = "porter unicode61 remove_diacritics 2"
        );

        CREATE TABLE embedding_models (
            number INTEGER PRIMARY KEY,
            stamp TEXT NOT NULL UNIQUE,  -- model and dimension
            dimension INTEGER NOT NULL
        );
        CREATE TABLE vectors (
            id INTEGER PRIMARY KEY AUTOINCREMENT,  -- the order of arrival: what is new lies above the last seen
            model_number INTEGER NOT NULL REFERENCES embedding_models(number) ON DELETE CASCADE,
            passage_id INTEGER NOT NULL REFERENCES passages(id) ON DELETE CASCADE,
            vector BLOB NOT NULL  -- float32, little-endian, length 1
        );
        CREATE UNIQUE INDEX vectors_by_passage ON vectors(passage_id, model_number);
        CREATE INDEX vectors_by_model ON vectors(model_number);

        CREATE TABLE collections (
            id TEXT PRIMARY KEY,
            name TEXT NOT NULL UNIQUE
        );
        CREATE TABLE collection_documents (
            collection_id TEXT NOT NULL REFERENCES collections(id) ON DELETE CASCADE,
            document_number INTEGER NOT NULL REFERENCES documents(number) ON DELETE CASCADE,
            PRIMARY KEY (collection_id, document_number)
        ) WITHOUT ROWID;
        CREATE INDEX collections_by_document ON collection_documents(document_number);

        -- Counts every change of what can be found, so that searches know when to look again.
        CREATE TABLE library (generation INTEGER NOT NULL);
        INSERT INTO library VALUES (0);

        CREATE TABLE import_jobs (
            number INTEGER PRIMARY KEY AUTOINCREMENT,
            path TEXT NOT NULL,
            collection_id TEXT NOT NULL DEFAULT '',
            state TEXT NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'done', 'failed')),
            report TEXT
        );
        CREATE INDEX import_jobs_queued ON import_jobs(number) WHERE state = 'queued';
        """
    )


def m003_memory(database: sqlite_utils.Database) -> None:
    """Counts of tokens, summaries, vectors of exchanges, windows that a person named; watched folders."""
    database.executescript(
        """
        CREATE TABLE token_counts (
            tokenizer TEXT NOT NULL,  -- of which model, by which way of counting
            digest BLOB NOT NULL,  -- of the text
            tokens INTEGER NOT NULL,
            PRIMARY KEY (tokenizer, digest)
        ) WITHOUT ROWID;

        CREATE TABLE summaries (
            id TEXT PRIMARY KEY,
            conversation_id TEXT NOT NULL REFERENCES conversations(id) ON DELETE CASCADE,
            through_id TEXT NOT NULL REFERENCES messages(id) ON DELETE CASCADE,  -- the last message it covers
            text TEXT NOT NULL,
            model TEXT NOT NULL DEFAULT '',
            edited INTEGER NOT NULL DEFAULT 0,
            pinned INTEGER NOT NULL DEFAULT 0,
            created_at TEXT NOT NULL
        );
        CREATE UNIQUE INDEX summaries_by_message ON summaries(through_id);
        CREATE INDEX summaries_by_conversation ON summaries(conversation_id);

        CREATE TABLE exchange_vectors (
            question_id TEXT NOT NULL REFERENCES messages(id) ON DELETE CASCADE,  -- names the exchange
            model TEXT NOT NULL,  -- the stamp of the embedding model
            digest BLOB NOT NULL,  -- of the text that was embedded
            vector BLOB NOT NULL,  -- float32, little-endian, length 1
            PRIMARY KEY (question_id, model)
        ) WITHOUT ROWID;

        CREATE TABLE model_windows (
            server_id TEXT NOT NULL,
            model TEXT NOT NULL,
            tokens INTEGER NOT NULL,
            PRIMARY KEY (server_id, model)
        ) WITHOUT ROWID;

        CREATE TABLE watched_folders (
            path TEXT PRIMARY KEY,
            collection_id TEXT NOT NULL DEFAULT '',  -- "" for none
            added_at TEXT NOT NULL
        );
        CREATE TABLE watched_files (
            path TEXT PRIMARY KEY,
            folder TEXT NOT NULL REFERENCES watched_folders(path) ON DELETE CASCADE,
            size INTEGER NOT NULL,
            modified_ns INTEGER NOT NULL,
            device TEXT NOT NULL DEFAULT ''  -- the file system it was on: a drive that is away lost nothing
        );
        CREATE INDEX watched_files_by_size ON watched_files(size);
        CREATE INDEX watched_files_by_folder ON watched_files(folder);
        """
    )


def m004_plan_references(database: sqlite_utils.Database) -> None:
    """Plans name the messages that they hold instead of copying them; those that are kept are rewritten."""
    from chatbot_app.storage.old_plans import rewrite_plans

    database.executescript(
        """
        CREATE TABLE plan_parts (  -- a message as plans hold it: once, however many plans name it
            conversation_number INTEGER NOT NULL REFERENCES conversations(number) ON DELETE CASCADE,
            number INTEGER NOT NULL,  -- counts up within the conversation
            message_sequence INTEGER NOT NULL,
            role INTEGER NOT NULL,
            tokens INTEGER NOT NULL,
            digest BLOB NOT NULL,  -- of the text that was sent
            PRIMARY KEY (conversation_number, number)
        ) WITHOUT ROWID;
        CREATE TABLE plan_texts (  -- what plans hold and no message says, or none says any more
            conversation_number INTEGER NOT NULL REFERENCES conversations(number) ON DELETE CASCADE,
            digest BLOB NOT NULL,
            text BLOB NOT NULL,  -- UTF-8, compressed by zlib
            PRIMARY KEY (conversation_number, digest)
        ) WITHOUT ROWID;

        -- Counts the changes of messages that had ended: a path that was read before still holds where it is the
        -- same. Messages that are added, and answers that arrive, do not count.
        ALTER TABLE conversations ADD COLUMN revision INTEGER NOT NULL DEFAULT 0;
        CREATE TRIGGER messages_revised AFTER UPDATE ON messages WHEN old.status <> 'streaming' BEGIN
            UPDATE conversations SET revision = revision + 1 WHERE id = new.conversation_id;
        END;
        CREATE TRIGGER messages_removed AFTER DELETE ON messages BEGIN
            UPDATE conversations SET revision = revision + 1 WHERE id = old.conversation_id;
        END;
        """
    )
    rewrite_plans(database.conn)


def m005_documents_in_portions(database: sqlite_utils.Database) -> None:
    """Documents that are written and removed in portions; their texts in parts; a queue that is cleaned up."""
    database.executescript(
        """
        -- The first so many passages stand in the full-text index. What cannot be found has none there, what can be
        -- found has all; in between, a document is not found by its words.
        ALTER TABLE documents ADD COLUMN indexed_passages INTEGER NOT NULL DEFAULT 0;
        -- Nobody sees it any more, or yet: its rows are removed in portions, or it is being written by an import.
        ALTER TABLE documents ADD COLUMN is_discarded INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE documents ADD COLUMN staged_by TEXT;  -- the import that writes it; names its lock file
        ALTER TABLE documents ADD COLUMN words_only INTEGER NOT NULL DEFAULT 0;  -- vectors wait for the person's word
        UPDATE documents SET expected_passages =
            (SELECT count(*) FROM passages WHERE document_number = documents.number);
        UPDATE documents SET indexed_passages = expected_passages
            WHERE state IN ('searchable', 'ready') AND deleted_at IS NULL;
        CREATE INDEX documents_unsettled ON documents(number) WHERE is_discarded OR indexed_passages <>
            CASE WHEN state IN ('searchable', 'ready') AND deleted_at IS NULL THEN expected_passages ELSE 0 END;

        DROP VIEW searchable_passages;
        CREATE VIEW searchable_passages AS
            SELECT passages.id, passages.context, passages.text, passages.pairs
            FROM passages JOIN documents ON documents.number = passages.document_number
            WHERE passages.ordinal < documents.indexed_passages;
        -- By itself the index merges its parts in pieces that take up to a tenth of a second: that is left for what
        -- nobody merges in short transactions (see storage/passage_index.py).
        INSERT INTO passage_index (passage_index, rank) VALUES ('automerge', 8);

        CREATE TABLE document_text_parts (
            id INTEGER PRIMARY KEY,
            document_number INTEGER NOT NULL REFERENCES documents(number) ON DELETE CASCADE,
            start_offset INTEGER NOT NULL,  -- of its first character in the whole text
            text BLOB NOT NULL,  -- UTF-8, compressed by zlib
            UNIQUE (document_number, start_offset)
        );
        INSERT INTO document_text_parts (document_number, start_offset, text)
            SELECT document_number, 0, text FROM document_texts;
        DROP TABLE document_texts;

        CREATE TABLE document_copies (
            document_id TEXT NOT NULL,
            path TEXT NOT NULL,  -- of a file with the same bytes
            PRIMARY KEY (document_id, path)
        ) WITHOUT ROWID;
        INSERT OR IGNORE INTO document_copies
            SELECT documents.id, import_jobs.path FROM import_jobs
            JOIN documents ON documents.id =
                CASE WHEN json_valid(import_jobs.report) THEN json_extract(import_jobs.report, '$.document_id') END
            WHERE import_jobs.path <> documents.path;
        DELETE FROM import_jobs WHERE state = 'done';
        DELETE FROM import_jobs WHERE state = 'failed' AND number NOT IN
            (SELECT max(number) FROM import_jobs WHERE state = 'failed' GROUP BY path);
        DELETE FROM import_jobs WHERE state = 'failed' AND
            CASE WHEN json_valid(report) THEN json_extract(report, '$.document_id') END IN (SELECT id FROM documents);
        CREATE INDEX import_jobs_by_path ON import_jobs(path);
        """
    )


def m006_trash(database: sqlite_utils.Database) -> None:
    """How long things lay in the trash, and what was purged and may still be in free pages or backups."""
    database.executescript(
        """
        -- One row: the time that was believed so far, see storage/trash_clock.py.
        CREATE TABLE trash_clock (
            looked_at TEXT NOT NULL,
            trusted REAL NOT NULL,  -- seconds
            doubted REAL NOT NULL,  -- seconds
            doubted_from REAL NOT NULL  -- seconds of trusted time
        );
        CREATE TABLE trash_entries (
            kind TEXT NOT NULL,  -- 'conversation' or 'document'
            item_id TEXT NOT NULL,
            deleted_at TEXT NOT NULL,  -- another one: it was brought back and deleted again
            entered REAL NOT NULL,  -- seconds of trusted time
            PRIMARY KEY (kind, item_id)
        ) WITHOUT ROWID;

        -- What is gone from the tables; a row goes when it is gone from every byte of file and backups.
        CREATE TABLE purges (
            kind TEXT NOT NULL,
            item_id TEXT NOT NULL,
            PRIMARY KEY (kind, item_id)
        ) WITHOUT ROWID;
        """
    )


def m007_document_fields(database: sqlite_utils.Database) -> None:
    """What tells documents apart that resemble each other: company, kind, period and date."""
    database.executescript(
        """
        CREATE TABLE document_fields (
            document_id TEXT PRIMARY KEY,
            reader INTEGER NOT NULL DEFAULT -1,  -- version of what has read them; -1: nothing has
            company TEXT NOT NULL DEFAULT '',
            kind TEXT NOT NULL DEFAULT '',
            period TEXT NOT NULL DEFAULT '',
            date TEXT NOT NULL DEFAULT '',
            aliases TEXT NOT NULL DEFAULT '[]',
            corrected_company TEXT,  -- by a person; NULL: as it was read
            corrected_kind TEXT,
            corrected_period TEXT,
            corrected_date TEXT
        ) WITHOUT ROWID;
        ALTER TABLE library ADD COLUMN fields_generation INTEGER NOT NULL DEFAULT 0;
        """
    )


def m008_readings(database: sqlite_utils.Database) -> None:
    """How documents were read: those that an older reader has read are read again."""
    database.executescript(
        """
        ALTER TABLE documents ADD COLUMN reading INTEGER NOT NULL DEFAULT 0;  -- version of the reader
        -- In these nothing is read otherwise than before.
        UPDATE documents SET reading = 1 WHERE media_type IN ('text/plain', 'text/x-source', 'application/x-ipynb+json');
        """
    )


def m009_vector_blocks(database: sqlite_utils.Database) -> None:
    """The vectors of large libraries once more, in short form and in blocks, so that they are read quickly at a start."""
    database.executescript(
        """
        -- Made of the vectors, see storage/vector_blocks.py; what is missing is read from the vectors themselves.
        CREATE TABLE vector_blocks (
            id INTEGER PRIMARY KEY,
            model_number INTEGER NOT NULL REFERENCES embedding_models(number) ON DELETE CASCADE,
            block INTEGER NOT NULL,  -- vectors.id divided by the rows of a block
            places BLOB NOT NULL,  -- uint16: id of each vector within the block
            passages BLOB NOT NULL,  -- int64: passages.id
            documents BLOB NOT NULL,  -- int64: documents.number
            scales BLOB NOT NULL,  -- float32
            codes BLOB NOT NULL,  -- int8: a number of the vector divided by its scale
            UNIQUE (model_number, block)
        );
        -- A vector that is gone leaves nothing of it in a block.
        CREATE TRIGGER vectors_gone AFTER DELETE ON vectors BEGIN
            DELETE FROM vector_blocks WHERE model_number = old.model_number AND block = old.id / 2048;
        END;
        CREATE TRIGGER vectors_changed AFTER UPDATE ON vectors BEGIN
            DELETE FROM vector_blocks WHERE block IN (old.id / 2048, new.id / 2048);
        END;
        """
    )


def m010_local_models(database: sqlite_utils.Database) -> None:
    """Models of this computer; the file that the built-in server was given becomes one of them, and the default."""
    database.executescript(
        """
        CREATE TABLE local_models (
            id TEXT PRIMARY KEY,
            name TEXT NOT NULL UNIQUE COLLATE NOCASE,
            former_names TEXT NOT NULL DEFAULT '[]',  -- conversations name a model as it was called
            path TEXT NOT NULL DEFAULT '',  -- of its first file; '' for the one that ships
            facts TEXT NOT NULL DEFAULT '{}',
            settings TEXT NOT NULL DEFAULT '{}',
            origin TEXT NOT NULL DEFAULT '{}',
            tokens_per_second REAL,
            last_used TEXT,
            position INTEGER NOT NULL
        ) WITHOUT ROWID;
        """
    )
    chosen = database.execute(
        "SELECT model_path FROM servers WHERE id = 'built-in' AND typeof(model_path) = 'text' AND model_path <> ''"
    ).fetchone()
    if chosen is None:
        return
    name = re.split(r"[/\\]", chosen[0])[-1].removesuffix(".gguf") or "Model"
    database.execute(
        "INSERT INTO local_models (id, name, path, position) VALUES ('file-of-built-in', ?, ?, 1)",
        [name, chosen[0]],
    )
    database.execute(
        "INSERT OR REPLACE INTO settings (key, value) VALUES ('models.default', '\"file-of-built-in\"')"
    )
    database.execute("UPDATE servers SET model_path = '' WHERE id = 'built-in'")


def m011_conversation_order(database: sqlite_utils.Database) -> None:
    """Folders and tags of conversations; pinned and archived ones."""
    database.executescript(
        """
        CREATE TABLE folders (
            id TEXT PRIMARY KEY,
            name TEXT NOT NULL UNIQUE COLLATE NOCASE,
            settings TEXT NOT NULL DEFAULT '{}',  -- of conversations that begin in it; '{}' for none of its own
            is_folded INTEGER NOT NULL DEFAULT 0,
            position INTEGER NOT NULL
        ) WITHOUT ROWID;
        ALTER TABLE conversations ADD COLUMN folder_id TEXT REFERENCES folders(id) ON DELETE SET NULL;
        ALTER TABLE conversations ADD COLUMN pinned INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE conversations ADD COLUMN archived INTEGER NOT NULL DEFAULT 0;
        CREATE INDEX conversations_by_folder ON conversations(folder_id) WHERE folder_id IS NOT NULL;
        CREATE TABLE conversation_tags (
            conversation_id TEXT NOT NULL REFERENCES conversations(id) ON DELETE CASCADE,
            tag TEXT NOT NULL COLLATE NOCASE,
            PRIMARY KEY (conversation_id, tag)
        ) WITHOUT ROWID;
        CREATE INDEX conversations_by_tag ON conversation_tags(tag);
        CREATE INDEX messages_by_model ON messages(model, conversation_id) WHERE model IS NOT NULL;
        CREATE INDEX messages_with_code ON messages(conversation_id) WHERE instr(text, '```');
        CREATE INDEX messages_with_sources ON messages(conversation_id)
            WHERE instr(metadata, '"sources":[{') OR instr(metadata, '"quotes":[{');
        """
    )


def m012_prompts(database: sqlite_utils.Database) -> None:
    """Prompts that the person keeps."""
    database.executescript(
        """
        CREATE TABLE prompts (
            id TEXT PRIMARY KEY,
            name TEXT NOT NULL UNIQUE COLLATE NOCASE,
            text TEXT NOT NULL,
            examples TEXT NOT NULL DEFAULT '[]',  -- JSON: [{"input": …, "output": …}]
            step_by_step INTEGER NOT NULL DEFAULT 0
        ) WITHOUT ROWID;
        """
    )


def m013_temporary_stay_out(database: sqlite_utils.Database) -> None:
    """No temporary conversation gets into the file, whatever code tries to write it."""
    database.executescript(
        """
        CREATE TRIGGER temporary_conversations_stay_out BEFORE INSERT ON conversations
        WHEN new.id GLOB 'temporary-*' BEGIN
            SELECT raise(ABORT, 'a temporary conversation is never written');
        END;
        CREATE TRIGGER temporary_messages_stay_out BEFORE INSERT ON messages
        WHEN new.id GLOB 'temporary-*' OR new.conversation_id GLOB 'temporary-*' BEGIN
            SELECT raise(ABORT, 'a temporary conversation is never written');
        END;
        """
    )


def m014_characters(database: sqlite_utils.Database) -> None:
    """Characters that the person keeps."""
    database.executescript(
        """
        CREATE TABLE characters (
            id TEXT PRIMARY KEY,
            name TEXT NOT NULL UNIQUE COLLATE NOCASE,
            description TEXT NOT NULL DEFAULT '',
            settings TEXT NOT NULL DEFAULT '{}',  -- JSON, as those of conversations
            examples TEXT NOT NULL DEFAULT '[]'  -- JSON: [{"input": …, "output": …}]
        ) WITHOUT ROWID;
        """
    )


def m015_made_data(database: sqlite_utils.Database) -> None:
    """Data sets that a model makes of documents: a task for each passage, and the rows that came of it."""
    database.executescript(
        """
        CREATE TABLE data_jobs (
            id TEXT PRIMARY KEY,
            wish TEXT NOT NULL,  -- JSON: what is to be made
            created_at TEXT NOT NULL,
            is_whole INTEGER NOT NULL DEFAULT 0  -- its passages are chosen
        ) WITHOUT ROWID;
        -- What goes with a document goes for good with it: passages cascade.
        CREATE TABLE data_tasks (
            number INTEGER PRIMARY KEY AUTOINCREMENT,
            job_id TEXT NOT NULL REFERENCES data_jobs(id) ON DELETE CASCADE,
            passage_id INTEGER NOT NULL REFERENCES passages(id) ON DELETE CASCADE,
            state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'done', 'failed')),
            reason TEXT NOT NULL DEFAULT '',
            UNIQUE (job_id, passage_id)
        );
        CREATE INDEX data_tasks_by_passage ON data_tasks(passage_id);
        CREATE INDEX data_tasks_waiting ON data_tasks(job_id, number) WHERE state = 'waiting';
        CREATE TABLE data_rows (
            number INTEGER PRIMARY KEY AUTOINCREMENT,
            task_number INTEGER NOT NULL REFERENCES data_tasks(number) ON DELETE CASCADE,
            prompt TEXT NOT NULL,
            completion TEXT NOT NULL,
            rejected TEXT NOT NULL DEFAULT '',
            verdict TEXT NOT NULL DEFAULT '',
            reason TEXT NOT NULL DEFAULT '',
            accepted INTEGER NOT NULL DEFAULT 0,
            edited INTEGER NOT NULL DEFAULT 0,
            decided INTEGER NOT NULL DEFAULT 0,  -- by the person
            details TEXT NOT NULL DEFAULT '{}'  -- JSON: model, version of the prompt, principle, judgement
        );
        CREATE INDEX data_rows_by_task ON data_rows(task_number);
        """
    )


def m016_message_pictures(database: sqlite_utils.Database) -> None:
    """Pictures that came with messages; their names stand in the metadata of the message."""
    database.executescript(
        """
        CREATE TABLE message_pictures (
            message_id TEXT NOT NULL REFERENCES messages(id) ON DELETE CASCADE,
            ordinal INTEGER NOT NULL,  -- from 0
            media_type TEXT NOT NULL,
            width INTEGER NOT NULL,  -- pixels
            height INTEGER NOT NULL,
            data BLOB NOT NULL,
            UNIQUE (message_id, ordinal)
        );
        """
    )


def m017_documents_of_kept_settings(database: sqlite_utils.Database) -> None:
    """Characters and folders that name no documents go on using all of them.

    Until then a conversation that began with their settings used all documents, whatever these said.
    """
    for table in ("characters", "folders"):
        database.execute(
            f"UPDATE {table} SET settings = json_set(settings, '$.collections', json('[]'))"
            " WHERE json_valid(settings) AND json_type(settings, '$.collections') = 'null'"
        )


# Append only. Each runs in one transaction together with the record that it ran.
MIGRATIONS: tuple[Migration, ...] = (
    m001_conversations,
    m002_documents,
    m003_memory,
    m004_plan_references,
    m005_documents_in_portions,
    m006_trash,
    m007_document_fields,
    m008_readings,
    m009_vector_blocks,
    m010_local_models,
    m011_conversation_order,
    m012_prompts,
    m013_temporary_stay_out,
    m014_characters,
    m015_made_data,
    m016_message_pictures,
    m017_documents_of_kept_settings,
)


def migration_names(migrations: Sequence[Migration] = MIGRATIONS) -> tuple[str, ...]:
    """Return the names under which the steps are recorded."""
    return tuple(_name(migration) for migration in migrations)


def applied_migrations(connection: sqlite3.Connection) -> tuple[str, ...]:
    """Return the names of the steps that the file has taken, in order; empty for a new file."""
    found = connection.execute("SELECT 1 FROM sqlite_master WHERE name = '_sqlite_migrations'").fetchone()
    if found is None:
        return ()
    rows = connection.execute(
        "SELECT name FROM _sqlite_migrations WHERE migration_set = ? ORDER BY id", [_SET_NAME]
    )
    return tuple(row[0] for row in rows)


def apply_migrations(connection: sqlite3.Connection, migrations: Sequence[Migration] = MIGRATIONS) -> None:
    """Take every step that the file has not taken; an error undoes the step it came from.

    Raises sqlite3.Error.
    """
    # sqlite-utils imports numpy: 0.2 s that only a launch with something to migrate pays.
    import sqlite_utils

    class Database(sqlite_utils.Database):
        def executescript(self, sql: str) -> sqlite3.Cursor:
            return _run_script(connection, sql)

    database = Database(connection, recursive_triggers=False, execute_plugins=False)
    steps: Any = sqlite_utils.Migrations(_SET_NAME)
    for migration in migrations:
        steps(name=_name(migration))(migration)
    with database.atomic():  # the table and its index together, or neither
        steps.ensure_migrations_table(database)
    steps.apply(database)


def _run_script(connection: sqlite3.Connection, script: str) -> sqlite3.Cursor:
    """Run each statement, within the transaction that is open.

    sqlite3's `executescript` commits it first; sqlite-utils' looks at the whole statement after each character, which
    was nearly all the time that a new file took.
    """
    cursor = connection.cursor()
    statement = ""
    for part in re.split("(?<=;)", script):
        statement += part
        if sqlite3.complete_statement(statement):
            cursor.execute(statement)
            statement = ""
    if statement.strip():
        cursor.execute(statement)
    return cursor


def _name(migration: Migration) -> str:
    return str(getattr(migration, "__name__", ""))
