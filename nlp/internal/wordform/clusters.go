package wordform

import (
	_ "embed"
	"encoding/binary"
	"errors"
	"slices"
	"sync"
)

//go:embed clusters.bin
var clusterData []byte

// Embedded is the file of the embedded model, not to be changed.
func Embedded() []byte { return clusterData }

var clusters = sync.OnceValue(func() *Clusters {
	c, err := decodeClusters(clusterData)
	if err != nil {
		panic("wordform: embedded clusters: " + err.Error())
	}
	return c
})

// Clusters knows for each frequent word the cluster it belongs to: words of
// one cluster stand in like company. The table is sorted by the hash of the
// word, the words themselves are not kept.
type Clusters struct {
	home  uint64
	slots []uint64 // hash of the word, 16 bits of fine, 16 bits of coarse cluster
}

func (c *Clusters) of(word uint32) (fine, coarse uint32) {
	if c.home == 0 {
		return 0, 0
	}
	i := uint64(word) * c.home >> 32
	for uint32(c.slots[i]>>32) < word {
		i++
	}
	if s := c.slots[i]; uint32(s>>32) == word {
		return uint32(s >> 16 & 0xffff), uint32(s & 0xffff)
	}
	return 0, 0
}

// Entry is one line of a table of clusters.
type Entry struct {
	Word         string
	Fine, Coarse uint16 // from 1
}

// EncodeClusters gives the file form of a table: for each word, in the order
// of their hashes, the distance from the hash before as a varint, then the two
// clusters as varints.
func EncodeClusters(entries []Entry) []byte {
	type line struct {
		hash uint32
		e    Entry
	}
	lines := make([]line, len(entries))
	for i, e := range entries {
		lines[i] = line{Of(e.Word).Lower, e}
	}
	slices.SortStableFunc(lines, func(a, b line) int {
		if a.hash < b.hash {
			return -1
		} else if a.hash > b.hash {
			return 1
		}
		return 0
	})
	lines = slices.CompactFunc(lines, func(a, b line) bool { return a.hash == b.hash })
	b := binary.AppendUvarint(nil, uint64(len(lines)))
	last := uint32(0)
	for _, l := range lines {
		b = binary.AppendUvarint(b, uint64(l.hash-last))
		b = binary.AppendUvarint(b, uint64(l.e.Fine))
		b = binary.AppendUvarint(b, uint64(l.e.Coarse))
		last = l.hash
	}
	return b
}

var errClusters = errors.New("corrupt table of clusters")

func decodeClusters(data []byte) (*Clusters, error) {
	bad := false
	number := func() uint64 {
		n, size := binary.Uvarint(data)
		if size <= 0 {
			bad = true
			return 0
		}
		data = data[size:]
		return n
	}
	n := number()
	if bad || n > uint64(len(data)) {
		return nil, errClusters
	}
	c := &Clusters{home: 2*n + 1, slots: make([]uint64, 0, 2*n+64)}
	hash := uint64(0)
	for range n {
		hash += number()
		fine, coarse := number(), number()
		if bad || hash >= 1<<32-1 || fine > 0xffff || coarse > 0xffff {
			return nil, errClusters
		}
		for uint64(len(c.slots)) < hash*c.home>>32 {
			c.slots = append(c.slots, 0xffffffff<<32)
		}
		c.slots = append(c.slots, hash<<32|fine<<16|coarse)
	}
	for uint64(len(c.slots)) <= c.home {
		c.slots = append(c.slots, 0xffffffff<<32)
	}
	c.slots = append(c.slots, 0xffffffff<<32)
	return c, nil
}
