package discord

import "log/slog"

type Platform struct {
	notes Notes
	log   *slog.Logger
}
