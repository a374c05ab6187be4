package discord

import "time"

// Impatient makes the platform give a silent gateway up after a short while.
func (p *Platform) Impatient(silence time.Duration) { p.silence, p.opening = silence, silence }

// Hasty makes leases of shards short, and the time between those that identify
// themselves.
func (p *Platform) Hasty(lease, gap time.Duration) { p.lease, p.gap = lease, gap }
