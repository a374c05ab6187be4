package work

import (
	"cmp"
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Sharing is a number of places (shards of a gateway, sockets of an app) that
// processes share out among themselves. Each of them calls [Sharing.Run] with the
// same leases and the same name; nobody is told which process it is.
//
// Places are numbered from 0 and leased, so that each is one process's at most.
// A process that dies loses its places when the lease is over, and one that
// ends gives them back at once. Processes have the same number of places, give
// or take one, and nobody gives up a place that nobody else is in want of.
type Sharing struct {
	Leases Leases // places are had without asking if nil: the process is alone
	Name   string // of what is shared
	// Places is how many there are for so many processes.
	Places func(processes int) int
	// Changed is told the places of this process, first even if there are none, then
	// when they are others than before. Calls do not overlap. What was lost is no longer this process's; what is
	// given back is another's only after the call.
	Changed func(places []int)
	// Blind are the places that are had while the leases cannot be asked and none
	// was got before. None if nil.
	Blind []int
	Lease time.Duration // without being renewed; 10 s if 0
	Log   *slog.Logger  // nothing is logged if nil

	owner string
	mine  map[int]bool
	asked bool // the leases have answered once
	told  bool // Changed was called
}

// Run shares until ctx ends; then it has no places any more, and gives the
// leases back.
func (s *Sharing) Run(ctx context.Context) {
	if s.Log == nil {
		s.Log = slog.New(slog.DiscardHandler)
	}
	s.Lease = cmp.Or(s.Lease, 10*time.Second)
	s.owner, s.mine = rand.Text(), map[int]bool{}
	if s.Leases == nil {
		all := make([]int, s.Places(1))
		for i := range all {
			all[i] = i
		}
		s.Changed(all)
		<-ctx.Done()
		s.Changed(nil)
		return
	}
	defer s.leave(context.WithoutCancel(ctx))
	tick := time.NewTicker(s.Lease / 4)
	defer tick.Stop()
	trouble := false
	for {
		err := s.turn(ctx)
		if ctx.Err() != nil {
			return
		}
		if err != nil && !trouble {
			s.Log.WarnContext(ctx, "the leases cannot be asked: what this process has it keeps", "shared", s.Name, "error", err)
		}
		if trouble = err != nil; trouble && !s.asked && len(s.mine) == 0 && len(s.Blind) > 0 {
			for _, place := range s.Blind {
				s.mine[place] = true
			}
			s.tell()
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// leave gives everything back.
func (s *Sharing) leave(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	held := slices.Collect(maps.Keys(s.mine))
	clear(s.mine)
	s.Changed(nil)
	for _, name := range append([]string{s.member()}, names(s, held)...) {
		if err := s.Leases.Drop(ctx, name, s.owner); err != nil {
			return // it runs out
		}
	}
}

func names(s *Sharing, places []int) []string {
	var all []string
	for _, place := range places {
		all = append(all, s.place(place))
	}
	return all
}

func (s *Sharing) member() string         { return s.Name + "/process/" + s.owner }
func (s *Sharing) place(place int) string { return fmt.Sprintf("%s/place/%06d", s.Name, place) }

// turn renews what this process has, and takes or gives back what is its fair
// part. The error is of the leases.
func (s *Sharing) turn(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, s.Lease/2)
	defer cancel()
	hold := func(name string) (bool, error) {
		now := time.Now()
		return s.Leases.Hold(ctx, name, s.owner, now, now.Add(s.Lease))
	}
	if _, err := hold(s.member()); err != nil {
		return err
	}
	before := maps.Clone(s.mine)
	for place := range s.mine {
		have, err := hold(s.place(place))
		if err != nil {
			return err
		}
		if !have {
			delete(s.mine, place)
		}
	}
	all, err := s.Leases.Held(ctx, s.Name+"/", time.Now())
	if err != nil {
		return err
	}
	s.asked = true
	has := map[string]int{} // how many places a process has
	taken := map[int]bool{}
	for _, l := range all {
		if strings.HasPrefix(l.Name, s.Name+"/process/") {
			has[l.Owner] += 0
		}
	}
	for _, l := range all {
		rest, ok := strings.CutPrefix(l.Name, s.Name+"/place/")
		place, err := strconv.Atoi(rest)
		if !ok || err != nil {
			continue
		}
		taken[place] = true
		if _, alive := has[l.Owner]; alive {
			has[l.Owner]++
		}
	}
	total := s.Places(len(has))
	least := total / len(has) // places that everybody can have
	most := least
	if total%len(has) > 0 {
		most++
	}
	inside := 0
	for place := range s.mine {
		if place < total {
			inside++
		}
	}
	for place := 0; place < total && inside < most; place++ {
		if taken[place] || s.mine[place] {
			continue
		}
		have, err := hold(s.place(place))
		if err != nil {
			return err
		}
		if have {
			s.mine[place] = true
			inside++
		}
	}
	wanting := false // somebody has fewer than everybody can have
	for owner, n := range has {
		wanting = wanting || owner != s.owner && n < least
	}
	var back []int
	for _, place := range slices.Backward(slices.Sorted(maps.Keys(s.mine))) {
		if place >= total || inside > most || inside > least && wanting {
			back = append(back, place)
			delete(s.mine, place)
			if place < total {
				inside--
				wanting = false // one at a time: others give back, too
			}
		}
	}
	if !s.told || !maps.Equal(before, s.mine) {
		s.tell()
	}
	for _, place := range back {
		if err := s.Leases.Drop(ctx, s.place(place), s.owner); err != nil {
			return err
		}
	}
	return nil
}

func (s *Sharing) tell() {
	s.told = true
	s.Changed(slices.Sorted(maps.Keys(s.mine)))
}
