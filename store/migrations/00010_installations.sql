-- +goose Up

-- Where the bot is installed, with sealed tokens: see package install.
CREATE TABLE installations (
    platform   TEXT    NOT NULL,
    workspace  TEXT    NOT NULL,
    enterprise TEXT    NOT NULL,
    name       TEXT    NOT NULL,
    bot        TEXT    NOT NULL,
    scopes     TEXT    NOT NULL, -- parted by commas
    installer  TEXT    NOT NULL,
    at         INTEGER NOT NULL,
    expires    INTEGER NOT NULL, -- 0 for never
    problem    TEXT    NOT NULL,
    sealed     BLOB    NOT NULL,
    PRIMARY KEY (platform, workspace)
);

-- What one process at a time has: see work.Leases.
CREATE TABLE leases (
    name  TEXT    PRIMARY KEY,
    owner TEXT    NOT NULL,
    until INTEGER NOT NULL
);

-- +goose Down
DROP TABLE leases;
DROP TABLE installations;
