-- +goose Up

-- What people did about the claims of articles: see package checklist. There is
-- one row of each state on a claim, and one about each suggested fact-check.
CREATE TABLE checklist (
    platform  TEXT   NOT NULL,
    workspace TEXT   NOT NULL,
    channel   TEXT   NOT NULL, -- of what is private, empty otherwise
    article   TEXT   NOT NULL,
    claim     TEXT   NOT NULL,
    review    TEXT   NOT NULL, -- empty for what was done about the claim itself
    slot      TEXT   NOT NULL, -- the state, or "review"
    state     TEXT   NOT NULL,
    rating    TEXT   NOT NULL,
    words     TEXT   NOT NULL,
    note      TEXT   NOT NULL,
    link      TEXT   NOT NULL,
    member    TEXT   NOT NULL,
    name      TEXT   NOT NULL,
    at        BIGINT NOT NULL, -- nanoseconds since 1970
    until     BIGINT NOT NULL, -- 0 for ever
    alias     TEXT   NOT NULL,
    url       TEXT   NOT NULL,
    title     TEXT   NOT NULL,
    PRIMARY KEY (platform, workspace, channel, article, claim, review, slot)
);
CREATE INDEX checklist_until ON checklist (until) WHERE until > 0;
CREATE INDEX checklist_member ON checklist (platform, workspace, member);

-- +goose Down
DROP TABLE checklist;
