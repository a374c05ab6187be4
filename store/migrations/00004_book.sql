-- +goose Up

-- The quote book: see package book. A shelf is a workspace, or what is private
-- of one person in one channel.
CREATE TABLE book_shelves (
    id        INTEGER PRIMARY KEY,
    platform  TEXT    NOT NULL,
    workspace TEXT    NOT NULL,
    member    TEXT    NOT NULL,
    channel   TEXT    NOT NULL,
    off       INTEGER NOT NULL DEFAULT 0, -- nothing is remembered
    keep      INTEGER NOT NULL DEFAULT 0, -- nanoseconds at most, 0 for ever
    UNIQUE (platform, workspace, member, channel)
);

CREATE TABLE book_articles (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    shelf     INTEGER NOT NULL,
    key       TEXT    NOT NULL,
    alias     TEXT    NOT NULL,
    day       INTEGER NOT NULL, -- since 1 January 1800
    until     INTEGER NOT NULL, -- 0 for ever
    published INTEGER NOT NULL,
    first     INTEGER NOT NULL,
    read      INTEGER NOT NULL,
    versions  INTEGER NOT NULL,
    url       TEXT    NOT NULL,
    title     TEXT    NOT NULL,
    outlet    TEXT    NOT NULL,
    sha256    TEXT    NOT NULL,
    engine    TEXT    NOT NULL,
    UNIQUE (shelf, key)
);
CREATE INDEX book_alias ON book_articles (shelf, alias);
CREATE INDEX book_until ON book_articles (until) WHERE until > 0;

-- Who asked about an article, once each.
CREATE TABLE book_askers (
    article INTEGER NOT NULL,
    member  TEXT    NOT NULL,
    PRIMARY KEY (article, member)
) WITHOUT ROWID;
CREATE INDEX book_member ON book_askers (member);

CREATE TABLE book_speakers (
    id    INTEGER PRIMARY KEY,
    shelf INTEGER NOT NULL,
    key   TEXT    NOT NULL,
    name  TEXT    NOT NULL,
    sort  TEXT    NOT NULL,
    UNIQUE (shelf, key)
);

-- The words that speakers are found by.
CREATE TABLE book_names (
    shelf   INTEGER NOT NULL,
    word    TEXT    NOT NULL,
    speaker INTEGER NOT NULL,
    PRIMARY KEY (shelf, word, speaker)
) WITHOUT ROWID;
CREATE INDEX book_names_of ON book_names (speaker);

-- Quotations and claims. The identifier is made of the article's day, its
-- identifier and the place in it, so that the order of identifiers is that of
-- days and a range of them is a time or an article.
CREATE TABLE book_items (
    id      INTEGER PRIMARY KEY,
    article INTEGER NOT NULL,
    speaker INTEGER NOT NULL, -- 0 for nobody
    role    TEXT    NOT NULL,
    data    BLOB    NOT NULL  -- JSON
);
CREATE INDEX book_items_speaker ON book_items (speaker, id);

-- By the terms that items are found by, which are letters, digits and
-- underlines. What is deleted is overwritten here too.
-- +sqlite
CREATE VIRTUAL TABLE book_terms USING fts5 (terms, detail = none, columnsize = 0, tokenize = "ascii tokenchars '_'");
INSERT INTO book_terms (book_terms, rank) VALUES ('secure-delete', 1);
-- +postgres
CREATE TABLE book_terms (rowid BIGINT PRIMARY KEY, terms TSVECTOR NOT NULL);
CREATE INDEX book_terms_found ON book_terms USING gin (terms) WITH (fastupdate = off);
ALTER TABLE book_terms ALTER COLUMN terms SET STATISTICS 1000;
-- +both

-- +goose Down
DROP TABLE book_terms;
DROP TABLE book_items;
DROP TABLE book_names;
DROP TABLE book_speakers;
DROP TABLE book_askers;
DROP TABLE book_articles;
DROP TABLE book_shelves;
