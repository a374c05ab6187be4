-- +goose Up

-- Times are nanoseconds since 1970, 0 for none. Small columns stand before
-- large ones, so that looking at rows does not read texts and files.

-- Accepted requests: see package work.
CREATE TABLE work (
    id        INTEGER PRIMARY KEY,
    key       TEXT    NOT NULL UNIQUE,
    lane      TEXT    NOT NULL,
    workspace TEXT    NOT NULL,
    state     INTEGER NOT NULL DEFAULT 0, -- 0 waiting, 1 leased, 2 finished
    accepted  INTEGER NOT NULL,
    until     INTEGER NOT NULL,
    due       INTEGER NOT NULL DEFAULT 0, -- waiting: from then on; leased: the end of the lease; finished: when
    attempt   INTEGER NOT NULL DEFAULT 0,
    owner     TEXT    NOT NULL DEFAULT '',
    outcome   TEXT    NOT NULL DEFAULT '',
    note      TEXT    NOT NULL DEFAULT '',
    progress  BLOB,
    payload   BLOB
);
CREATE INDEX work_open ON work (lane, accepted, key) WHERE state < 2;
CREATE INDEX work_over ON work (due) WHERE state = 2;

-- Articles that were asked about: see chat.Recent. One row serves the asker
-- (mine) and the thread (shown).
CREATE TABLE recent (
    id             INTEGER PRIMARY KEY AUTOINCREMENT,
    platform       TEXT    NOT NULL,
    workspace      TEXT    NOT NULL,
    channel        TEXT    NOT NULL,
    thread         TEXT    NOT NULL,
    member         TEXT    NOT NULL,
    mine           INTEGER NOT NULL,
    shown          INTEGER NOT NULL,
    handle         TEXT    NOT NULL,
    private        INTEGER NOT NULL,
    at             INTEGER NOT NULL,
    until          INTEGER NOT NULL,
    size           INTEGER NOT NULL,
    name           TEXT    NOT NULL,
    link           TEXT    NOT NULL,
    file           TEXT    NOT NULL,
    content_type   TEXT    NOT NULL,
    title          TEXT    NOT NULL,
    date           BLOB,
    url            TEXT    NOT NULL,
    verbatim       INTEGER NOT NULL,
    source_private INTEGER NOT NULL,
    data           BLOB
);
CREATE INDEX recent_member ON recent (platform, workspace, member, channel);
CREATE INDEX recent_thread ON recent (platform, workspace, channel, thread) WHERE shown = 1;
CREATE INDEX recent_until ON recent (until);
CREATE INDEX recent_age ON recent (at, size);
CREATE INDEX recent_gone ON recent (id) WHERE mine = 0 AND shown = 0;

CREATE TABLE settings (
    platform  TEXT NOT NULL,
    workspace TEXT NOT NULL,
    data      BLOB NOT NULL,
    PRIMARY KEY (platform, workspace)
);

CREATE TABLE feedback (
    id        INTEGER PRIMARY KEY,
    at        INTEGER NOT NULL,
    platform  TEXT    NOT NULL,
    workspace TEXT    NOT NULL,
    channel   TEXT    NOT NULL,
    member    TEXT    NOT NULL,
    article   TEXT    NOT NULL,
    item      TEXT    NOT NULL,
    reason    TEXT    NOT NULL,
    words     TEXT    NOT NULL,
    engine    TEXT    NOT NULL
);
CREATE INDEX feedback_at ON feedback (at);

-- What the bot notes for itself.
CREATE TABLE notes (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
);

-- +goose Down
DROP TABLE notes;
DROP TABLE feedback;
DROP TABLE settings;
DROP TABLE recent;
DROP TABLE work;
