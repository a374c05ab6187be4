-- +goose Up

-- The finished index of published fact-checks, which can always be made again:
-- one row, see claimreview.Shelf.
CREATE TABLE review_index (
    label TEXT PRIMARY KEY,
    data  BLOB NOT NULL
);

-- +goose Down
DROP TABLE review_index;
