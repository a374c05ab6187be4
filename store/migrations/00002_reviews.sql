-- +goose Up

-- Published fact-checks: see package factcheck/claimreview. They are public.
CREATE TABLE reviews (
    key    TEXT    PRIMARY KEY,
    source TEXT    NOT NULL,
    date   INTEGER NOT NULL, -- of the check
    data   BLOB    NOT NULL  -- JSON
);
CREATE INDEX reviews_source ON reviews (source);

CREATE TABLE review_sources (
    name    TEXT    PRIMARY KEY,
    kind    TEXT    NOT NULL,
    added   INTEGER NOT NULL,
    updated INTEGER NOT NULL,
    problem TEXT    NOT NULL
);

-- +goose Down
DROP TABLE review_sources;
DROP TABLE reviews;
