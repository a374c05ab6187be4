-- +goose Up

-- Feeds, people, topics and articles that are followed: see package watch.
CREATE TABLE watches (
    id        TEXT    PRIMARY KEY,
    platform  TEXT    NOT NULL,
    workspace TEXT    NOT NULL,
    channel   TEXT    NOT NULL,
    thread    TEXT    NOT NULL,
    kind      TEXT    NOT NULL,
    feed      TEXT    NOT NULL, -- address; empty for other kinds
    paused    INTEGER NOT NULL,
    made      INTEGER NOT NULL,
    next      INTEGER NOT NULL, -- slot of the digest, 0 without one
    data      BLOB    NOT NULL  -- JSON of watch.Watch
);
CREATE INDEX watches_place ON watches (platform, workspace, channel);
CREATE INDEX watches_feed ON watches (feed);
CREATE INDEX watches_next ON watches (next) WHERE next > 0;

CREATE TABLE watch_feeds (
    url      TEXT    PRIMARY KEY,
    host     TEXT    NOT NULL,
    title    TEXT    NOT NULL,
    next     INTEGER NOT NULL,
    every    INTEGER NOT NULL, -- nanoseconds
    etag     TEXT    NOT NULL,
    modified TEXT    NOT NULL,
    reading  INTEGER NOT NULL, -- when it was last read
    full_at  INTEGER NOT NULL, -- when all of it was
    failures INTEGER NOT NULL,
    since    INTEGER NOT NULL,
    problem  TEXT    NOT NULL,
    told     INTEGER NOT NULL
);
CREATE INDEX watch_feeds_next ON watch_feeds (next);

-- What a feed has had, by the names of its entries.
CREATE TABLE watch_entries (
    feed  TEXT    NOT NULL,
    name  TEXT    NOT NULL,
    title TEXT    NOT NULL,
    seen  INTEGER NOT NULL,
    PRIMARY KEY (feed, name)
);

-- What is posted or not, and why.
CREATE TABLE watch_items (
    watch     TEXT    NOT NULL,
    key       TEXT    NOT NULL,
    platform  TEXT    NOT NULL,
    workspace TEXT    NOT NULL,
    channel   TEXT    NOT NULL,
    thread    TEXT    NOT NULL,
    sort      TEXT    NOT NULL,
    state     TEXT    NOT NULL,
    seen      INTEGER NOT NULL,
    due       INTEGER NOT NULL, -- 0 when nothing is to be done
    tries     INTEGER NOT NULL,
    at        INTEGER NOT NULL, -- when it got its state
    why       TEXT    NOT NULL,
    title     TEXT    NOT NULL,
    url       TEXT    NOT NULL,
    message   TEXT    NOT NULL,
    sketch    BLOB,
    data      BLOB    NOT NULL, -- JSON of the rest
    PRIMARY KEY (watch, key)
);
CREATE INDEX watch_items_place ON watch_items (platform, workspace, channel, at);
CREATE INDEX watch_items_due ON watch_items (due) WHERE due > 0;
CREATE INDEX watch_items_at ON watch_items (at);

-- A channel's turn, and whether watches may speak where other organisations read.
CREATE TABLE watch_places (
    platform  TEXT    NOT NULL,
    workspace TEXT    NOT NULL,
    channel   TEXT    NOT NULL,
    turn      INTEGER NOT NULL,
    allowed   INTEGER NOT NULL,
    PRIMARY KEY (platform, workspace, channel)
);

CREATE TABLE watch_hosts (
    host TEXT    PRIMARY KEY,
    next INTEGER NOT NULL
);

-- Articles that are re-read for a while.
CREATE TABLE watch_articles (
    platform  TEXT    NOT NULL,
    workspace TEXT    NOT NULL,
    channel   TEXT    NOT NULL,
    thread    TEXT    NOT NULL,
    key       TEXT    NOT NULL,
    link      TEXT    NOT NULL,
    next      INTEGER NOT NULL,
    step      INTEGER NOT NULL,
    began     INTEGER NOT NULL,
    private   INTEGER NOT NULL,
    article   BLOB    NOT NULL, -- JSON of article.Article
    PRIMARY KEY (platform, workspace, channel, thread, key)
);
CREATE INDEX watch_articles_next ON watch_articles (next);

-- +goose Down
DROP TABLE watch_articles;
DROP TABLE watch_hosts;
DROP TABLE watch_places;
DROP TABLE watch_items;
DROP TABLE watch_entries;
DROP TABLE watch_feeds;
DROP TABLE watches;
