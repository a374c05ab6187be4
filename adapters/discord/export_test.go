package discord

import "time"

// Impatient makes the platform give a silent gateway up after a short while.
func (p *Platform) Impatient(silence time.Duration) { p.silence, p.opening = silence, silence }
