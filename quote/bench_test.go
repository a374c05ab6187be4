//go:build unix

package quote

import (
	"fmt"
	"strings"
	"syscall"
	"testing"
	"time"

	"onrecord/nlp"
)

// processor is the processor time that the process has used. With -cpu 1 it tells
// what the work costs on a machine that others use too, where the clock tells what
// they do.
func processor() time.Duration {
	var r syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &r) != nil {
		return 0
	}
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}

// timed measures work, in processor time too.
func timed(b *testing.B, words int, work func()) {
	began := processor()
	for b.Loop() {
		work()
	}
	took := float64((processor() - began).Nanoseconds()) / float64(b.N)
	b.ReportMetric(took/1e6, "processor-ms/op")
	if words > 0 {
		b.ReportMetric(float64(words), "words")
		b.ReportMetric(took/float64(words), "processor-ns/word")
	}
}

// benchmarkFind measures Find beyond the parse.
func benchmarkFind(b *testing.B, text string) {
	doc := nlp.Parse(text)
	Load()
	timed(b, len(strings.Fields(text)), func() { Find(doc) })
}

func BenchmarkFind(b *testing.B) { benchmarkFind(b, story()) }

func BenchmarkFindTranscript(b *testing.B) {
	for _, n := range []int{10_000, 50_000, 100_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) { benchmarkFind(b, transcript(n)) })
	}
}

// BenchmarkLoad reads the models, which the first Find does.
func BenchmarkLoad(b *testing.B) {
	timed(b, 0, func() {
		mustDecode(cueFile)
		mustDecode(spanFile)
	})
}
